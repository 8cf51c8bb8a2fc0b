"""Trains the intent model; needs SciPy, which prediction does not.

What grows with the square of the phrases is kept in single precision: 13,500 phrases are 730 MB,
a third more while the quick model is solved.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.linalg import LinAlgError, blas, lapack
from scipy.sparse import csr_matrix

from bot.assistant.features import Block
from bot.assistant.intent_model import (
    CONCEPTS,
    DenseSpace,
    IntentModel,
    Settings,
    best_temperature,
    cascade_threshold,
    highest_threshold,
    scope_bias,
    softmax,
)
from bot.assistant.intent_names import OUT_OF_SCOPE

Array = Any
# The quick model only has to know when it is sure. Solving it takes the third power of its phrases:
# with all 17,000 a third of the whole training, and no answer more was right.
QUICK = 9000
JUDGED = 4000  # phrases are enough to choose thresholds; each costs time by its square
_DENSE_COLUMNS = 1000  # the commonest features hold nearly all products and are quicker as a table
_ROWS = 1000  # handled at a time


def _sparse_matrix(
    blocks: Mapping[str, Block], texts: Mapping[str, Sequence[str]], weights: Mapping[str, float]
) -> Array:
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    offsets = np.cumsum([0, *(len(block.index) for block in blocks.values())])
    for row in range(len(next(iter(texts.values())))):
        for (name, block), offset in zip(blocks.items(), offsets[:-1].tolist(), strict=True):
            weighed, weight = block.weigh(texts[name][row]), weights[name]
            columns += [offset + column for column in weighed]
            values += [weight * value for value in weighed.values()]
        ends.append(len(columns))
    shape = (len(ends) - 1, int(offsets[-1]))
    return csr_matrix((np.array(values, np.float32), columns, ends), shape=shape)


def _linear_kernel(features: Array) -> Array:
    """The products of each phrase with those that stand behind it, above the diagonal."""
    counts = np.bincount(features.indices, minlength=features.shape[1])
    order = np.argsort(-counts, kind="stable")
    by_column = features.tocsc()
    common = by_column[:, order[:_DENSE_COLUMNS]].toarray(order="F")
    rare = by_column[:, order[_DENSE_COLUMNS:]].tocsr()
    kernel = blas.ssyrk(1.0, common, lower=1).T
    products = rare @ rare.T
    for row, (start, end) in enumerate(pairwise(products.indptr)):
        kernel[row, products.indices[start:end]] += products.data[start:end]
    return kernel


def _add_gaussian(kernel: Array, support: Array, width: float, weight: float) -> None:
    for start in range(0, len(kernel), _ROWS):
        likeness = support[start : start + _ROWS] @ support[start:].T
        likeness -= 1.0
        likeness *= 2.0 * width
        np.exp(likeness, out=likeness)
        likeness *= weight
        kernel[start : start + _ROWS, start:] += likeness


def _solve(kernel: Array, targets: Array, ridge: float, judged: int) -> tuple[Array, Array]:
    """Fit, and predict each of the last phrases by the fit without it.

    Args:
        kernel: Its part above the diagonal is read, and overwritten.
        targets: What is to be predicted.
        ridge: Added to the diagonal.
        judged: How many phrases, from the end.

    Returns:
        The dual weights and the leave-one-out scores of the judged phrases.
    """
    kernel[np.diag_indices_from(kernel)] += ridge
    factor, failed = lapack.spotrf(kernel.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        raise LinAlgError(f"the kernel is not positive definite with a ridge of {ridge}")
    dual = lapack.spotrs(factor, targets, lower=1)[0]
    # The last corner of the inverse depends on the last corner of the factor alone, and the
    # leave-one-out prediction of a phrase on its place on the inverse's diagonal.
    corner = np.array(factor[-judged:, -judged:], order="F")
    inverse = lapack.spotri(corner, lower=1, overwrite_c=1)[0]
    scores = targets[-judged:] - dual[-judged:] / np.diag(inverse)[:, None]
    return dual, scores.astype(np.float64)


def train(
    texts: Mapping[str, Sequence[str]],
    vectors: Array,
    labels: Sequence[str],
    blocks: Mapping[str, Block],
    concepts: Block,
    settings: Settings,
) -> IntentModel:
    """Train on labelled phrases.

    Args:
        texts: For each block, what it reads of each phrase.
        vectors: The sentence vectors of the phrases, one row each.
        labels: The intent of each phrase. The last `JUDGED` phrases choose the thresholds: they
            must be a fair sample.
        blocks: The vocabularies, learnt from the same phrases.
        concepts: The vocabulary of concepts; it reads `texts["concepts"]`.
        settings: What cross-validation chose.

    Returns:
        The model, its thresholds chosen on leave-one-out predictions.
    """
    intents = sorted(set(labels))
    column = {intent: at for at, intent in enumerate(intents)}
    every = np.array([column[label] for label in labels])
    targets = np.where(every[:, None] == np.arange(len(intents)), 1.0, -1.0).astype(np.float32)
    judged = min(JUDGED, len(labels))
    truth = every[-judged:]
    weights = {name: (settings.block_weights or {}).get(name, 1.0) for name in blocks}

    sparse = _sparse_matrix(blocks, texts, weights)
    concept_support = _sparse_matrix({CONCEPTS: concepts}, texts, {CONCEPTS: 1.0}).toarray()
    kernel = _linear_kernel(sparse)
    _add_gaussian(kernel, concept_support, settings.concept_width, settings.concept_weight)
    quick_dual = np.zeros_like(targets)
    quick_dual[-QUICK:], quick_scores = _solve(
        kernel[-QUICK:, -QUICK:].copy(), targets[-QUICK:], settings.ridge, judged
    )
    dense = DenseSpace.learn(vectors, settings.components)
    _add_gaussian(kernel, dense.support, settings.width, settings.dense_weight)
    dual, scores = _solve(kernel, targets, settings.ridge, judged)

    temperature = best_temperature(scores, truth)
    quick_temperature = best_temperature(quick_scores, truth)
    bias = np.zeros(len(intents))
    if OUT_OF_SCOPE in column:
        at = column[OUT_OF_SCOPE]
        bias[at] = scope_bias(temperature * scores, truth, at, settings.out_of_scope_loss)
    full = softmax(temperature * scores + bias)
    quick = softmax(quick_temperature * quick_scores + bias)
    right = full.argmax(axis=1) == truth
    in_scope = truth != column.get(OUT_OF_SCOPE, -1)
    figures = {
        "width": settings.width,
        "dense_weight": settings.dense_weight,
        "temperature": temperature,
        "quick_temperature": quick_temperature,
        "concept_width": settings.concept_width,
        "concept_weight": settings.concept_weight,
        "fallback_threshold": highest_threshold(
            full.max(axis=1), right & in_scope, settings.fallback_loss
        ),
        "cascade_threshold": cascade_threshold(quick, full, truth, settings.cascade_loss),
        "leave_one_out_accuracy": float(right.mean()),
        **{f"weight_{name}": weight for name, weight in weights.items()},
    }
    # Phrases of the same concepts are one support, with the sum of their weights.
    distinct, of_phrase = np.unique(concept_support, axis=0, return_inverse=True)
    arrays = {
        "sparse": sparse.T @ dual,
        "quick_sparse": sparse.T @ quick_dual,
        "dense_dual": dual,
        "concept_support": np.ascontiguousarray(distinct.T),
        "concept_dual": _summed(dual, of_phrase, len(distinct)),
        "quick_concept_dual": _summed(quick_dual, of_phrase, len(distinct)),
        "bias": bias,
    }
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}
    return IntentModel(intents, blocks, concepts, arrays, dense, figures)


def _summed(dual: Array, group: Array, groups: int) -> Array:
    summed = np.zeros((groups, dual.shape[1]))
    np.add.at(summed, group, dual)
    return summed
