"""How returns work: the rules of the country, or the rights over the articles of a proven order."""

from datetime import date
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.terms import Term, TermUnit
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_deliveries import PROOF, delivered, document_with


def house_of(units: SqlUnits, *orders: dict[str, Any], **product: Any) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(), document_with(*(orders or (delivered(),)), **product))


def ana_of(house: JourneyHouse, number: str = "A-1001") -> Customer:
    ana = house.customer().identified(number, PROOF)
    ana.in_focus = number
    return ana


def asks(customer: Customer, text: str, **entities: str) -> list[str]:
    return customer.says(text, "ask_return_policy", **entities)


def test_in_general_nobody_has_to_prove_anything(units: SqlUnits) -> None:
    someone = house_of(units).customer()
    answer = asks(
        someone, "cuántos días tengo para devolver una cosa si no me gusta?? y quién paga"
    )
    assert answer[:2] == ["policy_withdrawal", "policy_courtesy_refunds"]
    assert "policy_withdrawal_paid_by_customer" in answer
    assert someone.memory is None


def test_the_general_rules_are_those_of_the_shops_country(units: SqlUnits) -> None:
    someone = house_of(units).customer()
    asks(someone, "cuántos días tengo")
    assert someone.step is not None
    terms = [each.facts["term"] for each in someone.step.says]
    assert terms == [Term(14, TermUnit.DAYS), Term(30, TermUnit.DAYS)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("¿dónde puedo devolver?", "policy_how"),
        ("si ya lo he usado lo aceptáis?", "policy_unused_only"),
        ("se puede devolver ropa interior?", "policy_excluded"),
        ("y para un cambio de talla?", "policy_exchange_paid_by_seller"),
        ("en cuánto me hacen el reembolso", "policy_refund_same_means"),
    ],
)
def test_one_thing_that_is_asked_is_answered_alone(
    units: SqlUnits, text: str, sentence: str
) -> None:
    assert asks(house_of(units).customer(), text) == [sentence]


def test_of_an_article_the_day_and_the_article_of_the_law_are_told(units: SqlUnits) -> None:
    ana = ana_of(house_of(units))
    answer = asks(ana, "hasta cuándo puedo devolver la taza?")
    assert answer == ["policy_line_withdrawal"]
    assert (ana.facts["until"], ana.facts["article"]) == (date(2026, 11, 30), "art. 102 TRLGDCU")
    assert [line.sku for line in ana.facts["items"]] == ["TAZ-1"]


def test_after_the_laws_days_the_shops_are_told(units: SqlUnits) -> None:
    ana = ana_of(house_of(units, delivered(on="2026-10-25")))
    assert asks(ana, "hasta cuándo lo puedo devolver?") == ["policy_line_courtesy"]
    assert ana.facts["until"] == date(2026, 11, 24)


def test_a_window_that_closed_is_told_with_its_day(units: SqlUnits) -> None:
    ana = ana_of(house_of(units, delivered(on="2026-08-03")))
    assert asks(ana, "hasta cuándo lo puedo devolver?") == ["refusal_return_window_closed"]
    assert ana.facts["until"] == date(2026, 9, 2)


def test_an_article_that_does_not_go_back_is_told_apart_from_one_that_does(units: SqlUnits) -> None:
    ana = ana_of(house_of(units, returnable=False))
    answer = asks(ana, "qué días tengo para devolver?")
    assert answer == ["refusal_return_not_returnable", "policy_line_withdrawal"]


def test_a_named_order_is_proven_before_it_is_told(units: SqlUnits) -> None:
    someone = house_of(units).customer()
    first = asks(someone, "hasta cuándo puedo devolver el A-1001", order_number="A-1001")
    assert first == ["question_second_fact"]
    assert someone.says(PROOF, email=PROOF) == ["policy_line_withdrawal"]


def test_in_the_middle_of_another_matter_it_is_answered_and_that_goes_on(units: SqlUnits) -> None:
    ana = ana_of(house_of(units))
    question = ana.says("la taza, por la garantía", "claim_warranty")[-1]
    answer = asks(ana, "¿hasta qué día tengo?")
    assert answer == ["policy_line_withdrawal", question]
