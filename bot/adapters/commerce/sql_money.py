"""Orders stopped and redirected, and money owed back, in the SQL backend."""

import re
from dataclasses import replace
from datetime import date

from bot.adapters.commerce.sql_ledger import Confirmation, SqlLedger, Work
from bot.adapters.database.unit_of_work import SqlUnitOfWork
from bot.domain.folios import FolioPrefix
from bot.domain.money import Money
from bot.domain.order_export import changes
from bot.domain.orders import Address, Order, OrderStatus, Payment, PaymentStatus
from bot.domain.refunds import (
    Refund,
    RefundKind,
    RefundRequest,
    RefundStatus,
    all_refunds,
    check_refundable,
    refundable,
)
from bot.domain.returns import ReturnStatus
from bot.services.order_backend import Actor, Cancellation, Invalid, NotFound

# A payment that the shop's file lists has a method; so has a repayment.
METHOD_UNKNOWN = "unknown"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class SqlMoney(SqlLedger):
    """See `bot.services.order_backend.OrderBackend`."""

    def cancel_order(
        self, number: str, reason: str, refund_due: date | None, key: str, by: Actor
    ) -> Cancellation:
        """Cancel an order of which nothing has left, and open the refund of what was paid."""
        _check_name(reason)

        def do(work: Work) -> str:
            work.order.check_not_begun()
            owed = refundable(work.order, work.cases.of_order(number).refunds)
            work.cases.save_order(work.id, replace(work.order, status=OrderStatus.CANCELLED))
            work.note("order_cancelled", reason=reason)
            if not owed.minor:
                return ""
            request = RefundRequest(number, owed, RefundKind.CANCELLATION, refund_due)
            return open_refund(work, request).reference

        def read(unit: SqlUnitOfWork, reference: str) -> Cancellation:
            refund = unit.cases.refund(reference) if reference else None
            return Cancellation(_order(unit, number), refund)

        confirmation = Confirmation(key, "cancel_order", (number, reason, refund_due), by)
        return self._once(confirmation, number, do, read)

    def change_address(self, number: str, address: Address, key: str, by: Actor) -> Order:
        """Send an order of which nothing has left somewhere else."""

        def do(work: Work) -> str:
            work.order.check_not_begun()
            after = replace(work.order, shipping_address=address)
            work.cases.save_order(work.id, after)
            work.note("address_changed", changed=changes(work.order, after))
            return number

        confirmation = Confirmation(key, "change_address", (number, address), by)
        return self._once(confirmation, number, do, _order)

    def refund(self, request: RefundRequest, key: str, by: Actor) -> Refund:
        """Open a refund; the money has not moved yet."""
        _check_name(request.reason or "none")
        if request.amount.minor <= 0:
            raise Invalid("a refund is of more than nothing")

        def do(work: Work) -> str:
            if request.amount.currency != work.order.currency:
                raise Invalid("the refund is in another currency")
            check_refundable(request, work.order, work.cases.of_order(work.order.number).refunds)
            return open_refund(work, request).reference

        confirmation = Confirmation(key, "refund", (request,), by)
        return self._once(confirmation, request.order_number, do, _refund)

    def settle_refund(self, reference: str, key: str, by: Actor, *, succeeded: bool) -> Refund:
        """Note whether the money moved."""
        with self._units.reading() as unit:
            known = unit.cases.refund(reference)
        if known is None:
            raise NotFound(reference)

        def do(work: Work) -> str:
            ours = work.cases.of_order(work.order.number).refunds
            settled = next(one for one in ours if one.reference == reference).settled(
                succeeded=succeeded, now=work.now
            )
            work.cases.save_refund(settled)
            work.note(f"refund_{settled.status.value}", reference=reference)
            if succeeded:
                _list_as_paid_back(work, settled, ours)
            return reference

        confirmation = Confirmation(key, "settle_refund", (reference, succeeded), by)
        return self._once(confirmation, known.order_number, do, _refund)


def open_refund(work: Work, request: RefundRequest) -> Refund:
    """Note that money is owed back; whether it may be, the caller has made sure."""
    opened = Refund(
        reference=work.folio(FolioPrefix.REFUND),
        order_number=work.order.number,
        amount=request.amount,
        status=RefundStatus.PENDING,
        kind=request.kind,
        method=request.method or work.order.paid_with,
        opened_at=work.now,
        due_on=request.due_on,
        return_folio=request.return_folio,
    )
    work.cases.add_refund(work.id, opened)
    work.note(
        "refund_opened",
        reference=opened.reference,
        amount=str(opened.amount),
        currency=opened.amount.currency,
        kind=opened.kind.value,
        reason=request.reason,
        folio=opened.return_folio,
        due_on=opened.due_on.isoformat() if opened.due_on else None,
    )
    return opened


def still_refundable(work: Work, besides: str | None = None) -> Money:
    """What may be paid back beyond what other returns on their way are to be paid.

    Args:
        besides: The folio of the return that it is asked for.

    Raises:
        PaidBackUnknown.
    """
    cases = work.cases.of_order(work.order.number)
    promised = sum(
        one.refund.minor
        for one in cases.returns
        if one.refund is not None
        and one.folio != besides
        and one.status in (ReturnStatus.REQUESTED, ReturnStatus.APPROVED)
    )
    left = refundable(work.order, cases.refunds).minor - promised
    return Money(max(left, 0), work.order.currency)


def _list_as_paid_back(work: Work, settled: Refund, ours: tuple[Refund, ...]) -> None:
    """Write the repayment where the shop writes its own, unless it has done so already."""
    told = {one.reference: one.status for one in all_refunds(work.order, ours) if one.reference}
    order = work.order
    if told[settled.reference] is RefundStatus.PENDING:
        method = settled.method or METHOD_UNKNOWN
        payment = Payment(method, settled.amount, "refund", settled.moved_at)
        order = replace(order, payments=(*order.payments, payment))
    whole = order.refunded.minor >= order.paid.minor
    status = PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    work.cases.save_order(work.id, replace(order, payment_status=status))


def _order(unit: SqlUnitOfWork, number: str) -> Order:
    return next(order for order in unit.orders.by_number(number) if order.number == number)


def _refund(unit: SqlUnitOfWork, reference: str) -> Refund:
    found = unit.cases.refund(reference)
    assert found is not None  # the ledger names what was made
    return found


def _check_name(reason: str) -> None:
    """Reasons are kept in the order's history, where no words of a customer belong."""
    if not _NAME.fullmatch(reason):
        raise Invalid(f"a reason is a name like changed_mind, not {reason!a}")
