"""Sending something back: withdrawal, the shop's courtesy, or because it is not what was sold.

Which of the three it is, the order, the policy and the reason tell; the customer is never asked
for the name of a right.
"""

from collections.abc import Mapping
from itertools import starmap

from bot.domain.orders import Order, OrderStatus
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    Return,
    ReturnReason,
    ReturnRequest,
    check_returnable,
    returnable_quantities,
)
from bot.domain.rights import LineRights
from bot.domain.spoken.consent import asks_what_it_costs, asks_when
from bot.domain.spoken.signs import asks_whether_possible, says_used
from bot.services.journeys.exchanges import wanted_instead
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.line_answers import rights_at
from bot.services.journeys.memory import Remark
from bot.services.journeys.return_answers import (
    not_possible,
    price_of,
    return_receipt,
    return_summary,
    why_not,
)
from bot.services.journeys.return_plan import (
    Plan,
    Way,
    is_recent,
    plan_for_fault,
    plan_for_regret,
    possible_until,
)
from bot.services.journeys.steps import Asking, Choice, Question, Say, Step, say
from bot.services.order_backend import Actor

# What the request itself says of the reason, or of what is wanted.
_REASON_OF = {
    "report_damaged_item": ReturnReason.DAMAGED,
    "report_wrong_item": ReturnReason.WRONG_ITEM,
}
_WEAK = frozenset({ReturnReason.CHANGED_MIND, ReturnReason.NOT_AS_EXPECTED, ReturnReason.OTHER})
# What is asked as long as nobody knows what it is about.
_BEFORE_IT_IS_KNOWN = frozenset({None, "order_number", "second_fact", "line", "quantity"})
_REASONS_OFFERED = (
    ReturnReason.DOES_NOT_FIT,
    ReturnReason.CHANGED_MIND,
    ReturnReason.NOT_AS_EXPECTED,
    ReturnReason.DAMAGED,
    ReturnReason.WRONG_ITEM,
    ReturnReason.DEFECTIVE,
    ReturnReason.OTHER,
)


