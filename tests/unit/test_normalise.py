"""Chat Spanish comes to one spelling, whatever is typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant.entities import Entity
from bot.assistant.normalise import MAX_CHARACTERS, Normaliser


@pytest.fixture(scope="module")
def normalise() -> Normaliser:
    return Normaliser.from_lexicon()


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("¿DÓNDE está mi Pedido?", "donde esta mi pedido ?"),
        ("mañana", "mañana"),
        ("man\u0303ana", "mañana"),
        ("holaaaa", "hola"),
        ("la calle del perro", "la calle del perro"),
        ("xq no me yega", "porque no me llega"),
        ("jajajaja jsjsjs", "jaja jaja"),
        ("graciasss!!!!", "gracias !"),
        ("👍🏽", "si"),
        ("❤️", "contento"),
        ("s", "si"),
        ("talla s", "talla s"),
        ("x\u200by", "xy"),
        ("\x00\ud800 hola", "hola"),
        ("🦖", ""),
    ],
)
def test_spellings_of_a_word_become_one(normalise: Normaliser, typed: str, normalised: str) -> None:
    assert normalise(typed) == normalised


def test_identifiers_give_way_to_a_mask_of_their_kind(normalise: Normaliser) -> None:
    text = "pedido A-10234 y DEV-2024-0012"
    found = [
        Entity("order_number", "A-10234", 7, 14),
        Entity("case_number", "DEV-2024-0012", 17, 30),
    ]
    assert normalise(text, found) == "pedido __order__ y __return__"


def test_a_customer_cannot_type_a_mask(normalise: Normaliser) -> None:
    assert "__drop__" not in normalise("__drop__")


def test_what_is_beyond_the_longest_message_is_not_read(normalise: Normaliser) -> None:
    assert "fin" not in normalise("a " * MAX_CHARACTERS + "fin")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_nothing_that_can_be_typed_stops_it(text: str) -> None:
    normalised = Normaliser.from_lexicon()(text) if not text else _shared()(text)
    assert normalised == " ".join(normalised.split())


_built: list[Normaliser] = []


def _shared() -> Normaliser:
    if not _built:
        _built.append(Normaliser.from_lexicon())
    return _built[0]
