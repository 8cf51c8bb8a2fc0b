"""Which articles of an order the customer's remarks mean, and how many of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.domain.orders import Order
from bot.domain.spoken import LinesSaid, SpokenAnswers
from bot.domain.spoken.signs import (
    adds,
    after_repair,
    corrects_itself,
    points_back,
    without_the_rest,
)
from bot.services.journeys.memory import Remark

# Answers whose words are about something else than articles.
_NOT_ABOUT_ARTICLES = frozenset(
    {"second_fact", "description", "new_address", "complaint", "exchange_for"}
)


# Answers that may name an article by the way, and change it only where they say so.
_BY_THE_WAY = frozenset({"reason", "resolution", "remedy", "photo"})


@dataclass(frozen=True, slots=True)
class Articles:
    """What was said of an order's lines, by their position.

    Attributes:
        chosen: How many units of each are meant.
        ambiguous: Those that the words fit without telling them apart.
        uncounted: Chosen ones with several units, of which nobody said how many.
    """

    chosen: dict[int, int] = field(default_factory=dict)
    ambiguous: tuple[int, ...] = ()
    uncounted: tuple[int, ...] = ()


def articles_said(remarks: Iterable[Remark], order: Order, spoken: SpokenAnswers) -> Articles:
    """Read the remarks in order: each may choose, correct, add or exclude."""
    said, by_title_alone = Articles(), False
    titles = replace(order, lines=tuple(replace(line, options={}) for line in order.lines))
    for remark in remarks:
        # "Mejor en negro", said of what is wanted instead, is no other article of the order.
        by_title_alone |= remark.answers == "exchange_for"
        named = titles if by_title_alone else order
        said = _pressed(remark, order, said) or _written(remark, named, said, spoken) or said
    return said


def _pressed(remark: Remark, order: Order, said: Articles) -> Articles | None:
    """What a button says; None when it says nothing of articles."""
    line, quantity = remark.value("line"), remark.value("quantity")
    if line == "all":
        return Articles({place: each.quantity for place, each in enumerate(order.lines)})
    if line is not None and line.isdigit() and int(line) < len(order.lines):
        place = int(line)
        units = order.lines[place].quantity
        return Articles({place: units}, uncounted=(place,) if units > 1 else ())
    if quantity is not None and quantity.isdigit() and len(said.uncounted) == 1:
        (place,) = said.uncounted
        if 1 <= int(quantity) <= order.lines[place].quantity:
            return Articles({**said.chosen, place: int(quantity)})
    return None


def _written(
    remark: Remark, order: Order, said: Articles, spoken: SpokenAnswers
) -> Articles | None:
    """What somebody wrote; None when it says nothing of articles."""
    if not remark.text or remark.answers in _NOT_ABOUT_ARTICLES:
        return None
    settled = bool(said.chosen) and not said.uncounted
    if settled and remark.answers in _BY_THE_WAY and not _corrects(remark.text):
        return None
    heard = _heard(remark.text, order, said, spoken)
    if remark.answers == "quantity" and len(said.uncounted) == 1:
        (place,) = said.uncounted
        count = spoken.count(remark.text)
        other = heard.chosen and not heard.all and place not in heard.chosen
        if count is not None and not other and 1 <= count <= order.lines[place].quantity:
            return Articles({**said.chosen, place: count})
    if set(said.chosen) & set(heard.ambiguous) and points_back(remark.text):
        return None
    if heard.ambiguous and not heard.chosen:
        return Articles({}, heard.ambiguous)
    if not heard.chosen:
        kept = {place: n for place, n in said.chosen.items() if place not in heard.excluded}
        return Articles(kept) if heard.excluded and kept != said.chosen else None
    before = said.chosen if adds(remark.text) and not heard.all else {}
    return Articles({**before, **heard.chosen}, uncounted=heard.quantity_open)


def _corrects(text: str) -> bool:
    return corrects_itself(text) or adds(text) or after_repair(text) != text


def _heard(text: str, order: Order, said: Articles, spoken: SpokenAnswers) -> LinesSaid:
    """What a text says of articles; of one that takes itself back, what comes after that."""
    text = without_the_rest(text)
    repaired = after_repair(text)
    if repaired != text:
        heard = spoken.lines(repaired, order.lines, said.chosen)
        if heard.chosen:
            return heard
    return spoken.lines(text, order.lines, said.chosen)
