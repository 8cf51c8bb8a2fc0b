"""A text as words that can be compared: folded, spelt out, numbers joined with their unit."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"(?P<place>\d(?:e?r[ao]|er|d[ao]|t[ao])\b)|(?P<measure>\d+(?:[.,]\d+)*)"
    r"|(?P<code>[a-z]{1,3}\d+[a-z]*)|(?P<word>[a-z]+)|(?P<sign>[\"%])"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_STOP = re.compile(r"[.;!?\n:¡¿]")
_PAUSE = re.compile(r"[,()/\-–—…]\s|[,()]")
# What holds digits and counts nothing: mails, addresses of pages, numbers of orders and folios,
# telephones, days and amounts.
_NOT_COUNTED = re.compile(
    r"\S+@\S+|https?://\S+|#\s*\w+"
    r"|\b[a-z]{1,4}-\d[\w-]*|\b[a-z]{1,3}\d{4,}\w*"
    r"|\b(?:pedido|orden|compra|folio|ticket|factura|guia|telefono|tel|cel|celular|movil|cp"
    r"|postal|dni|rut)\b(?: (?:numero|num|nro|no|n|es|el))*\s*[:.#º°]*\s*\d[\d-]*"
    r"|\+?\d(?:[ -]?\d){7,}"
    r"|\b\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b"
    r"|\b\d{1,2} de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|se?p?tiembre|octubre"
    r"|noviembre|diciembre)\b"
    r"|\bhace (?:\w+ ){1,2}(?:dias?|semanas?|mese?s?|anos?|horas?)\b"
    r"|\b(?:tod[oa]s? )?(?:l[oa]s? )?\w+ (?:dias?|semanas?|mese?s?|anos|minutos)\b"
    r"|[$€]\s*\d[\d.,]*|\b\d[\d.,]* ?(?:€|\$|euros?|pesos?|soles|dolares|lucas|mangos)"
)
_NO_WORDS = re.compile(r"\S+@\S+|https?://\S+")
_LONG_NUMBER = re.compile(r"\d{4,}")
# Larger units in the smallest one that shops write: "1 l" is "1000ml".
_SMALLER = {"l": ("ml", 1000.0), "tb": ("gb", 1000.0), "kg": ("g", 1000.0), "m": ("cm", 100.0)}
_SOUNDS = (
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"[vw]"), "b"),
    (re.compile(r"qu(?=[ei])|c(?![eihs])"), "k"),
    (re.compile(r"z|c(?=[ei])"), "s"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_ORDINAL_SIGNS = "ºª°"
_ROOM = 10_000  # a flood of invented words must not fill the memory
NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}  # fmt: skip


def fold(text: str) -> str:
    """Lower case without accents, one character for each of a composed text."""
    folded = []
    for character in text.lower():
        if character in _ORDINAL_SIGNS:
            folded.append(character)
            continue
        base = unicodedata.normalize("NFKD", character)
        folded.append(base[0] if base and base[0].isascii() else character)
    return "".join(folded)


def stem(word: str) -> str:
    """Take the plural off a folded word."""
    if len(word) > 4 and word.endswith("ces"):
        word = f"{word[:-3]}z"
    elif len(word) > 4 and word.endswith("es") and word[-3] not in "aeioutbcfgkmpv":
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and (word[-2] != "i" or len(word) > 5):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text; `pause` is the punctuation before it: nothing, "," or "."."""

    text: str
    stem: str
    pause: str = ""

    @property
    def number(self) -> int | None:
        """What it counts: "dos", "2"."""
        if self.text in NUMBERS:
            return NUMBERS[self.text]
        return int(self.text) if self.text.isdigit() and len(self.text) < 4 else None


