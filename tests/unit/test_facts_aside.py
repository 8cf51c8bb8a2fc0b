"""The facts of an order are set aside, so that what is asked stands alone."""

import pytest

from bot.assistant.facts_aside import GIVEN, as_typed_without_facts, set_facts_aside
from bot.assistant.normalise import Normaliser
from bot.assistant.patterns import PatternReader

NORMALISE, PATTERNS = Normaliser.from_lexicon(), PatternReader()


def asked(text: str) -> str:
    return set_facts_aside(NORMALISE(text, PATTERNS.find(text)))


def typed(text: str) -> str:
    found = PATTERNS.find(text)
    return " ".join(as_typed_without_facts(text, NORMALISE(text, found), found).split())


@pytest.mark.parametrize(
    "facts",
    [
        "pedido A-10234",
        "mi correo es ana@example.com",
        "código postal 28013",
        "A-10234, 28013",
        "el número es W2378156 y el correo ana@example.com",
    ],
)
def test_what_only_gives_facts_is_little_more_than_their_mark(facts: str) -> None:
    assert asked(facts).split()[-1] == GIVEN
    assert set(asked(facts).split()) <= {GIVEN, "pedido", ",", "y"}
    assert typed(facts) == facts


def test_a_question_is_the_same_whatever_facts_stand_beside_it() -> None:
    one = asked("¿ya salió mi paquete? el pedido es A-10234")
    other = asked("¿ya salió mi paquete? el pedido es W2378156")
    assert one == other
    assert one.startswith("ya salio mi paquete ?")


def test_a_message_without_facts_stays_as_it_is() -> None:
    assert asked("¿ya salió mi paquete?") == "ya salio mi paquete ?"
    assert typed("¿ya salió mi paquete?") == "¿ya salió mi paquete?"


def test_a_folio_and_a_tracking_number_tell_what_it_is_about() -> None:
    assert "__guarantee__" in asked("qué hay de GAR-2024-0031, pedido A-10234")
    assert "__tracking__" in asked("no se mueve 357962501027")


def test_the_encoder_reads_the_question_without_the_facts() -> None:
    text = "¿Ya salió? Está a nombre de Ana, ana@example.com"
    assert typed(text) == "¿Ya salió? Está a nombre de Ana,"
