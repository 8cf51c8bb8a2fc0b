"""Words that mean the same to an after-sales desk, whatever the country: boleta, factura, ticket.

`data/lexicon/concepts.yml` lists them. The classifier reads a message as its words and, beside
them, as the concepts the words stand for, so that a name seen in training for one country tells
something about the name used in another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.assistant.normalise import Normaliser

_WILDCARD = "*"
_MIN_STEM = 2
_MAX_WORDS = 5
_REMEMBERED_WORDS = 4096


_Phrase = tuple[list[str], str]  # the words that must follow, and what is meant then


class _Word(NamedTuple):
    """What is known of a word."""

    keys: frozenset[str]  # how the lists may name it: "factura", "fa*", "fac*"
    begun: dict[str, list[_Phrase]]  # by the word that must follow first
    alone: tuple[str, ...]


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
        self._alone: dict[str, list[str]] = {}
        self._phrases: dict[str, list[_Phrase]] = {}
        self._longest_stem = 0
        for concept, names in concepts.items():
            for name in names:
                self._add(name, concept, normaliser)
        for name in products:
            self._add(name, "product", normaliser)
        # What a word alone says is looked up once.
        self._known = lru_cache(maxsize=_REMEMBERED_WORDS)(self._look_up)

    def _add(self, name: str, concept: str, normaliser: Normaliser) -> None:
        words = []
        for part in name.split():
            word = part if part.startswith("__") else normaliser(part.rstrip(_WILDCARD))
            words += word.split() or []
            if part.endswith(_WILDCARD) and words:
                self._longest_stem = max(self._longest_stem, len(words[-1]))
                words[-1] += _WILDCARD
        if len(words) > 1:
            self._phrases.setdefault(words[0], []).append((words[1:_MAX_WORDS], concept))
        elif words:
            self._alone.setdefault(words[0], []).append(concept)

    def __call__(self, normalised: str) -> str:
        """Read a message as its concepts, separated by spaces."""
        return " ".join(self._read([self._known(word) for word in normalised.split()]))

    def _read(self, words: Sequence[_Word]) -> Iterator[str]:
        for at, word in enumerate(words, 1):
            seconds = words[at].keys & word.begun.keys() if at < len(words) else ()
            phrases = [phrase for second in seconds for phrase in word.begun[second]]
            meant = [phrase for phrase in phrases if _follow(words[at:], phrase[0])]
            if meant:
                # The longest; of equal ones always the same, however the set was ordered.
                yield max(meant, key=lambda phrase: (len(phrase[0]), phrase))[1]
            yield from word.alone

    def _look_up(self, word: str) -> _Word:
        lengths = range(_MIN_STEM, min(len(word), self._longest_stem) + 1)
        keys = [word, *(word[:length] + _WILDCARD for length in lengths)]
        begun: dict[str, list[_Phrase]] = {}
        for key in keys:
            for rest, concept in self._phrases.get(key, ()):
                begun.setdefault(rest[0], []).append((rest, concept))
        alone = dict.fromkeys(concept for key in keys for concept in self._alone.get(key, ()))
        return _Word(frozenset(keys), begun, tuple(alone))


def _follow(words: Sequence[_Word], rest: Sequence[str]) -> bool:
    """Whether a message goes on with the rest of a phrase."""
    return len(words) >= len(rest) and all(
        part in word.keys for part, word in zip(rest, words, strict=False)
    )
