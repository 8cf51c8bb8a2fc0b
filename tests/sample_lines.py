"""Lines of orders for tests of rights, and the orders they stand in."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from bot.adapters.policy_files import read_policies
from bot.domain.orders import Order, Shipment, ShipmentStatus, ShippedLine
from bot.domain.policies import Policy
from bot.domain.rights import LineFacts
from tests.sample_orders import a_line, a_shipment, an_address, an_order


@cache
def shipped_policy(country: str) -> Policy:
    """A country's policy as it is shipped."""
    return read_policies().of(country)


def line_facts(delivered_on: date | None, **changes: Any) -> LineFacts:
    """A new article, bought on the day it arrived unless told."""
    facts: dict[str, Any] = {
        "sku": "TAZ-1",
        "category": "hogar",
        "purchased_on": delivered_on or date(2026, 6, 1),
        "delivered_on": delivered_on,
    }
    return LineFacts(**{**facts, **changes})


def instant(text: str) -> datetime:
    """An instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def parcel(delivered: str | None, *skus: str, **changes: Any) -> Shipment:
    """A parcel that arrived at an instant of UTC, or is on its way."""
    facts: dict[str, Any] = {
        "status": ShipmentStatus.DELIVERED if delivered else ShipmentStatus.IN_TRANSIT,
        "delivered_at": instant(delivered) if delivered else None,
        "lines": tuple(ShippedLine(sku, 1) for sku in skus),
    }
    return a_shipment(**{**facts, **changes})


def order_of(
    skus: str,
    *shipments: Shipment,
    country: str = "ES",
    placed: str = "2026-06-01T10:00",
    **changes: Any,
) -> Order:
    """A paid order of one piece of each article."""
    facts: dict[str, Any] = {
        "placed_at": instant(placed),
        "country": country,
        "lines": tuple(map(a_line, skus.split())),
        "shipping_address": an_address(country=country),
        "shipments": shipments,
    }
    return an_order(**{**facts, **changes})
