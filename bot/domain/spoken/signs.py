"""Little signs in a text: that it asks, adds, takes itself back, or points at what was spoken of."""

import re

# Written without their signs, questions begin with their word.
_ASKS = re.compile(
    r"[¿?]|^\W*(?:y |pero |oye |una (?:cosa|duda|pregunta)\W+)?"
    r"(?:cu[aá]n(?:to|do|tos)|c[oó]mo|d[oó]nde|qui[eé]n|por qu[eé]|cu[aá]l)\b",
    re.IGNORECASE,
)
_ADDS = re.compile(r"^\W*(?:y|e)\b|\btambi[eé]n\b|\badem[aá]s\b", re.IGNORECASE)
_REPAIRS = re.compile(
    r"\b(?:(?:ay|uy|eh|ah|no),? no\b|no,? (?:perd[oó]n\w*|espera\w*|disculp\w*|mejor)|digo\b|mejor dicho"
    r"|quise decir|quer[ií]a decir|me equivoqu[eé])",
    re.IGNORECASE,
)
_THE_REST_IS_FINE = re.compile(
    r"\b(?:todo )?(?:lo dem[aá]s|el resto|lo otro) (?:s[ií]|no|bien|todo bien|est[aá] (?:todo )?bien|perfecto"
    r"|(?:me )?(?:lleg[oó]|vino|ven[ií]a|lleg[aó]n?)(?: bien)?|(?:s[ií] )?(?:lleg[oó]|vino|ven[ií]a|estaba)"
    r"|me l[oa]s? quedo)\b",
    re.IGNORECASE,
)
_THE_SAME = re.compile(r"\b(?:es[eao]s?|[eé]st?[eao]s?|dich[oa]s?|mism[oa]s?)\b", re.IGNORECASE)
_LIKE_IT = re.compile(r"\bigual(?:es)? (?:que|a) (?:l[oa]s? )?\w+", re.IGNORECASE)
_LACKS = re.compile(r"\b(?:me |nos )?falt\w+", re.IGNORECASE)
_ANOTHER_PLACE = re.compile(
    r"\b(?:me (?:mud|cambi|traslad)\w*|mudanza|direcci[oó]n|domicilio|casa|otr[oa] (?:lado|sitio|parte|lugar))\b",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Whether a text asks something, with or without its signs."""
    return _ASKS.search(text) is not None


def adds(text: str) -> bool:
    """Whether something is said beside what was said: "y la taza", "la taza también"."""
    return _ADDS.search(text) is not None


def after_repair(text: str) -> str:
    """What is left of "el reloj… ay no, perdone, las maletas" once it has taken itself back."""
    return _REPAIRS.split(text)[-1]


def without_the_rest(text: str) -> str:
    """A text without "lo demás sí", which names everything and means nothing of it."""
    return _THE_REST_IS_FINE.sub(" ", text)


def points_back(text: str) -> bool:
    """Whether a text points at what was spoken of: "la plata de ese audífono"."""
    return _THE_SAME.search(text) is not None


def without_likeness(text: str) -> str:
    """A text without "igual que estas": what something is to be like is no option of its own."""
    return _LIKE_IT.sub(" ", text)


def around_a_lack(text: str) -> tuple[str, str] | None:
    """What comes before and after "falta": "pedí dos tazas y venía una, falta la azul"."""
    before, *after = _LACKS.split(text, maxsplit=1)
    return (before, after[0]) if after else None


def speaks_of_another_place(text: str) -> bool:
    """Whether somebody moves, or wants it elsewhere: "me mudo este finde" names no day of delivery."""
    return _ANOTHER_PLACE.search(text) is not None
