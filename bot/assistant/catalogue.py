"""Products in a message: the shop's titles and the regional names of kinds of products.

The shop's catalogue changes more often than the model is trained: it is read from a file when the
file changes. spaCy's `PhraseMatcher` finds thousands of names in one pass; no language model is
needed for it.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.assistant.entities import Entity
from bot.assistant.folding import fold, plain_letters
from bot.assistant.misspellings import Misspellings

logger = logging.getLogger(__name__)

_WORD = re.compile(r"[^\W_]+")
_UNKNOWN = "·"  # spaCy keeps every word it meets for ever: words of no product are not shown to it
_LONGEST_NAME = 12
# What holds the name of a product and is none.
_NO_PRODUCTS = (
    "libro de reclamaciones",
    "libro de quejas",
    "media hora",
    "media mañana",
    "media tarde",
    "media noche",
    "media docena",
    "media cuadra",
    "y media",
    "a medias",
    "mesa de ayuda",
    "mesa de entrada",
    "mesa de partes",
    "número de celular",
    "número de móvil",
    "número de mi celular",
)
# Where a number follows, these are where a customer is called.
_CALLED = frozenset("celular celu cel movil".split())
_NUMBER_AFTER = re.compile(r"(?: (?:es|nuevo|personal))*(?: el)?[ :.]{1,3}\+?\d[\d .-]{6}")
_BEFORE_VARIANT = re.compile(r"\s[-–|/]\s|[(,\[]")
_LITTLE_WORDS = frozenset("de del la el los las con para y en sin a al por un una".split())


class CatalogueNotValid(ValueError):
    """The shop's catalogue is not the list it should be."""

    code = "catalogue_not_valid"


def stem(word: str) -> str:
    """Take the plural off a folded word; singular and plural come to the same."""
    if len(word) > 4 and word.endswith("ces"):
        return word[:-3] + "z"
    if len(word) > 4 and word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2]
    if len(word) > 3 and word.endswith("s"):
        return word[:-1].rstrip("e") if word.endswith("es") and len(word) > 6 else word[:-1]
    return word.rstrip("e") if len(word) > 5 and word.endswith("e") else word


def name_words(name: str) -> tuple[str, ...]:
    """The stems of a product's name."""
    return tuple(stem(match.group()) for match in _WORD.finditer(plain_letters(name)))


@dataclass(frozen=True)
class Names:
    """What each name of a product stands for; nothing, where it only holds a name."""

    meaning: Mapping[tuple[str, ...], str]

    @property
    def words(self) -> frozenset[str]:
        """Every word of a name."""
        return frozenset(word for name in self.meaning for word in name)


def _beginnings(title: str) -> Iterator[tuple[str, ...]]:
    """The names customers use for a title: all of it, and its beginnings of two words or more."""
    yield name_words(title)
    words = name_words(_BEFORE_VARIANT.split(title, maxsplit=1)[0])
    for length in range(len(words), 0, -1):
        if words[length - 1] not in _LITTLE_WORDS:
            yield words[:length]


def build_names(titles: Sequence[str], products: Mapping[str, Sequence[str]]) -> Names:
    """Work out what each name means.

    A regional name means its concept, or, where exactly one title of the shop is of that
    concept, that title. A title is found by its beginnings as long as they are its own.

    Args:
        titles: The titles of the shop's products.
        products: For each concept its names.
    """
    owners: dict[tuple[str, ...], set[str]] = {}
    for title in titles:
        for beginning in _beginnings(title):
            if beginning and len(beginning) <= _LONGEST_NAME:
                owners.setdefault(beginning, set()).add(title)
    meaning: dict[tuple[str, ...], str] = dict.fromkeys(map(name_words, _NO_PRODUCTS), "")
    for concept, names in products.items():
        written = {words for name in names if (words := name_words(name))}
        of_concept = set().union(*(owners.get(words, set()) for words in written))
        value = next(iter(of_concept)) if len(of_concept) == 1 else concept
        meaning |= dict.fromkeys(written, value)
    for name, titles_of_name in owners.items():
        if len(titles_of_name) == 1:
            meaning[name] = next(iter(titles_of_name))
    return Names(meaning)


def read_titles(path: Path) -> list[str]:
    """Read the titles of a catalogue: a JSON list of `{"sku", "title"}`.

    Raises:
        CatalogueNotValid: The file is not such a list.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, list):
        raise CatalogueNotValid("a list is expected")
    titles: set[str] = set()
    for item in content:
        title = item.get("title") if isinstance(item, dict) else None
        if not isinstance(title, str):
            raise CatalogueNotValid("each entry needs a title")
        titles.add(title)
    return sorted(titles)


class Catalogue:
    """Finds products; reads the shop's file again when it has changed."""

    def __init__(self, products: Mapping[str, Sequence[str]], path: Path | None = None) -> None:
        """Take the regional names, and the shop's file if there is one.

        Args:
            products: For each concept its names.
            path: The shop's catalogue; while it is missing the regional names are used alone.
        """
        self._products = products
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._matcher: Any = None
        self._names = Names({})
        self._words: frozenset[str] = frozenset()
        self._misspellings = Misspellings(())
        self._vocabulary: Any = None

    def find(self, text: str) -> list[Entity]:
        """Find the products of a message: the longest names, in order.

        Args:
            text: The message as typed.

        Returns:
            `product` entities; the value is the shop's title or the concept, the place is as typed.
        """
        self._refresh()
        folded = fold(text)
        matches = list(_WORD.finditer(folded))
        words = [self._spelt(stem(match.group())) for match in matches]
        if self._words.isdisjoint(words):
            return []
        from spacy.tokens import Doc
        from spacy.util import filter_spans

        shown = [word if word in self._words else _UNKNOWN for word in words]
        doc = Doc(self._vocabulary, words=shown)
        found = []
        for span in filter_spans(self._matcher(doc, as_spans=True)):
            meaning = self._names.meaning[tuple(shown[span.start : span.end])]
            start, end = matches[span.start].start(), matches[span.end - 1].end()
            called = folded[start:end] in _CALLED and _NUMBER_AFTER.match(folded, end)
            if meaning and not called:
                found.append(Entity("product", meaning, start, end))
        return found

    def _spelt(self, word: str) -> str:
        """The word of a name that a word means; itself where it means none."""
        return word if word in self._words else self._misspellings.meant(word) or word

    def _refresh(self) -> None:
        stamp = self._file_stamp()
        if self._matcher is not None and stamp == self._stamp:
            return
        self._stamp = stamp
        titles: list[str] = []
        if self._path is not None and stamp is not None:
            try:
                titles = read_titles(self._path)
            except (OSError, ValueError) as error:
                logger.warning("catalogue %s is not readable: %s", self._path, error)
        self._compile(build_names(titles, self._products))

    def _file_stamp(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _compile(self, names: Names) -> None:
        import spacy
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc

        vocabulary = spacy.blank("es").vocab
        matcher = PhraseMatcher(vocabulary, attr="ORTH")
        matcher.add("product", [Doc(vocabulary, words=list(name)) for name in names.meaning])
        self._vocabulary, self._matcher = vocabulary, matcher
        self._names, self._words = names, names.words
        # The shop's own titles are no measure: brands are one letter away from anything.
        regional = (name_words(name) for names in self._products.values() for name in names)
        self._misspellings = Misspellings(words[0] for words in regional if len(words) == 1)
