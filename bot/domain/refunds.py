"""Refunds: money that the shop owes back, and whether it has moved.

Our house opens a refund as `pending`: the shop's payment provider moves the money, and nobody is
told that it moved before the shop says so.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.eligibility import (
    AlreadyCompensated,
    CaseNotMovable,
    MoreThanPaid,
    NotPaid,
    PaidBackUnknown,
)
from bot.domain.money import Money
from bot.domain.orders import Order, PaymentStatus


class RefundStatus(StrEnum):
    """Whether the money moved."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def is_open(self) -> bool:
        """Whether the payment provider has not answered yet."""
        return self is RefundStatus.PENDING

    @property
    def leads_to(self) -> tuple["RefundStatus", ...]:
        """Where a refund may stand next."""
        return (RefundStatus.SUCCEEDED, RefundStatus.FAILED) if self.is_open else ()


class RefundKind(StrEnum):
    """What it is for."""

    RETURN = "return"
    CANCELLATION = "cancellation"
    COMPENSATION = "compensation"
    MISSING_ITEM = "missing_item"
    NOT_RECEIVED = "not_received"
    GUARANTEE = "guarantee"
    BY_SHOP = "by_shop"  # the shop lists it without a reason


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """What is to be paid back. `method` None: as the order was paid."""

    order_number: str
    amount: Money
    kind: RefundKind
    due_on: date | None = None  # the last day on which it must be paid
    method: str | None = None
    return_folio: str | None = None
    reason: str = ""  # a name of ours like `late_delivery`, never the customer's words


class PaymentMeans(StrEnum):
    """Where money goes back to, as far as a shop's name for it tells."""

    PAYPAL = "paypal"
    GIFT_CARD = "gift_card"
    CARD = "card"
    TRANSFER = "transfer"

    @classmethod
    def of(cls, method: str) -> "PaymentMeans | None":
        """The means that a shop's system calls so; None for a name that nobody knows."""
        name = method.casefold().replace("-", "_").replace(" ", "_")
        return _MEANS.get(name)


_MEANS = {
    "paypal": PaymentMeans.PAYPAL,
    "gift_card": PaymentMeans.GIFT_CARD,
    "card": PaymentMeans.CARD,
    "credit_card": PaymentMeans.CARD,
    "debit_card": PaymentMeans.CARD,
    "transfer": PaymentMeans.TRANSFER,
    "bank_transfer": PaymentMeans.TRANSFER,
}


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back. `reference` is empty when only the shop knows it."""

    reference: str
    order_number: str
    amount: Money
    status: RefundStatus
    kind: RefundKind
    method: str
    opened_at: datetime | None
    due_on: date | None = None
    return_folio: str | None = None
    moved_at: datetime | None = None

    def settled(self, *, succeeded: bool, now: datetime) -> "Refund":
        """The payment provider has answered.

        Raises:
            CaseNotMovable: it had answered before.
        """
        if self.status is not RefundStatus.PENDING:
            raise CaseNotMovable(f"refund {self.status}")
        if not succeeded:
            return replace(self, status=RefundStatus.FAILED)
        return replace(self, status=RefundStatus.SUCCEEDED, moved_at=now)


def all_refunds(order: Order, ours: tuple[Refund, ...]) -> tuple[Refund, ...]:
    """Every refund of an order once: ours, then those that only the shop lists.

    A repayment that the shop lists and that has the amount of one of ours is that one, and it
    has moved: the shop says so.
    """
    listed = [payment for payment in order.payments if payment.kind == "refund"]
    told: list[Refund] = []
    for refund in ours:
        match = next(
            (payment for payment in listed if _may_be(refund, payment.amount, payment.at)), None
        )
        if match is not None and refund.status is not RefundStatus.FAILED:
            listed.remove(match)
            moved_at = refund.moved_at or match.at
            told.append(replace(refund, status=RefundStatus.SUCCEEDED, moved_at=moved_at))
        else:
            told.append(refund)
    only_listed = (
        Refund(
            reference="",
            order_number=order.number,
            amount=payment.amount,
            status=RefundStatus.SUCCEEDED,  # what the shop lists as paid back has moved
            kind=RefundKind.BY_SHOP,
            method=payment.method,
            opened_at=payment.at,
            moved_at=payment.at,
        )
        for payment in listed
    )
    return (*told, *only_listed)


def refundable(order: Order, ours: tuple[Refund, ...]) -> Money:
    """What was paid and is neither paid back nor on its way back.

    Raises:
        PaidBackUnknown: the shop does not say how much it has paid back already.
    """
    if order.payment_status is PaymentStatus.REFUNDED:
        return Money(0, order.currency)
    refunds = all_refunds(order, ours)
    if order.payment_status is PaymentStatus.PARTIALLY_REFUNDED and not any(
        refund.status is RefundStatus.SUCCEEDED for refund in refunds
    ):
        raise PaidBackUnknown(order.number)
    back = sum(
        refund.amount.minor for refund in refunds if refund.status is not RefundStatus.FAILED
    )
    return Money(max(order.paid.minor - back, 0), order.currency)


def check_refundable(request: RefundRequest, order: Order, ours: tuple[Refund, ...]) -> None:
    """Make sure that this much may be paid back.

    Args:
        ours: Every refund that our house opened for the order so far.

    Raises:
        NotPaid, MoreThanPaid, PaidBackUnknown.
        AlreadyCompensated: for a second compensation, unless the first one failed.
    """
    compensated = (
        refund
        for refund in ours
        if refund.kind is RefundKind.COMPENSATION and refund.status is not RefundStatus.FAILED
    )
    if request.kind is RefundKind.COMPENSATION and any(compensated):
        raise AlreadyCompensated(order.number)
    if not order.paid.minor:
        raise NotPaid(order.number)
    if request.amount.minor > refundable(order, ours).minor:
        raise MoreThanPaid(f"{request.amount} {request.amount.currency}")


def _may_be(refund: Refund, amount: Money, at: datetime | None) -> bool:
    """Whether a repayment that the shop lists may be one of ours: it cannot be older."""
    if amount != refund.amount:
        return False
    return at is None or refund.opened_at is None or at.date() >= refund.opened_at.date()
