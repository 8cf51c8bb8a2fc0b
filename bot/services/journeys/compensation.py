"""Making up for the trouble: what the order's own record says, and what the shop promises for it."""

from bot.domain.business_days import region_of
from bot.domain.deadlines import RightKind, compensation_for, refund_due
from bot.domain.errors import Refusal
from bot.domain.mishaps import Mishap, mishaps_of
from bot.domain.orders import Order
from bot.domain.policies import CompensationReason, Term, TermUnit
from bot.domain.refunds import (
    Refund,
    RefundKind,
    RefundRequest,
    RefundStatus,
    all_refunds,
    check_refundable,
)
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.order_answers import OrderAnswers
from bot.services.journeys.steps import Step, say
from bot.services.order_backend import Actor
from bot.services.order_status import summarise


class AskCompensation(Journey):
    """Something for the trouble, once for an order."""

    begins = frozenset({"ask_compensation"})

    def __init__(self, answers: OrderAnswers) -> None:
        self._answers = answers

    def next(self, case: Case) -> Step:
        """Tell what the shop promises for what happened, and open it after a yes."""
        order = case.order()
        cases = case.shop.backend.cases(order.number)
        # After the summary the same yes, heard again, finds what it opened.
        has_seen_summary = case.memory.agreed is not None
        if not has_seen_summary and (given := _given(order, cases.refunds)):
            return self._given_before(order, given)
        today = case.today(order)
        mishaps = mishaps_of(order, cases.returns, cases.claims, today)
        if not mishaps:
            nothing = say("compensation_nothing_recorded", order_number=order.number)
            says = (nothing, *self._answers.arrival(summarise(order, case.now)))
            return Step(says=says, offers_person=True)
        policy = case.policy(order)
        promises = [
            (promised, mishap)
            for mishap in mishaps
            if (promised := compensation_for(policy, mishap.reason, order.total, mishap.days_late))
        ]
        if not promises:
            return self._promises_nothing(case, order, mishaps)
        amount, mishap = max(promises, key=lambda promise: promise[0].minor)
        request = RefundRequest(
            order_number=order.number,
            amount=amount,
            kind=RefundKind.COMPENSATION,
            due_on=refund_due(policy, RightKind.COURTESY, today, region_of(order.shipping_address)),
            reason=mishap.reason.value,
        )
        if not has_seen_summary:
            check_refundable(request, order, cases.refunds)
        assert request.due_on is not None  # the shop's promise always has a term
        due = say("compensation_due", due_on=request.due_on)
        number = order.number
        summary = say(
            "compensation_summary", reason=mishap.reason, amount=amount, order_number=number
        )
        case.confirm(summary, due, of=(number, str(amount)))
        by = Actor.customer(case.talk.conversation_id)
        opened = case.shop.backend.refund(request, case.key, by)
        return _receipt(opened)

    def refused(self, refusal: Refusal, case: Case) -> Step:
        """Whatever the reason, an exception is for a person to make."""
        return Step(says=(say(f"refusal_{refusal.code}"),), offers_person=True)

    def _given_before(self, order: Order, given: Refund) -> Step:
        number = order.number
        says = [say("compensation_given_before", amount=given.amount, order_number=number)]
        if given.status is RefundStatus.SUCCEEDED:
            says.append(say("compensation_paid"))
        elif given.due_on is not None:
            says.append(say("compensation_due", due_on=given.due_on))
        return Step(says=tuple(says), offers_person=True)

    def _promises_nothing(self, case: Case, order: Order, mishaps: tuple[Mishap, ...]) -> Step:
        rule = case.policy(order).compensation
        late = next((m for m in mishaps if m.reason is CompensationReason.LATE_DELIVERY), None)
        promise = rule.by_reason.get(CompensationReason.LATE_DELIVERY)
        least = promise.minimum_days_late if promise else None
        days = late.days_late if late else None
        if len(mishaps) == 1 and days is not None and least is not None and days < least:
            few = say(
                "compensation_too_few_days",
                order_number=order.number,
                days=Term(days, TermUnit.DAYS),
                least=Term(least, TermUnit.DAYS),
            )
            return Step(says=(few,), offers_person=True)
        none = say("compensation_not_promised", reason=mishaps[0].reason)
        return Step(says=(none,), offers_person=True)


def _given(order: Order, ours: tuple[Refund, ...]) -> Refund | None:
    """The compensation that the order has had, as the shop's payments tell it."""
    for refund in all_refunds(order, ours):
        if refund.kind is RefundKind.COMPENSATION and refund.status is not RefundStatus.FAILED:
            return refund
    return None


def _receipt(opened: Refund) -> Step:
    says = [say("compensation_agreed", amount=opened.amount, reference=opened.reference)]
    if opened.due_on is not None:
        says.append(say("compensation_due", due_on=opened.due_on))
    return Step(says=tuple(says), asks_if_solved=True)
