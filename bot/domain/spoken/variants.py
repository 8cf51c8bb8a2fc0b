"""Which variants of an article fit what a customer asks for instead."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain.orders import OrderLine, Product
from bot.domain.spoken.contrast import contrast
from bot.domain.spoken.little_words import is_described
from bot.domain.spoken.options import OptionSaid, OptionWords, SpokenValue, root
from bot.domain.spoken.words import NUMBERS, Word

_NOT = frozenset({"no", "menos", "excepto", "salvo", "ni"})
_COMPARED = frozenset({"size", "talla", "talle", "numero", "número", "tamaño", "medida"})
_STEPS = frozenset({"talla", "talle", "numero"})
_LARGER = frozenset({"grand", "larg", "anch", "amplia", "ampli", "mayor", "arrib", "alt"})
_SMALLER = frozenset({"chic", "pequen", "menor", "abaj", "cort", "chiquit", "estrech"})
_LETTERS = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
_NAMED = ("portable", "small", "medium", "large")
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)?")
_WHATEVER = frozenset({"cualquier", "cualquiera", "igual", "sea"})

Fits = Callable[[Product], bool]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the text asks for: conditions, and the options that they settle."""

    conditions: tuple[Fits, ...]
    settled: frozenset[str]


class VariantsReader:
    """Reads one text about the variants of one article."""

    def __init__(
        self, options: OptionWords, wanted: OrderLine, variants: Sequence[Product]
    ) -> None:
        self._wanted = wanted
        self._variants = variants
        self._of = options.of
        self._options = options

    def read(self, words: Sequence[Word]) -> tuple[Product, ...]:
        """The variants that fit; nothing when nothing is asked for, or no variant has it."""
        sides = contrast(words)
        tells = sides.wanted is not None
        asked = self._asked(
            sides.wanted if sides.wanted is not None else sides.had,
            own_counts=tells or not sides.changes,
        )
        if asked is None:
            return ()
        fitting = [v for v in self._variants if all(fits(v) for fits in asked.conditions)]
        return self._otherwise_the_same(fitting, asked.settled, words)

    def _asked(self, words: Sequence[Word], *, own_counts: bool) -> _Asked | None:
        """What is asked for; None when nothing is, or something that no variant has."""
        words = _without_denied(words)
        steps = _compared(words)
        said = [
            option
            for option in self._said(words)
            if steps is None or not set(option.phrase) & (_LARGER | _SMALLER | {"numer"})
        ]
        if not own_counts:
            said = [option for option in said if not self._is_own(option)]
        alternatives: dict[frozenset[str], list[Fits]] = {}
        for option in said:
            settled, fits = self._condition(option)
            if settled:
                alternatives.setdefault(settled, []).append(fits)
            elif option.families & self._families():
                return None
        conditions = [_any_of(fits) for fits in alternatives.values()]
        names = frozenset(name for settled in alternatives for name in settled)
        if steps is not None:
            stepped = self._stepped(steps)
            if stepped is None:
                return None
            names |= {stepped[0]}
            conditions.append(stepped[1])
        return _Asked(tuple(conditions), names) if conditions else None

    def _said(self, words: Sequence[Word]) -> list[OptionSaid]:
        values = [
            self._of(name, value)
            for options in (self._wanted.options, *(v.options for v in self._variants))
            for name, value in options.items()
        ]
        said = self._options.said(words, dict.fromkeys(values))
        return [option for option in said if not is_described(words, option.start)]

    def _families(self) -> frozenset[str]:
        return frozenset(
            family
            for variant in self._variants
            for name, value in variant.options.items()
            for family in self._of(name, value).families
        )

    def _is_own(self, said: OptionSaid) -> bool:
        return any(
            said.phrase in self._of(name, value).exact | self._of(name, value).near
            for name, value in self._wanted.options.items()
        )

    def _condition(self, said: OptionSaid) -> tuple[frozenset[str], Fits]:
        """Which options of the variants a value may be, and whether a variant has it."""
        exact = self._pairs(lambda value: said.phrase in value.exact)
        pairs = exact or self._pairs(lambda value: said.phrase in value.near)
        names = frozenset(name for name, _ in pairs)
        return names, lambda variant: not pairs.isdisjoint(variant.options.items())

    def _pairs(self, matches: Callable[[SpokenValue], bool]) -> frozenset[tuple[str, str]]:
        return frozenset(
            (name, value)
            for variant in self._variants
            for name, value in variant.options.items()
            if matches(self._of(name, value))
        )

    def _stepped(self, steps: "_Steps") -> tuple[str, Fits] | None:
        """The option that has sizes, and whether a variant is that much larger or smaller."""
        for name, value in self._wanted.options.items():
            here = _rank(value)
            if here is not None and (name.casefold() in _COMPARED or _is_measure(name)):
                ranks = {_rank(variant.options.get(name, "")) for variant in self._variants}
                allowed = steps.from_size(here, {rank for rank in ranks if rank is not None})
                return (name, partial(_has_rank, name, allowed)) if allowed else None
        return None

    def _otherwise_the_same(
        self, fitting: Sequence[Product], settled: frozenset[str], words: Sequence[Word]
    ) -> tuple[Product, ...]:
        """Of those that fit, the ones that are otherwise as what the customer has, if any."""
        if _WHATEVER & {word.text for word in words}:
            return tuple(fitting)
        rest = {n: v for n, v in self._wanted.options.items() if n not in settled}
        same = [v for v in fitting if all(v.options.get(n) == value for n, value in rest.items())]
        return tuple(same or fitting)


