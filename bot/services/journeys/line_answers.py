"""The rights over the articles of an order, for journeys that tell them."""

from collections.abc import Iterable, Iterator

from bot.domain.line_facts import facts_of
from bot.domain.orders import Order, OrderLine
from bot.domain.rights import LineRights, line_rights
from bot.services.journeys.journey import Case, Journey


def order_if_known(case: Case) -> Order | None:
    """The order that a question is about, when it is about one at all.

    Whoever asks in general is not asked for a number; whoever names an order proves it.

    Raises:
        Asking, NoSuchOrder, OrderNotIdentified, RepeatedlyNotIdentified, LookupLocked.
    """
    if case.said("order_number") is not None or case.said("of_order") is not None:
        return case.order()
    if case.shop.identification.customer_of(case.talk.conversation_id) is None:
        return None
    about_one = (
        case.talk.in_focus or case.said("product") or case.said("order_reference")
    ) is not None
    return case.order() if about_one else None


def rights_of(case: Case, order: Order) -> dict[int, LineRights]:
    """The rights over the lines that were named, or over all of them, by their position."""
    said = case.articles(order)
    places = sorted(said.chosen) or said.ambiguous or range(len(order.lines))
    return rights_at(case, order, places)


def rights_at(case: Case, order: Order, places: Iterable[int]) -> dict[int, LineRights]:
    """The rights over the lines at these positions."""
    products = case.shop.backend.products(line.sku for line in order.lines)
    policy, today = case.policy(order), case.today(order)
    return {
        place: line_rights(
            facts_of(order, place, products.get(order.lines[place].sku), products), policy, today
        )
        for place in places
    }


def alike(
    case: Case, order: Order, rights: dict[int, LineRights], what: str
) -> Iterator[tuple[tuple[OrderLine, ...], LineRights]]:
    """Articles for which one sentence holds, together.

    Args:
        what: The right that is told: a name of `LineRights`.
    """
    groups: dict[object, list[int]] = {}
    for place, each in rights.items():
        groups.setdefault(getattr(each, what), []).append(place)
    for places in groups.values():
        items = tuple(case.named(order, place) for place in places)
        yield items, rights[places[0]]


def words_of_request(journey: Journey, case: Case) -> str:
    """What was said since the question was put: what came before was about something else."""
    texts: list[str] = []
    for remark in reversed(case.memory.remarks):
        texts.append(remark.text)
        if remark.intent in journey.begins:
            break
    return "\n".join(reversed(texts))
