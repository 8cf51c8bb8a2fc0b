"""Options of articles in customers' words: colours, sizes, materials, measures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.spoken.words import Reader, Word, measure, stem

Roots = tuple[str, ...]
_NEAR = "~"


def root(word: str) -> str:
    """A word without number and gender: "rojas" and "rojo" are the same."""
    bare = stem(word)
    return bare[:-1] if len(bare) > 3 and bare[-1] in "ao" else bare


def roots(words: Iterable[Word]) -> Roots:
    """The roots of a phrase."""
    return tuple(root(word.text) for word in words)


@dataclass(frozen=True, slots=True)
class SpokenValue:
    """How customers call the value of an option.

    Attributes:
        exact: Phrases that mean it.
        near: Phrases that fit when nothing fits better.
        families: What it is about: colour, size…
    """

    exact: frozenset[Roots]
    near: frozenset[Roots]
    families: frozenset[str]


@dataclass(frozen=True, slots=True)
class OptionSaid:
    """A value in a text, whatever article it is about."""

    start: int
    end: int
    phrase: Roots
    families: frozenset[str]


class OptionWords:
    """What values are called; each value is worked out once."""

    def __init__(self, families: Mapping[str, Mapping[str, Sequence[str]]], reader: Reader) -> None:
        self._reader = reader
        self._entries: dict[str, list[SpokenValue]] = {}
        self._families: dict[Roots, set[str]] = {}
        by_exact: dict[Roots, list[SpokenValue]] = {}
        for family, values in families.items():
            for value, phrases in values.items():
                entry = SpokenValue(
                    exact=frozenset(self._roots(p) for p in phrases if not p.startswith(_NEAR)),
                    near=frozenset(self._roots(p[1:]) for p in phrases if p.startswith(_NEAR)),
                    families=frozenset({family}),
                )
                self._entries.setdefault(value.casefold(), []).append(entry)
                for phrase in entry.exact | entry.near:
                    self._families.setdefault(phrase, set()).add(family)
                for phrase in entry.exact:
                    by_exact.setdefault(phrase, []).append(entry)
        self._by_exact = by_exact
        self._first: dict[str, list[Roots]] = {}
        for phrase in self._families:
            self._first.setdefault(phrase[0], []).append(phrase)
        self.of = lru_cache(maxsize=4096)(self._of)

    def _roots(self, phrase: str) -> Roots:
        return roots(self._reader.phrase(phrase))

    def _of(self, name: str, value: str) -> SpokenValue:
        """How customers call a value of an option."""
        written = self._reader.phrase(value)
        itself = roots(written)
        key = value.casefold()
        found = [
            *self._entries.get(key, ()),
            *self._entries.get(f"{name.casefold()}={key}", ()),
        ] or self._by_exact.get(itself, [])
        exact = {phrase for entry in found for phrase in entry.exact}
        near = {phrase for entry in found for phrase in entry.near}
        # "yes" and "no" say nothing without the option's name
        if itself and key not in {"yes", "no", "none", "si", "sí"}:
            exact.add(itself)
            if len(itself) > 1:
                near.add(itself[:1])
            if written[0].text[0].isdigit():
                near.add((_number_of(written[0].text),))
                exact |= {(counted,) for counted in self._counted(name, value)}
        families = frozenset(family for entry in found for family in entry.families)
        return SpokenValue(frozenset(exact), frozenset(near - exact), families or frozenset({name}))

    def _counted(self, name: str, value: str) -> Iterable[str]:
        """A number whose unit is the option's name: `pieces: "1000"`."""
        unit = self._reader.unit(name)
        if unit and value.isdigit():
            yield measure(float(value), unit)

    def said(self, words: Sequence[Word], values: Iterable[SpokenValue]) -> list[OptionSaid]:
        """The values in a text from left to right, at each place the longest.

        Args:
            words: The text.
            values: Values of the articles in question, which need not be in the lexicon.
        """
        first: dict[str, set[Roots]] = {}
        own: dict[Roots, set[str]] = {}
        for value in values:
            for phrase in value.exact | value.near:
                own.setdefault(phrase, set()).update(value.families)
                first.setdefault(phrase[0], set()).add(phrase)
        texts = roots(words)
        found = []
        at = 0
        while at < len(texts):
            choices = [*first.get(texts[at], ()), *self._first.get(texts[at], ())]
            fitting = [phrase for phrase in choices if texts[at : at + len(phrase)] == phrase]
            if not fitting:
                at += 1
                continue
            phrase = max(fitting, key=len)
            families = self._families.get(phrase, set()) | own.get(phrase, set())
            found.append(OptionSaid(at, at + len(phrase), phrase, frozenset(families)))
            at += len(phrase)
        return found


def _number_of(text: str) -> str:
    return text.rstrip("abcdefghijklmnopqrstuvwxyz%")
