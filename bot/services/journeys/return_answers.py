"""What is said of a return: what will be done, what was done, and why it cannot be."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Product
from bot.domain.policies import Payer
from bot.domain.returns import RequestedLine, Resolution, Return, ReturnBasis, ReturnRequest
from bot.domain.rights import LineRights, Right, WhyNot
from bot.services.journeys.journey import Case
from bot.services.journeys.naming import wanted_line
from bot.services.journeys.refund_answers import refund_promise
from bot.services.journeys.steps import (
    Asking,
    Choice,
    Document,
    DocumentKind,
    Question,
    Say,
    Step,
    say,
)


def price_of(order: Order, lines: tuple[RequestedLine, ...]) -> Money:
    """What the units that go back cost."""
    prices = (order.lines[line.position].unit_price * line.quantity for line in lines)
    return sum(prices, Money(0, order.currency))


def return_summary(
    case: Case,
    order: Order,
    request: ReturnRequest,
    wanted: Mapping[int, Product],
    *,
    unused_only: bool,
) -> list[Say]:
    """What a yes will do."""
    lines = tuple(
        replace(case.named(order, line.position), quantity=line.quantity) for line in request.lines
    )
    name = f"{_kind_of(request.basis, request.resolution)}_opening"
    says = [say(name, items=lines, order_number=order.number, reason=request.reason)]
    if request.resolution is Resolution.REFUND and request.refund and request.refund_due:
        due_on = request.refund_due
        says.append(refund_promise(case.policy(order), order, request.refund, due_on))
    elif request.resolution is Resolution.EXCHANGE:
        words = case.shop.option_words
        instead = tuple(
            wanted_line(wanted[line.position], order.lines[line.position], line.quantity, words)
            for line in request.lines
        )
        says.append(say("exchange_summary", items=instead))
    else:
        says.append(say("store_credit_summary", amount=price_of(order, request.lines)))
    says.append(say(f"return_paid_by_{request.return_paid_by}"))
    if unused_only:
        says.append(say("return_unused_only"))
    return says


def return_receipt(opened: Return, returns_address: str | None) -> Step:
    """What was opened, and how it goes on."""
    receipt = f"{_kind_of(opened.basis, opened.resolution)}_receipt"
    says = [say(receipt, folio=opened.folio, opened_at=opened.opened_at)]
    # Where the shop pays, the team sends what is needed for it.
    if returns_address is not None and opened.return_paid_by == Payer.CUSTOMER:
        says.append(say("return_instructions_to", folio=opened.folio, address=returns_address))
    else:
        says.append(say("return_instructions", folio=opened.folio))
    return Step(
        says=tuple(says),
        asks_if_solved=True,
        document=Document(DocumentKind.RECEIPT, opened.folio),
    )


def why_not(right: Right, what: str) -> tuple[Say, ...]:
    """The sentence that says why a right (`return`, `guarantee`) cannot be used."""
    if right.why_not is WhyNot.WINDOW_CLOSED and right.until is not None:
        return (say(f"refusal_{what}_window_closed", until=right.until),)
    return (say(f"refusal_{what}_{right.why_not}"),)


def not_possible(case: Case, order: Order, rights: Mapping[int, LineRights]) -> Step:
    """Why some of these articles cannot go back, and what holds for them instead.

    Raises:
        Asking: others can; whether to go on with those.
    """
    best = {place: each.best_for_return for place, each in sorted(rights.items())}
    refused = {place: right for place, right in best.items() if not right.open}
    says: list[Say] = []
    for place, right in refused.items():
        items = (case.named(order, place),)
        says += [_about(each, items) for each in why_not(right, "return")]
    guarantee = rights[next(iter(refused))].guarantee
    if guarantee.open and guarantee.until is not None:
        says.append(say("guarantee_still_holds", until=guarantee.until))
    rest = [place for place in rights if place not in refused]
    if rest:
        choices = tuple(
            Choice(say("button_line", items=(case.named(order, place),)), {"line": str(place)})
            for place in rest
        )
        raise Asking(Question("line", say("question_only_the_rest"), choices), *says)
    return Step(says=tuple(says), offers_person=True)


def _about(sentence: Say, items: tuple[OrderLine, ...]) -> Say:
    return Say(sentence.response, {**sentence.facts, "items": items})


def _kind_of(basis: ReturnBasis, resolution: Resolution) -> str:
    """How it is called in front of the customer."""
    exchanged = resolution is Resolution.EXCHANGE and basis is ReturnBasis.COURTESY
    return "exchange" if exchanged else basis.value
