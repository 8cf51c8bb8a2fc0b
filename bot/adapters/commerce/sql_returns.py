"""Returns in the SQL backend: opened, moved on, cancelled, with what they set aside."""

from dataclasses import replace

from bot.adapters.commerce.sql_ledger import Confirmation, SqlLedger, Work
from bot.adapters.commerce.sql_money import open_refund, still_refundable
from bot.adapters.database.unit_of_work import SqlUnitOfWork
from bot.domain.eligibility import CaseNotMovable, NotAVariant, OutOfStock, PaidBackUnknown
from bot.domain.folios import FolioPrefix
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.refunds import RefundKind, RefundRequest, RefundStatus
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    Return,
    ReturnLine,
    ReturnRequest,
    ReturnStatus,
    check_returnable,
)
from bot.services.order_backend import Actor, Invalid


class SqlReturns(SqlLedger):
    """See `bot.services.order_backend.OrderBackend`."""

    def start_return(self, request: ReturnRequest, key: str, by: Actor) -> Return:
        """Open a return; what is wanted in exchange is set aside."""

        def do(work: Work) -> str:
            _check_shape(request, work.order)
            cases = work.cases.of_order(work.order.number)
            check_returnable(work.order, request.lines, cases.returns)
            set_aside = _set_aside(work, request.lines)
            opened = Return(
                folio=work.folio(FolioPrefix.RETURN),
                order_number=work.order.number,
                status=ReturnStatus.REQUESTED,
                basis=request.basis,
                reason=request.reason,
                resolution=request.resolution,
                lines=tuple(_line(work.order, line) for line in request.lines),
                opened_at=work.now,
                return_paid_by=request.return_paid_by,
                refund=_refund_expected(work, request),
                refund_due=request.refund_due,
                article=request.article,
                description=request.description,
                evidence=request.evidence,
                instructions=request.instructions,
            )
            work.cases.add_return(work.id, opened, work.order.currency, set_aside)
            work.note(
                "return_requested",
                folio=opened.folio,
                reason=opened.reason.value,
                resolution=opened.resolution.value,
                basis=opened.basis.value,
                article=opened.article,
                lines=[{"sku": line.sku, "quantity": line.quantity} for line in opened.lines],
            )
            return opened.folio

        confirmation = Confirmation(key, "start_return", (request,), by)
        return self._once(confirmation, request.order_number, do, _read)

    def cancel_return(self, folio: str, key: str, by: Actor) -> Return:
        """Cancel a return; what was set aside is free again."""
        return self._move_return(
            folio, ReturnStatus.CANCELLED, Confirmation(key, "cancel_return", (), by)
        )

    def move_return(self, folio: str, to: ReturnStatus, key: str, by: Actor) -> Return:
        """Approve, receive, close or decline a return."""
        return self._move_return(folio, to, Confirmation(key, "move_return", (to,), by))

    def _move_return(self, folio: str, to: ReturnStatus, confirmation: Confirmation) -> Return:
        found = self._case(folio)
        if not isinstance(found.case, Return):
            raise Invalid(f"{found.case.folio} is not a return")
        folio = found.case.folio

        def do(work: Work) -> str:
            before = next(
                one for one in work.cases.of_order(work.order.number).returns if one.folio == folio
            )
            after = before.moved(to)
            if not after.status.holds_units:
                work.cases.give_back(folio)
            if to is ReturnStatus.DECLINED:
                _withdraw_refund(work, before)
            work.cases.save(after)
            work.note(f"return_{to.value}", folio=folio)
            if to is ReturnStatus.RECEIVED and after.refund is not None:
                _open_refund(work, after, after.refund)
            return folio

        named = replace(confirmation, request=(folio, *confirmation.request))
        return self._once(named, found.order_number, do, _read)


def _read(unit: SqlUnitOfWork, folio: str) -> Return:
    found = unit.cases.find(folio)
    assert found is not None  # the ledger names what was made
    assert isinstance(found.case, Return)
    return found.case


def _check_shape(request: ReturnRequest, order: Order) -> None:
    positions = [line.position for line in request.lines]
    if not positions or len(positions) != len(set(positions)):
        raise Invalid("a return has lines, each once")
    if any(not 0 <= position < len(order.lines) for position in positions):
        raise Invalid("the order has no such line")
    if any(line.quantity < 1 for line in request.lines):
        raise Invalid("a line has at least one unit")
    wanted = [line.exchange_for for line in request.lines if line.exchange_for]
    if (request.resolution is Resolution.EXCHANGE) != bool(wanted):
        raise Invalid("an exchange, and nothing else, names what is wanted")
    if request.refund is not None and request.refund.currency != order.currency:
        raise Invalid("the refund is in another currency")


def _line(order: Order, line: RequestedLine) -> ReturnLine:
    ordered = order.lines[line.position]
    return ReturnLine(line.position, ordered.sku, ordered.title, line.quantity, line.exchange_for)


def _set_aside(work: Work, lines: tuple[RequestedLine, ...]) -> frozenset[int]:
    """Take what is wanted in exchange out of the stock; the positions where the shop counts it."""
    wanted = sorted(
        ((line.exchange_for, line) for line in lines if line.exchange_for),
        key=lambda one: one[0],  # everybody in the same order: nobody waits in a circle
    )
    known = work.cases.products(
        {sku for sku, _ in wanted} | {work.order.lines[line.position].sku for _, line in wanted}
    )
    taken: set[int] = set()
    for sku, line in wanted:
        ordered = work.order.lines[line.position].sku
        if sku not in known or known[sku].title != known[ordered].title:
            raise NotAVariant(sku)
        enough = work.cases.set_aside(sku, line.quantity)
        if enough is False:
            raise OutOfStock(sku)
        if enough:
            taken.add(line.position)
    return frozenset(taken)


def _refund_expected(work: Work, request: ReturnRequest) -> Money | None:
    """What is to be paid back when the articles arrive: never more than there is to pay back.

    A right to send something back does not depend on the money: where the shop does not say what
    it has paid back already, or nothing was paid, the return has no amount.
    """
    if request.resolution is not Resolution.REFUND:
        return None
    prices = (work.order.lines[line.position].unit_price * line.quantity for line in request.lines)
    amount = request.refund or sum(prices, Money(0, work.order.currency))
    try:
        left = still_refundable(work).minor
    except PaidBackUnknown:
        return None
    expected = min(amount.minor, left)
    return Money(expected, work.order.currency) if expected > 0 else None


def _open_refund(work: Work, received: Return, amount: Money) -> None:
    try:
        left = still_refundable(work, besides=received.folio).minor
    except PaidBackUnknown:
        return  # a person has to look; the return says what was expected
    if left <= 0:
        return
    open_refund(
        work,
        RefundRequest(
            order_number=work.order.number,
            amount=Money(min(amount.minor, left), amount.currency),
            kind=RefundKind.RETURN,
            due_on=received.refund_due,
            return_folio=received.folio,
        ),
    )


def _withdraw_refund(work: Work, declined: Return) -> None:
    """Stop the refund of a return that was refused on arrival.

    Raises:
        CaseNotMovable: the money has moved.
    """
    for refund in work.cases.of_order(work.order.number).refunds:
        if refund.return_folio != declined.folio or refund.status is RefundStatus.FAILED:
            continue
        if refund.status is RefundStatus.SUCCEEDED:
            raise CaseNotMovable(f"{refund.reference} succeeded")
        work.cases.save_refund(refund.settled(succeeded=False, now=work.now))
        work.note(
            "refund_withdrawn",
            reference=refund.reference,
            folio=declined.folio,
        )
