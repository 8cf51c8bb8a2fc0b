"""Where an order stands, as it may be told to its owner."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.orders import Order, OrderLine, Progress, Shipment, ShipmentEvent, ShipmentStatus


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as it may be told to its owner; every absent value is unknown to the backend."""

    number: str
    placed_at: datetime
    country: str
    progress: Progress
    lines: tuple[OrderLine, ...]
    shipped_lines: tuple[OrderLine, ...]
    delivered_lines: tuple[OrderLine, ...]
    pending_lines: tuple[OrderLine, ...]
    carrier: str | None
    tracking_number: str | None
    estimated_delivery: datetime | None
    delivered_at: datetime | None
    last_event: ShipmentEvent | None
    refunded_minor: int
    currency: str


def summarise(order: Order, now: datetime) -> OrderSummary:
    """What may be told of an order to its owner."""
    shipment = order.current_shipment(now)
    delivered = [s for s in order.shipments if s.status is ShipmentStatus.DELIVERED]
    return OrderSummary(
        number=order.number,
        placed_at=order.placed_at.astimezone(order.zone),
        country=order.country,
        progress=order.progress(now),
        lines=order.lines,
        shipped_lines=_inside(order, shipment) if shipment else (),
        delivered_lines=tuple(line for s in delivered for line in _inside(order, s)),
        pending_lines=_pending(order),
        carrier=shipment.carrier if shipment else None,
        tracking_number=shipment.tracking_number if shipment else None,
        estimated_delivery=_local(shipment.estimated_delivery if shipment else None, order),
        delivered_at=_local(shipment.delivered_at if shipment else None, order),
        last_event=shipment.events[-1] if shipment and shipment.events else None,
        refunded_minor=order.refunded.minor,
        currency=order.currency,
    )


def _inside(order: Order, shipment: Shipment) -> tuple[OrderLine, ...]:
    """The lines inside a parcel, with as many units as it says."""
    units = {line.sku: line.quantity for line in shipment.lines}
    return tuple(
        replace(line, quantity=min(line.quantity, units.get(line.sku, line.quantity)))
        for line in order.lines_of(shipment)
    )


def _pending(order: Order) -> tuple[OrderLine, ...]:
    """Lines that have not arrived: not shipped yet, or on their way in another parcel."""
    underway = [s for s in order.shipments if s.status is not ShipmentStatus.DELIVERED]
    travelling = [line for s in underway if s.lines for line in _inside(order, s)]
    some_arrived = len(underway) < len(order.shipments)
    pending = [*(travelling if some_arrived else []), *order.lines_not_shipped()]
    return tuple(line for place, line in enumerate(pending) if line not in pending[:place])


def _local(instant: datetime | None, order: Order) -> datetime | None:
    return instant.astimezone(order.zone) if instant else None
