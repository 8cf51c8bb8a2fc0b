"""Trains the intent model; needs SciPy, which prediction does not."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from bot.assistant.features import Block
from bot.assistant.intent_model import (
    CONCEPTS,
    DenseView,
    IntentModel,
    Settings,
    best_temperature,
    cascade_threshold,
    highest_threshold,
    softmax,
)

Array = Any


def _sparse_matrix(
    blocks: Mapping[str, Block], texts: Mapping[str, Sequence[str]], weights: Mapping[str, float]
) -> Array:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    offset = 0
    for name, block in blocks.items():
        for row, text in enumerate(texts[name]):
            weighed = block.weigh(text)
            rows += [row] * len(weighed)
            columns += [offset + column for column in weighed]
            values += [weights[name] * value for value in weighed.values()]
        offset += len(block.index)
    shape = (len(next(iter(texts.values()))), offset)
    return csr_matrix((values, (rows, columns)), shape=shape, dtype=np.float64)


def _solve(kernel: Array, targets: Array, ridge: float) -> tuple[Array, Array]:
    """Fit, and predict each phrase by the fit without it.

    Returns:
        The dual weights and the leave-one-out scores.
    """
    kernel[np.diag_indices_from(kernel)] += ridge
    inverse = cho_solve(
        cho_factor(kernel, lower=True, overwrite_a=True), np.eye(len(kernel)), overwrite_b=True
    )
    dual = inverse @ targets
    return dual, targets - dual / np.diag(inverse)[:, None]


def train(
    texts: Mapping[str, Sequence[str]],
    vectors: Sequence[Array],
    labels: Sequence[str],
    blocks: Mapping[str, Block],
    concepts: Block,
    settings: Settings,
    out_of_scope: str = "out_of_scope",
) -> IntentModel:
    """Train on labelled phrases.

    Args:
        texts: For each block, what it reads of each phrase.
        vectors: For each view, the sentence vectors of the phrases.
        labels: The intent of each phrase.
        blocks: The vocabularies, learnt from the same phrases.
        concepts: The vocabulary of concepts; it reads `texts["concepts"]`.
        settings: What cross-validation chose.
        out_of_scope: The intent that the fallback threshold need not spare.

    Returns:
        The model, its thresholds chosen on leave-one-out predictions.
    """
    intents = sorted(set(labels))
    truth = np.array([intents.index(label) for label in labels])
    targets = np.where(truth[:, None] == np.arange(len(intents)), 1.0, -1.0)
    weights = {name: (settings.block_weights or {}).get(name, 1.0) for name in blocks}

    sparse = _sparse_matrix(blocks, texts, weights)
    concept_support = _sparse_matrix({CONCEPTS: concepts}, texts, {CONCEPTS: 1.0}).toarray()
    quick_kernel = (sparse @ sparse.T).toarray() + settings.concept_weight * np.exp(
        2.0 * settings.concept_width * (concept_support @ concept_support.T - 1.0)
    )
    views = [DenseView.learn(np.asarray(v, np.float64), settings.components) for v in vectors]
    kernel = quick_kernel + settings.dense_weight * sum(
        view.kernel(view.support, settings.width).astype(np.float64) for view in views
    )
    dual, scores = _solve(kernel, targets, settings.ridge)
    quick_dual, quick_scores = _solve(quick_kernel, targets, settings.ridge)

    temperature = best_temperature(scores, truth)
    quick_temperature = best_temperature(quick_scores, truth)
    full = softmax(scores, temperature)
    quick = softmax(quick_scores, quick_temperature)
    right = full.argmax(axis=1) == truth
    in_scope = np.array([label != out_of_scope for label in labels])
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
    arrays = {
        "sparse": np.asarray(sparse.T @ dual, dtype=np.float32),
        "dual": dual.astype(np.float32),
        "quick_sparse": np.asarray(sparse.T @ quick_dual, dtype=np.float32),
        "quick_dual": quick_dual.astype(np.float32),
        "concept_support": concept_support.astype(np.float32),
    }
    return IntentModel(intents, blocks, concepts, arrays, views, figures)
