"""A score that a customer gives: "un 4", "8 de 10", "cuatro estrellas", "⭐⭐⭐⭐"."""

import re
from collections.abc import Iterator

from bot.assistant.entities import Entity

_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez".split()
    )
}
_MANY = "|".join(word for word in _WORDS if word not in {"cero", "uno"})
_SCORE = rf"(?P<score>10|\d(?:[.,]5)?|{'|'.join(_WORDS)}|un[ao]?)"
_OUT_OF = re.compile(
    rf"(?<![\w/.,-]){_SCORE} ?(?:/ ?|(?:de|sobre) )(?:5|10|cinco|diez)(?![\w/]|[.,]\d)"
)
_STARS = re.compile(rf"(?<![\w/.,-]){_SCORE} (?:e?stre(?:ll|y|l)(?:it)?as?|stars?)(?!\w)")
_POINTS = re.compile(
    r"(?<![\w/.,-])(?P<score>10|\d|diez) puntos?(?: (?:de|sobre) (?:5|10|cinco|diez))?(?!\w)"
)
_STARRED = re.compile(rf"(?<![\w/.,-])(?P<score>\d|{'|'.join(_WORDS)}) ?[⭐🌟★]")
_GIVEN = re.compile(
    r"(?<!\w)(?:(?:les?|te|os|lo|la|se)? ?(?:do[yi]|pongo|daria|pondria|(?:pon|poned|pongan?|den?|dad)les?|califico|puntuo|mereces?|merecen|evaluo|dejo|dale|daria|pone?le|puesto|puse|diria que|voto|recomendar\w{0,3} con)"
    r"|nota|puntuacion|calificacion|valoracion|puntaje|rating|score|recomendar\w{0,3}|satisfaccion|encuesta)"
    r"(?: (?:con|de|es|seria|como|final|mi|al? (?:servicio|atencion)|le|les|doy|pongo)){0,3}[ :]{1,3}"
    rf"(?:un |una )?{_SCORE}(?![\w/-]|[.,]\d| ?%| por ciento)"
    # "has puesto tres opciones" counts things.
    r"(?! (?!estrell|punt|porque|gracias|menos|pues|ademas|entonces)\w{3,}s(?!\w))"
)
# "un 9 al repartidor"; after "quiero", "por" and the like it is a size.
_A_SCORE = re.compile(
    rf"(?:(?P<verb>\w{{1,12}}) )?(?<!\w)un (?P<score>10|\d(?:[.,]\d)?|cero|{_MANY})"
    r"(?=$|[,;!?)]|\.(?!\d)| (?:al?|por(?! ciento)|porque|xq|pq|y|para|en|con|los|las|la|el|de (?:5|7|10)"
    r"|pues(?!\w)|como una?(?!\w)|rotundo|redondo|pelado|raspado|justo|clavado|grande|rojo|enorme|merecido|limpio|bien) ?)"
)
# "un cero os pongo"
_THEN_GIVEN = re.compile(rf"(?<!\w)un {_SCORE} (?:os|les?|te) (?:pongo|do[yi]|daria|pondria)(?!\w)")
# "servicio de diez"
_TOP_MARK = re.compile(
    r"(?<!\w)(?:servicio|atencion|atendi\w{1,4}|trato|todo|experiencia|tienda|entrega|chic[oa]) (?:es |fue |ha sido )?"
    r"de (?P<score>10|diez)(?![\w/-]|[.,]\d| ?%| \w{3,}s(?!\w))"
)
# "llegaron 2 de 5" counts parcels; "hotel de cinco estrellas" is a figure of speech.
_COUNTED = re.compile(
    r"(?:lleg|falt|recib|mand|vin|vien|trae|traj|entreg|qued|sali|teng|paso|etapa|caja|bulto|parte|hotel)"
    r"\w{0,6}(?: (?:solo|de|un|el|los))?\W{1,3}$"
)
_REACH = 24
_HALF = re.compile(r" (?:[⭐🌟★]|estrellas?|puntos?)? ?y medi[ao](?!\w)| y medi[ao](?!\w)")
_WANTS = frozenset(
    "quiero necesito preciso por a al es son talla de compre pedi manden mandan mandaron envien "
    "queria seria iphone era tengo falta".split()
)
_ONLY = re.compile(rf"\W*(?:pues |bueno )?(?:un |una |le doy |mi nota )?{_SCORE}\W*")
_ONE = frozenset({"un", "una"})
_STAR_RUN = re.compile(r"[⭐🌟★](?:\s?[⭐🌟★\ufe0f])*")
# "un 5, digo un 8"
_SLIP = re.compile(r"(?<!\w)(?:digo|perdon|mejor dicho|corrijo|miento)(?!\w)")
_SCALE = re.compile(r"(?<!\w)del? ?(?:0|1|uno|cero) al? (?:5|10|cinco|diez)(?!\w)")
_AFTER_SCALE = re.compile(
    rf"[^\w]*(?:(?:le|les|te|pongo|doy|daria|yo|un|una|diria|es|seria) ){{0,4}}{_SCORE}(?![\w/-])"
)


