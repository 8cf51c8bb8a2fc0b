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
    r"\b(?:todo )?(?:lo dem[aá]s|el resto|lo otro)\b"
    r"(?:[^.,;!?]*?\b(?:s[ií]|funcion\w+|and\w+|va\b|van\b|bien|perfect\w+|ok|correct\w+|lleg\w+|vin\w+|ven[ií]a\w*|est[aá]\w*|quedo)\b[^.,;!?]*"
    r"| no(?=\s*(?:[.,;!?]|$)))",
    re.IGNORECASE,
)
_THE_SAME = re.compile(r"\b(?:es[eao]s?|[eé]st?[eao]s?|dich[oa]s?|mism[oa]s?)\b", re.IGNORECASE)
_DENIED_NUMBER = re.compile(r",?\s*\bno (?:el |la |es |era )*\d+[a-z]?\b", re.IGNORECASE)
_USED = re.compile(
    r"(?<!sin )(?<!ni )(?<!he )(?<!hemos )(?<!no est[aá] )(?<!no est[aá]n )\b(?:usad[oa]s?|estrenad[oa]s?)\b"
    r"|(?<!no )(?<!ni )\b(?:l[oa]s? (?:he|hemos) (?:usado|estrenado|llevado|lavado)|l[oa]s? (?:us[eé]|estren[eé])\b"
    r"|lleva\w* (?:\w+ ){0,2}(?:durmiendo|us[aá]ndo\w*))",
    re.IGNORECASE,
)
_MAY_I = re.compile(
    r"\b(?:puedo|podr[ií]a|puede|pued[eo]n|se podr\w+|todav[ií]a|a[uú]n|a tiempo|estoy en plazo)\b",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(
    r"\b(?:cu[aá]nto tiempo|cu[aá]ntos (?:a[ñn]os|meses)|hasta cu[aá]ndo|hasta qu[eé])\b",
    re.IGNORECASE,
)
_NOTHING_WRONG = re.compile(
    r"\b(?:funcionan?|van?|est[aá]n?|and(?:a|an)) (?:muy |todo )?(?:bien|perfect\w+|genial)\b"
    r"|\bno (?:hay|tengo|tiene) (?:ning[uú]n )?(?:problema|fallo)|\bno (?:le )?pasa nada\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\bd[oó]nde\b|\bqu[eé] pas\w+ con\b|\btard[aoóe]\w*|\bretras\w*|\bdemor\w*", re.IGNORECASE
)
_LIKE_IT = re.compile(r"\bigual(?:es)? (?:que|a) (?:l[oa]s? )?\w+", re.IGNORECASE)
_LACKS = re.compile(r"\b(?:me |nos )?falt\w+", re.IGNORECASE)
_ANOTHER_PLACE = re.compile(
    r"\b(?:me (?:mud|cambi|traslad)\w*|mudanza|direcci[oó]n|domicilio|casa|otr[oa] (?:lado|sitio|parte|lugar))\b",
    re.IGNORECASE,
)
_NOTHING_IN_RETURN = re.compile(
    r"\bno (?:pido|quiero|busco|espero|reclamo|exijo) nada\b|\bsol[oa] (?:para )?que (?:conste|qued\w+|lo sepan|se sepa)\b",
    re.IGNORECASE,
)
_LODGES = re.compile(
    r"\b(?:pon|dej|present|interpon|levant|met|hac|registr|formul|tramit)\w*\s+(?:una?\s+)?(?:queja|reclam)",
    re.IGNORECASE,
)
# "No lo canceles", "lo pensé mejor y me lo quedo": nothing is to be done after all.
_LEAVES_IT = re.compile(
    r"^\W*(?:(?:no|uy|ay|espera|mejor)\W+)*(?:no (?:me |lo |la |los |las )*(?:cancel|anul|devuelv|hag|abr|tramit|env)\w*"
    r"|(?:lo |la )?pens[eé] mejor|pens[aá]ndolo (?:bien|mejor)|mejor no(?: hagas nada)?|d[eé]jal[oa](?: as[ií]| estar)?"
    r"|(?:al final )?(?:s[ií] )?me l[oa]s? quedo|al final (?:s[ií] )?l[oa]s? quiero)"
    r"(?:\W+(?:y|que|al final|mejor|s[ií]|me l[oa]s? quedo|l[oa]s? quiero|as[ií]|est[aá] bien|gracias|por favor|ya|todav[ií]a))*\W*$",
    re.IGNORECASE,
)
_NOTHING_AFTER_ALL = re.compile(
    r"\bno (?:me )?(?:cambi|hag|toqu|muev|cancel|anul|devuelv|env|abr|tramit)\w* (?:nada|ning[uú]n\w*)\b"
    r"|\bd[eé]ja\w* (?:tod[oa] )?(?:como est\w+|la (?:direcci[oó]n )?de antes|igual)\b",
    re.IGNORECASE,
)
_GOING_TO = re.compile(
    r"\b(?:voy a|vamos a|d[eé]jame|ahora (?:mir|pregunt)\w+|mirar[eé]|preguntar[eé])\b",
    re.IGNORECASE,
)
_MISTAKEN = re.compile(
    r"\b(?:confund|equivo[cq]|perd[oó]n|disculp|quise decir|quer[ií]a decir)", re.IGNORECASE
)
_MODEL = r"\b(?:l[ao]s?|el|una?|otr[ao]|un[ao]s) de (?:los |las )?\(?{number}\b"


def asks_nothing_in_return(text: str) -> bool:
    """Whether somebody complains and says that they want nothing for it."""
    return _NOTHING_IN_RETURN.search(text) is not None


def lodges_complaint(text: str) -> bool:
    """Whether somebody says in so many words that they want to complain."""
    return _LODGES.search(text) is not None


def leaves_it(text: str) -> bool:
    """Whether somebody who was to confirm something wants nothing done after all."""
    return _LEAVES_IT.search(text) is not None or _NOTHING_AFTER_ALL.search(text) is not None


def is_going_to(text: str) -> bool:
    """Whether somebody will do something and has not done it: "voy a mirar", "déjame preguntar"."""
    return _GOING_TO.search(text) is not None


def corrects_itself(text: str) -> bool:
    """Whether somebody says that they were mistaken: "me he confundido, es 28013"."""
    return _MISTAKEN.search(text) is not None


def names_model(number: str, text: str) -> bool:
    """Whether a number is how a model is called: "la de 10000", of a battery."""
    return re.search(_MODEL.format(number=re.escape(number)), text, re.IGNORECASE) is not None


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


def without_denied_number(text: str) -> str:
    """A text without "no 1450", said after the number that is right."""
    return _DENIED_NUMBER.sub(" ", text)


def says_used(text: str) -> bool:
    """Whether somebody says that they have used it."""
    return _USED.search(text) is not None


def asks_whether_possible(text: str) -> bool:
    """Whether somebody asks if it can still be done: "¿todavía puedo devolverlo?"."""
    return is_question(text) and _MAY_I.search(text) is not None


def only_asks_how_long(text: str) -> bool:
    """Whether somebody with nothing broken wants to know how long it would be mended."""
    return _HOW_LONG.search(text) is not None and _NOTHING_WRONG.search(text) is not None


def asks_where(text: str) -> bool:
    """Whether somebody wants to know where it is, or why it takes so long."""
    return _WHERE.search(text) is not None


def around_a_lack(text: str) -> tuple[str, str] | None:
    """What comes before and after "falta": "pedí dos tazas y venía una, falta la azul"."""
    before, *after = _LACKS.split(text, maxsplit=1)
    return (before, after[0]) if after else None


def speaks_of_another_place(text: str) -> bool:
    """Whether somebody moves, or wants it elsewhere: "me mudo este finde" names no day of delivery."""
    return _ANOTHER_PLACE.search(text) is not None
