"""Whether words are a yes, a no, or a question of when or how much, whatever the classifier reads."""

import re
import unicodedata

_YES = re.compile(
    r"^\W*(?:(?:pues|bueno|ah|ay|eh|mmm?|uy|a ver|por mi|ahora|ya|esta vez|venga)[ ,]+)*"
    r"(?:s[iy]+|sip|sep|see+|claro|vale|va|ok\w{0,3}|oki|dale|bueno|correct[oa]|exact[oa]|confirm\w+|adelante"
    r"|perfecto|de acuerdo|conforme|listo|hazlo|hagale|eso es|asi es|por supuesto|procede|proceda|afirmativo"
    r"|esta bien|todo bien|de una|sale|simon|orale|obvio|acepto|me parece bien)(?!\w)"
)
_NO = re.compile(
    r"^\W*(?:(?:pues|bueno|ah|ay|eh|mmm?|uy|a ver) )?"
    r"(?:no+|nop\w?|nel|ni hablar|todavia no|aun no|mejor no|para nada|negativo|espera|esper[ae]\w{0,2}|un momento"
    r"|alto|incorrecto)(?!\w)"
)
# "No hay problema", "no pasa nada": agreeable, whatever they begin with.
_NO_IS_FINE = re.compile(r"^\W*no (?:hay|pasa|tengo) (?:problema|nada|inconveniente|drama|lio)")

# "Sí, pero espera": a yes that is none yet.
_HESITATES = re.compile(
    r"\b(?:espera\w*|pero|mejor|antes|aunque|todavia|aun no|un (?:momento|segundo|minuto)|no (?:lo )?se|no estoy"
    r"|creo|a ver si|depende|dejame|deja que)\b"
)
_AT_ONCE = re.compile(r"^\W*(?:si+|no+|nop|nel|vale|claro|dale|ok|bueno)\s*[,.;:!]")
_WHEN = re.compile(
    r"\b(?:cuando|cuanto (?:tiempo|tarda\w*|demora\w*|se (?:tarda\w*|demora\w*|van? a (?:tarda|demora)\w*))"
    r"|cuantos dias|que dia|en que plazo|que plazo|tarda\w* mucho|demora\w* mucho)\b"
)
_HOW_MUCH = re.compile(
    r"\b(?:cuanto (?:cuesta|vale|sale|cobran|me (?:cuesta|cobran|cobrais|sale|descuentan)|hay que pagar)"
    r"|quien paga|(?:es|sale|me sale) gratis|tiene (?:algun )?(?:coste|costo)|hay que pagar|tengo que pagar)\b"
)


def asks_when(text: str) -> bool:
    """Whether somebody wants to know when, or how long it takes."""
    return _WHEN.search(_plain(text)) is not None


def asks_what_it_costs(text: str) -> bool:
    """Whether somebody wants to know what it costs, or who pays."""
    return _HOW_MUCH.search(_plain(text)) is not None


def says_yes(intent: str, text: str) -> bool:
    """Whether somebody agrees to what was asked."""
    if _NO_IS_FINE.search(_plain(text)):
        return True
    if _begins_with_no(text):
        return False
    return intent == "affirm" or _YES.search(_plain(text)) is not None


def agrees(intent: str, text: str) -> bool:
    """Whether somebody agrees without any reserve, which is what a write needs."""
    return says_yes(intent, text) and _HESITATES.search(_plain(text)) is None


def says_no(intent: str, text: str) -> bool:
    """Whether somebody does not agree to what was asked."""
    if says_yes(intent, text) and not _begins_with_no(text):
        return False
    return intent in ("deny", "stop") or _begins_with_no(text)


def decides_at_once(text: str) -> bool:
    """Whether a text begins with a yes or no that stands alone: "no, espero unos días"."""
    return _AT_ONCE.search(_plain(text)) is not None


def _begins_with_no(text: str) -> bool:
    plain = _plain(text)
    return _NO.search(plain) is not None and _NO_IS_FINE.search(plain) is None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
