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
_SCORE = rf"(?P<score>10|\d(?:[.,]5)?|{'|'.join(_WORDS)}|un[ao]?)"
_OUT_OF = re.compile(
    rf"(?<![\w/.,-]){_SCORE} ?(?:/ ?|(?:de|sobre) )(?:5|10|cinco|diez)(?![\w/]|[.,]\d)"
)
_STARS = re.compile(rf"(?<![\w/.,-]){_SCORE} (?:estrellas?|estrellitas?|stars?)(?!\w)")
_POINTS = re.compile(
    r"(?<![\w/.,-])(?P<score>10|\d|diez) puntos?(?: (?:de|sobre) (?:5|10|cinco|diez))?(?!\w)"
)
_STARRED = re.compile(r"(?<![\w/.,-])(?P<score>\d) ?[⭐🌟★]")
_GIVEN = re.compile(
    r"(?<!\w)(?:(?:les?|te|os|lo|la|se)? ?(?:do[yi]|pongo|daria|pondria|califico|puntuo|mereces?|merecen|evaluo|dejo|dale|daria|pone?le|puesto|puse|diria que|voto|recomendar\w{0,3} con)"
    r"|nota|puntuacion|calificacion|valoracion|puntaje|rating|score|recomendar\w{0,3}|satisfaccion)"
    r"(?: (?:con|de|es|seria|como|final|mi|al? (?:servicio|atencion)|le|les|doy|pongo)){0,3}[ :]{1,3}"
    rf"(?:un |una )?{_SCORE}(?![\w/-]|[.,]\d| ?%)"
)
# "un 9 al repartidor"; after "quiero", "por" and the like it is a size.
_A_SCORE = re.compile(
    r"(?:(?P<verb>\w{1,12}) )?(?<!\w)un (?P<score>10|\d(?:[.,]\d)?)"
    r"(?=$|[,;!?)]|\.(?!\d)| (?:al?|por|porque|xq|pq|y|para|en|con|los|las|la|el|de (?:5|7|10)) ?)"
)
_WANTS = frozenset(
    "quiero necesito preciso por a al es son talla de compre pedi manden mandan mandaron envien "
    "queria seria iphone era tengo falta".split()
)
_ONLY = re.compile(rf"\W*(?:un |una |pues |le doy |mi nota )?{_SCORE}\W*")
_ONE = frozenset({"un", "una"})
_STAR_RUN = re.compile(r"[⭐🌟★](?:\s?[⭐🌟★\ufe0f])*")
_SCALE = re.compile(r"(?<!\w)del? ?(?:0|1|uno|cero) al? (?:5|10|cinco|diez)(?!\w)")
_AFTER_SCALE = re.compile(
    rf"[^\w]*(?:(?:le|les|te|pongo|doy|daria|yo|un|una|diria|es|seria) ){{0,4}}{_SCORE}(?![\w/-])"
)


def _value(score: str) -> str:
    return _WORDS.get(score, score.replace(",", "."))


def _after_a_scale(folded: str) -> Entity | None:
    scale = _SCALE.search(folded)
    match = _AFTER_SCALE.match(folded, scale.end()) if scale is not None else None
    if match is None or match["score"] in _ONE:
        return None
    return Entity("rating", _value(match["score"]), *match.span("score"))


def _named(folded: str) -> Entity | None:
    scale = _SCALE.search(folded)
    for pattern in (_OUT_OF, _STARS, _STARRED, _POINTS, _GIVEN, _A_SCORE):
        for match in pattern.finditer(folded):
            score = match["score"]
            if scale is not None and scale.start() <= match.start() < scale.end():
                continue
            if score in _ONE and pattern is not _STARS:
                continue
            if pattern is _A_SCORE and match["verb"] in _WANTS:
                continue
            return Entity("rating", "1" if score in _ONE else _value(score), *match.span("score"))
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


def find_ratings(folded: str, *, requested: bool = False) -> Iterator[Entity]:
    """Find the score of a message; quantities, sizes and dates are none.

    Args:
        folded: The message as `folding.fold` returns it.
        requested: The customer has just been asked for a score, so a bare number is one.

    Yields:
        At most one `rating` entity, its value a number as a string ("4", "8.5").
    """
    found = (
        _after_a_scale(folded)
        or _named(folded)
        or _drawn(folded)
        or _alone(folded, requested=requested)
    )
    if found is not None:
        yield found
