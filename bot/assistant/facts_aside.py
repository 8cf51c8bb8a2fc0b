"""A message without the facts of an order that it gives: what it asks stays the same.

"¿Ya salió mi paquete? CP 44160" asks what "¿ya salió mi paquete?" asks; but as long as number and
postcode were words among others, a short question beside them was taken for facts and nothing
more (14 of 35 mistakes on 534 lines). They are set aside with the words that introduce them, and
one mark stays: it is all there is of a message that only gives facts. Folios and tracking numbers
stay words, because they tell what a message is about.
"""

from collections.abc import Sequence

from bot.assistant.entities import Entity

GIVEN = "__facts__"  # the mark that stays
_ENTITIES = frozenset({"order_number", "email", "postal_code"})
_MASKS = frozenset({"__order__", "__email__", "__postcode__"})
_INTRODUCING = frozenset(
    "mi el la su tu es era seria son numero nro num n codigo cod correo mail email electronico cp "
    "postal folio caso ticket referencia ref de del con : y a".split()
)
_MOST_INTRODUCING = 4  # words before a fact
# Words that ask nothing: a message of nothing else only gives facts.
ASKING_NOTHING = _INTRODUCING | frozenset(
    "los las no e-mail c.p seguimiento guia tracking rastreo que , . ; - al orden pedido compra # "
    "nombre para por este esta estos o le te les doy dejo paso pongo aqui tiene tienes va van dato "
    "datos adjunto gracias muchas porfa favor hola buenas buenos dias tardes noches saludos un saludo "
    "disculpe ? !".split()
)


def set_facts_aside(normalised: str) -> str:
    """The normalised message without its facts, and with `GIVEN` at its end if it gave any."""
    words = normalised.split()
    if _MASKS.isdisjoint(words):
        return normalised
    kept = [word not in _MASKS for word in words]
    for place, word in enumerate(words):
        if word in _MASKS:
            before = place - 1
            while before >= max(0, place - _MOST_INTRODUCING) and words[before] in _INTRODUCING:
                kept[before] = False
                before -= 1
    return " ".join([*(word for word, stays in zip(words, kept, strict=True) if stays), GIVEN])


def as_typed_without_facts(text: str, normalised: str, identifiers: Sequence[Entity]) -> str:
    """The message as typed without its facts; as it is when it says nothing else."""
    if all(word in ASKING_NOTHING or word.startswith("__") for word in normalised.split()):
        return text
    pieces, at = [], 0
    for fact in identifiers:
        if fact.entity in _ENTITIES:
            pieces.append(text[at : fact.start])
            at = fact.end
    return " ".join([*pieces, text[at:]])
