"""The lines of one order as they may be named: which of them fit some words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.domain.spoken.options import OptionSaid, OptionWords, SpokenValue
from bot.domain.spoken.product_names import ProductNames, Stems, TitleNames
from bot.domain.spoken.words import Spelling, Word

_OF = frozenset({"de", "para"})
_ARTICLES = frozenset("el la los las esta este estas estos esa ese esas esos mi mis".split())


class NamedLine(NamedTuple):
    """What a line of an order is known by."""

    title: str
    quantity: int
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NameSaid:
    """A name in a text: the positions it fits, and among them those it fits best."""

    start: int
    end: int
    fits: frozenset[int]
    best: frozenset[int]


@dataclass(slots=True)
class _Named:
    own: set[int] = field(default_factory=set)
    broad: set[int] = field(default_factory=set)


class LineIndex:
    """Looks names and options up in the lines of an order."""

    def __init__(
        self,
        lines: Sequence[NamedLine],
        names: ProductNames,
        options: OptionWords,
        never: Sequence[str],
    ) -> None:
        self.quantities = tuple(line.quantity for line in lines)
        self._options = options
        self._written = tuple(line.title for line in lines)
        self._titles: tuple[TitleNames, ...] = tuple(names.of(line.title) for line in lines)
        self._values: tuple[tuple[SpokenValue, ...], ...] = tuple(
            tuple(options.of(name, value) for name, value in line.options) for line in lines
        )
        self._named: dict[str, dict[Stems, _Named]] = {}
        for position, title in enumerate(self._titles):
            for name in title.own:
                self._entry(name).own.add(position)
            for name in title.broad:
                self._entry(name).broad.add(position)
        known = {stem for names_ in self._named.values() for name in names_ for stem in name}
        known |= {stem for title in self._titles for stem in title.words}
        self._spelling = Spelling(known, never)

    def _entry(self, name: Stems) -> _Named:
        return self._named.setdefault(name[0], {}).setdefault(name, _Named())

    def stems(self, words: Sequence[Word]) -> list[str]:
        """The stems of a text, misspelt names put right."""
        return [self._spelling.meant(word.stem) for word in words]

    def name_at(self, words: Sequence[Word], stems: Sequence[str], at: int) -> NameSaid | None:
        """The longest name that begins at a word."""
        fitting = [
            (name, named)
            for name, named in self._named.get(stems[at], {}).items()
            if tuple(stems[at : at + len(name)]) == name
            and not any(word.pause for word in words[at + 1 : at + len(name)])
        ]
        if not fitting:
            return self._alone(words, stems, at)
        name, named = max(fitting, key=lambda found: len(found[0]))
        fits = named.own | named.broad
        return NameSaid(at, at + len(name), frozenset(fits), frozenset(named.own or fits))

    def _alone(self, words: Sequence[Word], stems: Sequence[str], at: int) -> NameSaid | None:
        """A telling word that stands for the article: "la inalámbrica", "la de yoga"."""
        before = words[at - 1].text if at else ""
        earlier = words[at - 2].text if at > 1 else ""
        if before in _ARTICLES:
            fits = {p for p, title in enumerate(self._titles) if stems[at] in title.alone}
        elif before in _OF and earlier in _ARTICLES:
            fits = {p for p, title in enumerate(self._titles) if stems[at] in title.after_of}
        else:
            return None
        return NameSaid(at, at + 1, frozenset(fits), frozenset(fits)) if fits else None

    def options_in(self, words: Sequence[Word]) -> list[OptionSaid]:
        """The values in a text."""
        return self._options.said(words, (value for line in self._values for value in line))

    def with_options(self, positions: Iterable[int], said: Sequence[OptionSaid]) -> dict[int, int]:
        """How well each position fits what is said of its options; what contradicts is left out."""
        scores = {}
        for position in positions:
            fits = [self._fit(position, option) for option in said]
            if None not in fits:
                scores[position] = sum(fit or 0 for fit in fits)
        return scores

    def _fit(self, position: int, said: OptionSaid) -> int | None:
        values = self._values[position]
        if any(said.phrase in value.exact for value in values):
            return 2
        if any(said.phrase in value.near for value in values):
            return 1
        if any(said.families & value.families for value in values):
            return None
        return 0

    def telling_words(self, position: int, stems: Iterable[str]) -> int:
        """How many words of a title are among these."""
        return len(self._titles[position].words.intersection(stems))

    def alike(self, positions: Iterable[int], others: Iterable[int]) -> frozenset[int]:
        """Those positions whose title others have."""
        titles = {self._written[position] for position in others}
        return frozenset(p for p in positions if self._written[p] in titles)

    def is_plural(self, position: int) -> bool:
        """Whether one piece of it is named in the plural already."""
        return self._titles[position].plural
