"""What of an order has not arrived yet, and in which parcel it is."""

from dataclasses import dataclass

from bot.domain.orders import Order, OrderLine, OrderStatus, Shipment, ShipmentStatus


@dataclass(frozen=True, slots=True)
class StillToCome:
    """Units of a line that are known to be underway, or to be sent.

    `shipment` is the parcel they are in; None while they have not left.
    """

    position: int
    quantity: int
    shipment: Shipment | None


def still_to_come(order: Order) -> dict[int, StillToCome]:
    """The units that will come without anybody doing anything, by position.

    What the shop will not send any more, of an order that is over, is not among them.
    """
    awaited: dict[int, StillToCome] = {}
    for position, arrived in enumerate(order.delivered_quantities()):
        line = order.lines[position]
        outstanding = line.quantity - arrived
        if not outstanding or order.status is OrderStatus.CANCELLED:
            continue
        shipment = _parcel_of(order, line)
        if shipment is not None or order.status is OrderStatus.OPEN:
            awaited[position] = StillToCome(position, outstanding, shipment)
    return awaited


def _parcel_of(order: Order, line: OrderLine) -> Shipment | None:
    """The parcel under way that holds a line."""
    for shipment in order.shipments:
        under_way = shipment.status.has_left and shipment.status is not ShipmentStatus.DELIVERED
        if under_way and any(each.sku == line.sku for each in shipment.lines):
            return shipment
    return None
