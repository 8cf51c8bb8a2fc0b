"""Which rights a customer has over a line of an order, until when, who pays, and why not.

Pure: facts and a policy in, frozen answers out. Customers read none of its words: `why_not` is a
code, `article` comes from the policy.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from bot.domain.business_days import BusinessDays
from bot.domain.deadlines import (
    RightKind,
    compensation_for,
    complaint_due,
    delivery_due,
    enquiry_due,
    refund_due,
)
from bot.domain.line_facts import LineFacts, facts_of
from bot.domain.orders import Condition
from bot.domain.policies import (
    GuaranteeRule,
    Outcome,
    Payer,
    Policy,
    Remedy,
    Standing,
    Term,
    TermUnit,
    WithdrawalRule,
    category_key,
)

__all__ = [
    "GuaranteeRight",
    "LineFacts",
    "LineRights",
    "Right",
    "RightKind",
    "WhyNot",
    "compensation_for",
    "complaint_due",
    "delivery_due",
    "enquiry_due",
    "facts_of",
    "line_rights",
    "refund_due",
]


class WhyNot(StrEnum):
    """Why a right cannot be used today."""

    ORDER_CANCELLED = "order_cancelled"  # there is nothing to give back
    NOT_DELIVERED = "not_delivered"  # it has not arrived yet
    DELIVERY_UNKNOWN = "delivery_unknown"  # nobody says when it arrived: a person decides
    WINDOW_CLOSED = "window_closed"  # it ended on `until`
    EXCLUDED_CATEGORY = "excluded_category"  # no article of its category has this right
    NOT_RETURNABLE = "not_returnable"  # this article does not: an exception of the law holds
    DIGITAL_OPENED = "digital_opened"  # digital content already opened or downloaded
    NO_SUCH_RIGHT = "no_such_right"  # neither this country's law nor the shop gives it
    RULE_UNKNOWN = "rule_unknown"  # the figures are not known for this case: a person decides


@dataclass(frozen=True, slots=True)
class Right:
    """One right over one line on one day.

    `until` is the last day on which it may be used, None when it has not begun to run or never
    existed. `exception` is the code of the law's exception where one is known to hold.
    """

    kind: RightKind
    open: bool
    until: date | None
    why_not: WhyNot | None
    return_paid_by: Payer | None
    exchange_paid_by: Payer | None
    refund_within: Term | None
    refund_same_means: bool
    outcomes: tuple[Outcome, ...]
    article: str
    confirmed: bool
    exception: str | None


@dataclass(frozen=True, slots=True)
class GuaranteeRight(Right):
    """The guarantee: `legal_until` by law, `until` with the shop's own promise when it is longer.

    Until `presumed_until` the defect counts as there from the beginning. `remedies` stand in the
    law's order; the customer may choose between `remedies_at_once` from the start.
    """

    legal_until: date | None
    presumed_until: date | None
    remedies: tuple[Remedy, ...]
    remedies_at_once: tuple[Remedy, ...]

    @property
    def by_law(self) -> bool:
        """Whether it is the law's to its end, and no promise of the shop goes beyond."""
        return self.until is not None and self.until == self.legal_until


AnyRight = TypeVar("AnyRight", bound=Right)


@dataclass(frozen=True, slots=True)
class LineRights:
    """The three rights over a line."""

    withdrawal: Right
    courtesy: Right
    guarantee: GuaranteeRight

    @property
    def best_for_return(self) -> Right:
        """The right to give the line back by; when there is none, the one that says best why not.

        The law's right goes first: it costs the customer least. Of two that have ended, the one
        that lasted longer tells the day that matters.
        """
        for right in (self.withdrawal, self.courtesy):
            if right.open:
                return right
        withdrawal, courtesy = self.withdrawal, self.courtesy
        if withdrawal.why_not in (WhyNot.NO_SUCH_RIGHT, WhyNot.RULE_UNKNOWN):
            return withdrawal if courtesy.why_not is WhyNot.NO_SUCH_RIGHT else courtesy
        if withdrawal.until and courtesy.until and courtesy.until > withdrawal.until:
            return courtesy
        return withdrawal


