"""Who shall receive a parcel, what is wanted of a delivery, what is said of one that went wrong."""

import pytest

from bot.adapters.spoken_lexicon import load_spoken_answers
from bot.domain.spoken import DeliveryWish
from bot.settings import PROJECT_ROOT

SPOKEN = load_spoken_answers(PROJECT_ROOT / "data" / "lexicon")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("quiero que lo reciba mi hermano Luis Paz", "Luis Paz"),
        ("cambiar el destinatario a maría lópez por favor", "María López"),
        ("ponlo a nombre de Pedro Ruiz, no Ana", "Pedro Ruiz"),
        ("que lo reciba Juan de la Cruz porque yo no estaré", "Juan de la Cruz"),
        ("se lo entreguen a mi madre Carmen Ortiz", "Carmen Ortiz"),
        ("que lo recoja mi vecino", None),
        ("el nombre está mal", None),
        ("mi pedido A-1001", None),
    ],
)
def test_a_recipient_is_who_is_announced_as_one(text: str, name: str | None) -> None:
    assert SPOKEN.recipient(text) == name


def test_a_name_may_stand_alone_when_it_was_asked_for() -> None:
    assert SPOKEN.recipient("laura gómez", asked=True) == "Laura Gómez"
    assert SPOKEN.recipient("laura gómez") is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("que lo entreguen por la tarde", DeliveryWish.TIME),
        ("mañana no voy a estar, cambien el horario", DeliveryWish.TIME),
        ("¿me lo pueden traer el sábado?", DeliveryWish.TIME),
        ("quiero recogerlo en un punto de recogida", DeliveryWish.PICKUP),
        ("¿puedo pasar a buscarlo por la tienda?", DeliveryWish.PICKUP),
        ("quiero cambiar el nombre de quien lo recibe", DeliveryWish.RECIPIENT),
        ("me mudé, cambia la dirección", None),
    ],
)
def test_what_is_wanted_of_a_delivery_is_told_apart(text: str, wish: DeliveryWish | None) -> None:
    assert SPOKEN.delivery_wish(text) is wish


@pytest.mark.parametrize(
    ("text", "looked"),
    [
        ("ya pregunté a los vecinos y nada", True),
        ("he mirado en el buzón", True),
        ("ni los vecinos ni el conserje", True),
        ("no, ya miré y nada", True),
        ("voy a mirar", False),
        ("no he mirado todavía", False),
        ("pone entregado y no lo tengo", False),
    ],
)
def test_who_has_looked_around_is_not_sent_to_look(text: str, looked: bool) -> None:
    assert SPOKEN.has_looked_around(text) is looked


def test_an_empty_parcel_is_known_by_its_words() -> None:
    assert SPOKEN.is_empty_parcel("el paquete venía vacío")
    assert SPOKEN.is_empty_parcel("no traía nada dentro")
    assert not SPOKEN.is_empty_parcel("me falta la taza")


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("solo ha llegado la cafetera", True),
        ("vino todo menos la taza", True),
        ("falta todo menos la taza", False),
        ("me falta la taza", False),
    ],
)
def test_articles_that_came_are_told_from_those_that_did_not(text: str, came: bool) -> None:
    assert SPOKEN.names_what_came(text) is came


@pytest.mark.parametrize(
    ("text", "count"),
    [("una", 1), ("las dos", 2), ("solo falta una", 1), ("3", 3), ("ni idea", None)],
)
def test_a_count_is_read_where_it_was_asked_for(text: str, count: int | None) -> None:
    assert SPOKEN.count(text) == count


def test_a_city_is_but_a_name() -> None:
    assert SPOKEN.city("en Alcalá de Henares, gracias") == "Alcalá de Henares"
    assert SPOKEN.city("no me acuerdo") is None
