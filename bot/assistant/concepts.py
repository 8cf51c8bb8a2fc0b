"""Words that mean the same to an after-sales desk, whatever the country: boleta, factura, ticket.

`data/lexicon/concepts.yml` lists them. The classifier reads a message as its words and, beside
them, as the concepts the words stand for, so that a name seen in training for one country tells
something about the name used in another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.assistant.normalise import Normaliser

_WILDCARD = "*"
_MIN_STEM = 2
_MAX_WORDS = 5


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
        at = 0
        while at < len(words):
            phrase = self._phrase_at(words, at)
            if phrase is not None:
                yield phrase[1]
            yield from self._of_word(words[at])
            at += 1

    def _phrase_at(self, words: Sequence[str], at: int) -> tuple[int, str] | None:
        for key in self._keys(words[at]):
            for phrase, concept in self._phrases.get(key, ()):
                if len(phrase) <= len(words) - at and all(
                    _fits(word, pattern)
                    for word, pattern in zip(words[at : at + len(phrase)], phrase, strict=True)
                ):
                    return len(phrase), concept
        return None

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
