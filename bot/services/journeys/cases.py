"""Which return or claim a customer means, by its folio or by their order; shown to its owner only."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.domain.claims import Claim, ClaimLine
from bot.domain.folios import Folio, FolioPrefix
from bot.domain.orders import Order, OrderLine
from bot.domain.returns import Return, ReturnLine
from bot.services.journeys.journey import Case
from bot.services.journeys.memory import Remark
from bot.services.journeys.steps import Asking, Choice, Question, say
from bot.services.order_backend import OrderCases

Something = TypeVar("Something", Return, Claim)

# What somebody who only gives a folio wants to know.
_ASKED_BY = {
    FolioPrefix.RETURN: "ask_return_status",
    FolioPrefix.WARRANTY: "ask_claim_status",
    FolioPrefix.INCIDENT: "ask_claim_status",
    FolioPrefix.FORMAL_COMPLAINT: "ask_complaint_status",
    FolioPrefix.INFORMAL_COMPLAINT: "ask_complaint_status",
    FolioPrefix.REFUND: "ask_refund_status",
    FolioPrefix.PRIVACY: "delete_my_data",
}
_HOW_IT_GOES = frozenset({*_ASKED_BY.values(), "inform", "ask_order_status"})
# What has a number and is no case of an order.
_NO_CASES = frozenset({FolioPrefix.REFUND, FolioPrefix.PRIVACY})
# As many as a customer reads at a glance.
_CASES_OFFERED = 6


def about_its_folio(remark: Remark) -> Remark:
    """A message that asks how a case goes, served by what its folio's prefix says."""
    folio = _folio(remark.value("case_number"))
    if folio is None or remark.intent not in _HOW_IT_GOES:
        return remark
    if remark.intent == "ask_refund_status" and folio.prefix is FolioPrefix.RETURN:
        return remark  # the money of that return
    return replace(remark, intent=_ASKED_BY[folio.prefix])


@dataclass(frozen=True, slots=True)
class CasesOfOrder:
    """A proven order, what happened to it, and the folio of it that was named."""

    order: Order
    cases: OrderCases
    folio: str | None


def cases_meant(case: Case, concerns: Callable[[Order, OrderCases], bool]) -> CasesOfOrder:
    """The order whose cases are asked about.

    A folio is no proof: its order is looked up, and proven like any other. An unknown folio asks
    for the same proof, so that nobody learns which folios are real.

    Args:
        concerns: Whether an order has what is asked about, to choose among several.

    Raises:
        Asking, NoSuchOrder, OrderNotIdentified, RepeatedlyNotIdentified, LookupLocked.
    """
    backend = case.shop.backend

    def has(order: Order) -> bool:
        return concerns(order, backend.cases(order.number))

    folio = _folio(case.said("case_number"))
    written = str(folio) if folio and folio.prefix not in _NO_CASES else None
    found = backend.case(written) if written else None
    number: str | None = None
    if written and case.said("order_number") is None:
        owner = case.shop.identification.customer_of(case.talk.conversation_id)
        theirs = found is not None and found.customer_id == owner
        if owner is not None and not theirs and not case.identifying_facts()[1]:
            raise Asking(
                Question("case_number", say("question_case_number")),
                say("case_not_found", folio=written),
            )
        number = (found.order_number if found else None) or written
    order = case.order(number, has)
    if number is None and case.said("order_number") is None and not has(order):
        order = _another(case, order, has)
    cases = backend.cases(order.number)
    theirs_too = found is not None and found.order_number == order.number
    return CasesOfOrder(order, cases, found.case.folio if found and theirs_too else None)


def _another(case: Case, order: Order, has: Callable[[Order], bool]) -> Order:
    """Whoever names no order means the one that has what they ask about."""
    others = [each for each in case.shop.backend.orders_of(order.customer.id) if has(each)]
    if len(others) > 1:
        choices = tuple(
            Choice(
                say("button_order", items=each.lines, placed_on=each.placed_at),
                {"order_number": each.number},
            )
            for each in others[:_CASES_OFFERED]
        )
        raise Asking(Question("order_number", say("question_which_order"), choices))
    if others:
        case.order_found = others[0]
        return others[0]
    return order


def the_one(case: Case, meant: CasesOfOrder, among: Sequence[Something]) -> Something:
    """The one that is meant: by its folio, by an article, or because there is no other.

    Args:
        among: At least one.

    Raises:
        Asking: several may be meant.
    """
    for each in among:
        if each.folio == meant.folio:
            return each
    articles = case.articles(meant.order).chosen
    about = [each for each in among if any(line.position in articles for line in each.lines)]
    fitting = about or among
    if len(fitting) == 1:
        return fitting[0]
    choices = tuple(
        Choice(
            say(
                "button_case",
                items=articles_of(case, meant.order, each.lines),
                opened_on=each.opened_at.astimezone(meant.order.zone),
            ),
            {"case_number": each.folio},
        )
        for each in reversed(fitting[-_CASES_OFFERED:])
    )
    raise Asking(Question("case_number", say("question_which_case"), choices))


def articles_of(
    case: Case, order: Order, lines: Iterable[ReturnLine | ClaimLine]
) -> tuple[OrderLine, ...]:
    """The articles of a case with as many units as it is about; none stands for the whole order."""
    named = tuple(
        replace(case.named(order, line.position), quantity=line.quantity) for line in lines
    )
    return named or order.lines


def _folio(written: str | None) -> Folio | None:
    return Folio.parse(written) if written else None