def line_rights(line: LineFacts, policy: Policy, today: date) -> LineRights:
    """The rights over a line on a day.

    Args:
        line: What is known of it.
        policy: The rules of the order's country.
        today: The day in the customer's zone.
    """
    calendar = policy.calendar(line.region)
    return LineRights(
        _withdrawal(line, policy, today, calendar),
        _courtesy(line, policy, today, calendar),
        _guarantee(line, policy, today, calendar),
    )


def _withdrawal(line: LineFacts, policy: Policy, today: date, calendar: BusinessDays) -> Right:
    rule = policy.withdrawal_on(line.purchased_on)
    if rule is None:
        why_not = WhyNot.RULE_UNKNOWN if policy.is_legal else WhyNot.NO_SUCH_RIGHT
        return _no_rule(why_not)
    right = Right(
        kind=RightKind.WITHDRAWAL,
        open=True,
        until=None,
        why_not=None,
        return_paid_by=rule.return_paid_by,
        exchange_paid_by=None,
        refund_within=rule.refund_within,
        refund_same_means=rule.refund_same_means,
        outcomes=(Outcome.REFUND,),
        article=rule.citation.article,
        confirmed=rule.citation.confirmed,
        exception=None,
    )
    if rule.standing is not Standing.GRANTED or rule.term is None:
        return _refused(right, _by_standing(rule.standing))
    excluded = _excluded_by_law(right, line, rule)
    if excluded is not None:
        return excluded
    starts_on = line.withdrawal_starts_on
    until = rule.term.after(starts_on, calendar) if starts_on else None
    return _in_time(right, line, until, today)


def _no_rule(why_not: WhyNot) -> Right:
    return Right(
        kind=RightKind.WITHDRAWAL,
        open=False,
        until=None,
        why_not=why_not,
        return_paid_by=None,
        exchange_paid_by=None,
        refund_within=None,
        refund_same_means=False,
        outcomes=(),
        article="",
        confirmed=False,
        exception=None,
    )


def _excluded_by_law(right: Right, line: LineFacts, rule: WithdrawalRule) -> Right | None:
    if line.cancelled:
        return _refused(right, WhyNot.ORDER_CANCELLED)
    if line.condition is Condition.DIGITAL and line.digital_opened:
        exception = rule.exception("digital_started")
        article = exception.article if exception else rule.exceptions_article
        refused = replace(_refused(right, WhyNot.DIGITAL_OPENED), article=article)
        return replace(refused, exception="digital_started")
    exception = rule.exception_of(line.category)
    if exception is not None:
        refused = replace(_refused(right, WhyNot.EXCLUDED_CATEGORY), article=exception.article)
        return replace(refused, exception=exception.code)
    if not line.returnable:
        refused = _refused(right, WhyNot.NOT_RETURNABLE)
        if not rule.exceptions:  # the shop says that one holds, and the files know none
            return replace(refused, confirmed=False)
        return replace(refused, article=rule.exceptions_article)
    return None


def _courtesy(line: LineFacts, policy: Policy, today: date, calendar: BusinessDays) -> Right:
    rule = policy.courtesy
    right = Right(
        kind=RightKind.COURTESY,
        open=True,
        until=None,
        why_not=None,
        return_paid_by=rule.return_paid_by,
        exchange_paid_by=rule.exchange_paid_by,
        refund_within=rule.refund_within,
        refund_same_means=False,
        outcomes=rule.outcomes,
        article=rule.citation.article,
        confirmed=True,
        exception=None,
    )
    if rule.term is None:
        return _refused(right, WhyNot.NO_SUCH_RIGHT)
    if line.cancelled:
        return _refused(right, WhyNot.ORDER_CANCELLED)
    if line.condition is Condition.DIGITAL and line.digital_opened:
        return _refused(right, WhyNot.DIGITAL_OPENED)
    if category_key(line.category) in rule.excluded_categories:
        return _refused(right, WhyNot.EXCLUDED_CATEGORY)
    if not line.returnable:
        return _refused(right, WhyNot.NOT_RETURNABLE)
    until = rule.term.after(line.delivered_on, calendar) if line.delivered_on else None
    return _in_time(right, line, until, today)


