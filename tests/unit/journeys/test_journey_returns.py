"""A return goes by the right that its outcome has, and says what hangs on it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.returns import Resolution, Return, ReturnBasis
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
CONFIRM = "question_confirmation"


def delivered(on: str) -> dict[str, Any]:
    document = sample_document()
    order = document["orders"][0]
    order["status"] = "completed"
    order["shipments"] = [
        {
            "carrier": "SEUR",
            "tracking_number": "123",
            "status": "delivered",
            "shipped_at": "2026-10-01T09:00:00Z",
            "delivered_at": f"{on}T09:00:00Z",
        }
    ]
    return document


def house_of(units: SqlUnits, on: str) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(NOW), delivered(on))


def ana_of(house: JourneyHouse) -> Customer:
    return house.customer().identified("A-1001", "ana.gil@example.com")


def opened(house: JourneyHouse) -> Return:
    (only,) = house.backend.cases("A-1001").returns
    return only


def wants(ana: Customer, text: str) -> list[str]:
    return ana.says(text, "request_return", order_number="A-1001")


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    """The order arrived five days ago: the law and the shop both take it back."""
    return house_of(units, "2026-11-05")


def test_a_refund_by_law_says_the_laws_article(house: JourneyHouse) -> None:
    ana = ana_of(house)
    wants(ana, "quiero devolver la cafetera, ya no la quiero, reembolso")
    ana.says("sí", "affirm")
    assert opened(house).basis is ReturnBasis.WITHDRAWAL
    assert opened(house).article == "art. 102 TRLGDCU"


def test_a_voucher_is_the_shops_courtesy_though_the_law_gives_a_refund(house: JourneyHouse) -> None:
    ana = ana_of(house)
    said = wants(ana, "quiero devolver la cafetera, ya no la quiero, prefiero un vale de la tienda")
    assert said[-2:] == ["return_unused_only", CONFIRM]
    ana.says("sí", "affirm")
    made = opened(house)
    assert (made.basis, made.resolution) == (ReturnBasis.COURTESY, Resolution.STORE_CREDIT)
    assert made.article == "política de devoluciones de la tienda"


def test_what_the_law_takes_back_may_have_been_tried(house: JourneyHouse) -> None:
    ana = ana_of(house)
    said = wants(
        ana, "quiero devolver la cafetera, la he usado una vez, ya no la quiero, reembolso"
    )
    assert said[0] == "withdrawal_opening"
    assert "return_unused_only" not in said


def test_the_shop_takes_back_of_its_own_will_only_what_is_unused(units: SqlUnits) -> None:
    house = house_of(units, "2026-10-20")
    ana = ana_of(house)
    text = "quiero devolver la cafetera, la he usado una vez, ya no la quiero, reembolso"
    assert wants(ana, text) == ["refusal_return_used"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_whether_it_is_still_possible_is_said_once(units: SqlUnits) -> None:
    house = house_of(units, "2026-10-20")
    ana = ana_of(house)
    said = wants(ana, "¿todavía puedo devolver la cafetera?")
    assert said == ["return_possible_until", "question_reason"]
    assert ana.facts["until"] == date(2026, 11, 19)
    assert "return_possible_until" not in ana.says("ya no la quiero")


def test_another_article_named_by_the_way_is_not_taken_for_the_one(house: JourneyHouse) -> None:
    ana = ana_of(house)
    wants(ana, "quiero devolver la cafetera")
    ana.says("ya no la quiero, con la taza de mi madre me basta")
    ana.says("reembolso")
    assert [line.title for line in ana.facts["items"]] == ["Cafetera"]


def test_why_it_goes_back_is_not_what_is_wanted_for_it(house: JourneyHouse) -> None:
    ana = ana_of(house)
    text = "la cafetera no la quiero, quiero mi dinero"
    asked = ana.says(text, "report_wrong_item", order_number="A-1001")
    assert asked == ["question_reason"]  # a mishap and a change of mind: which, only they know
    assert ana.says("me mandaron otra") == ["question_photo"]
    assert "refund_promised" in ana.says("no", "deny")


def test_a_question_what_it_costs_begins_no_other_matter(house: JourneyHouse) -> None:
    ana = house.customer()
    wants(ana, "quiero devolver la cafetera")
    ana.says("¿y eso tiene algún costo para mí?", "ask_compensation")
    assert ana.memory is not None
    assert ana.memory["journey"] == "request_return"
    assert not ana.memory.get("then")


def test_questions_in_between_come_to_an_end(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says("quiero devolver algo", "request_return")
    for _ in range(3):
        assert ana.says("¿a qué hora abren?", "ask_store_info")[-1] == "question_order_number"
    assert ana.says("¿a qué hora abren?", "ask_store_info")[-1] == "journey_left_open"
    assert ana.step is not None
    assert ana.step.offers_person


def test_the_postcode_that_was_taken_for_an_order_is_given_up(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says("quiero devolver algo, 46229", "request_return", order_number="46229")
    assert ana.says("46229", postal_code="46229") == ["question_order_number"]
