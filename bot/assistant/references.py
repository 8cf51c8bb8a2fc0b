"""What about an order is asked ("pásame el seguimiento") and which of several ("el otro")."""

import re
from collections.abc import Iterator

from bot.assistant.entities import Entity
from bot.assistant.folding import fold

_FACETS = {
    "arrival": (
        r"(?:cuando|que dia|a que hora|que fecha|para cuando|hasta cuando)"
        r"(?: (?:me|nos|te|lo|la|los|las|mas o menos|crees que|va a|van a|podria|deberia|estaria)){0,3}"
        r" (?:lleg\w{1,5}|vien\w{1,3}|vendr\w{1,3}|entreg\w{1,5}|tra[ei]\w{0,4}|recib\w{1,4}|pasa\w{0,3}|tendre)"
        r"|fecha (?:estimada )?de (?:entrega|llegada)|(?:llega|viene|entregan) (?:hoy|mañana|el \w{5,9})"
        r"|cuanto (?:falta|tarda|demora|mas tarda|le falta)\w{0,2}|para cuando(?! \w)"
    ),
    "tracking": (
        r"(?:numero|nro|num|codigo|link|enlace|url) de (?:seguimiento|guia|rastreo|envio|tracking)"
        r"|(?:el|la|mi|su|un) (?:seguimiento|tracking|rastreo|guia)(?! de (?:talla|uso|compra|medida))"
        r"|^\W*(?:seguimiento|tracking|rastreo|guia)\W*$"
    ),
    "carrier": (
        r"(?:con|por) (?:que|cual|quien) (?:empresa|transportista|mensajeria|paqueteria|courier|agencia"
        r"|compañia|transportadora|correo)"
        r"|que (?:empresa|transportista|mensajeria|paqueteria|courier|agencia|transportadora)\b"
        r"|quien (?:lo|la|los|las|me lo|me la)? ?(?:trae|lleva|reparte|entrega|envia|manda)\w{0,3}"
        r"|(?:telefono|numero) del? (?:transportista|repartidor|courier|mensajero)"
    ),
    "contents": (
        r"que (?:lleva|trae|incluye|contiene|hay en|venia en|viene en|habia en|productos|articulos|cosas)\b"
        r"|que (?:compre|pedi|encargue)\b|contenido del? (?:pedido|paquete|envio)"
    ),
}
_FACET_PATTERNS = {value: re.compile(pattern) for value, pattern in _FACETS.items()}

# What may follow "el otro" when it stands for an order or one of the choices offered.
_ALONE = (
    r"(?= (?:pedidos?|orden|compras?|paquetes?|envio|encargo|opcion|de la lista|que|q|k|no|por favor|porfa|xfa"
    r"|donde|cuando|como|por donde|ya)\b|\s*(?:$|[.,;:?!)]))"
)
_REFERENCES = (
    (
        "other",
        re.compile(
            rf"(?<!\w)(?:el|la|del|al|ese|esa) (?:otro|otra){_ALONE}"
            rf"|(?<!\w)(?:los|las|mis|de los|de mis) (?:otros|otras|demas){_ALONE}"
            r"|(?<!\w)(?:otro pedido|otra compra|otros pedidos|resto de (?:mis|los) pedidos)(?!\w)"
        ),
    ),
    ("first", re.compile(rf"(?<!\w)(?:el|la|del|al) primer[oa]?{_ALONE}|(?<!\w)(?:el|la|opcion|el numero) (?:1|uno)(?= de |\s*$|[.,!?])")),
    ("second", re.compile(rf"(?<!\w)(?:el|la|del|al) segund[oa]{_ALONE}|(?<!\w)(?:el|la|opcion|el numero) (?:2|dos)(?= de |\s*$|[.,!?])")),
    ("third", re.compile(rf"(?<!\w)(?:el|la|del|al) tercer[oa]?{_ALONE}|(?<!\w)(?:el|la|opcion|el numero) (?:3|tres)(?= de |\s*$|[.,!?])")),
    ("last", re.compile(rf"(?<!\w)(?:el|la|del|al) ultim[oa]{_ALONE}")),
)  # fmt: skip


def find_references(text: str) -> Iterator[Entity]:
    """Find what is referred to.

    Args:
        text: The message as typed.

    Yields:
        `order_facet` (arrival, tracking, carrier, contents) and `order_reference` (other, first,
        second, third, last) entities, the first of each value.
    """
    folded = fold(text)
    for value, pattern in _FACET_PATTERNS.items():
        match = pattern.search(folded)
        if match is not None:
            yield Entity("order_facet", value, *match.span())
    for value, pattern in _REFERENCES:
        match = pattern.search(folded)
        if match is not None:
            yield Entity("order_reference", value, *match.span())
