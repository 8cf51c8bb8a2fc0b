"""The little words around a name: one or all, which place, how many, and whether it is denied."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.domain.spoken.words import Word

_AND = frozenset({"y", "e", "pero", "o", "u"})
_BUT_NOT = frozenset({"menos", "excepto", "salvo", "exceptuando", "quitando"})
_SINO = frozenset({"sino"})
_PLURAL_ARTICLES = frozenset("los las mis sus esos esas estos estas unos unas ambos ambas".split())
_ARTICLES = _PLURAL_ARTICLES | frozenset(
    "el la lo mi su un una este esta ese esa aquel aquella del al".split()
)
_OTHERS = frozenset({"otra", "otro", "otras", "otros"})
_REST = frozenset({"demas", "resto", "restante", "restantes"})
# After "la otra", these say that no article is meant.
_NOT_AN_ARTICLE = frozenset(
    "vez veces dia dias semana talla talle color cosa cosas opcion persona tienda cuenta tarjeta "
    "direccion parte mitad forma manera lavado uso puesta hora noche tarde mano que".split()
)
_ORDINALS = {
    "primera": 0, "primero": 0, "primer": 0, "1ra": 0, "1era": 0, "1er": 0,
    "segunda": 1, "segundo": 1, "2da": 1, "2do": 1,
    "tercera": 2, "tercero": 2, "tercer": 2, "3ra": 2, "3ro": 2, "3er": 2,
    "cuarta": 3, "cuarto": 3, "4ta": 3, "4to": 3,
    "quinta": 4, "quinto": 4, "5ta": 4, "5to": 4,
    "sexta": 5, "sexto": 5, "septima": 6, "septimo": 6, "octava": 7, "octavo": 7,
    "novena": 8, "noveno": 8, "decima": 9, "decimo": 9,
    "ultima": -1, "ultimo": -1, "penultima": -2, "penultimo": -2,
}  # fmt: skip
_PLACE_NOUNS = frozenset("opcion numero articulo producto item nro num linea".split())
_DATE_VERBS = (
    "lleg", "recib", "compr", "pedi", "vino", "dia", "entreg", "hice", "talla", "talle",
)  # fmt: skip
_ALL = frozenset("todo todos todas completo entero enteros toditos toditas tod@s".split())
_ALL_BEFORE_NOT = frozenset(
    "sobre ante con de del pesar es seria fue eso esto era no casi despues y".split()
)
_ALL_AFTER = frozenset(
    "el lo los las mi menos excepto salvo junto completo entero llego llegaron vino vinieron esta "
    "estan por porque quiero ello ellos ellas esto eso quitando de".split()
)
_ALL_AFTER_EL = frozenset(
    "pedido pedidos compra orden articulos cosas productos paquete envio demas que carrito lote".split()
)
_FITS = frozenset(
    "queda quedan quedo quedaron va van viene vienen es son era eran esta estan resulto resultaron "
    "sale salen salio salieron llego llegaron vino vinieron ve ven veia quedaba quedaban".split()
)
_DEGREES = frozenset(
    "muy un poco tan demasiado mas algo super re bastante medio mal rechic".split()
)
_PIECES = frozenset("unidad unidades piezas pieza pza pzas ud uds".split())
_ONLY = frozenset("solo solamente nomas unicamente nada mas no si quiero devolver cambiar".split())
_KEEP = ("quedarm", "conserv", "quedarn")
_WILL = frozenset("quiero voy queremos vamos hace pienso necesito hay".split())
_RETURN = ("devolv", "devuelv", "cambi", "regres", "retorn", "reembols", "reclam", "cancel", "anul")
_CLITICS = frozenset("me te se lo la los las le nos".split())


class Denial(Enum):
    """Whether a "no" is about what is named beside it."""

    NONE = "none"
    SURE = "sure"
    DOUBTFUL = "doubtful"  # "no la taza" may be "no, la taza"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text with one thing to say; `opener` is the word that joined it."""

    words: tuple[Word, ...]
    opener: str
    first: bool


def clauses(words: Sequence[Word]) -> list[Clause]:
    """Cut a text at its pauses and where "y", "pero", "menos" join."""
    found: list[Clause] = []
    current: list[Word] = []
    opener = ""
    for word in words:
        joins = word.text in _AND | _SINO or (word.text in _BUT_NOT)
        if (joins or word.pause) and current:
            found.append(Clause(tuple(current), opener, not found))
            current, opener = [], ""
        if joins:
            opener = word.text
        else:
            current.append(word)
    if current:
        found.append(Clause(tuple(current), opener, not found))
    return found


