"""What about an order is asked, and which of several orders is meant."""

import pytest

from bot.assistant.references import find_references


def references(text: str) -> set[tuple[str, str]]:
    return {(entity.entity, entity.value) for entity in find_references(text)}


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("¿cuándo llega?", "arrival"),
        ("qué día me lo entregan", "arrival"),
        ("pásame el seguimiento", "tracking"),
        ("me das el nro de guia", "tracking"),
        ("¿Con qué empresa viene?", "carrier"),
        ("quién lo trae", "carrier"),
        ("y qué lleva ese?", "contents"),
    ],
)
def test_the_asked_facet_of_an_order_is_known(text: str, facet: str) -> None:
    assert ("order_facet", facet) in references(text)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("y los demás?", "other"),
        ("los otros pedidos por dónde van", "other"),
        ("¿y el otro?", "other"),
        ("el primero", "first"),
        ("la segunda, por favor", "second"),
        ("opción 3", "third"),
        ("el último pedido", "last"),
    ],
)
def test_one_of_several_orders_can_be_meant(text: str, reference: str) -> None:
    assert references(text) == {("order_reference", reference)}


@pytest.mark.parametrize(
    "text",
    [
        "el otro día",
        "otra vez",
        "la última vez que compro",
        "una guía de tallas",
        "en primer lugar",
    ],
)
def test_figures_of_speech_refer_to_nothing(text: str) -> None:
    assert references(text) == set()