def _guarantee(
    line: LineFacts, policy: Policy, today: date, calendar: BusinessDays
) -> GuaranteeRight:
    rule = policy.guarantee_on(line.purchased_on, line.condition)
    promised = Term(line.warranty_months, TermUnit.MONTHS) if line.warranty_months else None
    by_law = rule.term_agreed(line.warranty_months) if rule else None
    right = _by_law(rule) if rule else _by_promise(policy)
    if line.cancelled:
        return _refused(right, WhyNot.ORDER_CANCELLED)
    if promised is None and by_law is None:
        return _refused(right, _without_term(rule, policy))
    # What arrived on a day that nobody knows did not arrive before it was bought: what is open
    # when counted from the purchase is open.
    start = line.delivered_on or (line.purchased_on if line.delivery_unknown else None)
    if start is None:
        return _refused(right, WhyNot.NOT_DELIVERED)
    until = max(term.after(start, calendar) for term in (by_law, promised) if term)
    if rule and by_law:
        legal_until = by_law.after(start, calendar)
        right = replace(right, legal_until=legal_until)
        if rule.presumption:
            presumed = rule.presumption.after(start, calendar)
            right = replace(right, presumed_until=min(presumed, legal_until))
    if right.legal_until is None or right.legal_until < today <= until:
        # Only the shop's promise is left, which stands in no law.
        right = replace(_by_promise(policy), legal_until=right.legal_until)
    if today <= until:
        return replace(right, until=until)
    if rule is not None and rule.standing is Standing.OPEN_TERM:
        return _refused(_by_law(rule), WhyNot.RULE_UNKNOWN)
    if line.delivered_on is None:
        return _refused(right, WhyNot.DELIVERY_UNKNOWN)
    return replace(_refused(right, WhyNot.WINDOW_CLOSED), until=until)


def _without_term(rule: GuaranteeRule | None, policy: Policy) -> WhyNot:
    if rule is not None:
        return _by_standing(rule.standing)
    return WhyNot.RULE_UNKNOWN if policy.is_legal else WhyNot.NO_SUCH_RIGHT


def _by_law(rule: GuaranteeRule) -> GuaranteeRight:
    return GuaranteeRight(
        kind=RightKind.GUARANTEE,
        open=True,
        until=None,
        why_not=None,
        return_paid_by=rule.transport_paid_by,
        exchange_paid_by=rule.transport_paid_by,
        refund_within=rule.refund_within,
        refund_same_means=True,
        outcomes=(),
        article=rule.citation.article,
        confirmed=rule.citation.confirmed,
        exception=None,
        legal_until=None,
        presumed_until=None,
        remedies=rule.remedies,
        remedies_at_once=rule.remedies_at_once,
    )


def _by_promise(policy: Policy) -> GuaranteeRight:
    """The shop's commercial guarantee: mends or replaces, as the months of the article say."""
    return GuaranteeRight(
        kind=RightKind.GUARANTEE,
        open=True,
        until=None,
        why_not=None,
        return_paid_by=Payer.SELLER,
        exchange_paid_by=Payer.SELLER,
        refund_within=None,
        refund_same_means=True,
        outcomes=(),
        article=policy.shop_guarantee.article,
        confirmed=policy.shop_guarantee.confirmed,
        exception=None,
        legal_until=None,
        presumed_until=None,
        remedies=(Remedy.REPAIR, Remedy.REPLACEMENT),
        remedies_at_once=(Remedy.REPAIR, Remedy.REPLACEMENT),
    )


def _by_standing(standing: Standing) -> WhyNot:
    return WhyNot.NO_SUCH_RIGHT if standing is Standing.NONE else WhyNot.RULE_UNKNOWN


def _in_time(right: Right, line: LineFacts, until: date | None, today: date) -> Right:
    """Whether a right that holds for the line can be used today."""
    if line.delivery_unknown:
        return _refused(right, WhyNot.DELIVERY_UNKNOWN)
    if line.delivered_on is None:
        return _refused(right, WhyNot.NOT_DELIVERED)
    if until is not None and today > until:
        return replace(_refused(right, WhyNot.WINDOW_CLOSED), until=until)
    return replace(right, until=until)


def _refused(right: AnyRight, why_not: WhyNot) -> AnyRight:
    return replace(right, open=False, until=None, why_not=why_not)