class ReturnSomething(Journey):
    """A return or an exchange, by the article."""

    begins = frozenset(
        {"request_return", "request_exchange", "report_damaged_item", "report_wrong_item"}
    )
    facts = ("order_number", "second_fact", "line", "quantity", "reason", "resolution")

    def fits(self, order: Order) -> bool:
        """An order of which something has arrived."""
        return any(order.delivered_quantities())

    def next(self, case: Case) -> Step:
        """Ask for what is missing, show what will be done, do it after a yes."""
        order = case.order()
        returns = case.shop.backend.cases(order.number).returns
        left = returnable_quantities(order, returns)
        if not any(left) and not case.is_agreeing:
            return self._nothing_to_return(case, order, returns)
        candidates = [place for place, quantity in enumerate(left) if quantity]
        chosen = case.lines(order, candidates, "question_which_line")
        if not case.is_agreeing:
            check_returnable(order, tuple(starmap(RequestedLine, chosen.items())), returns)
        rights = rights_at(case, order, chosen)
        reason = self._reason(case, rights)
        plan = self._plan(case, order, rights, reason)
        if isinstance(plan, Step):
            return plan
        resolution = self._resolution(case, plan, rights)
        way = plan.ways[resolution]
        if way.unused_only and _was_used(case):
            return Step(says=(say("refusal_return_used"),), offers_person=True)
        exchanged = resolution is Resolution.EXCHANGE
        wanted = wanted_instead(case, order, chosen, reason) if exchanged else {}
        if reason in (ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM):
            case.offer_photo()
        lines = tuple(
            RequestedLine(place, quantity, wanted[place].sku if place in wanted else None)
            for place, quantity in sorted(chosen.items())
        )
        request = _request(case, order, lines, reason, resolution, way, plan)
        case.confirm(
            *_whether(case, rights),
            *return_summary(case, order, request, wanted, unused_only=way.unused_only),
            of=(request.lines, reason, resolution),
        )
        by = Actor.customer(case.talk.conversation_id)
        opened = case.shop.backend.start_return(request, case.key, by)
        return return_receipt(opened, case.shop.facts.returns_address)

    def aside(self, remark: Remark, case: Case) -> tuple[Say, ...]:
        """When the money would come, and who pays the way back, before anything is opened."""
        if "order_number" in remark.entities:
            return ()
        money = remark.intent in ("ask_refund_status", "ask_return_policy")
        if not (money or asks_when(remark.text) or asks_what_it_costs(remark.text)):
            return ()
        order = case.order()
        places = case.articles(order).chosen or dict.fromkeys(range(len(order.lines)), 1)
        reason = case.read("reason", ReturnReason, case.shop.spoken.reason)
        rights = rights_at(case, order, places)
        plan = self._plan(case, order, rights, reason or ReturnReason.CHANGED_MIND)
        if isinstance(plan, Step):
            return plan.says
        way = plan.ways.get(Resolution.REFUND) or next(iter(plan.ways.values()))
        paid = say(f"return_paid_by_{way.paid_by.value}")
        if asks_what_it_costs(remark.text):
            return (paid,)
        return (say("refund_would_come", due_on=plan.due_on), paid)

    # --- what has to be known ----------------------------------------------------------------------

    def _reason_said(self, case: Case) -> ReturnReason | None:
        """The reason in the customer's words; one in passing corrects none that was given."""
        said: ReturnReason | None = None
        for remark in case.memory.remarks:
            pressed = remark.value("reason")
            if pressed is not None:
                said = ReturnReason(pressed)
                continue
            heard = case.shop.spoken.reason(remark.text) if remark.text else None
            if heard and (said is None or heard not in _WEAK or remark.answers == "reason"):
                said = heard
        return said

    def _reason(self, case: Case, rights: Mapping[int, LineRights]) -> ReturnReason:
        told = [each.intent for each in case.memory.remarks if each.intent in _REASON_OF]
        said = self._reason_said(case)
        answer = case.answer_to("reason")
        # "Mandaron otra, no la quiero": said beside a mishap it is no reason of its own.
        doubtful = bool(told) and said in _WEAK
        if said is not None and (not doubtful or case.shop.spoken.reason(answer or "")):
            return said
        if told and (answer is not None or not doubtful):
            return _REASON_OF[told[-1]]
        if answer is not None:
            return ReturnReason.OTHER  # in words that we do not know
        choices = tuple(
            Choice(say("button_reason", reason=reason), {"reason": reason.value})
            for reason in _REASONS_OFFERED
        )
        raise Asking(Question("reason", say("question_reason"), choices), *_whether(case, rights))

    def _plan(
        self, case: Case, order: Order, rights: Mapping[int, LineRights], reason: ReturnReason
    ) -> Plan | Step:
        """How it may go back, or the step that says why not and what else there is."""
        if not reason.is_sellers_fault:
            possible = all(each.best_for_return.open for each in rights.values())
            return (
                plan_for_regret(case, order, rights)
                if possible
                else not_possible(case, order, rights)
            )
        if all(map(is_recent, rights.values())):
            return plan_for_fault(case, order)
        if all(each.guarantee.open for each in rights.values()):
            until = min(each.guarantee.until or case.today(order) for each in rights.values())
            over = say("return_is_a_guarantee_claim", until=until)
            return Step(says=(over,), turns_into="claim_warranty")
        guarantee = next(iter(rights.values())).guarantee
        return Step(says=why_not(guarantee, "guarantee"), offers_person=True)

    def _resolution(self, case: Case, plan: Plan, rights: Mapping[int, LineRights]) -> Resolution:
        # "Me mandaron otra" says why, and not that another is wanted.
        spoken = case.shop.spoken.resolution
        said = case.read("resolution", Resolution, spoken, not_in="reason")
        said = said or case.read("resolution", Resolution, spoken)
        if said is None and case.memory.remarks[0].intent == "request_exchange":
            said = Resolution.EXCHANGE
        if said is not None and said in plan.ways:
            return said
        if len(plan.offered) == 1 and said is None:
            return plan.offered[0]
        choices = tuple(
            Choice(say("button_resolution", resolution=each), {"resolution": each.value})
            for each in plan.offered
        )
        question = Question("resolution", say("question_resolution"), choices)
        if said is None:
            raise Asking(question, *_whether(case, rights))
        raise Asking(question, say("resolution_not_offered", resolution=said))

    # --- when there is nothing ---------------------------------------------------------------------

    def _nothing_to_return(self, case: Case, order: Order, returns: tuple[Return, ...]) -> Step:
        if order.status is OrderStatus.CANCELLED:
            return Step(says=(say("refusal_order_cancelled"),), offers_person=True)
        held = [each for each in returns if each.status.holds_units]
        if held:
            return Step(says=(say("refusal_already_in_return", folio=held[-1].folio),))
        if order.can_cancel():
            not_sent = (say("return_not_sent_yet", order_number=order.number),)
            if case.memory.journey == "request_return":
                return Step(says=not_sent, turns_into="cancel_order")
            cancel = Choice(say("button_cancel_order"), intent="cancel_order")
            return Step(says=not_sent, choices=(cancel,))
        name = "return_on_its_way" if order.has_left else "return_not_delivered_yet"
        return Step(says=(say(name, order_number=order.number),))


def _request(
    case: Case,
    order: Order,
    lines: tuple[RequestedLine, ...],
    reason: ReturnReason,
    resolution: Resolution,
    way: Way,
    plan: Plan,
) -> ReturnRequest:
    refunded = resolution is Resolution.REFUND
    return ReturnRequest(
        order_number=order.number,
        lines=lines,
        reason=reason,
        resolution=resolution,
        basis=way.basis,
        return_paid_by=way.paid_by.value,
        article=way.article,
        refund=price_of(order, lines) if refunded else None,
        refund_due=plan.due_on if refunded else None,
        evidence=case.photos,
    )


def _whether(case: Case, rights: Mapping[int, LineRights]) -> tuple[Say, ...]:
    """The answer to "¿todavía puedo devolverlo?", as soon as it is known which article it is."""
    asked = any(asks_whether_possible(remark.text) for remark in case.memory.remarks)
    until = possible_until(rights)
    if not asked or until is None or case.memory.asked not in _BEFORE_IT_IS_KNOWN:
        return ()
    return (say("return_possible_until", until=until),)


def _was_used(case: Case) -> bool:
    """Whether the customer says that it was used."""
    return any(says_used(remark.text) for remark in case.memory.remarks)
