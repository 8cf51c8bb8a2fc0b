"""Which of our intents a message has: kernel ridge regression on sparse and dense features.

Sparse features (words, letter sequences) enter linearly: their weights are folded into one table
at training. Concepts and sentence vectors enter through a Gaussian kernel, because what tells two
intents apart bends there. Ridge regression has a closed form, and so has its leave-one-out
prediction: training phrases are judged by a model that has not seen them, at little further cost.
Temperature, thresholds and the leaning towards out of scope are chosen on those predictions,
never on a test set.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.assistant.features import Analyzer, Block

Array = Any  # numpy has no types where ours are checked
CONCEPTS = "concepts"
ARRAYS = (
    "sparse",
    "quick_sparse",
    "dense_dual",
    "concept_support",
    "concept_dual",
    "quick_concept_dual",
    "bias",
)
_DENSE = ("centre", "axes", "support")  # the arrays of DenseSpace
Ranking = list[tuple[str, float]]  # the five likeliest intents with their probabilities


@dataclass(frozen=True)
class Settings:
    """What cross-validation chose; see docs/understanding.md for the figures."""

    ridge: float = 0.7
    block_weights: Mapping[str, float] | None = field(default_factory=lambda: {"words": 1.26})
    dense_weight: float = 4.0
    width: float = 0.8  # of the Gaussian kernel of sentence vectors
    components: int = 128  # of the sentence vectors of a message, after centring
    concept_weight: float = 1.0
    concept_width: float = 0.7
    # Right answers in scope that may be lost to out_of_scope. Customers write more beside the
    # point than the training phrases, of which 6 % are out of scope.
    out_of_scope_loss: float = 0.03
    fallback_loss: float = 0.01  # right answers that may be lost to nlu_fallback
    cascade_loss: float = 0.002  # wrong answers that the quick model may add


@dataclass
class DenseSpace:
    """Where sentence vectors are compared: how to project them, and the training phrases there."""

    centre: Array
    axes: Array
    support: Array

    @classmethod
    def learn(cls, vectors: Array, components: int) -> "DenseSpace":
        """Find the directions in which the training vectors differ most."""
        centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        centred = np.asarray(vectors, np.float32) - centre
        _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        axes = np.ascontiguousarray(directions[:, ::-1][:, :components], np.float32)
        space = cls(centre, axes, None)
        space.support = space.project(vectors)
        return space

    def project(self, vectors: Array) -> Array:
        """Centre, project and bring to length one."""
        projected = (vectors - self.centre) @ self.axes
        lengths = np.linalg.norm(projected, axis=-1, keepdims=True)
        return (projected / np.maximum(lengths, 1e-6)).astype(np.float32)

    def likeness(self, vector: Array, width: float) -> Array:
        """How alike a message and each training phrase are, from 0 to 1."""
        return np.exp((2.0 * width) * (self.support @ self.project(vector) - 1.0))


class IntentModel:
    """A trained classifier."""

    def __init__(
        self,
        intents: Sequence[str],
        blocks: Mapping[str, Block],
        concepts: Block,
        arrays: Mapping[str, Array],
        dense: DenseSpace,
        figures: Mapping[str, float],
        common_words: Sequence[str] = (),
        word_counts: Mapping[str, int] | None = None,
    ) -> None:
        self.intents = list(intents)
        self.blocks = dict(blocks)
        self.concepts = concepts
        self.arrays = dict(arrays)
        self.dense = dense
        self.figures = dict(figures)
        self.common_words = list(common_words)  # as customers type them, for the encoder to warm up
        self.word_counts = dict(word_counts or {})  # normalised words of the training phrases
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
        columns, values = [], []
        for name, block in self.blocks.items():
            places, weighed = block.weigh(texts[name])
            columns.append(self._offsets[name] + places)
            values.append(self.figures[f"weight_{name}"] * weighed)
        return np.concatenate(columns), np.concatenate(values)

    def concept_likeness(self, concepts: str) -> Array:
        """How alike the concepts of a message and each set of concepts met in training are."""
        columns, values = self.concepts.weigh(concepts)
        likeness = values @ self.arrays["concept_support"].take(columns, axis=0)
        return self.figures["concept_weight"] * np.exp(
            2.0 * self.figures["concept_width"] * (likeness - 1.0)
        )

    def quick_ranking(self, features: tuple[Array, Array], concept_likeness: Array) -> Ranking:
        """Rank without the sentence encoder."""
        columns, values = features
        scores = values @ self.arrays["quick_sparse"].take(columns, axis=0)
        scores = scores + self.arrays["quick_concept_dual"] @ concept_likeness
        return self._rank(scores, self.figures["quick_temperature"])

    def full_ranking(
        self, features: tuple[Array, Array], concept_likeness: Array, vector: Array
    ) -> Ranking:
        """Rank by everything; `vector` is what the encoder makes of the message."""
        columns, values = features
        likeness = self.dense.likeness(vector, self.figures["width"])
        scores = values @ self.arrays["sparse"].take(columns, axis=0)
        scores = scores + self.arrays["concept_dual"] @ concept_likeness
        scores = scores + self.figures["dense_weight"] * (self.arrays["dense_dual"] @ likeness)
        return self._rank(scores, self.figures["temperature"])

    def is_sure(self, quick: Ranking) -> bool:
        """Say whether the sentence encoder need not be asked."""
        return quick[0][1] >= self.figures["cascade_threshold"]

    def _rank(self, scores: Array, temperature: float) -> Ranking:
        probabilities = softmax(temperature * scores + self.arrays["bias"])
        order = np.argsort(-probabilities, kind="stable")[:5]
        return [(self.intents[at], float(probabilities[at])) for at in order]

    def save(self, folder: Path) -> None:
        """Write the model into a folder: arrays, and vocabularies as JSON."""
        described = {
            "intents": self.intents,
            "figures": self.figures,
            "common_words": self.common_words,
            "word_counts": self.word_counts,
            "blocks": {
                name: {"features": list(block.index), "idf": block.idf.tolist()}
                for name, block in [*self.blocks.items(), (CONCEPTS, self.concepts)]
            },
        }
        (folder / "intents.json").write_text(json.dumps(described), encoding="utf-8")
        dense = {name: getattr(self.dense, name) for name in _DENSE}
        np.savez(folder / "intents.npz", **self.arrays, **dense)

    @classmethod
    def load(cls, folder: Path, analyzers: Mapping[str, Analyzer]) -> "IntentModel":
        """Read what `save` wrote.

        Args:
            folder: Where it was written.
            analyzers: What reads each block's features.
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
            dense = DenseSpace(*(stored[name] for name in _DENSE))
        return cls(
            described["intents"],
            blocks,
            concepts,
            arrays,
            dense,
            described["figures"],
            described["common_words"],
            described["word_counts"],
        )


def softmax(scores: Array) -> Array:
    """Probabilities of scores, along the last axis."""
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponents / exponents.sum(axis=-1, keepdims=True)


def best_temperature(scores: Array, truth: Array) -> float:
    """The sharpness at which probabilities are neither too sure nor too shy."""
    rows = np.arange(len(truth))
    candidates = np.geomspace(0.5, 50.0, 80)
    losses = [-np.log(softmax(t * scores)[rows, truth] + 1e-12).mean() for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def scope_bias(scores: Array, truth: Array, out_of_scope: int, loss: float) -> float:
    """How much to lean towards out of scope: added to its score, in the unit of the scores.

    The most at which the share `loss` of the right answers in scope is lost to it.
    """
    right = (scores.argmax(axis=1) == truth) & (truth != out_of_scope)
    if not right.any():
        return 0.0
    leads = scores[right].max(axis=1) - scores[right, out_of_scope]
    return float(np.quantile(leads, loss))


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
