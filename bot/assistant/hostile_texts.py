"""Texts that nobody writes who wants to be understood: walls, noise, floods of half-facts.

What a message may cost must not depend on what stands in it. The same texts every time.
"""

import random
from collections.abc import Callable, Iterator

LONGEST = 4000  # characters; the gateway takes no more
_SHORT = 200
_WORDS = (
    "hola pedido devolver factura A-10234 28013 ana@gmail.com arroba punto com uno dos tres cuatro "
    "cien guion raya el la de que no me llega hace dos semanas martes 15/03 un 4 de 5 estrellas "
    "calle luna 14 código postal cp número y o pero quiero cafetera lavadora refrijerador"
).split()
_DICTATED = "uno dos tres cero mil cien y guion a be ce arroba punto menos".split()
_DAYS = "hace dos semanas el lunes 15 de marzo pasado 3/4 día".split()
_ALPHABETS = (
    "".join(map(chr, range(32, 127))),
    "abcdefghijklmnopqrstuvwxyzáéíóúñ     ",
    "0123456789 .-/",
    "😡😀⭐❤️👍🏽👨‍👩‍👧",
    "אבגדהוזחט ابجدهوز  ",
    "漢字假名交じり文 ",
)
_WALLS = "a1 .-@_#/?!ñ⭐😡\n\u0301\u200d٣"
_PLANE, _UNICODE = 0x10000, 0x110000
_SURROGATES = (0xD800, 0xE000)

_Kind = Callable[[random.Random, int], str]


def hostile_texts(count: int, seed: int = 1) -> Iterator[str]:
    """Draw texts of up to 4,000 characters, half of them of full length.

    Args:
        count: How many.
        seed: Other texts for another one.
    """
    draw = random.Random(seed)  # noqa: S311 (nothing is kept secret by it)
    for _ in range(count):
        length = draw.choice(
            [draw.randrange(1, _SHORT), draw.randrange(_SHORT, LONGEST), LONGEST, LONGEST]
        )
        yield draw.choice(_KINDS)(draw, length)[:LONGEST]


def _wall(draw: random.Random, length: int) -> str:
    sign = draw.choice(_WALLS) + draw.choice(["", draw.choice(_WALLS)])
    return sign * (length // len(sign) + 1)


def _noise(draw: random.Random, length: int) -> str:
    return "".join(draw.choices(draw.choice(_ALPHABETS), k=length))


def _any_sign(draw: random.Random, length: int) -> str:
    last = draw.choice([_PLANE, _UNICODE])
    return "".join(chr(draw.randrange(1, last)) for _ in range(length))


def _half_pairs(draw: random.Random, length: int) -> str:
    return "".join(chr(draw.randrange(*_SURROGATES)) for _ in range(length))


def _heaped_accents(draw: random.Random, length: int) -> str:
    return "".join(draw.choice("aeiouñ") + "\u0301" * draw.randrange(4) for _ in range(length))


def _flood(draw: random.Random, length: int) -> str:
    return " ".join(draw.choices(draw.choice([_WORDS, _DICTATED, _DAYS]), k=length))


def _codes(draw: random.Random, length: int) -> str:
    return " ".join(
        f"{draw.choice('abcdefgh')}-{draw.randrange(10 ** draw.randrange(1, 9))}"
        for _ in range(length)
    )


def _endless_words(draw: random.Random, length: int) -> str:
    letters = "".join(draw.choices("abcdefghijklmnop", k=length))
    return letters[:-1:2] + " " + " ".join(letters[at : at + 70] for at in range(0, length, 70))


_KINDS: tuple[_Kind, ...] = (
    _wall,
    _noise,
    _any_sign,
    _half_pairs,
    _heaped_accents,
    _flood,
    _codes,
    _endless_words,
)
