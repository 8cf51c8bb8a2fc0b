"""Where is my order, and stopping it."""

from bot.domain.business_days import region_of
from bot.domain.deadlines import RightKind, refund_due
from bot.domain.eligibility import AlreadyShipped, OrderCompleted
from bot.domain.errors import Refusal
from bot.domain.orders import Order, OrderStatus
from bot.domain.refunds import refundable
from bot.domain.spoken.consent import asks_when
from bot.domain.spoken.signs import asks_where
from bot.services.journeys.enquiries import whereabouts
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.memory import Remark
from bot.services.journeys.order_answers import OrderAnswers, carrier_must_explain, is_narrow
from bot.services.journeys.refund_answers import refund_promise
from bot.services.journeys.steps import Choice, Say, Step, say
from bot.services.order_backend import Actor
from bot.services.order_status import OrderSummary, summarise

# "¿Me das el número de seguimiento del pedido, por favor?"
_LONGEST_QUESTION = 12


class TellOrderStatus(Journey):
    """Where is it, when does it come, with whom."""

    begins = frozenset({"ask_order_status", "inform"})
    is_question = True

    def __init__(self, answers: OrderAnswers) -> None:
        self._answers = answers

    def next(self, case: Case) -> Step:
        """Tell it to its owner; bare facts are about an order when they can be."""
        said = case.memory.remarks
        if all(remark.intent == "inform" and not remark.entities for remark in said):
            return Step(says=(say("inform"),))
        order = case.order()
        summary = summarise(order, case.now)
        facet = None if _wants_it_all(case, summary) else case.said("order_facet")
        says = self._answers.sentences(summary, facet, case.now)
        if is_narrow(says):
            return Step(says=tuple(says))
        return whereabouts(case, order, self._answers)


def _wants_it_all(case: Case, summary: OrderSummary) -> bool:
    """Whether more is asked than the one thing that was named.

    "¿Quién lo trae y por dónde anda?"; or the story of a parcel that is late, with its number.
    """
    said = case.memory.remarks[0].text
    if case.said("order_facet") == "carrier" and asks_where(said):
        return True
    return carrier_must_explain(summary) and len(said.split()) > _LONGEST_QUESTION


class CancelOrder(Journey):
    """The customer does not want it sent."""

    begins = frozenset({"cancel_order"})
    facts = ("order_number", "second_fact", "cancel_reason")

    def fits(self, order: Order) -> bool:
        """An order that can still be stopped."""
        return order.can_cancel()

    def next(self, case: Case) -> Step:
        """Stop it after a yes; the money goes back as it came."""
        order = case.order()
        if not case.is_agreeing:
            order.check_not_begun()
            refundable(order, case.shop.backend.cases(order.number).refunds)
        summary = say("cancel_order_summary", order_number=order.number, items=order.lines)
        due = None
        if order.paid.minor:
            today = case.today(order)
            policy = case.policy(order)
            region = region_of(order.shipping_address)
            due = refund_due(policy, RightKind.WITHDRAWAL, today, region)
        case.confirm(summary, of=order.number)
        reason = case.read("cancel_reason", str, case.shop.spoken.cancel_reason) or "other"
        by = Actor.customer(case.talk.conversation_id)
        done = case.shop.backend.cancel_order(order.number, reason, due, case.key, by)
        says = [say("order_now_cancelled", order_number=order.number)]
        if done.refund is not None and due is not None:
            amount = done.refund.amount
            says.append(refund_promise(case.policy(order), order, amount, due))
        return Step(says=tuple(says), asks_if_solved=True)

    def aside(self, remark: Remark, case: Case) -> tuple[Say, ...]:
        """When the money would come."""
        elsewhere = "order_number" in remark.entities or remark.intent == "ask_order_status"
        if elsewhere or not (remark.intent == "ask_refund_status" or asks_when(remark.text)):
            return ()
        order = case.order()
        today, region = case.today(order), region_of(order.shipping_address)
        due = refund_due(case.policy(order), RightKind.WITHDRAWAL, today, region)
        return (say("refund_would_come", due_on=due),) if order.paid.minor else ()

    def refused(self, refusal: Refusal, case: Case) -> Step:
        """What has left can be sent back when it has arrived."""
        return_it = Choice(say("button_return_it"), intent="request_return")
        order = case.order_found
        if order is not None and order.status is OrderStatus.CANCELLED:
            return Step(says=(say(f"refusal_{refusal.code}"),), offers_person=True)
        if order is not None and all(order.delivered_quantities()):
            return Step(says=(say("cancel_after_delivery"),), choices=(return_it,))
        if isinstance(refusal, AlreadyShipped):
            return Step(says=(say("refusal_already_shipped"), say("cancel_by_returning")))
        if isinstance(refusal, OrderCompleted):
            return Step(says=(say("refusal_order_completed"),), choices=(return_it,))
        return super().refused(refusal, case)
