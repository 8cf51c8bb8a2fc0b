"""Sending an order somewhere else, while nothing of it has left."""

from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.orders import Address
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import sample_document

MOON = "Calle Luna 5, 28904 Getafe"
SUMMARY = ["address_summary", "question_confirmation"]


def house_with(units: SqlUnits, **order: Any) -> JourneyHouse:
    document = sample_document()
    document["orders"][0] |= {"shipments": [], **order}
    return JourneyHouse(units, FixedClock(), document)


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return house_with(units)


@pytest.fixture
def ana(house: JourneyHouse) -> Customer:
    return house.customer().identified("A-1001", "ana.gil@example.com")


def wants(customer: Customer, text: str, **facts: str) -> list[str]:
    return customer.says(text, "change_address", order_number="A-1001", **facts)


def address(house: JourneyHouse) -> Address:
    return house.backend.order("A-1001").shipping_address


def test_a_new_address_is_shown_and_written_after_a_yes(house: JourneyHouse, ana: Customer) -> None:
    assert wants(ana, "quiero cambiar la dirección") == ["question_new_address"]
    assert ana.says(MOON) == SUMMARY
    assert ana.presses("affirm") == ["address_changed"]
    written = address(house)
    assert (written.line1, written.postal_code, written.city) == ("Calle Luna 5", "28904", "Getafe")
    assert written.line2 is None


def test_all_in_one_message_needs_a_proof_and_a_yes(house: JourneyHouse) -> None:
    ana = house.customer()
    text = f"cambia la dirección del A-1001 a {MOON}, soy ana.gil@example.com"
    assert wants(ana, text, postal_code="28904", email="ana.gil@example.com") == SUMMARY
    assert ana.presses("affirm") == ["address_changed"]


def test_the_postcode_of_the_new_address_proves_nothing(house: JourneyHouse) -> None:
    ana = house.customer()
    text = "cambia la dirección del A-1001 a Calle Luna 5, 28013 Madrid"  # the order's own postcode
    assert wants(ana, text, postal_code="28013") == ["question_second_fact"]
    assert ana.says("28013", postal_code="28013") == SUMMARY


def test_a_new_postcode_counts_as_no_failed_proof_in_another_matter(house: JourneyHouse) -> None:
    ana = house.customer()
    wants(ana, f"cambia la dirección del A-1001 a {MOON}", postal_code="28904")
    told = ana.says("mejor dime dónde está", "ask_order_status")
    assert told == ["journey_turned", "question_second_fact"]


def test_what_is_missing_is_asked_one_by_one(house: JourneyHouse, ana: Customer) -> None:
    assert wants(ana, "mándalo a la calle Luna 5") == ["question_address_city"]
    assert ana.says("Getafe") == ["question_address_postal_code"]
    assert ana.says("28904", postal_code="28904") == SUMMARY
    ana.presses("affirm")
    assert (address(house).city, address(house).postal_code) == ("Getafe", "28904")


def test_a_correction_at_the_confirmation_is_shown_again(
    house: JourneyHouse, ana: Customer
) -> None:
    wants(ana, f"cambia la dirección a {MOON}")
    assert ana.says("no, el número es el 7", "deny") == SUMMARY
    assert ana.facts["line1"] == "Calle Luna 7"
    ana.presses("affirm")
    assert address(house).line1 == "Calle Luna 7"


def test_a_no_at_the_confirmation_writes_nothing(house: JourneyHouse, ana: Customer) -> None:
    before = address(house)
    wants(ana, f"cambia la dirección a {MOON}")
    assert ana.presses("deny") == ["question_change"]
    assert address(house) == before


def test_the_same_yes_twice_is_one_change(house: JourneyHouse, ana: Customer) -> None:
    wants(ana, f"cambia la dirección a {MOON}")
    before = ana.memory
    first = ana.presses("affirm")
    ana.memory = before
    assert ana.presses("affirm") == first


def test_only_the_floor_is_corrected(house: JourneyHouse, ana: Customer) -> None:
    told = wants(ana, "el piso es 4º B")
    assert told == ["address_summary_with_unit", "question_confirmation"]
    ana.presses("affirm")
    assert (address(house).line1, address(house).line2) == ("Calle Mayor 1", "4º B")


def test_the_address_it_has_already_is_said_to_be_so(ana: Customer) -> None:
    told = wants(ana, "mándalo a Calle Mayor 1, 28013 Madrid")
    assert told == ["address_is_that_already_with_unit", "question_new_address"]


def test_somebody_else_may_receive_it(house: JourneyHouse, ana: Customer) -> None:
    told = wants(ana, "quiero que lo reciba mi hermano Luis Paz")
    assert told == ["address_summary_with_unit", "question_confirmation"]
    ana.presses("affirm")
    assert (address(house).name, address(house).line1) == ("Luis Paz", "Calle Mayor 1")


def test_who_shall_receive_it_is_asked_when_nobody_is_named(ana: Customer) -> None:
    assert wants(ana, "quiero cambiar el nombre de quien lo recibe") == ["question_recipient"]
    assert ana.says("luis paz")[-1] == "question_confirmation"
    assert ana.facts["recipient"] == "Luis Paz"


def test_a_street_is_taken_as_it_is_called(house: JourneyHouse, ana: Customer) -> None:
    wants(ana, "quiero cambiar la dirección")
    assert ana.says("28801 Alcalá de Henares") == ["question_address_line1"]
    assert ana.says("Luna 5") == SUMMARY
    ana.presses("affirm")
    assert address(house).line1 == "Luna 5"


def test_the_floor_stays_when_only_the_house_is_named_again(ana: Customer) -> None:
    wants(ana, "mándalo a Calle Mayor 1, 28013 Madrid, que lo reciba Luis Paz")
    assert ana.facts["line2"] == "2.º A"


# --- what the shop cannot do -------------------------------------------------------------------------


def offers_person(customer: Customer) -> bool:
    assert customer.step is not None
    return customer.step.offers_person


def test_what_has_left_is_in_the_carriers_hands(units: SqlUnits) -> None:
    shipments = sample_document()["orders"][0]["shipments"]
    house = house_with(units, shipments=shipments)
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    assert wants(ana, f"cambia la dirección a {MOON}") == ["address_too_late", "tracking"]
    assert offers_person(ana)


def test_what_has_arrived_is_not_sent_elsewhere(units: SqlUnits) -> None:
    shipments = sample_document()["orders"][0]["shipments"]
    house = house_with(units, shipments=[shipments[0] | {"status": "delivered"}])
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    assert wants(ana, f"cambia la dirección a {MOON}") == ["address_of_delivered_order"]


def test_a_cancelled_order_goes_nowhere(units: SqlUnits) -> None:
    ana = house_with(units, status="cancelled").customer()
    ana.identified("A-1001", "ana.gil@example.com")
    assert wants(ana, f"cambia la dirección a {MOON}") == ["refusal_order_cancelled"]


@pytest.mark.parametrize(
    "text", ["que lo entreguen por la tarde", "prefiero recogerlo en un punto de recogida"]
)
def test_days_hours_and_pick_up_points_are_the_carriers(units: SqlUnits, text: str) -> None:
    shipments = sample_document()["orders"][0]["shipments"]
    house = house_with(units, shipments=shipments)
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    assert wants(ana, text) == ["delivery_arranged_by_carrier", "tracking"]
    assert offers_person(ana)


def test_before_it_is_sent_no_hour_can_be_arranged(ana: Customer) -> None:
    assert wants(ana, "que lo entreguen por la tarde") == ["delivery_arranged_once_sent"]
    assert offers_person(ana)
