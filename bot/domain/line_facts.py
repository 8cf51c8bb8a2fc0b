"""What the engine of rights needs to know of a line of an order, and how it is read from one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.business_days import region_of
from bot.domain.orders import (
    Condition,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    Product,
    Shipment,
    ShipmentStatus,
)

_PAID = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of an order as far as rights depend on it; days are the customer's.

    `delivered_on` is the day this line (the last part of it) arrived; `order_delivered_on` the day
    the last good of the whole order did, None while `parts_outstanding`. `delivery_unknown`: it
    may have arrived, and nobody says when. `warranty_months` is the shop's own promise.
    """

    sku: str
    category: str
    purchased_on: date
    delivered_on: date | None
    condition: Condition = Condition.NEW
    returnable: bool = True
    warranty_months: int | None = None
    region: str | None = None
    digital_opened: bool = False
    cancelled: bool = False
    order_delivered_on: date | None = None
    parts_outstanding: bool = False
    delivery_unknown: bool = False

    @property
    def withdrawal_starts_on(self) -> date | None:
        """The day from which a withdrawal's term counts: the receipt of the order's last good."""
        if self.delivered_on is None or self.parts_outstanding:
            return None
        return max(self.delivered_on, self.order_delivered_on or self.delivered_on)


def facts_of(
    order: Order,
    line_index: int,
    product: Product | None,
    catalogue: Mapping[str, Product] | None = None,
    *,
    digital_opened: bool = False,
) -> LineFacts:
    """What is known of a line of an order.

    Args:
        order: The order as the backend tells it.
        line_index: The place of the line among `order.lines`.
        product: The line's article; None when the catalogue does not have it.
        catalogue: The order's other articles by sku, to know which need no delivery.
        digital_opened: Whether a digital article was opened or its download begun.

    Raises:
        IndexError: the order has no such line.
    """
    line = order.lines[line_index]
    purchased_on = order.placed_at.astimezone(order.zone).date()
    condition = product.condition if product else Condition.NEW
    digital = {s for s, p in (catalogue or {}).items() if p.condition is Condition.DIGITAL}
    holding = _holding(order, line)
    if condition is Condition.DIGITAL and not any(shipment.lines for shipment in holding):
        # Supplied without a parcel: the contract is what its days count from (art. 104 TRLGDCU).
        delivered_on = purchased_on if order.payment_status in _PAID else None
        last, outstanding, unknown = delivered_on, False, False
    else:
        delivered_on = _last_delivery(order, holding)
        outstanding = _parts_outstanding(order, digital)
        last = None if outstanding else _last_delivery(order, list(order.shipments))
        unknown = delivered_on is None and _may_have_arrived(order, holding)
    return LineFacts(
        sku=line.sku,
        category=product.category if product else "",
        purchased_on=purchased_on,
        delivered_on=delivered_on,
        condition=condition,
        returnable=product.returnable if product else True,
        warranty_months=product.warranty_months if product else None,
        region=region_of(order.shipping_address),
        digital_opened=digital_opened,
        cancelled=order.status is OrderStatus.CANCELLED,
        order_delivered_on=last,
        parts_outstanding=outstanding,
        delivery_unknown=unknown,
    )


def _holding(order: Order, line: OrderLine) -> list[Shipment]:
    """The shipments that hold a line; those that do not say what is inside, when none says so."""
    named = [s for s in order.shipments if s.lines and line in order.lines_of(s)]
    return named or [s for s in order.shipments if not s.lines]


def _delivery_day(order: Order, shipment: Shipment) -> date | None:
    if shipment.status is not ShipmentStatus.DELIVERED:
        return None
    reported = [e.at for e in shipment.events if e.status is ShipmentStatus.DELIVERED]
    delivered_at = shipment.delivered_at or max(reported, default=None)
    return delivered_at.astimezone(order.zone).date() if delivered_at else None


def _last_delivery(order: Order, shipments: list[Shipment]) -> date | None:
    """The last day on which one of these arrived.

    None when nothing arrived, when a delivery has no day, and when parcels do not say what is
    inside and only some of them have arrived.
    """
    delivered = [s for s in shipments if s.status is ShipmentStatus.DELIVERED]
    days = [day for s in delivered if (day := _delivery_day(order, s)) is not None]
    if len(days) < len(delivered):
        return None
    if len(delivered) < len(shipments) and any(not s.lines for s in shipments):
        return None
    return max(days, default=None)


def _parts_outstanding(order: Order, digital: set[str]) -> bool:
    """Whether something of the order is still to come, as far as the backend tells."""
    if any(s.status is not ShipmentStatus.DELIVERED for s in order.shipments):
        return True
    if order.status is not OrderStatus.OPEN:  # what did not leave will not come
        return False
    return any(line.sku not in digital for line in order.lines_not_shipped())


def _may_have_arrived(order: Order, holding: list[Shipment]) -> bool:
    """Whether a line without a day of delivery may be with the customer all the same."""
    if order.status is OrderStatus.COMPLETED:
        return True
    # Delivered without a day; by a carrier that tells nothing; one of several sealed parcels.
    unknown = (ShipmentStatus.DELIVERED, ShipmentStatus.UNKNOWN)
    return any(shipment.status in unknown for shipment in holding)
