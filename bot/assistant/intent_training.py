"""Trains the intent model; needs SciPy, which prediction does not.

What grows with the square of the phrases is kept once and in single precision: 17,000 phrases are
1.2 GB. Solving, once for each of the two models, takes the third power of the phrases.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.linalg import LinAlgError, blas, lapack
from scipy.sparse import csr_matrix, hstack

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
JUDGED = 4000  # phrases are enough to choose thresholds; each costs time by its square
_DENSE_COLUMNS = 600  # the commonest features hold nearly all products and are quicker as a table
_ROWS = 1000  # handled at a time


def _sparse_matrix(
    blocks: Mapping[str, Block], texts: Mapping[str, Sequence[str]], weights: Mapping[str, float]
) -> Array:
    read = [_rows(block, texts[name], weights[name]) for name, block in blocks.items()]
    return hstack(read, format="csr", dtype=np.float32)


def _rows(block: Block, texts: Sequence[str], weight: float) -> Array:
    """What a block reads of each text, one row each."""
    columns, values = zip(*map(block.weigh, texts), strict=True)
    ends = np.cumsum([0, *map(len, columns)])
    shape = (len(texts), len(block.index))
    return csr_matrix((weight * np.concatenate(values), np.concatenate(columns), ends), shape)


def _linear_kernel(features: Array) -> Array:
    """The products of each phrase with those that stand behind it, above the diagonal."""
    counts = np.bincount(features.indices, minlength=features.shape[1])
    order = np.argsort(-counts, kind="stable")
    by_column = features.tocsc()
    common = by_column[:, order[:_DENSE_COLUMNS]].toarray(order="F")
    rare = by_column[:, order[_DENSE_COLUMNS:]].tocsr()
    kernel = blas.ssyrk(1.0, common, lower=1).T
    for first in range(0, len(kernel), _ROWS):
        products = rare[first : first + _ROWS] @ rare[first:].T
        for row, (start, end) in enumerate(pairwise(products.indptr), first):
            kernel[row, first + products.indices[start:end]] += products.data[start:end]
    return kernel


def _add_gaussian(kernel: Array, support: Array, width: float, weight: float) -> None:
    for start in range(0, len(kernel), _ROWS):
        likeness = support[start : start + _ROWS] @ support[start:].T
        likeness -= 1.0
        likeness *= 2.0 * width
        np.exp(likeness, out=likeness)
        likeness *= weight
        kernel[start : start + _ROWS, start:] += likeness


def _keep_below(kernel: Array) -> None:
    """Write what stands above the diagonal below it too, where solving does not look."""
    for start in range(0, len(kernel), _ROWS):
        end = start + _ROWS
        corner = np.triu(kernel[start:end, start:end])
        kernel[start:end, start:end] = corner + np.triu(corner, 1).T
        kernel[end:, start:end] = kernel[start:end, end:].T


def _fetch_from_below(kernel: Array) -> None:
    """Undo what solving did above the diagonal; the diagonal itself is not kept."""
    for start in range(0, len(kernel), _ROWS):
        end = start + _ROWS
        corner = np.tril(kernel[start:end, start:end])
        kernel[start:end, start:end] = corner + np.tril(corner, -1).T
        kernel[start:end, end:] = kernel[end:, start:end].T


def _solve(kernel: Array, targets: Array, ridge: float, judged: int) -> tuple[Array, Array]:
    """Fit, and predict each of the last phrases by the fit without it.

    Args:
        kernel: Its diagonal and what stands above are read, and overwritten.
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
    diagonal = kernel.diagonal().copy()
    _keep_below(kernel)
    quick_dual, quick_scores = _solve(kernel, targets, settings.ridge, judged)
    _fetch_from_below(kernel)
    np.fill_diagonal(kernel, diagonal)
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
        "dense_dual": dual.T,
        "concept_support": np.ascontiguousarray(distinct.T),
        "concept_dual": _summed(dual, of_phrase, len(distinct)),
        "quick_concept_dual": _summed(quick_dual, of_phrase, len(distinct)),
        "bias": bias,
    }
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}
    return IntentModel(intents, blocks, concepts, arrays, dense, figures)


def _summed(dual: Array, group: Array, groups: int) -> Array:
    """The weights of each group's phrases together, one row for each intent."""
    summed = np.zeros((groups, dual.shape[1]))
    np.add.at(summed, group, dual)
    return summed.T
