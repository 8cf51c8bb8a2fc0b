"""What went wrong with an order, from its record and not from what anybody says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.claims import Claim, ClaimKind, ClaimStatus
from bot.domain.orders import Order, OrderStatus, Shipment, ShipmentStatus
from bot.domain.policies import CompensationReason
from bot.domain.returns import Return, ReturnReason

_OF_RETURN = {
    ReturnReason.DAMAGED: CompensationReason.DAMAGED,
    ReturnReason.WRONG_ITEM: CompensationReason.WRONG_ITEM,
}
_OF_CLAIM = {
    ClaimKind.MISSING_ITEM: CompensationReason.MISSING_ITEM,
    ClaimKind.NOT_RECEIVED: CompensationReason.NOT_RECEIVED,
}
_NOT_COUNTED = frozenset({ClaimStatus.CANCELLED, ClaimStatus.REJECTED})


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something that the shop may make up for; `days_late` only for a late delivery."""

    reason: CompensationReason
    days_late: int | None = None


def mishaps_of(
    order: Order, returns: Iterable[Return], claims: Iterable[Claim], today: date
) -> tuple[Mishap, ...]:
    """Everything that the record of an order says went wrong, each reason once.

    Args:
        today: The present day where the order was placed.
    """
    if order.status is OrderStatus.CANCELLED:
        return ()
    found: list[Mishap] = []
    late = max((_days_late(order, parcel, today) for parcel in order.shipments), default=0)
    if late > 0:
        found.append(Mishap(CompensationReason.LATE_DELIVERY, late))
    reasons = [
        _OF_RETURN[each.reason]
        for each in returns
        if each.reason in _OF_RETURN and each.status.holds_units
    ]
    reasons += [
        _OF_CLAIM[each.kind]
        for each in claims
        if each.kind in _OF_CLAIM and each.status not in _NOT_COUNTED
    ]
    return (*found, *map(Mishap, dict.fromkeys(reasons)))


def _days_late(order: Order, parcel: Shipment, today: date) -> int:
    """Days from the promised day to the delivery, or to today; 0 when nobody can tell."""
    if parcel.estimated_delivery is None:
        return 0
    promised = parcel.estimated_delivery.astimezone(order.zone).date()
    if parcel.status is ShipmentStatus.DELIVERED:
        if parcel.delivered_at is None:
            return 0
        return (parcel.delivered_at.astimezone(order.zone).date() - promised).days
    if parcel.status is ShipmentStatus.UNKNOWN or order.status is OrderStatus.COMPLETED:
        return 0
    return (today - promised).days
