"""A parcel that says delivered and is not there, or that came without something."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.claims import Claim, ClaimKind, Remedy
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import sample_document

ARRIVED = {"status": "delivered", "delivered_at": "2026-11-18T12:00:00Z", "lines": []}
OPENED = ["incident_opened", "incident_answered_by"]
NOWHERE = "pone entregado y no lo tengo, ya pregunté a los vecinos"


def house_with(units: SqlUnits, *shipments: dict[str, Any], **order: Any) -> JourneyHouse:
    """Ana's order in these parcels; a cafetera and two tazas."""
    document = sample_document()
    parcel = document["orders"][0]["shipments"][0]
    document["orders"][0] |= {"shipments": [parcel | each for each in shipments], **order}
    return JourneyHouse(units, FixedClock(), document)


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return house_with(units, ARRIVED)


@pytest.fixture
def ana(house: JourneyHouse) -> Customer:
    return house.customer().identified("A-1001", "ana.gil@example.com")


def claims(house: JourneyHouse) -> tuple[Claim, ...]:
    return house.backend.cases("A-1001").claims


def not_received(customer: Customer, text: str = "no lo he recibido", **facts: str) -> list[str]:
    return customer.says(text, "report_not_received", order_number="A-1001", **facts)


def missing(customer: Customer, text: str = "falta algo", **facts: str) -> list[str]:
    return customer.says(text, "report_missing_item", order_number="A-1001", **facts)


def confirmed(customer: Customer) -> list[str]:
    return customer.presses("affirm")


# --- delivered, and not there ------------------------------------------------------------------------


def test_not_received_is_asked_about_and_reported_after_a_yes(
    house: JourneyHouse, ana: Customer
) -> None:
    assert not_received(ana) == ["order_delivered", "tracking", "question_looked_around"]
    assert ana.presses("affirm") == ["question_incident_remedy"]
    summary = ["not_received_summary", "incident_resend_summary", "question_confirmation"]
    assert ana.chooses(1) == summary
    assert confirmed(ana) == OPENED
    (claim,) = claims(house)
    assert (claim.kind, claim.remedy) == (ClaimKind.NOT_RECEIVED, Remedy.RESEND)
    assert claim.due_on == ana.facts["due_on"] == date(2026, 11, 25)


def test_all_in_one_message_needs_nothing_but_a_yes(house: JourneyHouse) -> None:
    ana = house.customer()
    text = f"{NOWHERE}, quiero el reembolso, soy ana.gil@example.com"
    told = not_received(ana, text, email="ana.gil@example.com")
    assert told == ["not_received_summary", "incident_refund_summary", "question_confirmation"]
    assert confirmed(ana) == OPENED


def test_who_wants_to_look_first_is_left_to_it(house: JourneyHouse, ana: Customer) -> None:
    not_received(ana)
    assert ana.chooses(2) == ["look_around_first"]
    assert claims(house) == ()


def test_having_looked_is_understood_in_ones_own_words(ana: Customer) -> None:
    not_received(ana)
    assert ana.says("ya miré y el conserje tampoco lo tiene") == ["question_incident_remedy"]


def test_another_remedy_at_the_confirmation_is_shown_again(
    house: JourneyHouse, ana: Customer
) -> None:
    not_received(ana, f"{NOWHERE}, quiero el reembolso")
    told = ana.says("no, mejor que me lo vuelvan a enviar", "deny")
    assert told == ["not_received_summary", "incident_resend_summary", "question_confirmation"]
    confirmed(ana)
    assert claims(house)[0].remedy is Remedy.RESEND


def test_a_no_at_the_confirmation_reports_nothing(house: JourneyHouse, ana: Customer) -> None:
    not_received(ana, f"{NOWHERE}, quiero el reembolso")
    assert ana.presses("deny") == ["question_change"]
    assert claims(house) == ()


def test_the_same_yes_twice_is_one_incident(house: JourneyHouse, ana: Customer) -> None:
    not_received(ana, f"{NOWHERE}, quiero el reembolso")
    before = ana.memory
    first = confirmed(ana)
    ana.memory = before
    assert confirmed(ana) == first
    assert len(claims(house)) == 1


def test_what_was_reported_before_is_told_with_its_folio(
    house: JourneyHouse, ana: Customer
) -> None:
    not_received(ana, f"{NOWHERE}, quiero el reembolso")
    confirmed(ana)
    assert not_received(ana) == ["incident_under_way"]
    assert ana.facts["folio"] == claims(house)[0].folio


