"""Which of our intents a message has: kernel ridge regression on sparse and dense features.

Sparse features (words, letter sequences, concepts) enter linearly: their weights are folded into
one table at training. Dense sentence vectors enter through a Gaussian kernel, because what tells
two intents apart bends there: 55 % against 61 % of the training phrases in cross-validation.
Ridge regression has a closed form, and so has its leave-one-out prediction: every training phrase
is judged by a model that has not seen it, at no further cost. Temperature and thresholds are
chosen on those predictions, never on a test set.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.assistant.features import Block

Array = Any  # numpy has no types where ours are checked
CONCEPTS = "concepts"
ARRAYS = ("sparse", "dual", "quick_sparse", "quick_dual", "concept_support")
Ranking = list[tuple[str, float]]  # the five likeliest intents with their probabilities


@dataclass(frozen=True)
class Settings:
    """What cross-validation chose; see docs/understanding.md for the figures."""

    ridge: float = 0.7
    block_weights: Mapping[str, float] | None = None
    dense_weight: float = 2.0  # of each view
    width: float = 0.8  # of the Gaussian kernel
    components: int = 128  # of each sentence vector, after centring
    concept_weight: float = 1.0
    concept_width: float = 0.7
    fallback_loss: float = 0.01  # right answers that may be lost to nlu_fallback
    cascade_loss: float = 0.002  # wrong answers that the sparse model may add


@dataclass
class DenseView:
    """One view of the messages: how to project its vector, and the training vectors."""

    centre: Array
    axes: Array
    support: Array

    @classmethod
    def learn(cls, vectors: Array, components: int) -> "DenseView":
        """Find the directions in which the training vectors differ most."""
        centre = vectors.mean(axis=0)
        centred = vectors - centre
        _, directions = np.linalg.eigh(centred.T @ centred)
        axes = directions[:, ::-1][:, :components]
        view = cls(centre.astype(np.float32), axes.astype(np.float32), None)
        view.support = view.project(vectors.astype(np.float32))
        return view

    def project(self, vectors: Array) -> Array:
        """Centre, project and bring to length one."""
        projected = (vectors - self.centre) @ self.axes
        lengths = np.linalg.norm(projected, axis=-1, keepdims=True)
        return projected / np.maximum(lengths, 1e-6)

    def kernel(self, vectors: Array, width: float) -> Array:
        """How alike projected vectors and training vectors are, from 0 to 1."""
        return np.exp((2.0 * width) * (vectors @ self.support.T - 1.0))


class IntentModel:
    """A trained classifier."""

    def __init__(
        self,
        intents: Sequence[str],
        blocks: Mapping[str, Block],
        concepts: Block,
        arrays: Mapping[str, Array],
        views: Sequence[DenseView],
        figures: Mapping[str, float],
    ) -> None:
        self.intents = list(intents)
        self.blocks = dict(blocks)
        self.concepts = concepts
        self.arrays = dict(arrays)
        self.views = list(views)
        self.figures = dict(figures)
        self._offsets: dict[str, int] = {}
        offset = 0
        for name, block in self.blocks.items():
            self._offsets[name] = offset
            offset += len(block.index)

    @property
    def fallback_threshold(self) -> float:
        """The probability below which no intent is believed."""
        return self.figures["fallback_threshold"]

    def sparse_features(self, texts: Mapping[str, str]) -> tuple[Array, Array]:
        """Columns and values of a message; `texts` holds what each block reads."""
        columns: list[int] = []
        values: list[float] = []
        for name, block in self.blocks.items():
            weighed = block.weigh(texts[name])
            offset, scale = self._offsets[name], self.figures[f"weight_{name}"]
            columns += [offset + column for column in weighed]
            values += [scale * value for value in weighed.values()]
        return np.array(columns, dtype=np.int64), np.array(values, dtype=np.float32)

    def concept_likeness(self, concepts: str) -> Array:
        """How alike the concepts of a message and those of each training phrase are."""
        block = self.concepts
        vector = np.zeros(len(block.index), dtype=np.float32)
        for column, value in block.weigh(concepts).items():
            vector[column] = value
        likeness = self.arrays["concept_support"] @ vector - 1.0
        return self.figures["concept_weight"] * np.exp(
            2.0 * self.figures["concept_width"] * likeness
        )

    def quick_ranking(self, features: tuple[Array, Array], concept_likeness: Array) -> Ranking:
        """Rank without the sentence encoder."""
        columns, values = features
        scores = values @ self.arrays["quick_sparse"][columns]
        scores = scores + concept_likeness @ self.arrays["quick_dual"]
        return self._rank(scores, self.figures["quick_temperature"])

    def full_ranking(
        self, features: tuple[Array, Array], concept_likeness: Array, vectors: Sequence[Array]
    ) -> Ranking:
        """Rank by everything; `vectors` are the encoded views of the message."""
        columns, values = features
        scores = values @ self.arrays["sparse"][columns]
        likeness = concept_likeness + self.figures["dense_weight"] * sum(
            view.kernel(view.project(vector), self.figures["width"])
            for view, vector in zip(self.views, vectors, strict=True)
        )
        scores = scores + likeness @ self.arrays["dual"]
        return self._rank(scores, self.figures["temperature"])

    def is_sure(self, quick: Ranking) -> bool:
        """Say whether the sentence encoder need not be asked."""
        return quick[0][1] >= self.figures["cascade_threshold"]

    def _rank(self, scores: Array, temperature: float) -> Ranking:
        scaled = temperature * (scores - scores.max())
        probabilities = np.exp(scaled)
        probabilities /= probabilities.sum()
        order = np.argsort(-probabilities, kind="stable")[:5]
        return [(self.intents[at], float(probabilities[at])) for at in order]

    def save(self, folder: Path) -> None:
        """Write the model into a folder: arrays, and vocabularies as JSON."""
        described = {
            "intents": self.intents,
            "figures": self.figures,
            "blocks": {
                name: {"features": list(block.index), "idf": list(block.idf)}
                for name, block in [*self.blocks.items(), (CONCEPTS, self.concepts)]
            },
            "views": len(self.views),
        }
        (folder / "intents.json").write_text(json.dumps(described), encoding="utf-8")
        arrays = dict(self.arrays)
        for at, view in enumerate(self.views):
            arrays |= {f"centre{at}": view.centre, f"axes{at}": view.axes}
            arrays[f"support{at}"] = view.support
        np.savez(folder / "intents.npz", **arrays)

    @classmethod
    def load(cls, folder: Path, analyzers: Mapping[str, Any]) -> "IntentModel":
        """Read what `save` wrote.

        Args:
            folder: Where it was written.
            analyzers: The function that reads each block's features.
        """
        described = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        blocks = {
            name: Block(
                analyzers[name],
                {feature: at for at, feature in enumerate(block["features"])},
                block["idf"],
            )
            for name, block in described["blocks"].items()
        }
        concepts = blocks.pop(CONCEPTS)
        with np.load(folder / "intents.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in ARRAYS}
            views = [
                DenseView(stored[f"centre{at}"], stored[f"axes{at}"], stored[f"support{at}"])
                for at in range(described["views"])
            ]
        return cls(described["intents"], blocks, concepts, arrays, views, described["figures"])


def softmax(scores: Array, temperature: float) -> Array:
    """Probabilities of each row of scores."""
    exponents = np.exp(temperature * (scores - scores.max(axis=1, keepdims=True)))
    return exponents / exponents.sum(axis=1, keepdims=True)


def best_temperature(scores: Array, truth: Array) -> float:
    """The sharpness at which probabilities are neither too sure nor too shy."""
    rows = np.arange(len(truth))
    candidates = np.geomspace(0.5, 50.0, 80)
    losses = [-np.log(softmax(scores, t)[rows, truth] + 1e-12).mean() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def highest_threshold(confidence: Array, right: Array, loss: float) -> float:
    """The threshold below which the share `loss` of the right answers lies."""
    return float(np.quantile(confidence[right], loss)) if right.any() else 0.0


def cascade_threshold(sparse: Array, full: Array, truth: Array, loss: float) -> float:
    """The confidence from which the sparse answer stands.

    The lowest at which taking it instead of the full model's costs no more than `loss` of all
    phrases; above one when there is none.
    """
    confidence = sparse.max(axis=1)
    order = np.argsort(-confidence)
    worse = (full.argmax(axis=1) == truth).astype(int) - (sparse.argmax(axis=1) == truth)
    cost = np.cumsum(worse[order]) / len(truth)
    allowed = np.nonzero(cost <= loss)[0]
    return float(confidence[order][allowed[-1]]) if len(allowed) else math.inf
