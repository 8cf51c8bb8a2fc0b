"""The name of whoever is to receive a parcel, as it stands in a text."""

import re
import unicodedata
from collections.abc import Sequence

from bot.domain.spoken.words import fold

_LONGEST_NAME = 6  # words: two given names, two family names and what joins them
_END = re.compile(r"[,.;:()!?¿¡\n\d@#]")
# Where a sentence goes on behind a name.
_BEHIND = re.compile(
    r"\b(?:y que|que|con|en|por|porque|pq|xq|para|ya|gracias|pero|si|no|calle|cuando|desde|hasta|"
    r"vive|va|es mi|estara|tiene|del pedido|en vez)\b"
)
# What may stand between "lo recibe" and the name.
_BEFORE = frozenset(
    "a al de es sea seria ser debe deberia sera esta esa mi mis su el la un una sr sra srta don dona "
    "senor senora senorita otra otro persona alguien nombre correcto nuevo nueva destinatario".split()
)
_KIN = frozenset(
    "hermano hermana vecino vecina padre madre papa mama hijo hija esposo esposa marido mujer pareja "
    "novio novia amigo amiga tio tia primo prima abuelo abuela suegro suegra cunado cunada jefe jefa "
    "companero companera portero portera conserje roommate sobrino sobrina".split()
)
_POLITE = re.compile(r"\b(?:por favor|porfa\w*|gracias|saludos)\b")
# A name holds none of these.
_NOT_A_NAME = frozenset(
    "quiero quiere pedido direccion destinatario nombre recibe cambiar cambia otra otro persona misma "
    "mismo yo ella nadie lo eso esto esta nada se me te quien cual mal equivocado incorrecto".split()
)
_JOINS = frozenset({"de", "del", "la", "las", "los", "y", "da", "dos", "san", "santa"})


class RecipientReader:
    """Finds the name; built once from the words that announce it."""

    def __init__(self, announcing: Sequence[str]) -> None:
        ordered = sorted({fold(words) for words in announcing}, key=len, reverse=True)
        self._announced = re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b[ :]*")

    def read(self, text: str, *, asked: bool) -> str | None:
        """The name; `asked` when it may stand without being announced."""
        raw = " ".join(unicodedata.normalize("NFC", text).split())
        for match in reversed(list(self._announced.finditer(fold(raw)))):
            name = _name(raw[match.end() :])
            if name is not None:
                return name
        return _name(raw) if asked else None


def _name(raw: str) -> str | None:
    """The name that a text begins with."""
    folded = fold(raw)
    ends = (m.start() for pattern in (_END, _BEHIND, _POLITE) if (m := pattern.search(folded)))
    words = raw[: min(ends, default=len(raw))].split()
    while words and fold(words[0]) in _BEFORE | _KIN:
        words = words[1:]
    while words and fold(words[-1]) in _JOINS:
        words = words[:-1]
    if not 0 < len(words) <= _LONGEST_NAME or _NOT_A_NAME & {fold(word) for word in words}:
        return None
    if not all(word.replace("'", "").replace("-", "").isalpha() for word in words):
        return None
    return " ".join(word if _has_capitals(word) else _capital(word) for word in words)


def _has_capitals(word: str) -> bool:
    return word[0].isupper()


def _capital(word: str) -> str:
    return word if fold(word) in _JOINS else word.capitalize()