# A message without any of these gives no score.
_SIGNS = re.compile(rf"\d|[⭐🌟★]|stre|star|{'|'.join(_WORDS)}")


def _value(score: str) -> str:
    return _WORDS.get(score, score.replace(",", "."))


def _after_a_scale(folded: str) -> Entity | None:
    scale = _SCALE.search(folded)
    match = _AFTER_SCALE.match(folded, scale.end()) if scale is not None else None
    if match is None or match["score"] in _ONE:
        return None
    return Entity("rating", _value(match["score"]), *match.span("score"))


_PATTERNS = (_OUT_OF, _STARS, _STARRED, _POINTS, _GIVEN, _THEN_GIVEN, _TOP_MARK, _A_SCORE)


def _named(folded: str) -> Entity | None:
    scale = _SCALE.search(folded)
    for pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            score = match["score"]
            if scale is not None and scale.start() <= match.start() < scale.end():
                continue
            if score in _ONE and pattern is not _STARS:
                continue
            if pattern is _A_SCORE and match["verb"] in _WANTS:
                continue
            before = folded[max(0, match.start() - _REACH) : match.start("score")]
            if pattern in {_OUT_OF, _STARS} and _COUNTED.search(before):
                continue
            value = "1" if score in _ONE else _value(score)
            if "." not in value and _HALF.match(folded, match.end("score")):
                value += ".5"
            return Entity("rating", value, *match.span("score"))
    return None


def _drawn(folded: str) -> Entity | None:
    stars = _STAR_RUN.search(folded)
    if stars is None:
        return None
    count = sum(character in "⭐🌟★" for character in stars.group())
    return Entity("rating", str(count), *stars.span()) if count <= 10 else None


def _alone(folded: str, *, requested: bool) -> Entity | None:
    match = _ONLY.fullmatch(folded) if len(folded) <= 40 else None
    if match is None or match["score"] in _ONE:
        return None
    introduced = folded[: match.start("score")].strip() not in {"", "pues"}
    if not (requested or introduced):
        return None
    return Entity("rating", _value(match["score"]), *match.span("score"))


def _first(folded: str, *, requested: bool) -> Entity | None:
    return (
        _after_a_scale(folded)
        or _named(folded)
        or _drawn(folded)
        or _alone(folded, requested=requested)
    )


def find_ratings(folded: str, *, requested: bool = False) -> Iterator[Entity]:
    """Find the score of a message; quantities, sizes and dates are none.

    Args:
        folded: The message as `folding.fold` returns it.
        requested: The customer has just been asked for a score, so a bare number is one.

    Yields:
        At most one `rating` entity, its value a number as a string ("4", "8.5").
    """
    found = _first(folded, requested=requested) if _SIGNS.search(folded) else None
    if found is None:
        return
    slip = _SLIP.search(folded, found.end)
    if slip is not None:
        # Where the first was taken back a bare number is enough.
        tail = " " * slip.end() + folded[slip.end() :]
        found = _first(tail, requested=True) or found
    yield found
