"""Spoken Spanish numbers ("siete siete ocho", "dos mil catorce") as strings of digits."""

from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = {
    word: value
    for value, words in enumerate(
        (
            ("cero", "sero"),
            ("uno", "un", "una"),
            ("dos",),
            ("tres",),
            ("cuatro", "quatro"),
            ("cinco", "sinco"),
            ("seis", "ceis"),
            ("siete", "ciete"),
            ("ocho",),
            ("nueve",),
        )
    )
    for word in words
}
_TEENS = {
    "diez": 10,
    "once": 11,
    "doce": 12,
    "trece": 13,
    "catorce": 14,
    "quince": 15,
    "dieciseis": 16,
    "diecisiete": 17,
    "dieciocho": 18,
    "diecinueve": 19,
    "veinte": 20,
    "veintiuno": 21,
    "veintiun": 21,
    "veintidos": 22,
    "veintitres": 23,
    "veinticuatro": 24,
    "veinticinco": 25,
    "veintiseis": 26,
    "veintisiete": 27,
    "veintiocho": 28,
    "veintinueve": 29,
}
_TENS = {
    "treinta": 30,
    "cuarenta": 40,
    "cincuenta": 50,
    "sesenta": 60,
    "setenta": 70,
    "ochenta": 80,
    "noventa": 90,
}
_HUNDREDS = {
    "cien": 100,
    "ciento": 100,
    "doscientos": 200,
    "trescientos": 300,
    "cuatrocientos": 400,
    "quinientos": 500,
    "seiscientos": 600,
    "setecientos": 700,
    "ochocientos": 800,
    "novecientos": 900,
}
_MULTIPLES = {"doble": 2, "triple": 3}

# The names of the letters, for codes read aloud ("uve doble cuarenta y cinco").
LETTER_NAMES = {
    "a": "A",
    "be": "B",
    "ce": "C",
    "de": "D",
    "e": "E",
    "efe": "F",
    "ge": "G",
    "hache": "H",
    "i": "I",
    "jota": "J",
    "ka": "K",
    "ele": "L",
    "eme": "M",
    "ene": "N",
    "pe": "P",
    "cu": "Q",
    "erre": "R",
    "ese": "S",
    "te": "T",
    "uve": "V",
    "ve": "V",
    "equis": "X",
    "zeta": "Z",
}

# Said one after the other they spell a code.
DIGIT_WORDS = frozenset(_UNITS) - {"un", "una"}
NUMBER_WORDS = frozenset({*_UNITS, *_TEENS, *_TENS, *_HUNDREDS, "mil"})


@dataclass(frozen=True)
class SpokenNumber:
    """Digits read from `words[first:last]`."""

    digits: str
    first: int
    last: int


def _below_thousand(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Read one cardinal under 1000 at `at`; value and position after it."""
    value, start = 0, at
    if at < len(words) and words[at] in _HUNDREDS:
        value = _HUNDREDS[words[at]]
        at += 1
        if words[at - 1] == "cien":
            return value, at
    if at < len(words) and words[at] in _TENS:
        value += _TENS[words[at]]
        at += 1
        if at + 1 < len(words) and words[at] == "y" and words[at + 1] in _UNITS:
            value += _UNITS[words[at + 1]]
            at += 2
    elif at < len(words) and words[at] in _TEENS:
        value += _TEENS[words[at]]
        at += 1
    elif at < len(words) and words[at] in _UNITS and (at == start or _UNITS[words[at]]):
        value += _UNITS[words[at]]
        at += 1
    return (value, at) if at > start else None


def _one_group(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Read one number as it would be written: "cero", "doce", "dos mil catorce"."""
    if words[at] in _MULTIPLES and at + 1 < len(words) and words[at + 1] in _UNITS:
        return str(_UNITS[words[at + 1]]) * _MULTIPLES[words[at]], at + 2
    if words[at] == "mil":
        value, at = 1000, at + 1
    else:
        first = _below_thousand(words, at)
        if first is None:
            return None
        value, at = first
        if value and at < len(words) and words[at] == "mil":
            value, at = value * 1000, at + 1
        else:
            return str(value), at
    rest = _below_thousand(words, at) if at < len(words) else None
    if rest is not None and rest[0]:
        value, at = value + rest[0], rest[1]
    return str(value), at


def read_spoken_number(words: Sequence[str], at: int) -> SpokenNumber | None:
    """Read the longest run of number words that begins at `at`.

    Numbers said one after the other are written one after the other: "cuarenta y cinco,
    noventa, doce" is 459012, "siete siete ocho" is 778.

    Args:
        words: Folded words (see `folding.fold`), digits among them allowed.
        at: Position of the first word.

    Returns:
        The digits and the words they were read from, or None where no number begins.
    """
    digits, first = "", at
    while at < len(words):
        # "pedido uno: 771200" is not one number.
        if digits and len(words[at]) <= 2 and words[at].isascii() and words[at].isdigit():
            digits, at = digits + words[at], at + 1
            continue
        group = _one_group(words, at)
        if group is None:
            break
        digits, at = digits + group[0], group[1]
    return SpokenNumber(digits, first, at) if digits else None
