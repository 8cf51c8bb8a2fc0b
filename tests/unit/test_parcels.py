"""Which parcels are silent, and what of an order is still to come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.orders import OrderStatus, ShipmentEvent, ShipmentStatus, ShippedLine
from bot.domain.parcels import still_to_come
from tests.sample_orders import a_line, a_shipment, an_order

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
THREE_DAYS = timedelta(hours=72)


def at(hours_ago: int, **changes: Any) -> bool:
    """Whether a parcel is silent of which that long ago something was heard."""
    when = NOW - timedelta(hours=hours_ago)
    return a_shipment(shipped_at=when, **changes).is_silent(NOW, THREE_DAYS)


def test_a_parcel_is_silent_once_the_time_has_passed() -> None:
    assert not at(72)
    assert at(73)


def test_the_last_event_counts_before_the_day_it_left() -> None:
    lately = ShipmentEvent(NOW - timedelta(hours=5), ShipmentStatus.IN_TRANSIT)
    assert not at(200, events=(lately,))


@pytest.mark.parametrize(
    "status",
    [ShipmentStatus.DELIVERED, ShipmentStatus.AVAILABLE_FOR_PICKUP, ShipmentStatus.INFO_RECEIVED],
)
def test_what_waits_for_somebody_else_is_not_silent(status: ShipmentStatus) -> None:
    when = NOW - timedelta(days=9)
    assert not a_shipment(status, shipped_at=when).is_silent(NOW, THREE_DAYS)


def test_a_parcel_without_any_day_is_not_called_silent() -> None:
    assert not a_shipment().is_silent(NOW, THREE_DAYS)


def parcel(status: ShipmentStatus, sku: str, quantity: int) -> Any:
    return a_shipment(status, lines=(ShippedLine(sku, quantity),))


ARRIVED = parcel(ShipmentStatus.DELIVERED, "CAF-1", 1)
TWO_LINES = (a_line("CAF-1"), a_line("TAZ-1", 2))


def test_what_travels_is_still_to_come_in_its_parcel() -> None:
    travelling = parcel(ShipmentStatus.IN_TRANSIT, "TAZ-1", 2)
    coming = still_to_come(an_order(lines=TWO_LINES, shipments=(ARRIVED, travelling)))
    assert {place: (each.quantity, each.shipment) for place, each in coming.items()} == {
        1: (2, travelling)
    }


def test_what_has_not_left_is_still_to_come_without_a_parcel() -> None:
    (coming,) = still_to_come(an_order(lines=TWO_LINES, shipments=(ARRIVED,))).values()
    assert (coming.position, coming.quantity, coming.shipment) == (1, 2, None)


def test_of_an_order_that_is_over_nothing_more_comes() -> None:
    order = an_order(lines=TWO_LINES, shipments=(ARRIVED,), status=OrderStatus.COMPLETED)
    assert still_to_come(order) == {}
