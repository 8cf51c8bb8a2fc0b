"""How articles may go back: by law, by the shop's courtesy, or because they are not what was sold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.business_days import region_of
from bot.domain.deadlines import RightKind, refund_due
from bot.domain.orders import Order
from bot.domain.policies import Outcome, Payer, Policy
from bot.domain.returns import Resolution, ReturnBasis
from bot.domain.rights import LineRights, Right, WhyNot
from bot.services.journeys.journey import Case

_BASIS_OF = {
    RightKind.WITHDRAWAL: ReturnBasis.WITHDRAWAL,
    RightKind.COURTESY: ReturnBasis.COURTESY,
}
_RESOLUTION_OF = {
    Outcome.REFUND: Resolution.REFUND,
    Outcome.EXCHANGE: Resolution.EXCHANGE,
    Outcome.STORE_CREDIT: Resolution.STORE_CREDIT,
}


@dataclass(frozen=True, slots=True)
class Way:
    """By which right something goes back, which article says so, and who pays for it."""

    basis: ReturnBasis
    article: str
    paid_by: Payer
    unused_only: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How the chosen articles may go back.

    Attributes:
        ways: For each resolution its own: a voucher or an exchange is the shop's courtesy,
            whatever the law gives beside it.
        offered: What the customer is asked about.
        due_on: The last day for a refund.
    """

    ways: Mapping[Resolution, Way]
    offered: tuple[Resolution, ...]
    due_on: date


def plan_for_regret(case: Case, order: Order, rights: Mapping[int, LineRights]) -> Plan:
    """How articles go back that nothing is wrong with; each of them can (`best_for_return`).

    A voucher must not be offered in the place of a withdrawal's refund, and may be preferred to it
    by whoever asks for one.
    """
    policy = case.policy(order)
    # One return has one basis: what holds for every article of it.
    best = (each.best_for_return for each in rights.values())
    right = max(best, key=lambda each: each.kind is RightKind.COURTESY)
    courtesy = next(iter(rights.values())).courtesy
    ways = {_RESOLUTION_OF[outcome]: _way(right, policy) for outcome in right.outcomes}
    offered = list(ways)
    if all(each.courtesy.open for each in rights.values()):
        by_courtesy = {_RESOLUTION_OF[each]: _way(courtesy, policy) for each in courtesy.outcomes}
        offered += [each for each in by_courtesy if each is Resolution.EXCHANGE]
        ways = {**by_courtesy, **ways}
    if Resolution.EXCHANGE in ways:
        exchange = ways[Resolution.EXCHANGE]
        paid_by = courtesy.exchange_paid_by or Payer.CUSTOMER
        ways[Resolution.EXCHANGE] = Way(
            exchange.basis,
            exchange.article,
            paid_by,
            exchange.unused_only or policy.courtesy.unused_only,
        )
    return Plan(ways, tuple(dict.fromkeys(offered)), _due(case, order, right.kind))


def plan_for_fault(case: Case, order: Order) -> Plan:
    """What arrived wrong, broken or damaged goes back at the shop's cost."""
    conformity = case.policy(order).conformity
    way = Way(ReturnBasis.CONFORMITY, conformity.citation.article, conformity.return_paid_by)
    offered = (Resolution.EXCHANGE, Resolution.REFUND)
    return Plan(dict.fromkeys(offered, way), offered, _due(case, order, RightKind.GUARANTEE))


def is_recent(rights: LineRights) -> bool:
    """Whether the article arrived so lately that it may still go back as it is."""
    best = rights.best_for_return
    if best.open:
        return True
    if best.why_not in (WhyNot.NOT_RETURNABLE, WhyNot.EXCLUDED_CATEGORY):
        return rights.guarantee.open
    return False


def possible_until(rights: Mapping[int, LineRights]) -> date | None:
    """The last day on which all of them may go back; None when one may not, or nobody knows."""
    lasts: list[date] = []
    for each in rights.values():
        ends = [right.until for right in (each.withdrawal, each.courtesy) if right.open]
        known = [until for until in ends if until is not None]
        if not known:
            return None
        lasts.append(max(known))
    return min(lasts)


def _way(right: Right, policy: Policy) -> Way:
    by_courtesy = right.kind is RightKind.COURTESY
    return Way(
        basis=_BASIS_OF[right.kind],
        article=right.article,
        paid_by=right.return_paid_by or Payer.CUSTOMER,
        unused_only=by_courtesy and policy.courtesy.unused_only,
    )


def _due(case: Case, order: Order, kind: RightKind) -> date:
    purchased_on = order.placed_at.astimezone(order.zone).date()
    region = region_of(order.shipping_address)
    policy, today = case.policy(order), case.today(order)
    return refund_due(policy, kind, today, region, purchased_on=purchased_on)
