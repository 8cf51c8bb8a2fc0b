"""Counts of words, word pairs and letter sequences, weighted by TF-IDF.

The same figures as scikit-learn's `TfidfVectorizer(sublinear_tf=True)`, without its cost per call
(about 1 ms): prediction works on one message at a time, for which a dictionary is quicker than a
sparse matrix, and whose words have mostly been met before. A test compares the two.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np

Array = Any
_REMEMBERED_WORDS = 4096


class Analyzer(NamedTuple):
    """How a text is read: cut into parts, each with the same features wherever it stands."""

    parts: Callable[[str], Iterable[str]]
    features: Callable[[str], Iterable[str]] | None = None  # of a part; itself, where it is None

    def read(self, text: str) -> Iterable[str]:
        """The features of a text, each as often as it has it."""
        parts = self.parts(text)
        return parts if self.features is None else chain.from_iterable(map(self.features, parts))


def _words_and_pairs(normalised: str) -> Iterator[str]:
    words = normalised.split()
    yield from words
    for left, right in pairwise(words):
        yield f"{left} {right}"


def _spelt_words(normalised: str) -> list[str]:
    """The words without what stands for an identifier, whose letters would outweigh the others'."""
    return [word for word in normalised.split() if not word.startswith("__")]


def _letter_sequences(word: str) -> list[str]:
    padded = f" {word} "
    length = len(padded)
    return [padded[at : at + size] for size in (2, 3, 4) for at in range(length - size + 1)]


WORDS_AND_PAIRS = Analyzer(_words_and_pairs)
# Sequences of two to four characters inside each word, its edges marked by a space.
LETTER_SEQUENCES = Analyzer(_spelt_words, _letter_sequences)
WORDS = Analyzer(str.split)


class Block:
    """One kind of feature: how it is read from a text, and the weight of each."""

    def __init__(self, analyzer: Analyzer, index: Mapping[str, int], idf: Sequence[float]) -> None:
        """Take what was learnt.

        Args:
            analyzer: Reads the features of a text.
            index: The column of each feature.
            idf: The weight of each column.
        """
        self.analyzer = analyzer
        self.index = index
        self.idf = np.asarray(idf, dtype=np.float64)
        self._columns_of = lru_cache(maxsize=_REMEMBERED_WORDS)(self._look_up)

    @classmethod
    def learn(cls, analyzer: Analyzer, texts: Sequence[str]) -> "Block":
        """Learn the vocabulary of the training texts and how rare each feature is."""
        frequency = Counter(name for text in texts for name in set(analyzer.read(text)))
        names = sorted(frequency)
        idf = [math.log((1 + len(texts)) / (1 + frequency[name])) + 1.0 for name in names]
        return cls(analyzer, {name: at for at, name in enumerate(names)}, idf)

    def weigh(self, text: str) -> tuple[Array, Array]:
        """The features of a text that were learnt, as a vector of length one.

        Returns:
            Their columns, and the value of each; both are empty where none was learnt.
        """
        counts = Counter(self._columns(text))
        columns = np.fromiter(counts, np.int64, len(counts))
        values = np.log(np.fromiter(counts.values(), np.float64, len(counts)))
        values = (values + 1.0) * self.idf[columns]
        norm = math.sqrt(values @ values)
        return columns, (values / norm if norm else values).astype(np.float32)

    def _columns(self, text: str) -> Iterable[int]:
        parts = self.analyzer.parts(text)
        if self.analyzer.features is None:
            return self._known(parts)
        return chain.from_iterable(map(self._columns_of, parts))

    def _look_up(self, part: str) -> tuple[int, ...]:
        """The columns of a part of a text; letters are looked up once for each word."""
        assert self.analyzer.features is not None
        return tuple(self._known(self.analyzer.features(part)))

    def _known(self, names: Iterable[str]) -> list[int]:
        index = self.index
        return [at for name in names if (at := index.get(name)) is not None]
