"""The shop of the evaluation does not age: its dates are moved to the present day."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.orders import zone_of

# The day on which every parcel, window and delay of `tests/data/retail_orders.json` is as its
# tasks and dialogues say.
DAY_OF_THE_ORDERS = date(2026, 11, 22)


def moved_to_the_present(document: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A document of orders in which everything is as long ago as it was on its own day.

    Days are counted on the clock of each order's country, so that neither the hour nor a change
    to summer time moves a date across midnight.

    Args:
        document: What `posventa orders import` reads; it is left as it is.
        now: The present instant, aware.
    """
    return {**document, "orders": [_moved_order(order, now) for order in document["orders"]]}


def _moved_order(order: dict[str, Any], now: datetime) -> dict[str, Any]:
    zone = zone_of(order["country"])
    days = (now.astimezone(zone).date() - DAY_OF_THE_ORDERS).days
    moved: dict[str, Any] = _moved(order, zone, timedelta(days=days)) if days else order
    return moved


def _moved(value: Any, zone: ZoneInfo, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {
            key: _moved_instant(each, zone, by)
            if _is_instant(key, each)
            else _moved(each, zone, by)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_moved(each, zone, by) for each in value]
    return value


def _is_instant(key: str, value: object) -> bool:
    names_one = key == "at" or key.endswith("_at") or key == "estimated_delivery"
    return names_one and isinstance(value, str)


def _moved_instant(text: str, zone: ZoneInfo, by: timedelta) -> str:
    # Adding to a local time keeps its hour, whatever the clocks do in between.
    return (datetime.fromisoformat(text).astimezone(zone) + by).isoformat()
