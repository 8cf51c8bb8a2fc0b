"""A return under way: how it goes, where its money is, and taking it back."""

from bot.domain.orders import Order, OrderStatus
from bot.domain.refunds import RefundStatus, all_refunds
from bot.domain.returns import Resolution, Return, ReturnStatus
from bot.services.journeys.cases import CasesOfOrder, articles_of, cases_meant, the_one
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.refund_answers import MoneyTold, tell_money_of, tell_refunds
from bot.services.journeys.steps import Choice, Say, Step, say
from bot.services.order_backend import Actor, OrderCases

_RETURN_IT = Choice(say("button_return_it"), intent="request_return")
_FACTS = ("order_number", "second_fact", "case_number", "line")


class TellReturnStatus(Journey):
    """What became of a return."""

    begins = frozenset({"ask_return_status"})
    facts = _FACTS
    is_question = True

    def next(self, case: Case) -> Step:
        """Say where it stands and what comes next."""
        meant = cases_meant(case, lambda _, cases: bool(cases.returns))
        if not meant.cases.returns:
            return _no_returns(meant.order)
        returns = meant.cases.returns
        opened = the_one(case, meant, returns if meant.folio else _current(returns))
        status = opened.status
        items = articles_of(case, meant.order, opened.lines)
        says = [say(f"return_{status}", folio=opened.folio, items=items)]
        says += _next_step(opened)
        money = tell_money_of(case, meant.order, opened, meant.cases)
        if status not in (ReturnStatus.DECLINED, ReturnStatus.CANCELLED):
            says += money.says
        declined = status is ReturnStatus.DECLINED
        return Step(says=tuple(says), offers_person=declined or money.needs_person)


def _current(returns: tuple[Return, ...]) -> tuple[Return, ...]:
    """Those under way; when there are none, the last one."""
    return tuple(each for each in returns if each.status.is_open) or returns[-1:]


def _next_step(opened: Return) -> list[Say]:
    match opened.status:
        case ReturnStatus.REQUESTED | ReturnStatus.APPROVED if opened.instructions:
            return [say("return_how_to_send", instructions=opened.instructions)]
        case ReturnStatus.REQUESTED:
            return [say("return_wait_for_answer")]
        case ReturnStatus.APPROVED:
            return [say("return_instructions", folio=opened.folio)]
        case ReturnStatus.RECEIVED if opened.resolution is Resolution.EXCHANGE:
            return [say("return_exchange_follows")]
        case ReturnStatus.DECLINED:
            return [say("return_declined_why")]
        case _:
            return []


def _no_returns(order: Order) -> Step:
    """There is none: one can be opened when something has arrived."""
    none = say("no_returns", order_number=order.number)
    if not any(order.delivered_quantities()) or order.status is OrderStatus.CANCELLED:
        return Step(says=(none,), offers_person=True)
    return Step(says=(none, say("return_can_be_opened")), choices=(_RETURN_IT,))


class TellRefundStatus(Journey):
    """Where is the money."""

    begins = frozenset({"ask_refund_status"})
    facts = _FACTS
    is_question = True

    def next(self, case: Case) -> Step:
        """Say what is owed back, by when, and what has moved."""
        meant = cases_meant(case, _has_money_to_tell)
        order, cases = meant.order, meant.cases
        if meant.folio is not None:
            opened = the_one(case, meant, cases.returns)
            told = tell_money_of(case, order, opened, cases)
        else:
            told = _of_whole_order(case, meant)
        if told.says:
            return Step(says=told.says, offers_person=told.needs_person)
        return _no_money(order)


def _has_money_to_tell(order: Order, cases: OrderCases) -> bool:
    if all_refunds(order, cases.refunds):
        return True
    return any(each.status.is_open and each.refund is not None for each in cases.returns)


def _of_whole_order(case: Case, meant: CasesOfOrder) -> MoneyTold:
    """Every refund, and what is promised for returns that have none yet.

    What was paid long ago is left out when something is still on its way.
    """
    order, cases = meant.order, meant.cases
    refunds = all_refunds(order, cases.refunds)
    under_way = [each for each in refunds if each.status is not RefundStatus.SUCCEEDED]
    with_refund = {each.return_folio for each in refunds}
    promised = [
        tell_money_of(case, order, each, cases)
        for each in cases.returns
        if each.status.is_open and each.folio not in with_refund
    ]
    told = [tell_refunds(under_way or refunds, order, case.today(order)), *promised]
    if promised and not under_way:
        told = promised
    says = tuple(sentence for each in told for sentence in each.says)
    return MoneyTold(says, any(each.needs_person for each in told))


def _no_money(order: Order) -> Step:
    if order.status is OrderStatus.CANCELLED and not order.paid.minor:
        unpaid = say("refund_none_unpaid", order_number=order.number)
        return Step(says=(unpaid,), offers_person=True)
    if order.status is OrderStatus.CANCELLED:
        cancelled = say("refund_none_cancelled", order_number=order.number)
        return Step(says=(cancelled,), offers_person=True)
    return Step(
        says=(say("refund_none", order_number=order.number),),
        choices=(_RETURN_IT,) if any(order.delivered_quantities()) else (),
        offers_person=not any(order.delivered_quantities()),
    )


class CancelReturn(Journey):
    """The customer keeps the articles after all."""

    begins = frozenset({"cancel_return"})
    facts = _FACTS

    def next(self, case: Case) -> Step:
        """Take the return back after a yes.

        Raises:
            ReturnNotCancellable: the shop has the articles, or the return is over.
        """
        meant = cases_meant(case, lambda _, cases: any(map(Return.can_cancel, cases.returns)))
        if not meant.cases.returns:
            none = (say("no_returns", order_number=meant.order.number),)
            return Step(says=none, offers_person=True)
        open_ones = tuple(each for each in meant.cases.returns if each.can_cancel())
        chosen = the_one(case, meant, open_ones or meant.cases.returns[-1:])
        if not case.is_agreeing:
            chosen.cancelled()
        items = articles_of(case, meant.order, chosen.lines)
        summary = say("cancel_return_summary", folio=chosen.folio, items=items)
        case.confirm(summary, of=chosen.folio)
        by = Actor.customer(case.talk.conversation_id)
        done = case.shop.backend.cancel_return(chosen.folio, case.key, by)
        says = (say("return_now_cancelled", folio=done.folio, items=items),)
        return Step(says=says, asks_if_solved=True)
