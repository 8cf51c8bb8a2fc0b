"""Two requests in one message, and one request that may be either of two."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.readings import (
    are_two_matters,
    as_near_tie,
    asks_where_it_stands,
    asks_why_asked,
    chosen_reading,
    halves,
    is_request_of_its_own,
    near_tie,
    one_for_each_order,
    request_in_a_vent,
    with_shared_facts,
)

ASKABLE = {"ask_order_status", "request_return", "request_exchange", "request_invoice"}


def ranking(**sure: float) -> list[dict[str, Any]]:
    ordered = sorted(sure.items(), key=lambda item: -item[1])
    return [{"name": name, "confidence": confidence} for name, confidence in ordered]


def parsed(intent: str, sure: float = 0.9, **entities: str) -> dict[str, Any]:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    return {"intent": {"name": intent, "confidence": sure}, "entities": found}


# --- near ties --------------------------------------------------------------------------------------


def test_two_readings_as_likely_as_each_other_are_asked_about() -> None:
    tie = ranking(request_return=0.4, request_exchange=0.35, chitchat=0.1)
    assert near_tie(tie, ASKABLE) == ["request_return", "request_exchange"]


def test_doubt_between_two_requests_is_asked_about() -> None:
    tie = ranking(nlu_fallback=0.3, request_return=0.22, request_exchange=0.2)
    assert near_tie(tie, ASKABLE) == ["request_return", "request_exchange"]


@pytest.mark.parametrize(
    ("said", "request_made"),
    [
        (ranking(express_frustration=0.55, ask_order_status=0.35), "ask_order_status"),
        (ranking(express_frustration=0.9, ask_order_status=0.1), None),
        (ranking(express_frustration=0.5, chitchat=0.4), None),
        (ranking(ask_order_status=0.6, express_frustration=0.3), None),
        ([], None),
    ],
)
def test_a_vent_with_a_request_is_the_request(
    said: list[dict[str, Any]], request_made: str | None
) -> None:
    assert request_in_a_vent(said, ASKABLE) == request_made


@pytest.mark.parametrize(
    "clear",
    [
        [],
        ranking(request_return=1.0),
        ranking(request_return=0.6, request_exchange=0.25),
        ranking(request_return=0.19, request_exchange=0.19, request_invoice=0.19),
        ranking(request_return=0.5, chitchat=0.45),  # small talk is nothing to ask about
    ],
)
def test_a_clear_message_is_not_asked_about(clear: list[dict[str, Any]]) -> None:
    assert near_tie(clear, ASKABLE) == []


OFFERED = ["request_return", "request_exchange"]


@pytest.mark.parametrize(
    ("answer", "reading"),
    [
        ("lo primero", "request_return"),
        ("La 1.", "request_return"),
        ("pues la segunda opción", "request_exchange"),
        ("2", "request_exchange"),
        ("lo otro", "request_exchange"),
    ],
)
def test_the_place_of_a_reading_names_it(answer: str, reading: str) -> None:
    chosen = chosen_reading({**parsed("inform"), "text": answer}, OFFERED)
    assert chosen is not None
    assert chosen["intent"]["name"] == reading


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        (ranking(request_exchange=0.9), "request_exchange"),
        (ranking(inform=0.5, request_return=0.3), "request_return"),
    ],
)
def test_other_words_are_taken_for_the_likelier_reading(
    said: list[dict[str, Any]], reading: str
) -> None:
    answer = {**parsed("inform"), "text": "me queda grande", "intent_ranking": said}
    chosen = chosen_reading(answer, OFFERED)
    assert chosen is not None
    assert chosen["intent"]["name"] == reading


@pytest.mark.parametrize(
    "answer",
    ["ninguna de las dos", "las dos", "no", "otra cosa", "quiero otra talla", "uno más grande"],
)
def test_whoever_wants_neither_or_both_is_not_held_to_one(answer: str) -> None:
    said = {**parsed("deny"), "text": answer, "intent_ranking": ranking(deny=0.9, affirm=0.1)}
    assert chosen_reading(said, OFFERED) is None


def test_an_answer_about_something_else_is_taken_for_what_it_is() -> None:
    other = {
        **parsed("request_human"),
        "text": "una persona",
        "intent_ranking": ranking(request_human=0.9, greet=0.1),
    }
    assert chosen_reading(other, OFFERED) is None


def test_a_near_tie_keeps_the_facts_of_the_message() -> None:
    tie = as_near_tie(parsed("request_return", order_number="A-1"), OFFERED)
    assert [(e["entity"], e["value"]) for e in tie["entities"]] == [
        ("order_number", "A-1"),
        ("reading", "request_return"),
        ("reading", "request_exchange"),
    ]


# --- two requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (
            "dónde está mi pedido y además quiero la factura",
            ("dónde está mi pedido", "quiero la factura"),
        ),
        ("¿Dónde está mi pedido? Necesito factura", ("¿Dónde está mi pedido", "Necesito factura")),
        (
            "dónde está mi pedido y mándame la factura",
            ("dónde está mi pedido", "mándame la factura"),
        ),
        ("mi pedido no llega, tambien la factura xfa", ("mi pedido no llega", "la factura xfa")),
    ],
)
def test_a_message_is_cut_where_the_second_request_begins(text: str, cut: tuple[str, str]) -> None:
    assert next(halves(text)) == cut


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hola",
        "hola. adiós",
        "dónde está mi pedido",
        "la mesa roja y la silla azul",
        "no sé nada de mi pedido y sigo esperando",
        "¿Dónde está mi pedido A-10234? Mi correo electrónico es ana.p@example.com, gracias.",
    ],
)
def test_what_has_but_one_thing_to_say_is_not_cut(text: str) -> None:
    assert list(halves(text)) == []


@given(st.text(alphabet=" ,.y;!?\nademás ", max_size=4000))
def test_whatever_is_cut_both_halves_say_something(text: str) -> None:
    for first, second in halves(text):
        assert first.split()
        assert second.split()


def test_a_sure_half_is_a_request_of_its_own() -> None:
    assert is_request_of_its_own(parsed("request_invoice", 0.9), ASKABLE)


@pytest.mark.parametrize(
    "half",
    [
        parsed("request_invoice", 0.5),
        parsed("thank", 1.0),
        parsed("file_complaint", 1.0),  # about what the other half tells
    ],
)
def test_an_unsure_half_or_another_kind_is_none(half: dict[str, Any]) -> None:
    assert not is_request_of_its_own(half, ASKABLE | {"file_complaint"})


def test_different_requests_are_two_matters() -> None:
    assert are_two_matters(parsed("ask_order_status"), parsed("request_invoice"))


@pytest.mark.parametrize("second", ["request_return", "ask_refund_status", "ask_return_policy"])
def test_one_wish_said_in_two_ways_is_one_matter(second: str) -> None:
    assert not are_two_matters(parsed("request_return"), parsed(second))


def test_a_mishap_and_what_has_nothing_to_do_with_it_are_two_matters() -> None:
    assert is_request_of_its_own(
        parsed("report_damaged_item", 0.9), ASKABLE | {"report_damaged_item"}
    )
    assert are_two_matters(parsed("report_damaged_item"), parsed("request_invoice"))
    assert not are_two_matters(parsed("report_damaged_item"), parsed("request_exchange"))


@pytest.mark.parametrize(
    "text",
    [
        "¿para qué quieres mi correo?",
        "y pa q lo kieres",
        "por qué me pides el código postal",
        "no me fío, ¿por qué tengo que darte mi email?",
    ],
)
def test_why_something_is_asked_is_a_question_about_the_question(text: str) -> None:
    assert asks_why_asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "por qué no me llega",
        "para que llegue el lunes",
        "por qué tengo que esperar tanto",
        "A-10234",
    ],
)
def test_other_whys_are_not_about_the_question(text: str) -> None:
    assert not asks_why_asked(text)


@pytest.mark.parametrize(
    "text", ["¿dónde viene el número?", "dnd lo encuentro", "y dónde está el número ese"]
)
def test_where_the_answer_stands_is_a_question_about_the_question(text: str) -> None:
    assert asks_where_it_stands(text)


@pytest.mark.parametrize("text", ["¿dónde está?", "dónde puedo recogerlo", "cuándo sale"])
def test_other_wheres_are_not_about_the_question(text: str) -> None:
    assert not asks_where_it_stands(text)


def typed(text: str, intent: str, **kinds: str) -> dict[str, Any]:
    """A parse of a text with entities where their values stand in it."""
    entities = [
        {"entity": kind, "value": value, "start": text.index(value)}
        for kind, values in kinds.items()
        for value in values.split()
    ]
    return {**parsed(intent), "text": text, "entities": entities}


def values(parse: dict[str, Any]) -> list[str]:
    return [entity["value"] for entity in parse["entities"]]


def test_a_question_about_two_orders_is_two_questions() -> None:
    said = typed("A-1 y A-2, ana@x.es", "inform", order_number="A-1 A-2 A-1", email="ana@x.es")
    first, second = one_for_each_order(said)
    assert values(first) == ["A-1", "A-1", "ana@x.es"]
    assert values(second) == ["A-2", "ana@x.es"]
    assert (first["intent"]["name"], second["intent"]["name"]) == ("inform", "ask_order_status")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("No es el A-1, es el A-2", "A-2"),
        ("dime el A-1, no el A-2", "A-1"),
        ("no quiero el pedido A-1, el A-2", "A-2"),
    ],
)
def test_a_denied_number_is_not_meant(text: str, meant: str) -> None:
    (one,) = one_for_each_order(typed(text, "inform", order_number="A-1 A-2"))
    assert values(one) == [meant]


def test_not_to_know_denies_no_number() -> None:
    said = typed("no sé dónde están A-1 y A-2", "ask_order_status", order_number="A-1 A-2")
    assert [values(each) for each in one_for_each_order(said)] == [["A-1"], ["A-2"]]


def test_of_two_postcodes_the_last_is_taken() -> None:
    said = typed("28031 o 28013", "inform", postal_code="28031 28013")
    assert [values(each) for each in one_for_each_order(said)] == [["28013"]]


@pytest.mark.parametrize("intent", ["request_invoice", "request_return"])
def test_what_a_person_reads_stays_one_request(intent: str) -> None:
    said = typed("A-1 y A-2", intent, order_number="A-1 A-2")
    assert one_for_each_order(said) == [said]


def test_a_number_given_once_is_for_both_requests() -> None:
    whole = parsed("ask_order_status", order_number="A-1", product="mesa")
    shared = with_shared_facts(parsed("request_invoice"), whole)
    assert [(e["entity"], e["value"]) for e in shared["entities"]] == [("order_number", "A-1")]
    own = with_shared_facts(parsed("request_invoice", order_number="B-2"), whole)
    assert [(e["entity"], e["value"]) for e in own["entities"]] == [("order_number", "B-2")]
