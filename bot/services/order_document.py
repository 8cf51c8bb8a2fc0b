"""One order written out whole, for people and programs of the shop (not for customers)."""

from typing import Any

from bot.domain.errors import OrderNotIdentified
from bot.domain.order_export import written, written_instant
from bot.domain.order_import import PaymentKind
from bot.domain.orders import Order, Payment
from bot.services.ports import Units


class OrderDocument:
    """Shows an order in the shape of the import, with what happened to it since."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def show(self, number: str) -> dict[str, Any]:
        """Everything known about the order with this number.

        The number may be written as customers write it, as long as it can mean only one order.

        Raises:
            OrderNotIdentified: no order has this number, or several may be meant.
        """
        with self._units.reading() as unit:
            order = _the_one(unit.orders.by_number(number), number)
            events = unit.orders.events_of(order.number)
        return {
            **written(order),
            "returns": [],
            "refunds": [_refund(payment) for payment in _refunds(order)],
            "claims": [],
            "complaints": [],
            "events": list(events),
        }


def _the_one(candidates: tuple[Order, ...], number: str) -> Order:
    exact = [order for order in candidates if order.number == number.strip()]
    found = exact or candidates
    if len(found) != 1:
        raise OrderNotIdentified(f"{len(found)} orders have the number {number!r}")
    return found[0]


def _refunds(order: Order) -> list[Payment]:
    return [payment for payment in order.payments if payment.kind == PaymentKind.REFUND.value]


def _refund(payment: Payment) -> dict[str, Any]:
    return {
        "amount": str(payment.amount),
        "currency": payment.amount.currency,
        "method": payment.method,
        "at": written_instant(payment.at) if payment.at else None,
        # Money that the backend lists as paid back has moved.
        "status": "succeeded",
    }
