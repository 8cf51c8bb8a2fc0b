"""By when the shop must pay, answer or deliver, and what it gives of its own will."""

from datetime import date
from enum import StrEnum

from bot.domain.money import Money
from bot.domain.orders import Condition
from bot.domain.policies import CompensationReason, Policy, Term


class RightKind(StrEnum):
    """What a customer may invoke."""

    WITHDRAWAL = "withdrawal"  # desistimiento, retracto, revocación: no reason needed
    COURTESY = "courtesy"  # the shop takes it back of its own will
    GUARANTEE = "guarantee"  # it does not conform


def refund_due(
    policy: Policy,
    kind: RightKind,
    started_on: date,
    region: str | None,
    *,
    purchased_on: date | None = None,
    condition: Condition = Condition.NEW,
) -> date:
    """The last day on which the money must be paid back.

    Args:
        policy: The rules of the order's country.
        kind: The right by which the money goes back.
        started_on: The day the customer said so.
        region: Where business days count.
        purchased_on: Chooses among dated rules; the day of `started_on` when not given.
        condition: Of the goods, for the guarantee.

    Returns:
        Where the law sets no term, the shop's own promise.
    """
    day = purchased_on or started_on
    by_law: Term | None = None
    if kind is RightKind.WITHDRAWAL and (withdrawal := policy.withdrawal_on(day)):
        by_law = withdrawal.refund_within
    elif kind is RightKind.GUARANTEE and (guarantee := policy.guarantee_on(day, condition)):
        by_law = guarantee.refund_within
    term = by_law or policy.courtesy.refund_within
    return term.after(started_on, policy.calendar(region))


def complaint_due(policy: Policy, opened_on: date, region: str | None) -> date:
    """The last day on which a complaint must be answered; a region may ask for an earlier one."""
    calendar = policy.calendar(region)
    due = policy.complaint.answer_within.after(opened_on, calendar)
    form = policy.official_form(region)
    if form is None or form.answer_within is None:
        return due
    return min(due, form.answer_within.after(opened_on, calendar))


def enquiry_due(policy: Policy, opened_on: date, region: str | None) -> date:
    """The last day on which the shop tells what the carrier answered."""
    return policy.carrier_enquiry.answer_within.after(opened_on, policy.calendar(region))


def delivery_due(policy: Policy, purchased_on: date, region: str | None) -> date | None:
    """The last day on which goods must arrive when no day was agreed; None where no law says it."""
    within = policy.delivery.within
    return within.after(purchased_on, policy.calendar(region)) if within else None


def compensation_for(
    policy: Policy, reason: CompensationReason, order_total: Money, days_late: int | None
) -> Money | None:
    """What the shop gives for a mishap, once for an order.

    Args:
        policy: The rules of the order's country.
        reason: What happened.
        order_total: What the lines cost together.
        days_late: Days since the promised one; None when no day was promised.

    Returns:
        None when the shop promises nothing for this: a person decides.
    """
    rule = policy.compensation
    promise, most = rule.by_reason.get(reason), rule.maximum.get(order_total.currency)
    if promise is None or most is None:
        return None
    least = promise.minimum_days_late
    if least is not None and (days_late is None or days_late < least):
        return None
    share = Money.parse(order_total.amount * promise.percent / 100, order_total.currency)
    given = min(share.minor, most.minor)
    return Money(given, order_total.currency) if given > 0 else None
