"""One order written out whole, for people and programs of the shop (not for customers)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.claims import Claim
from bot.domain.complaints import Complaint
from bot.domain.errors import OrderNotIdentified
from bot.domain.money import Money
from bot.domain.order_export import written, written_instant
from bot.domain.orders import Order
from bot.domain.refunds import Refund, all_refunds
from bot.domain.returns import Return
from bot.services.order_backend import OrderBackend
from bot.services.ports import Units


class OrderDocument:
    """Shows an order in the shape of the import, with what happened to it since."""

    def __init__(self, units: Units, backend: OrderBackend) -> None:
        self._units = units
        self._backend = backend

    def show(self, number: str) -> dict[str, Any]:
        """Everything known about the order with this number.

        The number may be written as customers write it, as long as it can mean only one order.

        Raises:
            OrderNotIdentified: no order has this number, or several may be meant.
        """
        order = _the_one(self._backend.find_orders(number), number)
        cases = self._backend.cases(order.number)
        with self._units.reading() as unit:
            events = unit.orders.events_of(order.number)
        return {
            **written(order),
            "returns": [_return(one) for one in cases.returns],
            "refunds": [_refund(one) for one in all_refunds(order, cases.refunds)],
            "claims": [_claim(one) for one in cases.claims],
            "complaints": [_complaint(one) for one in cases.complaints],
            "events": list(events),
        }


def _the_one(candidates: tuple[Order, ...], number: str) -> Order:
    exact = [order for order in candidates if order.number == number.strip()]
    found = exact or candidates
    if len(found) != 1:
        raise OrderNotIdentified(f"{len(found)} orders have the number {number!r}")
    return found[0]


def _return(one: Return) -> dict[str, Any]:
    return _given(
        folio=one.folio,
        status=one.status,
        reason=one.reason,
        resolution=one.resolution,
        basis=one.basis,
        lines=[
            _given(sku=line.sku, quantity=line.quantity, exchange_for=line.exchange_for)
            for line in one.lines
        ],
        refund=one.refund,
        refund_due=one.refund_due,
        return_paid_by=one.return_paid_by,
        article=one.article,
        evidence=list(one.evidence),
        opened_at=one.opened_at,
    )


def _refund(one: Refund) -> dict[str, Any]:
    given = _given(
        reference=one.reference,
        amount=one.amount,
        currency=one.amount.currency,
        kind=one.kind if one.reference else None,
        method=one.method,
        status=one.status,
        return_folio=one.return_folio,
        due_on=one.due_on,
        opened_at=one.opened_at if one.reference else None,
    )
    # Always there: null says that the money has not moved, or that nobody says when.
    return given | {"at": written_instant(one.moved_at) if one.moved_at else None}


def _claim(one: Claim) -> dict[str, Any]:
    given = _given(
        folio=one.folio,
        kind=one.kind,
        status=one.status,
        remedy=one.remedy,
        repair=one.repair,
        due_on=one.due_on,
        article=one.article,
        evidence=list(one.evidence),
        earlier=list(one.earlier),
        opened_at=one.opened_at,
    )
    # Always there: none stand for the whole order.
    return given | {"lines": [{"sku": line.sku, "quantity": line.quantity} for line in one.lines]}


def _complaint(one: Complaint) -> dict[str, Any]:
    return _given(
        folio=one.folio,
        kind=one.kind,
        status=one.status,
        due_on=one.due_on,
        official_form=one.official_form,
        opened_at=one.opened_at,
    )


def _given(**fields: Any) -> dict[str, Any]:
    """The fields that hold something, as text."""
    return {name: _text(value) for name, value in fields.items() if value not in (None, "", [])}


def _text(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return written_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Money) else value
