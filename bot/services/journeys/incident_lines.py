"""Which articles of an order are missing, and how many of each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.orders import Order, OrderLine
from bot.domain.spoken import LinesSaid
from bot.domain.spoken.signs import around_a_lack
from bot.services.journeys.articles import articles_said
from bot.services.journeys.journey import Case
from bot.services.journeys.steps import Asking, say


def missing_lines(case: Case, order: Order, delivered: Sequence[int]) -> dict[int, int]:
    """The articles that are missing: position in the order → how many.

    Args:
        case: The journey under way.
        order: The proven order.
        delivered: How many units of each line have arrived, as the carrier says.

    Raises:
        Asking: it was not said, or not clearly enough.
    """
    named_ones = articles_said(case.memory.remarks, order, case.shop.spoken)
    if not named_ones.chosen and not named_ones.ambiguous and _came_empty(case):
        return {place: quantity for place, quantity in enumerate(delivered) if quantity}
    lacking = _said_to_be_lacking(case, order)
    if lacking:
        return lacking
    left_out = _left_out(case, order)
    if left_out:
        return {place: delivered[place] or order.lines[place].quantity for place in left_out}
    said = case.articles(order)
    if said.chosen and _names_what_came(case, order):
        rest = {p: each.quantity - said.chosen.get(p, 0) for p, each in enumerate(order.lines)}
        return {place: count for place, count in rest.items() if count > 0} or said.chosen
    if said.uncounted:
        place = said.uncounted[0]
        items = (replace(case.named(order, place), quantity=1),)
        question = case.how_many(order, place)
        raise Asking(replace(question, say=say("question_missing_units", items=items)))
    return case.lines(order, range(len(order.lines)), "question_missing_line")


def named(case: Case, order: Order, lines: Mapping[int, int]) -> tuple[OrderLine, ...]:
    """Lines by names that tell them apart, with so many units of each."""
    return tuple(
        replace(case.named(order, place), quantity=quantity)
        for place, quantity in sorted(lines.items())
    )


def _came_empty(case: Case) -> bool:
    return any(case.shop.spoken.is_empty_parcel(r.text) for r in case.memory.remarks if r.text)


def _said_to_be_lacking(case: Case, order: Order) -> dict[int, int]:
    """What comes after "falta": "pedí dos tazas y venía una, falta la azul"."""
    for remark in reversed(case.memory.remarks):
        if remark.value("line") is not None:
            return {}
        told = around_a_lack(remark.text)
        after = case.shop.spoken.lines(told[1], order.lines) if told else LinesSaid()
        if told and (after.fine or case.shop.spoken.lines(told[0], order.lines).chosen):
            return dict(after.chosen)
    return {}


def _left_out(case: Case, order: Order) -> tuple[int, ...]:
    """What somebody excludes from what came: "vino todo menos la taza"."""
    for remark in reversed(case.memory.remarks):
        if remark.value("line") is not None:
            return ()
        heard = case.shop.spoken.lines(remark.text, order.lines) if remark.text else None
        if heard is not None and not heard.empty:
            return tuple(place for place in heard.excluded if place not in heard.fine)
    return ()


def _names_what_came(case: Case, order: Order) -> bool:
    """Whether the last message that names articles names those that did come."""
    for remark in reversed(case.memory.remarks):
        if remark.value("line") is not None:
            return False
        if remark.text and case.shop.spoken.lines(remark.text, order.lines).chosen:
            return case.shop.spoken.names_what_came(remark.text)
    return False