class Reader:
    """Cuts texts into words with the lexicon's abbreviations and units."""

    def __init__(
        self, abbreviations: Mapping[str, str], units: Mapping[str, Sequence[str]]
    ) -> None:
        self._spelt = {short: tuple(fold(long).split()) for short, long in abbreviations.items()}
        self._units = {fold(name): unit for unit, names in units.items() for name in names}

    def unit(self, name: str) -> str | None:
        """The unit that a word means, if it is one."""
        return self._units.get(fold(name))

    def read(self, text: str) -> tuple[Word, ...]:
        """The words of a customer's text, without what holds digits and counts nothing."""
        composed = fold(unicodedata.normalize("NFC", text))
        return self._words(_NOT_COUNTED.sub(" ", composed), spell_out=True)

    def read_all(self, text: str) -> tuple[Word, ...]:
        """The words of a customer's text with its numbers and days, without mails and pages."""
        composed = fold(unicodedata.normalize("NFC", text))
        return self._words(_NO_WORDS.sub(" ", composed), spell_out=True)

    def phrase(self, text: str) -> tuple[Word, ...]:
        """The words of a title, a value or a phrase of the lexicon, all of them."""
        return self._words(fold(unicodedata.normalize("NFC", text)), spell_out=False)

    def _words(self, folded: str, *, spell_out: bool) -> tuple[Word, ...]:
        words: list[Word] = []
        end = 0
        for token in _TOKEN.finditer(folded):
            between = folded[end : token.start()]
            pause = "." if _STOP.search(between) else "," if _PAUSE.search(between) else ""
            glued = bool(words) and not between
            end = token.end()
            if self._joined(words, token, pause, glued=glued):
                continue
            spelt = self._spelt.get(token.group()) if spell_out and token["word"] else None
            for text in spelt or (_plain_number(token.group()),):
                words.append(Word(text, stem(text), pause))
                pause = ""
        if spell_out:
            return tuple(word for word in words if not _LONG_NUMBER.fullmatch(word.text))
        return tuple(words)

    def _joined(self, words: list[Word], token: re.Match[str], pause: str, *, glued: bool) -> bool:
        """Join a unit with the number before it."""
        unit = self._units.get(token.group())
        if unit is None or pause or not words:
            return False
        before = words[-1]
        amount = NUMBERS.get(before.text, before.text) if len(token.group()) > 2 else before.text
        if not re.fullmatch(r"\d+(\.\d+)?", str(amount)):
            return False
        if unit == "x" and not glued:
            return False
        text = measure(float(amount), unit)
        words[-1] = Word(text, text, before.pause)
        return True


def measure(amount: float, unit: str) -> str:
    """An amount with its unit as it compares."""
    if unit in _SMALLER:
        unit, factor = _SMALLER[unit]
        amount *= factor
    return f"{amount:g}{unit}" if amount < 1e6 else f"{amount:.0f}{unit}"


def _plain_number(text: str) -> str:
    if not text[0].isdigit():
        return text
    if _THOUSANDS.fullmatch(text):
        return re.sub(r"[.,]", "", text)
    return text.replace(",", ".")


def sound(word: str) -> str:
    """How a folded word sounds: "boto" and "voto" are the same."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


class Spelling:
    """Leads a misspelt word to the known one that is meant.

    Words of five letters or more may be spelt by ear; of six or more, one letter may be wrong,
    missing, doubled or swapped, not the first one. Anything shorter is another word.
    """

    def __init__(self, known: Iterable[str], never: Iterable[str] = ()) -> None:
        self._known = frozenset(known)
        self._never = frozenset(never)
        self._by_sound = {sound(word): word for word in self._known if len(word) >= 5}
        self._long: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= 6 and word.isalpha():
                self._long.setdefault(word[0], []).append(word)
        self._meant = lru_cache(maxsize=_ROOM)(self._find)

    def meant(self, word: str) -> str:
        """The known word that is meant; the word itself where none is."""
        if word in self._known or len(word) < 5 or word in self._never:
            return word
        return self._meant(word)

    def _find(self, word: str) -> str:
        by_ear = self._by_sound.get(sound(word))
        if by_ear is not None:
            return by_ear
        if len(word) < 6:
            return word
        near = [known for known in self._long.get(word[0], ()) if one_slip_apart(word, known)]
        return near[0] if len(near) == 1 else word


def one_slip_apart(word: str, other: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two are swapped."""
    if abs(len(word) - len(other)) > 1 or word == other:
        return word == other
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, other_rest = word[start:], other[start:]
    if len(rest) == len(other_rest):
        swapped = rest[1::-1] + rest[2:] if len(rest) > 1 else rest
        return rest[1:] == other_rest[1:] or swapped == other_rest
    return rest[1:] == other_rest or rest == other_rest[1:]
