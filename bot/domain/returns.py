"""Returns: what a customer sends back, why, and what they get for it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.eligibility import (
    AlreadyInReturn,
    CaseNotMovable,
    MoreThanDelivered,
    NotDelivered,
    OrderCancelled,
    ReturnNotCancellable,
)
from bot.domain.money import Money
from bot.domain.orders import Order, OrderStatus


class ReturnStatus(StrEnum):
    """Where a return stands."""

    REQUESTED = "requested"  # the customer asked for it; the shop has not answered
    APPROVED = "approved"  # the customer may send it
    RECEIVED = "received"  # the shop has the articles
    CLOSED = "closed"  # the customer has what they asked for
    DECLINED = "declined"  # the shop said no
    CANCELLED = "cancelled"  # the customer keeps the articles

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen."""
        return bool(_STEPS[self])

    @property
    def holds_units(self) -> bool:
        """Whether its units cannot be in another return."""
        return self not in (ReturnStatus.DECLINED, ReturnStatus.CANCELLED)

    @property
    def leads_to(self) -> tuple["ReturnStatus", ...]:
        """Where a return may stand next."""
        return tuple(status for status in ReturnStatus if status in _STEPS[self])


# A parcel may arrive before anybody approved it, and be refused when it is opened.
_STEPS: dict[ReturnStatus, frozenset[ReturnStatus]] = {
    ReturnStatus.REQUESTED: frozenset(
        {
            ReturnStatus.APPROVED,
            ReturnStatus.RECEIVED,
            ReturnStatus.DECLINED,
            ReturnStatus.CANCELLED,
        }
    ),
    ReturnStatus.APPROVED: frozenset(
        {ReturnStatus.RECEIVED, ReturnStatus.DECLINED, ReturnStatus.CANCELLED}
    ),
    ReturnStatus.RECEIVED: frozenset({ReturnStatus.CLOSED, ReturnStatus.DECLINED}),
    ReturnStatus.CLOSED: frozenset(),
    ReturnStatus.DECLINED: frozenset(),
    ReturnStatus.CANCELLED: frozenset(),
}


class ReturnReason(StrEnum):
    """Why the customer sends it back."""

    CHANGED_MIND = "changed_mind"
    DOES_NOT_FIT = "does_not_fit"
    NOT_AS_EXPECTED = "not_as_expected"
    WRONG_ITEM = "wrong_item"
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    ARRIVED_LATE = "arrived_late"
    OTHER = "other"

    @property
    def is_sellers_fault(self) -> bool:
        """Whether what arrived is not what was sold."""
        return self in (ReturnReason.WRONG_ITEM, ReturnReason.DAMAGED, ReturnReason.DEFECTIVE)


class Resolution(StrEnum):
    """What the customer wants for it."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    STORE_CREDIT = "store_credit"


class ReturnBasis(StrEnum):
    """What entitles the customer to send it back."""

    WITHDRAWAL = "withdrawal"  # desistimiento, retracto: the law asks for no reason
    COURTESY = "courtesy"  # the shop's own policy
    CONFORMITY = "conformity"  # it is not what was sold


@dataclass(frozen=True, slots=True)
class RequestedLine:
    """Units of a line of the order: `position` counts from 0 in `Order.lines`."""

    position: int
    quantity: int
    exchange_for: str | None = None  # the SKU wanted instead


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """What a customer confirmed. `refund` None: the price of the lines, if it is to be refunded."""

    order_number: str
    lines: tuple[RequestedLine, ...]
    reason: ReturnReason
    resolution: Resolution
    basis: ReturnBasis
    return_paid_by: str  # "customer" or "seller"
    article: str = ""  # the law's article, or the name of the shop's policy
    refund: Money | None = None
    refund_due: date | None = None  # the last day on which it must be paid back
    description: str = ""  # in the customer's words
    evidence: tuple[str, ...] = ()  # names of attachments
    instructions: str = ""  # how to send it, where the shop told us


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Units of an article in a return."""

    position: int
    sku: str
    title: str
    quantity: int
    exchange_for: str | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """A return; frozen, a step returns the next one."""

    folio: str
    order_number: str
    status: ReturnStatus
    basis: ReturnBasis
    reason: ReturnReason
    resolution: Resolution
    lines: tuple[ReturnLine, ...]
    opened_at: datetime
    return_paid_by: str
    refund: Money | None = None  # what is to be paid back when the shop has the articles
    refund_due: date | None = None
    article: str = ""
    description: str = ""
    evidence: tuple[str, ...] = ()
    instructions: str = ""

    def can_cancel(self) -> bool:
        """Whether the customer may still keep the articles."""
        return ReturnStatus.CANCELLED in _STEPS[self.status]

    def cancelled(self) -> "Return":
        """The customer keeps the articles.

        Raises:
            ReturnNotCancellable: the shop has them, or the return is over.
        """
        if not self.can_cancel():
            raise ReturnNotCancellable(self.status.value)
        return replace(self, status=ReturnStatus.CANCELLED)

    def approved(self) -> "Return":
        """The customer may send it. Raises `CaseNotMovable`."""
        return self.moved(ReturnStatus.APPROVED)

    def received(self) -> "Return":
        """The shop has the articles. Raises `CaseNotMovable`."""
        return self.moved(ReturnStatus.RECEIVED)

    def closed(self) -> "Return":
        """The customer has what they asked for. Raises `CaseNotMovable`."""
        return self.moved(ReturnStatus.CLOSED)

    def declined(self) -> "Return":
        """The shop says no. Raises `CaseNotMovable`."""
        return self.moved(ReturnStatus.DECLINED)

    def moved(self, to: ReturnStatus) -> "Return":
        """The return one step further.

        Raises:
            CaseNotMovable: no step leads there.
            ReturnNotCancellable: the same, when it was to be cancelled.
        """
        if to is ReturnStatus.CANCELLED:
            return self.cancelled()
        if to not in _STEPS[self.status]:
            raise CaseNotMovable(f"{self.status} → {to}")
        return replace(self, status=to)


def check_returnable(
    order: Order, lines: tuple[RequestedLine, ...], returns: tuple[Return, ...]
) -> None:
    """Make sure that these units have arrived and are in no other return.

    Args:
        returns: Every return of the order so far.

    Raises:
        OrderCancelled, NotDelivered, MoreThanDelivered, AlreadyInReturn.
    """
    if order.status is OrderStatus.CANCELLED:
        raise OrderCancelled(order.number)
    delivered = order.delivered_quantities()
    for line in lines:
        if not delivered[line.position]:
            raise NotDelivered(order.lines[line.position].sku)
        if line.quantity > delivered[line.position]:
            raise MoreThanDelivered(order.lines[line.position].sku)
        holding = [
            (held.folio, inside.quantity)
            for held in returns
            if held.status.holds_units
            for inside in held.lines
            if inside.position == line.position
        ]
        if line.quantity > delivered[line.position] - sum(quantity for _, quantity in holding):
            raise AlreadyInReturn(holding[-1][0])


def returnable_quantities(order: Order, returns: tuple[Return, ...]) -> tuple[int, ...]:
    """How many units of each line may be in a new return, by the line's position."""
    if order.status is OrderStatus.CANCELLED:
        return (0,) * len(order.lines)
    left = list(order.delivered_quantities())
    for held in returns:
        for line in held.lines if held.status.holds_units else ():
            if line.position < len(left):
                left[line.position] -= line.quantity
    return tuple(max(quantity, 0) for quantity in left)
