"""Words that mean the same to an after-sales desk, whatever the country: boleta, factura, ticket.

`data/lexicon/concepts.yml` lists them. The classifier reads a message as its words and, beside
them, as the concepts the words stand for, so that a name seen in training for one country tells
something about the name used in another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from bot.assistant.normalise import Normaliser

_WILDCARD = "*"
_MIN_STEM = 2
_MAX_WORDS = 5
_REMEMBERED_WORDS = 8192


class ConceptReader:
    """Finds the concepts of a normalised message, in their order."""

    def __init__(
        self, concepts: Mapping[str, Sequence[str]], products: Iterable[str], normaliser: Normaliser
    ) -> None:
        """Compile the lists.

        Args:
            concepts: For each concept its names: "factur*" is any word that begins so, and a name
                may have several words.
            products: Names of products; each stands for the concept `product`.
            normaliser: Brings the names to the spelling that messages have.
        """
        self._single: dict[str, list[str]] = {}
        self._stems: dict[str, list[str]] = {}
        self._phrases: dict[str, list[tuple[list[str], str]]] = {}
        for concept, names in concepts.items():
            for name in names:
                self._add(name, concept, normaliser)
        for name in products:
            self._add(name, "product", normaliser)
        self._longest_stem = max(map(len, self._stems), default=0)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        # What a word alone says is looked up once.
        self._known = lru_cache(maxsize=_REMEMBERED_WORDS)(self._look_up)

    def _add(self, name: str, concept: str, normaliser: Normaliser) -> None:
        words = []
        for part in name.split():
            word = part if part.startswith("__") else normaliser(part.rstrip(_WILDCARD))
            words += word.split() or []
            if part.endswith(_WILDCARD) and words:
                words[-1] += _WILDCARD
        if len(words) > 1:
            self._phrases.setdefault(words[0], []).append((words[:_MAX_WORDS], concept))
        elif words and words[0].endswith(_WILDCARD):
            self._stems.setdefault(words[0][:-1], []).append(concept)
        elif words:
            self._single.setdefault(words[0], []).append(concept)

    def __call__(self, normalised: str) -> str:
        """Read a message as its concepts, separated by spaces."""
        words = normalised.split()
        return " ".join(dict.fromkeys(self._read(words)) if not words else self._read(words))

    def _read(self, words: Sequence[str]) -> Iterator[str]:
        for at, word in enumerate(words):
            begun, alone = self._known(word)
            for phrase, concept in begun:
                found = words[at : at + len(phrase)]
                if len(found) == len(phrase) and all(map(_fits, found, phrase)):
                    yield concept
                    break
            yield from alone

    def _look_up(self, word: str) -> tuple[list[tuple[list[str], str]], list[str]]:
        """The phrases that a word may begin, and what it stands for by itself."""
        begun = [phrase for key in self._keys(word) for phrase in self._phrases.get(key, ())]
        return begun, list(self._of_word(word))

    def _keys(self, word: str) -> Iterator[str]:
        yield word
        for length in range(_MIN_STEM, min(len(word), 10) + 1):
            yield word[:length] + _WILDCARD

    def _of_word(self, word: str) -> Iterator[str]:
        found = list(self._single.get(word, ()))
        for length in range(_MIN_STEM, min(len(word), self._longest_stem) + 1):
            found += self._stems.get(word[:length], ())
        yield from dict.fromkeys(found)


def _fits(word: str, pattern: str) -> bool:
    if pattern.endswith(_WILDCARD):
        return word.startswith(pattern[:-1])
    return word == pattern
