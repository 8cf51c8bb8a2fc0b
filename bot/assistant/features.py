"""Counts of words, word pairs and letter sequences, weighted by TF-IDF.

The same figures as scikit-learn's `TfidfVectorizer(sublinear_tf=True)`, without its cost per call
(about 1 ms): prediction works on one message at a time, for which a dictionary is quicker than a
sparse matrix. A test compares the two.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise

Analyzer = Callable[[str], Iterable[str]]


def words_and_pairs(normalised: str) -> Iterable[str]:
    """Words and pairs of neighbouring words."""
    words = normalised.split()
    yield from words
    for left, right in pairwise(words):
        yield f"{left} {right}"


def letter_sequences(normalised: str) -> Iterable[str]:
    """Sequences of two to four characters inside each word, its edges marked by a space.

    What stands for an identifier is no word, and its letters would outweigh those of the others.
    """
    words = (word for word in normalised.split() if not word.startswith("__"))
    return chain.from_iterable(map(_sequences_of, words))


@lru_cache(maxsize=8192)
def _sequences_of(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    length = len(padded)
    return tuple(padded[at : at + size] for size in (2, 3, 4) for at in range(length - size + 1))


@dataclass(frozen=True)
class Block:
    """One kind of feature: how it is read from a text, and the weight of each."""

    analyzer: Analyzer
    index: Mapping[str, int] = field(repr=False)
    idf: Sequence[float] = field(repr=False)

    @classmethod
    def learn(cls, analyzer: Analyzer, texts: Sequence[str], min_texts: int = 1) -> "Block":
        """Learn the vocabulary and how rare each feature is.

        Args:
            analyzer: Reads the features of a text.
            texts: The training texts.
            min_texts: Features of fewer texts are left out.
        """
        frequency = Counter(name for text in texts for name in set(analyzer(text)))
        names = sorted(name for name, count in frequency.items() if count >= min_texts)
        idf = [math.log((1 + len(texts)) / (1 + frequency[name])) + 1.0 for name in names]
        return cls(analyzer, {name: at for at, name in enumerate(names)}, idf)

    def weigh(self, text: str) -> dict[int, float]:
        """The features of a text that were learnt, as a vector of length one."""
        index, idf = self.index, self.idf
        counts: dict[int, int] = {}
        for name in self.analyzer(text):
            at = index.get(name)
            if at is not None:
                counts[at] = counts.get(at, 0) + 1
        weighed = {at: (1.0 + math.log(count)) * idf[at] for at, count in counts.items()}
        norm = math.sqrt(sum(value * value for value in weighed.values()))
        return {at: value / norm for at, value in weighed.items()} if norm else {}