def denial(clause: Clause, begin: int, until: int) -> Denial:
    """Whether what is named in a part of a clause is denied."""
    texts = [word.text for word in clause.words]
    part = texts[begin:until]
    if clause.opener in _BUT_NOT or _keeps(texts) or _not_returned(texts):
        return Denial.SURE
    if len(part) > 1 and part[-1] == "no" and until == len(texts):
        return Denial.SURE
    before = texts[max(0, begin - 1) : begin] + part
    for at, text in enumerate(before[:-1]):
        if text == "no" and before[at + 1] in _ARTICLES | _OTHERS:
            after = before[at + 2 : at + 3]
            if after and after[0] in _WILL | {"es", "son", "me", "puedo", "era"}:
                continue
            follows = any(word in _FITS or word in _WILL for word in part[at + 1 :])
            return Denial.NONE if follows else Denial.DOUBTFUL
    return Denial.NONE


def _keeps(texts: Sequence[str]) -> bool:
    for at, text in enumerate(texts):
        if text.startswith(_KEEP):
            return texts[at - 1 : at] != ["no"]
        is_last = at == len(texts) - 1
        if is_last and text in {"queda", "quedan", "tocan", "toca"} and texts[at - 1] == "se":
            return True  # "el hervidor se queda", "la cama no se toca"
        if text in {"dejo", "dejamos"} and at > 1 and texts[at - 2] in {"me", "nos"}:
            return texts[at - 1] in _CLITICS  # "los otros me los dejo"
        keeps = text in {"quedo", "quedamos"} and at > 0
        if keeps and (
            texts[at - 1] in _CLITICS - {"me", "nos"} or texts[at + 1 : at + 2] == ["con"]
        ):
            return "no" not in texts[:at]
    return False


def _not_returned(texts: Sequence[str]) -> bool:
    for at, text in enumerate(texts):
        if text not in {"no", "tampoco"}:
            continue
        rest = [
            word for word in texts[at + 1 : at + 6] if word not in _CLITICS | {"a", "que", "falta"}
        ]
        if rest and rest[0] in {"puede", "pueden"} and texts[-1] == rest[0]:
            return True  # "si el perfume no se puede, la mochila"
        if rest and rest[0] in _WILL:
            rest = rest[1:]
            if rest and rest[0].startswith(_RETURN):
                return True
        elif rest and rest[0].startswith(_RETURN):
            return True
    return False


def keeps_several(clause: Clause) -> bool:
    """Whether "y la cama se quedan" is said of what comes before it as well."""
    texts = [word.text for word in clause.words]
    return clause.opener == "y" and texts[-1] in {"quedan", "tocan"} and _keeps(texts)


def is_described(words: Sequence[Word], at: int) -> bool:
    """Whether a value is what is said about the thing: "me queda grande"."""
    while at > 0 and words[at - 1].text in _DEGREES:
        at -= 1
    # "La que es azul", "la que sí es azul".
    relative = at > 1 and "que" in [word.text for word in words[max(0, at - 3) : at - 1]]
    return at > 0 and words[at - 1].text in _FITS and not relative


def is_part_of(between: Sequence[Word]) -> bool:
    """Whether the words between two names make the first a part of the second."""
    texts = [word.text for word in between if not word.pause]
    return bool(texts) and texts[0] in {"del", "de"} and len(texts) == len(between) <= 2


def is_plural(words: Sequence[Word], start: int) -> bool:
    """Whether several pieces are named: "las camisetas"."""
    noun = words[start].text
    several = noun.endswith("s") and words[start].stem != noun
    before = words[start - 1].text if start else ""
    count = words[start - 1].number if start else None
    return several and (before in _PLURAL_ARTICLES or (count or 0) > 1 or not before)


def says_every(words: Sequence[Word]) -> bool:
    """Whether "todas", "ambas" stand before a name."""
    texts = [word.text for word in words]
    return any(text in {"todas", "todos", "ambos", "ambas"} for text in texts[-4:])


def quantity_before(words: Sequence[Word], start: int) -> int | None:
    """How many, said before a name: "dos tazas", "una de las dos camisetas"."""
    plain = start - 1
    if plain >= 0 and words[plain].number is not None:
        number, at = words[plain].number, plain - 1
        if at >= 0 and words[at].text in _PLURAL_ARTICLES:
            at -= 1  # "de las dos camisetas"
    else:
        number, at = None, plain
        if at >= 0 and words[at].text in _PLURAL_ARTICLES:
            at -= 1
    if at > 0 and words[at].text == "de" and words[at - 1].number is not None:
        return words[at - 1].number
    return number


def quantity_after(words: Sequence[Word], end: int) -> int | None:
    """How many, said after a name: "tazas x2", "tazas 2 unidades"."""
    text = words[end].text if end < len(words) else ""
    if text[:1] == "x" and text[1:].isdigit():
        return int(text[1:])
    return _pieces(words, end)


def _pieces(words: Sequence[Word], at: int) -> int | None:
    if at >= len(words):
        return None
    if words[at].text.endswith("pz") and words[at].text[:-2].isdigit():
        return int(words[at].text[:-2])
    if at + 1 < len(words) and words[at + 1].text in _PIECES:
        return words[at].number
    return None


