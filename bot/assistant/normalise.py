"""Brings chat Spanish to one spelling: "Holaaa, xq no me yega?? 😡" and "hola, porque no me llega? enojado".

Every step looks at a character or a word once: the time grows with the length of the message and
nothing a customer types can make it grow faster.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from bot.assistant.entities import Entity
from bot.assistant.lexicon import LEXICON_FOLDER, read_abbreviations, read_emoji

MAX_CHARACTERS = 4000
# What stands in the place of an identifier, so that all order numbers are one word.
MASKS: Mapping[str, str] = {
    "order_number": "__order__",
    "email": "__email__",
    "postal_code": "__postcode__",
    "tracking_number": "__tracking__",
    "case_number": "__case__",
}
# The kind of a case is in its prefix: "DEV-…" is about a return.
_CASE_MASKS = {"DEV": "__return__", "GAR": "__guarantee__", "REC": "__complaint__"}

_PIECE = re.compile(r"__[a-z]+__|[^\W\d_]+|\d+(?:[.,:]\d+)*|[?!$€%]")
_RUN_OF_THREE = re.compile(r"([^\W\d_])\1\1+")
_RUN_OF_TWO = re.compile(r"([^\W\d_])\1")
_LONGEST_WORD = 30  # letters; what is longer is none
_KEPT_DOUBLE = frozenset("lrceno")  # calle, perro, acción, leer, innovar, zoológico
_XD = re.compile(r"x+d+")
_EMOTICONS = (
    (re.compile(r"(?<!\w)(?:[:;=]-?[)\]D3]|<3|\^_?\^)(?!\w)"), " contento "),
    (re.compile(r"(?<!\w)(?:[:=]'?-?[(\[]|:'\()(?!\w)"), " triste "),
    (re.compile(r"(?<!\w)(?:>:\(|:@)(?!\w)"), " enojado "),
)
_INTENDED_MASKS = frozenset({*MASKS.values(), *_CASE_MASKS.values()})


class _Letters(dict[int, str]):
    """What each character becomes; worked out when it is first met."""

    _ROOM = 20_000  # a flood of rare characters must not fill the memory

    def __init__(self, emoji: Mapping[str, str]) -> None:
        super().__init__({ord(sign): f" {word} " for sign, word in emoji.items()})
        self._emoji = frozenset(self)

    def __missing__(self, code: int) -> str:
        replacement = self._look_up(chr(code))
        if len(self) < self._ROOM:
            self[code] = replacement
        return replacement

    def _look_up(self, character: str) -> str:
        lowered = character.lower()
        if lowered == "ñ" or lowered.isascii():
            return lowered
        category = unicodedata.category(character)
        if category in {"Mn", "Me", "Cf"}:  # accents apart, variation selectors, joiners
            return ""
        if category[0] in "CZS":
            return lowered if lowered == "€" else " "
        decomposed = unicodedata.normalize("NFKD", lowered)[:3]
        return "".join(c for c in decomposed if not unicodedata.combining(c)) or " "


def _collapse_double(match: re.Match[str]) -> str:
    at_end = match.end() == len(match.string)
    letter: str = match.group(1)
    keep = letter in _KEPT_DOUBLE and (not at_end or letter == "e")
    return letter * 2 if keep else letter


def _laughs(word: str) -> bool:
    """Tell laughter: jajaja, jsjsjs, hehehe, xddd (no other word has two j)."""
    if len(word) < 3 or word[0] not in "ajhxe":
        return word == "xd"
    letters = set(word)
    return (
        (letters <= set("jaeious") and word.count("j") >= 2)
        or (letters <= set("hae") and word.count("h") >= 2)
        or _XD.fullmatch(word) is not None
    )


class Normaliser:
    """Rewrites messages into the words that the classifier was trained on."""

    def __init__(
        self,
        abbreviations: Mapping[str, str],
        alone: Mapping[str, str],
        emoji: Mapping[str, str],
    ) -> None:
        self._abbreviations = abbreviations
        self._alone = alone
        self._letters = _Letters(emoji)

    @classmethod
    def from_lexicon(cls, folder: Path = LEXICON_FOLDER) -> "Normaliser":
        """Build one from the word lists in `data/lexicon`."""
        return cls(*read_abbreviations(folder), read_emoji(folder))

    def __call__(self, text: str, identifiers: Iterable[Entity] = ()) -> str:
        """Normalise a message.

        Args:
            text: The message as typed; what is beyond 4,000 characters is not read.
            identifiers: What `PatternReader` found in it; each is replaced by its mask.

        Returns:
            Words and signs with one space between them, in lower case, without accents (ñ stays).
        """
        # Masks are ours alone: a customer's underscores are spaces.
        masked = _mask(text[:MAX_CHARACTERS].replace("_", " "), identifiers)
        for pattern, word in _EMOTICONS:
            masked = pattern.sub(word, masked)
        plain = masked.replace("n\u0303", "ñ").replace("N\u0303", "ñ").translate(self._letters)
        return " ".join(self._words(plain[: 2 * MAX_CHARACTERS]))

    def _words(self, plain: str) -> Iterator[str]:
        pieces = _PIECE.findall(plain)
        if len(pieces) == 1 and pieces[0] in self._alone:
            yield self._alone[pieces[0]]
            return
        last = ""
        for piece in pieces:
            if piece in "?!$€%" and piece == last:
                continue
            last = piece
            yield self._word(piece)

    def _word(self, piece: str) -> str:
        if piece in _INTENDED_MASKS:
            return piece
        if not piece[0].isalpha():
            return _number(piece) if piece[0].isdigit() else piece
        known = self._abbreviations.get(piece)
        if known is not None:
            return known
        if _laughs(piece):
            return "jaja"
        word = _collapse(piece[:_LONGEST_WORD])
        return self._abbreviations.get(word, word)


@lru_cache(maxsize=8192)
def _collapse(word: str) -> str:
    """Take out repeated letters: "holaaaa" and "holaa" are "hola", "calle" stays."""
    return _RUN_OF_TWO.sub(_collapse_double, _RUN_OF_THREE.sub(r"\1", word))


def _number(digits: str) -> str:
    """Keep the size of a number, not its digits: scores, sizes and amounts differ in it."""
    if digits.isascii() and digits.isdigit():
        if int(digits[:6]) <= 10 and len(digits) <= 2:
            return "__digit__"
        return "__number__" if len(digits) <= 3 else "__long_number__"
    return "__number__"


def _mask(text: str, identifiers: Iterable[Entity]) -> str:
    pieces: list[str] = []
    at = 0
    for entity in identifiers:
        mask = MASKS.get(entity.entity)
        if mask is None or entity.start < at:
            continue
        if entity.entity == "case_number":
            mask = _CASE_MASKS.get(entity.value[:3], mask)
        pieces += [text[at : entity.start], f" {mask} "]
        at = entity.end
    pieces.append(text[at:])
    return "".join(pieces)