def test_a_report_without_its_answer_in_time_goes_to_a_person(
    house: JourneyHouse, ana: Customer
) -> None:
    not_received(ana, f"{NOWHERE}, quiero el reembolso")
    confirmed(ana)
    house.clock.move(timedelta(days=6))
    assert not_received(ana) == ["incident_overdue"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_what_cannot_be_sent_again_is_offered_as_a_refund(units: SqlUnits) -> None:
    document = sample_document()
    document["products"][0]["stock"] = 0
    document["orders"][0]["shipments"][0] |= ARRIVED
    ana = JourneyHouse(units, FixedClock(), document).customer()
    ana.identified("A-1001", "ana.gil@example.com")
    told = not_received(ana, f"{NOWHERE}, que me lo envíen otra vez")
    assert told == ["no_unit_left", "question_refund_instead"]
    assert "incident_refund_summary" in ana.chooses(1)


def test_what_is_not_delivered_is_told_as_what_it_is(units: SqlUnits) -> None:
    house = house_with(units, {"estimated_delivery": "2026-11-24T19:00:00Z", "events": []})
    house.clock.move(-timedelta(days=17))
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    told = not_received(ana)
    assert told[0] == "not_marked_delivered"
    assert "question_enquiry" not in told


def test_what_is_late_can_be_asked_of_the_carrier(units: SqlUnits) -> None:
    house = house_with(units, {})
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    assert not_received(ana)[-1] == "question_enquiry"
    assert confirmed(ana) == ["enquiry_opened", "enquiry_answered_by"]
    assert claims(house)[0].kind is ClaimKind.LATE_DELIVERY


def test_of_a_cancelled_order_nothing_comes(units: SqlUnits) -> None:
    document = sample_document()
    document["orders"][0] |= {"shipments": [], "status": "cancelled"}
    ana = JourneyHouse(units, FixedClock(), document).customer()
    ana.identified("A-1001", "ana.gil@example.com")
    assert not_received(ana) == ["order_cancelled"]


# --- something is missing ----------------------------------------------------------------------------


def test_what_is_missing_is_asked_and_reported(house: JourneyHouse, ana: Customer) -> None:
    assert missing(ana) == ["question_missing_line"]
    assert ana.chooses(1) == ["question_incident_remedy"]
    assert ana.chooses(2) == ["question_photo"]
    told = ana.chooses(1)
    assert told == ["missing_item_summary", "incident_refund_summary", "question_confirmation"]
    assert confirmed(ana) == OPENED
    (claim,) = claims(house)
    assert [(line.sku, line.quantity) for line in claim.lines] == [("CAF-1", 1)]


def claimed(customer: Customer, house: JourneyHouse) -> list[tuple[str, int]]:
    """What is claimed when everything else is settled."""
    if customer.step is not None and customer.step.question is not None:
        while customer.step.question.fact in ("remedy", "photo"):
            customer.chooses(1)
    assert confirmed(customer) == OPENED
    return [(line.sku, line.quantity) for line in claims(house)[-1].lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("me falta una taza", [("TAZ-1", 1)]),
        ("faltan las dos tazas", [("TAZ-1", 2)]),
        ("el paquete venía vacío", [("CAF-1", 1), ("TAZ-1", 2)]),
        ("solo ha llegado la cafetera", [("TAZ-1", 2)]),
        ("vino todo menos la cafetera", [("CAF-1", 1)]),
        ("falta todo", [("CAF-1", 1), ("TAZ-1", 2)]),
    ],
)
def test_what_is_missing_is_taken_from_the_words(
    house: JourneyHouse, ana: Customer, text: str, lines: list[tuple[str, int]]
) -> None:
    missing(ana, f"{text}, que me lo envíen de nuevo")
    assert claimed(ana, house) == lines


@pytest.mark.parametrize("answer", ["1", "una", "solo falta una"])
def test_how_many_are_missing_is_asked_where_there_are_several(
    house: JourneyHouse, ana: Customer, answer: str
) -> None:
    assert missing(ana, "no venía la taza") == ["question_missing_units"]
    ana.says(answer)
    assert claimed(ana, house) == [("TAZ-1", 1)]


def test_a_photo_goes_along(house: JourneyHouse, ana: Customer) -> None:
    missing(ana, "me falta la cafetera, prefiero el reembolso")
    ana.says("", "send_photo", photos=("box.jpg",))
    confirmed(ana)
    assert claims(house)[0].evidence == ("box.jpg",)


def test_another_article_at_the_confirmation_is_shown_again(
    house: JourneyHouse, ana: Customer
) -> None:
    missing(ana, "me falta la cafetera, prefiero el reembolso")
    ana.presses("deny")  # no photo
    assert ana.says("no, falta una taza", "deny")[-1] == "question_confirmation"
    assert claimed(ana, house) == [("TAZ-1", 1)]


def test_the_same_report_of_other_articles_is_another_one(
    house: JourneyHouse, ana: Customer
) -> None:
    missing(ana, "me falta la cafetera, prefiero el reembolso")
    ana.presses("deny")
    confirmed(ana)
    assert missing(ana, "me falta la cafetera") == ["incident_under_way"]
    assert missing(ana, "me falta una taza") == ["question_incident_remedy"]


# --- what comes in another parcel --------------------------------------------------------------------

CUPS = {"lines": [{"sku": "TAZ-1", "quantity": 2}], "tracking_number": "456"}
MACHINE = ARRIVED | {"lines": [{"sku": "CAF-1", "quantity": 1}]}


def test_what_travels_in_another_parcel_is_told_and_not_reported(units: SqlUnits) -> None:
    house = house_with(units, MACHINE, CUPS | {"estimated_delivery": "2026-11-24T19:00:00Z"})
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    told = missing(ana, "me faltan las tazas")
    assert told == ["missing_in_other_parcel", "arrival_expected", "tracking"]
    assert ana.facts["tracking_number"] == "456"


def test_a_day_that_has_passed_is_not_told_as_a_forecast(units: SqlUnits) -> None:
    house = house_with(units, MACHINE, CUPS)
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    assert missing(ana, "me faltan las tazas")[1] == "other_parcel_late"


def test_what_has_not_left_is_told_and_not_reported(units: SqlUnits) -> None:
    house = house_with(units, MACHINE)
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    assert missing(ana, "no venían las dos tazas") == ["missing_not_sent_yet"]
    assert claims(house) == ()


def test_only_what_should_have_been_there_is_reported(units: SqlUnits) -> None:
    house = house_with(units, MACHINE)
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    missing(ana, "falta todo, que me lo envíen de nuevo")
    assert claimed(ana, house) == [("CAF-1", 1)]
