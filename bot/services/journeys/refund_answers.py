"""What is told of money on its way back: never that it moved before the shop says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.policies import Policy
from bot.domain.refunds import PaymentMeans, Refund, RefundStatus, all_refunds
from bot.domain.returns import Resolution, Return, ReturnStatus
from bot.services.journeys.journey import Case
from bot.services.journeys.steps import Say, say
from bot.services.order_backend import OrderCases


@dataclass(frozen=True, slots=True)
class MoneyTold:
    """Sentences about money, and whether a person has to look after it."""

    says: tuple[Say, ...] = ()
    needs_person: bool = False


def tell_refund(refund: Refund, order: Order, today: date) -> MoneyTold:
    """One refund: promised, overdue, paid, or gone wrong."""
    match refund.status:
        case RefundStatus.SUCCEEDED:
            means = PaymentMeans.of(refund.method)
            where = (say("refund_went_to", means=means),) if means else ()
            if refund.moved_at is None:
                return MoneyTold((say("refund_paid", amount=refund.amount), *where))
            # A day and no instant: banks book by the day.
            paid_on = refund.moved_at.astimezone(order.zone).date()
            paid = say("refund_paid_on", amount=refund.amount, paid_on=paid_on)
            return MoneyTold((paid, *where))
        case RefundStatus.FAILED:
            return MoneyTold((say("refund_failed", amount=refund.amount),), needs_person=True)
        case RefundStatus.PENDING:
            if refund.due_on is None:
                return MoneyTold((say("refund_pending", amount=refund.amount),))
            if refund.due_on < today:
                late = say("refund_overdue", amount=refund.amount, due_on=refund.due_on)
                return MoneyTold((late,), needs_person=True)
            due = say("refund_promised", amount=refund.amount, due_on=refund.due_on)
            return MoneyTold((due,))


def tell_refunds(refunds: Iterable[Refund], order: Order, today: date) -> MoneyTold:
    """Several refunds, each once."""
    told = [tell_refund(refund, order, today) for refund in refunds]
    says = tuple(sentence for each in told for sentence in each.says)
    return MoneyTold(says, any(each.needs_person for each in told))


def tell_money_of(case: Case, order: Order, opened: Return, cases: OrderCases) -> MoneyTold:
    """When the money of a return comes: its refund if one was opened, else what was promised."""
    today = case.today(order)
    of_it = [
        refund
        for refund in all_refunds(order, cases.refunds)
        if refund.return_folio == opened.folio
    ]
    if of_it:
        return tell_refunds(of_it, order, today)
    if opened.resolution is not Resolution.REFUND or not opened.status.is_open:
        return MoneyTold()
    if opened.refund is None:
        return MoneyTold((say("refund_amount_unknown"),), needs_person=True)
    if opened.refund_due is None:
        return MoneyTold((say("refund_after_return", amount=opened.refund),))
    if opened.refund_due < today:
        # What has not arrived may be waited for (art. 107.3 TRLGDCU and its like): a person decides.
        arrived = opened.status is ReturnStatus.RECEIVED
        name = "refund_overdue" if arrived else "refund_day_passed"
        late = say(name, amount=opened.refund, due_on=opened.refund_due)
        return MoneyTold((late,), needs_person=True)
    due = say("refund_promised", amount=opened.refund, due_on=opened.refund_due)
    return MoneyTold((due,))


def refund_promise(policy: Policy, order: Order, amount: Money, due_on: date) -> Say:
    """By when the money comes back, and that it comes as it was paid where the law says so."""
    rule = policy.withdrawal_on(order.placed_at.astimezone(order.zone).date())
    same = rule is not None and rule.refund_same_means
    return say(
        "refund_promised" if same else "refund_promised_somehow", amount=amount, due_on=due_on
    )
