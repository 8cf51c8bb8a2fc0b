"""Compensation: given for what the record says, by the shop's promise, once for an order."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.claims import ClaimedLine, ClaimKind, ClaimRequest, Remedy
from bot.domain.mishaps import Mishap, mishaps_of
from bot.domain.money import Money
from bot.domain.orders import OrderStatus, ShipmentStatus
from bot.domain.policies import CompensationReason
from bot.domain.refunds import Refund, RefundKind, RefundStatus
from bot.services.order_backend import Actor
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import a_shipment, an_order, sample_document

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)  # five days after the promised one
ANA = "ana.gil@example.com"
TENTH = Money.parse("9.89", "EUR")  # of 98.90

Build = Callable[..., JourneyHouse]


@pytest.fixture
def build(units: SqlUnits) -> Build:
    """A shop in which Ana's parcel changed like this."""

    def of(now: datetime = NOW, **parcel: Any) -> JourneyHouse:
        document = sample_document()
        document["orders"][0]["shipments"][0].update(parcel)
        return JourneyHouse(units, FixedClock(now), document)

    return of


def asks(house: JourneyHouse, customer: Customer) -> list[str]:
    words = "me compensáis por mi pedido A-1001?"
    return customer.says(words, "ask_compensation", order_number="A-1001", email=ANA)


def refunds(house: JourneyHouse) -> tuple[Refund, ...]:
    return house.backend.cases("A-1001").refunds


def test_a_late_parcel_is_made_up_for_by_the_shops_promise(build: Build) -> None:
    house = build()
    ana = house.customer()
    summary = asks(house, ana)
    assert summary == ["compensation_summary", "compensation_due", "question_confirmation"]
    assert ana.facts["amount"] == TENTH
    assert ana.facts["reason"] is CompensationReason.LATE_DELIVERY
    assert ana.presses("affirm") == ["compensation_agreed", "compensation_due"]
    (refund,) = refunds(house)
    assert (refund.amount, refund.kind) == (TENTH, RefundKind.COMPENSATION)


def test_the_money_has_not_moved_by_being_promised(build: Build) -> None:
    house = build()
    ana = house.customer()
    asks(house, ana)
    ana.presses("affirm")
    assert refunds(house)[0].status is RefundStatus.PENDING


def test_a_no_opens_nothing(build: Build) -> None:
    house = build()
    ana = house.customer()
    asks(house, ana)
    assert ana.presses("deny") == ["question_change"]
    assert refunds(house) == ()


def test_the_same_yes_twice_opens_one_refund(build: Build) -> None:
    house = build()
    ana = house.customer()
    asks(house, ana)
    before = ana.memory
    first = ana.presses("affirm")
    ana.memory = before
    assert ana.presses("affirm") == first
    assert len(refunds(house)) == 1


def test_an_order_is_made_up_for_once(build: Build) -> None:
    house = build()
    ana = house.customer()
    asks(house, ana)
    ana.presses("affirm")
    assert asks(house, ana) == ["compensation_given_before", "compensation_due"]
    assert len(refunds(house)) == 1


def test_two_conversations_at_once_get_one_compensation(build: Build) -> None:
    house = build()
    one, other = house.customer(), house.customer()
    asks(house, one)
    asks(house, other)
    one.presses("affirm")
    assert other.presses("affirm") == ["refusal_already_compensated"]


def test_whoever_waited_less_than_the_promise_says_is_told_how_long(build: Build) -> None:
    house = build(now=datetime(2026, 11, 7, 12, tzinfo=UTC))
    ana = house.customer()
    assert asks(house, ana) == ["compensation_too_few_days"]
    assert (ana.facts["days"].amount, ana.facts["least"].amount) == (2, 3)
    assert ana.step is not None
    assert ana.step.offers_person


def test_where_nothing_went_wrong_a_person_may_make_an_exception(build: Build) -> None:
    house = build(estimated_delivery="2026-11-20T19:00:00Z")
    ana = house.customer()
    assert asks(house, ana) == ["compensation_nothing_recorded", "arrival_expected"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_what_is_missing_from_the_parcel_counts_when_it_was_reported(build: Build) -> None:
    house = build(estimated_delivery="2026-11-20T19:00:00Z")
    request = ClaimRequest(
        order_number="A-1001",
        kind=ClaimKind.MISSING_ITEM,
        lines=(ClaimedLine(1, 2),),
        remedy=Remedy.REFUND,
        description="",
    )
    house.backend.open_claim(request, "k1", Actor.customer("c1"))
    ana = house.customer()
    asks(house, ana)
    assert ana.facts["reason"] is CompensationReason.MISSING_ITEM


def test_nobody_is_told_of_somebody_elses_order(build: Build) -> None:
    house = build()
    luis = house.customer()
    words = "me compensáis por mi pedido?"
    says = luis.says(words, "ask_compensation", order_number="A-1001", email="luis@example.com")
    assert says[0] == "refusal_order_not_identified"


# --- what the record says ------------------------------------------------------------------------

PROMISED = datetime(2026, 11, 5, 19, tzinfo=UTC)


def test_a_parcel_that_came_late_is_late_for_ever() -> None:
    came = datetime(2026, 11, 9, 12, tzinfo=UTC)
    parcel = a_shipment(ShipmentStatus.DELIVERED, estimated_delivery=PROMISED, delivered_at=came)
    late = mishaps_of(an_order(shipments=(parcel,)), (), (), NOW.date())
    assert late == (Mishap(CompensationReason.LATE_DELIVERY, 4),)


def test_a_delivery_without_a_day_is_not_called_late() -> None:
    parcel = a_shipment(ShipmentStatus.DELIVERED, estimated_delivery=PROMISED)
    assert mishaps_of(an_order(shipments=(parcel,)), (), (), NOW.date()) == ()


def test_a_cancelled_order_is_not_late() -> None:
    parcel = a_shipment(estimated_delivery=PROMISED)
    order = an_order(shipments=(parcel,), status=OrderStatus.CANCELLED)
    assert mishaps_of(order, (), (), NOW.date()) == ()
