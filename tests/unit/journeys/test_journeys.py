"""A matter is led to its end: one question at a time, nothing asked twice, nothing done without a yes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.returns import Resolution, ReturnBasis, ReturnReason
from bot.domain.spoken.consent import says_no, says_yes
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
ANA = "ana.gil@example.com"
CONFIRM = "question_confirmation"


@pytest.fixture
def document() -> dict[str, Any]:
    """Ana's order A-1001 arrived five days ago; A-1002 has not left; Luis has one of his own."""
    document = sample_document()
    arrived = document["orders"][0]
    arrived["status"] = "completed"
    arrived["shipments"] = [
        {
            "carrier": "SEUR",
            "tracking_number": "123",
            "status": "delivered",
            "shipped_at": "2026-11-02T09:00:00Z",
            "delivered_at": "2026-11-05T09:00:00Z",
        }
    ]
    arrived["payments"] = [{"method": "bizum", "amount": "98.90", "kind": "payment"}]
    waiting = {
        **arrived,
        "number": "A-1002",
        "status": "open",
        "shipments": [],
        "placed_at": "2026-11-09T10:00:00Z",
    }
    document["orders"].append(waiting)
    return document


@pytest.fixture
def house(units: SqlUnits, document: dict[str, Any]) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(NOW), document)


@pytest.fixture
def ana(house: JourneyHouse) -> Customer:
    return house.customer().identified("A-1001", ANA)


def wants_to_return(ana: Customer, text: str = "quiero devolver la cafetera") -> list[str]:
    return ana.says(text, "request_return", order_number="A-1001")


# --- asking --------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_one_thing_at_a_time(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("quiero devolver algo", "request_return") == ["question_order_number"]
    assert ana.says("el A-1001", order_number="A-1001") == ["question_second_fact"]
    assert ana.says(ANA, email=ANA) == ["question_which_line"]
    assert ana.says("la cafetera") == ["question_reason"]
    assert ana.says("no me gusta nada") == ["question_resolution"]
    assert ana.says("que me devuelvan el dinero")[-1] == CONFIRM


def test_a_dislike_is_one_however_strong(ana: Customer) -> None:
    wants_to_return(ana, "quiero devolver la cafetera, no me gusta nada, reembolso")
    assert ana.facts["reason"] is ReturnReason.NOT_AS_EXPECTED


def test_everything_in_one_message_is_asked_nothing(house: JourneyHouse) -> None:
    text = f"quiero devolver la cafetera del A-1001, ya no la quiero, el reembolso, soy {ANA}"
    said = house.customer().says(text, "request_return", order_number="A-1001", email=ANA)
    assert said[-1] == CONFIRM


def test_a_correction_at_the_end_is_a_new_summary(ana: Customer) -> None:
    wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    assert ana.says("no, mejor las dos tazas", "deny")[-1] == CONFIRM
    assert [line.title for line in ana.facts["items"]] == ["Taza azul"]


def test_of_several_units_it_is_asked_how_many(house: JourneyHouse, ana: Customer) -> None:
    assert wants_to_return(ana, "quiero devolver la taza, ya no la quiero, reembolso") == [
        "question_quantity"
    ]
    assert ana.chooses(1)[-1] == CONFIRM
    ana.says("sí", "affirm")
    assert house.backend.cases("A-1001").returns[0].lines[0].quantity == 1


def test_what_is_said_beside_comes_on_top(ana: Customer) -> None:
    wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    ana.says("y las dos tazas también")
    assert [line.title for line in ana.facts["items"]] == ["Cafetera", "Taza azul"]


def test_a_day_of_silence_in_the_middle_changes_nothing(house: JourneyHouse, ana: Customer) -> None:
    wants_to_return(ana)
    house.clock.move(timedelta(days=1))
    assert ana.says("ya no la quiero") == ["question_resolution"]


def test_small_talk_is_no_answer(ana: Customer) -> None:
    wants_to_return(ana)
    assert ana.says("qué buen día hace", "chitchat") == []