def bare_quantity(words: Sequence[Word]) -> int | None:
    """How many, where nothing is named: "solo una", "2 unidades", "una nada más"."""
    for at in range(len(words)):
        pieces = _pieces(words, at)
        if pieces is not None:
            return pieces
    left = [word for word in words if word.text not in _ONLY]
    if len(left) == 1 and left[0].number is not None:
        return left[0].number
    texts = [word.text for word in left]
    if len(left) >= 3 and texts[1] == "de" and texts[2] in {"las", "los", "ellas", "ellos", "esas"}:
        return left[0].number if len(left) <= 4 else None
    return None


def definite_count(words: Sequence[Word]) -> int | None:
    """How many in "los dos", "las tres cosas", "ambas"."""
    for at, word in enumerate(words):
        if word.text in {"ambos", "ambas"}:
            return 2
        if word.text in {"los", "las"} and at + 1 < len(words) and not words[at + 1].pause:
            count = words[at + 1].number
            before = words[at - 1].text if at else ""
            after = words[at + 2].text if at + 2 < len(words) else ""
            if count and count > 1 and before != "de" and after not in _NOT_AN_ARTICLE - {"cosas"}:
                return count
    return None


def says_all(words: Sequence[Word]) -> bool:
    """Whether everything is meant: "todo", "el pedido entero"."""
    texts = [word.text for word in words]
    for at, text in enumerate(texts):
        if text not in _ALL:
            continue
        before = texts[at - 1] if at else ""
        after = texts[at + 1] if at + 1 < len(texts) else ""
        then = texts[at + 2] if at + 2 < len(texts) else ""
        if text in {"completo", "entero", "enteros"}:
            if before in {"pedido", "orden", "carrito", "paquete"}:
                return True
            continue
        thanks = before == "por" and at > 1 and texts[at - 2] == "gracias"
        if before in _ALL_BEFORE_NOT or thanks:
            continue
        if after in {"el", "los", "las", "mi", "la"}:
            if then in _ALL_AFTER_EL:
                return True
            continue
        if not after or after in _ALL_AFTER:
            return True
    return False


def says_rest(words: Sequence[Word]) -> bool:
    """Whether what was not chosen is meant: "la otra", "las demás", "el resto"."""
    texts = [word.text for word in words]
    for at, text in enumerate(texts):
        before = texts[at - 1] if at else ""
        after = texts[at + 1] if at + 1 < len(texts) else ""
        if text in _OTHERS and before in _ARTICLES and after not in _NOT_AN_ARTICLE:
            return True
        if text in _REST and before in {"el", "la", "lo", "los", "las"}:
            return True
    return False


def says_rest_plural(words: Sequence[Word]) -> bool:
    """Whether the rest is several: "las demás"."""
    texts = {word.text for word in words}
    return bool(texts & (_REST | {"otras", "otros"}))


def place(words: Sequence[Word], *, named: bool) -> int | None:
    """The place that is pointed at, counted from 0, or from the end below 0.

    Args:
        words: The words around it.
        named: Whether an article is named too: "la segunda camiseta".
    """
    for at, word in enumerate(words):
        before = words[at - 1].text if at else ""
        earlier = words[at - 2].text if at > 1 else ""
        after = words[at + 1].text if at + 1 < len(words) else ""
        if after in _NOT_AN_ARTICLE or after == "de":
            continue
        pointed = before in {"el", "la", "lo", "los", "las"} or before in _PLACE_NOUNS
        if word.text in _ORDINALS and (pointed or (len(words) == 1 and not named)):
            return _ORDINALS[word.text]
        number = word.number if word.text.isdigit() or word.text == "uno" else None
        if not number or named:
            continue
        in_order = before in {"el", "la"} or before in _PLACE_NOUNS
        if len(words) == 1 or (in_order and not earlier.startswith(_DATE_VERBS)):
            return number - 1
    return None


def points_at(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a value stands for an article: "la azul", "de cuero", "talla M", or alone."""
    before = words[start - 1].text if start else ""
    if words[start].text.isdigit() and before not in {"talla", "talle", "numero", "de"}:
        return False  # "el 2" is a place
    if before in _ARTICLES or before in {"talla", "talle", "color", "numero", "medida"}:
        return True
    if _of_which(words, start):
        return True
    earlier = words[start - 2].text if start > 1 else ""
    if before in {"de", "en"} and (earlier in _ARTICLES or start == 1):
        return True
    return start == 0 and end == len(words) and len(words[0].text) > 1


def _of_which(words: Sequence[Word], start: int) -> bool:
    """Whether a value tells which one: "la que es azul", "el que no es resistente al agua"."""
    at = start - 1
    while at > 0 and words[at].text in {"es", "son", "si", "sea", "esta", "viene", "era"}:
        at -= 1
    return at > 0 and words[at].text == "que" and words[at - 1].text in _ARTICLES
