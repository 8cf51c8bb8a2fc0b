"""A parcel that is late or silent: its owner is told, and the carrier is asked after a yes."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.claims import ClaimKind, ClaimStatus, Remedy
from bot.services.order_backend import Actor
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import sample_document

LATE = ["order_late", "tracking", "question_enquiry"]
TEAM = Actor.agent("Eva")


def house_with(units: SqlUnits, *orders: dict[str, Any], **parcel: Any) -> JourneyHouse:
    """Ana's order with its parcel changed, and other orders beside it."""
    document = sample_document()
    document["orders"][0]["shipments"][0] |= parcel
    document["orders"] += orders
    return JourneyHouse(units, FixedClock(), document)


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return house_with(units)


def asks_for_it(customer: Customer, **facts: str) -> list[str]:
    facts = facts or {"order_number": "A-1001", "email": "ana.gil@example.com"}
    return customer.says("¿dónde está mi pedido?", "ask_order_status", **facts)


def claims(house: JourneyHouse, number: str = "A-1001") -> list[tuple[ClaimKind, Remedy]]:
    return [(claim.kind, claim.remedy) for claim in house.backend.cases(number).claims]


def test_a_late_parcel_is_told_with_the_offer_to_ask_its_carrier(house: JourneyHouse) -> None:
    assert asks_for_it(house.customer()) == LATE


def test_a_yes_opens_the_enquiry_and_tells_by_when_it_is_answered(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    assert ana.presses("affirm") == ["enquiry_opened", "enquiry_answered_by"]
    assert claims(house) == [(ClaimKind.LATE_DELIVERY, Remedy.CARRIER_ENQUIRY)]
    assert ana.facts["due_on"] == date(2026, 11, 25)  # three business days after a Friday
    assert ana.memory is None


def test_a_no_leaves_everything_as_it_is(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    assert ana.says("no, gracias", "deny") == ["enquiry_left"]
    assert claims(house) == []


def test_the_same_yes_twice_opens_one_enquiry(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    before = ana.memory
    first = ana.presses("affirm")
    ana.memory = before
    assert ana.presses("affirm") == first
    assert len(claims(house)) == 1


def test_an_enquiry_under_way_is_told_instead_of_asked_about(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    ana.presses("affirm")
    assert asks_for_it(ana) == [*LATE[:2], "enquiry_under_way"]
    assert ana.memory is None


def test_an_enquiry_without_its_answer_in_time_goes_to_a_person(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    ana.presses("affirm")
    house.clock.move(timedelta(days=6))
    assert asks_for_it(ana)[-1] == "enquiry_overdue"
    assert ana.step is not None
    assert ana.step.offers_person


def test_when_the_enquiry_is_over_another_one_is_offered(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    ana.presses("affirm")
    (claim,) = house.backend.cases("A-1001").claims
    house.backend.move_claim(claim.folio, "k", TEAM, to=ClaimStatus.RESOLVED)
    assert asks_for_it(ana) == LATE


@pytest.mark.parametrize("status", ["exception", "expired", "unknown"])
def test_whatever_only_the_carrier_can_explain_is_asked_of_it(units: SqlUnits, status: str) -> None:
    house = house_with(units, status=status)
    assert asks_for_it(house.customer())[-1] == "question_enquiry"


def test_a_parcel_of_which_nothing_is_heard_is_told_as_such(units: SqlUnits) -> None:
    house = house_with(units, estimated_delivery="2026-11-24T19:00:00Z")
    ana = house.customer()
    assert asks_for_it(ana)[-2:] == ["parcel_silent", "question_enquiry"]
    assert ana.facts["since"] == date(2026, 11, 3)


def test_a_parcel_heard_of_lately_is_left_alone(units: SqlUnits) -> None:
    events = [{"at": "2026-11-18T06:00:00Z", "status": "in_transit"}]
    house = house_with(units, estimated_delivery="2026-11-24T19:00:00Z", events=events)
    ana = house.customer()
    assert "question_enquiry" not in asks_for_it(ana)
    assert ana.memory is None


def test_a_parcel_that_waits_at_the_pick_up_point_is_not_silent(units: SqlUnits) -> None:
    house = house_with(units, status="available_for_pickup")
    assert "question_enquiry" not in asks_for_it(house.customer())


def test_one_thing_asked_is_answered_without_an_offer(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    told = ana.says("dame el seguimiento", "ask_order_status", order_facet="tracking")
    assert told == ["facet_tracking"]


def test_a_payment_that_failed_still_offers_a_person(units: SqlUnits) -> None:
    document = sample_document()
    document["orders"][0] |= {"shipments": [], "payment_status": "failed"}
    ana = JourneyHouse(units, FixedClock(), document).customer()
    assert asks_for_it(ana) == ["order_payment_failed"]
    assert ana.step is not None
    assert ana.step.offers_person


# --- the offer is no obstacle ------------------------------------------------------------------------


def another_order(**changes: Any) -> dict[str, Any]:
    order = sample_document()["orders"][0]
    return {**order, "number": "A-1002", "shipments": [], **changes}


def test_another_order_named_instead_is_told(units: SqlUnits) -> None:
    ana = house_with(units, another_order()).customer()
    asks_for_it(ana)
    assert ana.says("no, digo el A-1002", "inform", order_number="A-1002") == ["order_preparing"]


def test_a_request_that_begins_with_a_no_is_no_answer_to_the_offer(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    again = ana.says(
        "no sé nada de mi pedido A-1001 y sigo esperando", "ask_order_status", order_number="A-1001"
    )
    assert again[0] == "order_late"


def test_a_no_with_its_reason_declines_the_offer(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    told = ana.says("no, no hace falta, espero unos días", "ask_order_status")
    assert told == ["enquiry_left"]


def test_a_question_instead_of_an_answer_is_answered(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    told = ana.says("¿y el seguimiento?", "ask_order_status", order_facet="tracking")
    assert told == ["facet_tracking"]


def test_another_matter_begins_without_a_word_about_the_offer(house: JourneyHouse) -> None:
    ana = house.customer()
    asks_for_it(ana)
    assert ana.says("quiero cancelarlo", "cancel_order")[0] == "refusal_already_shipped"


def test_in_the_middle_of_another_matter_it_is_told_and_not_offered(units: SqlUnits) -> None:
    ana = house_with(units, another_order()).customer()
    ana.identified("A-1001", "ana.gil@example.com")
    ana.says("cancela el A-1002", "cancel_order", order_number="A-1002")
    told = ana.says("¿dónde está el A-1001?", "ask_order_status", order_number="A-1001")
    assert told == ["order_late", "tracking", "cancel_order_summary", "question_confirmation"]