def test_a_question_in_the_middle_is_answered_and_the_matter_goes_on(ana: Customer) -> None:
    wants_to_return(ana)
    said = ana.says("¿y cuándo me llega el dinero?", "ask_refund_status")
    assert said == ["refund_would_come", "return_paid_by_customer", "question_reason"]


def test_another_matter_leaves_the_first_undone(house: JourneyHouse, ana: Customer) -> None:
    wants_to_return(ana)
    said = ana.says("mejor cancela el A-1002", "cancel_order", order_number="A-1002")
    assert said == ["journey_left", "cancel_order_summary", CONFIRM]
    assert house.backend.cases("A-1001").returns == ()


def test_whoever_gives_no_proof_is_offered_a_person(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says("quiero devolver el A-1001", "request_return", order_number="A-1001")
    assert ana.says("no lo tengo", "deny") == ["lookup_needs_facts"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_the_same_wrong_proof_again_and_again_ends_with_a_person(house: JourneyHouse) -> None:
    stranger = house.customer()
    stranger.says("quiero devolver el A-1001", "request_return", order_number="A-1001")
    wrong = "nadie@example.com"
    told = [stranger.says(wrong, email=wrong) for _ in range(3)]
    assert told == [
        ["refusal_order_not_identified", "question_second_fact"],
        ["not_identified_either", "question_second_fact"],
        ["refusal_order_not_identified_again"],
    ]
    assert stranger.step is not None
    assert stranger.step.offers_person


def test_a_question_without_an_answer_is_not_put_for_ever(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    wants_to_return(ana)
    for _ in range(3):
        assert ana.hears_the_question_again() == ["question_reason"]
    assert ana.hears_the_question_again() == ["journey_left_open"]


# --- agreeing ------------------------------------------------------------------------------------


def test_nothing_is_written_before_a_yes(house: JourneyHouse, ana: Customer) -> None:
    wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    assert house.backend.cases("A-1001").returns == ()
    ana.says("sí", "affirm")
    (opened,) = house.backend.cases("A-1001").returns
    assert (opened.reason, opened.resolution) == (ReturnReason.CHANGED_MIND, Resolution.REFUND)
    assert opened.basis is ReturnBasis.WITHDRAWAL
    assert [(line.sku, line.quantity) for line in opened.lines] == [("CAF-1", 1)]


def test_a_no_does_nothing_and_asks_what_to_change(house: JourneyHouse, ana: Customer) -> None:
    wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    assert ana.says("no", "deny") == ["question_change"]
    assert ana.says("no, nada", "deny") == ["stopped"]
    assert house.backend.cases("A-1001").returns == ()


def test_a_yes_to_another_summary_is_no_yes_to_this_one(house: JourneyHouse, ana: Customer) -> None:
    wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    assert ana.says("sí, pero las dos tazas", "affirm")[-1] == CONFIRM
    assert house.backend.cases("A-1001").returns == ()


def test_the_same_confirmation_run_twice_opens_one_return(
    house: JourneyHouse, ana: Customer
) -> None:
    wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    before = ana.memory
    first = ana.says("sí", "affirm")
    ana.memory = before
    assert ana.says("sí", "affirm") == first
    assert len(house.backend.cases("A-1001").returns) == 1


@pytest.mark.parametrize(
    "text",
    ["sí", "Si claro", "dale", "vale, adelante", "ok", "correcto", "de una", "no hay problema"],
)
def test_a_yes_is_heard_whatever_the_classifier_says(text: str) -> None:
    assert says_yes("request_return", text)
    assert not says_no("request_return", text)


@pytest.mark.parametrize(
    "text", ["no", "No, la otra", "mejor no", "todavía no", "espera", "nel", "no sí, espera"]
)
def test_a_no_is_heard_whatever_the_classifier_says(text: str) -> None:
    assert says_no("request_return", text)
    assert not says_yes("request_return", text)


# --- sending back --------------------------------------------------------------------------------


def test_after_the_term_of_the_law_the_shop_still_takes_it_back(
    house: JourneyHouse, ana: Customer
) -> None:
    house.clock.move(timedelta(days=15))
    wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    ana.says("sí", "affirm")
    assert house.backend.cases("A-1001").returns[0].basis is ReturnBasis.COURTESY


def test_after_all_terms_the_day_is_told_and_what_still_holds(
    house: JourneyHouse, ana: Customer
) -> None:
    house.clock.move(timedelta(days=60))
    ana.identified("A-1001", ANA)
    said = wants_to_return(ana, "quiero devolver la cafetera, ya no la quiero")
    assert said == ["refusal_return_window_closed", "guarantee_still_holds"]
    assert ana.facts["until"] > NOW.date()


def test_what_arrived_damaged_goes_back_at_the_shops_cost(
    house: JourneyHouse, ana: Customer
) -> None:
    ana.says("la cafetera llegó rota", "report_damaged_item", order_number="A-1001")
    ana.chooses(2)  # the refund
    said = ana.presses("deny")  # no photo
    assert said[-2:] == ["return_paid_by_seller", CONFIRM]
    ana.says("sí", "affirm")
    (opened,) = house.backend.cases("A-1001").returns
    assert (opened.basis, opened.reason) == (ReturnBasis.CONFORMITY, ReturnReason.DAMAGED)


def test_a_photo_goes_along_as_evidence(house: JourneyHouse, ana: Customer) -> None:
    ana.says("la cafetera llegó rota, reembolso", "report_damaged_item", order_number="A-1001")
    ana.says("", "send_photo", photos=("box.jpg",))
    ana.says("sí", "affirm")
    assert house.backend.cases("A-1001").returns[0].evidence == ("box.jpg",)


def test_what_is_in_a_return_is_not_returned_again(house: JourneyHouse, ana: Customer) -> None:
    text = "quiero devolver la cafetera, ya no la quiero, reembolso"
    wants_to_return(ana, text)
    ana.says("sí", "affirm")
    assert wants_to_return(ana, text) == ["refusal_already_in_return"]
    assert len(house.backend.cases("A-1001").returns) == 1


def test_what_has_not_left_is_cancelled_instead(ana: Customer) -> None:
    said = ana.says("quiero devolver el A-1002", "request_return", order_number="A-1002")
    assert said == ["return_not_sent_yet", "cancel_order_summary", CONFIRM]


def test_another_size_of_what_has_not_left_offers_to_cancel_it(ana: Customer) -> None:
    said = ana.says("cámbiame la talla", "request_exchange", order_number="A-1002")
    assert said == ["return_not_sent_yet"]
    assert ana.chooses(1) == ["cancel_order_summary", CONFIRM]


# --- cancelling ----------------------------------------------------------------------------------


def test_what_has_not_left_is_cancelled_and_the_money_promised(
    house: JourneyHouse, ana: Customer
) -> None:
    ana.says("cancela el A-1002", "cancel_order", order_number="A-1002")
    assert ana.says("sí", "affirm") == ["order_now_cancelled", "refund_promised"]
    (refund,) = house.backend.cases("A-1002").refunds
    assert str(refund.amount) == "98.90"
    assert house.backend.order("A-1002").status == "cancelled"


def test_the_same_cancellation_run_twice_is_one(house: JourneyHouse, ana: Customer) -> None:
    ana.says("cancela el A-1002", "cancel_order", order_number="A-1002")
    before = ana.memory
    first = ana.says("sí", "affirm")
    ana.memory = before
    assert ana.says("sí", "affirm") == first
    assert len(house.backend.cases("A-1002").refunds) == 1


def test_what_has_arrived_is_not_cancelled_but_may_go_back(ana: Customer) -> None:
    said = ana.says("cancela el A-1001", "cancel_order", order_number="A-1001")
    assert said == ["cancel_after_delivery"]
    assert ana.presses("request_return")[-1] == "question_which_line"