@dataclass(frozen=True, slots=True)
class _Steps:
    """A comparison: upwards or downwards, by how many sizes if that is said."""

    sign: int
    count: int | None

    def from_size(self, here: float, ranks: Collection[float]) -> frozenset[float]:
        """The sizes that are meant, among those there are."""
        beyond = sorted(
            (rank for rank in ranks if (rank - here) * self.sign > 0),
            key=lambda rank: abs(rank - here),
        )
        if self.count is None:
            return frozenset(beyond)
        # the next one there is: shops have half sizes, and leave sizes out
        return frozenset(beyond[self.count - 1 : self.count])


def _compared(words: Sequence[Word]) -> _Steps | None:
    texts = [word.text for word in words]
    for at, text in enumerate(texts):
        if text not in {"mas", "menos"} and not (text in _STEPS and at + 1 < len(texts)):
            continue
        after = root(texts[at + 1]) if at + 1 < len(texts) else ""
        count = _steps_before(texts, at)
        if after in _LARGER and text != "menos":
            return _Steps(1, count) if text == "mas" or after != "grand" else None
        if after in _SMALLER and text != "menos":
            return _Steps(-1, count) if text == "mas" or after in {"abaj", "menor"} else None
        if text in {"mas", "menos"} and count is not None:
            return _Steps(1 if text == "mas" else -1, count)
    return None


def _steps_before(texts: Sequence[str], at: int) -> int | None:
    """How many sizes, in "una talla más", "dos números menos"."""
    around = texts[max(0, at - 2) : at + 1]
    for place, text in enumerate(around):
        if text.removesuffix("s").removesuffix("e") in {s.removesuffix("e") for s in _STEPS}:
            return NUMBERS.get(around[place - 1]) if place else None
    return None


def _without_denied(words: Sequence[Word]) -> list[Word]:
    """The words without what follows a "no", up to the next pause."""
    kept: list[Word] = []
    denied = False
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else None
        if word.pause or word.text in {"sino", "pero"}:
            denied = False
        # "una talla menos" is no denial
        if word.text in _NOT and after is not None and not after.pause:
            denied = not (word.text == "menos" and at and words[at - 1].stem in _STEPS | {"tall"})
            denied = denied and after.text != "tienen"
        if not denied:
            kept.append(word)
    return kept


def _any_of(conditions: Sequence[Fits]) -> Fits:
    return lambda variant: any(fits(variant) for fits in conditions)


def _rank(value: str) -> float | None:
    """Where a size stands among its like."""
    folded = value.casefold()
    if folded in _LETTERS:
        return float(_LETTERS.index(folded))
    if folded in _NAMED:
        return float(_NAMED.index(folded))
    amount = _AMOUNT.match(folded)
    return float(amount.group().replace(",", ".")) if amount else None


def _has_rank(name: str, allowed: Collection[float], variant: Product) -> bool:
    return _rank(variant.options.get(name, "")) in allowed


def _is_measure(name: str) -> bool:
    return any(word in name.casefold() for word in ("size", "length", "height", "capacity", "diam"))
