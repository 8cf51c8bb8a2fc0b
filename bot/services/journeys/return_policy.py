"""How returns work: for the articles of a proven order, else the rules of the shop's country."""

from collections.abc import Iterable

from bot.domain.orders import Order, OrderLine
from bot.domain.policies import Outcome, Policy, Standing, WithdrawalRule
from bot.domain.returns import Resolution
from bot.domain.rights import LineRights, Right, RightKind, WhyNot
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.line_answers import alike, order_if_known, rights_of, words_of_request
from bot.services.journeys.steps import Choice, Say, Step, say

_RETURN_IT = Choice(say("button_return_it"), intent="request_return")
# What is asked of returns, in the order of the answer (data/lexicon/answers.yml: return_facet).
_FACETS = ("days", "used", "excluded", "cost", "how", "money", "exchange")
_WITHOUT_FACET = ("days", "cost", "money")


class TellReturnPolicy(Journey):
    """How, until when and at whose cost something may go back."""

    begins = frozenset({"ask_return_policy"})
    facts = ("order_number", "second_fact", "line")
    is_question = True

    def fits(self, order: Order) -> bool:
        """An order of which something has arrived."""
        return any(order.delivered_quantities())

    def next(self, case: Case) -> Step:
        """Tell it for the articles that are meant, or in general."""
        asked = case.shop.spoken.mentioned("return_facet", words_of_request(self, case))
        facets = [facet for facet in _FACETS if facet in asked] or list(_WITHOUT_FACET)
        order = order_if_known(case)
        if order is None:
            country = case.shop.country
            policy = case.shop.policies.of(country)
            return Step(
                says=tuple(_in_general(case, policy, facets)),
                choices=(_RETURN_IT,),
                country=country,
            )
        return _for_order(case, order, facets)


def _for_order(case: Case, order: Order, facets: list[str]) -> Step:
    policy, rights = case.policy(order), rights_of(case, order)
    says: list[Say] = []
    for items, each in alike(case, order, rights, "best_for_return"):
        right = each.best_for_return
        if right.open:
            says.append(_open(right, items))
        else:
            says += _closed(right, items)
    openings = [each for each in rights.values() if each.best_for_return.open]
    if openings:
        says += _costs_and_money(openings, facets)
        says += _of_facets(policy, facets)
    wait = any(
        each.best_for_return.why_not in (WhyNot.DELIVERY_UNKNOWN, WhyNot.RULE_UNKNOWN)
        for each in rights.values()
    )
    closed = not openings and not _waits_for_it(rights.values())
    choices = (_RETURN_IT,) if openings else ()
    return Step(says=tuple(says), choices=choices, offers_person=wait or closed)


def _waits_for_it(rights: Iterable[LineRights]) -> bool:
    """Whether the term of one of them begins when it arrives."""
    return any(each.best_for_return.why_not is WhyNot.NOT_DELIVERED for each in rights)


def _open(right: Right, items: tuple[OrderLine, ...]) -> Say:
    """Until when it may go back; while a part is outstanding the term has not begun."""
    if right.until is None:
        return say("policy_line_not_begun", items=items)
    name = f"policy_line_{right.kind}"
    return say(name, items=items, until=right.until, article=right.article)


def _closed(right: Right, items: tuple[OrderLine, ...]) -> list[Say]:
    """Why something cannot go back today; what has not arrived yet may later."""
    if right.why_not is WhyNot.NOT_DELIVERED:
        return [say("policy_line_not_delivered", items=items)]
    if right.why_not is WhyNot.WINDOW_CLOSED and right.until is not None:
        return [say("refusal_return_window_closed", items=items, until=right.until)]
    return [say(f"refusal_return_{right.why_not}", items=items)]


def _costs_and_money(openings: list[LineRights], facets: list[str]) -> list[Say]:
    best = [each.best_for_return for each in openings]
    says = []
    if "cost" in facets:
        payers = {right.return_paid_by for right in best if right.return_paid_by}
        says += [say(f"return_paid_by_{payer}") for payer in sorted(payers)]
    if "money" in facets:
        terms = {right.refund_within for right in best if right.refund_within}
        same = all(right.refund_same_means for right in best)
        name = "policy_refund_same_means" if same else "policy_refund_within"
        if len(terms) == 1:
            says.append(say(name, term=terms.pop()))
    return says


def _in_general(case: Case, policy: Policy, facets: list[str]) -> list[Say]:
    today = case.now.date()
    law, shop = policy.withdrawal_on(today), policy.courtesy
    granted = law if law is not None and law.standing is Standing.GRANTED and law.term else None
    says: list[Say] = []
    if "days" in facets:
        says += _terms(policy, granted)
    if "cost" in facets:
        if granted is not None:
            says.append(say(f"policy_{RightKind.WITHDRAWAL}_paid_by_{granted.return_paid_by}"))
        if shop.term is not None and (
            granted is None or granted.return_paid_by != shop.return_paid_by
        ):
            says.append(say(f"policy_courtesy_paid_by_{shop.return_paid_by}"))
        says.append(say(f"policy_fault_paid_by_{policy.conformity.return_paid_by}"))
    if "money" in facets:
        if granted is not None and granted.refund_within is not None:
            name = (
                "policy_refund_same_means" if granted.refund_same_means else "policy_refund_within"
            )
            says.append(say(name, term=granted.refund_within))
        else:
            says.append(say("policy_refund_within", term=shop.refund_within))
    return says + _of_facets(policy, facets)


def _terms(policy: Policy, granted: WithdrawalRule | None) -> list[Say]:
    says: list[Say] = []
    if granted is not None and granted.term is not None:
        citation = granted.citation
        name = "policy_withdrawal" if citation.confirmed else "policy_withdrawal_unconfirmed"
        says.append(say(name, term=granted.term, article=citation.article))
    if policy.courtesy.term is not None:
        outcomes = policy.courtesy.outcomes
        name = "policy_courtesy_refunds" if Outcome.REFUND in outcomes else "policy_courtesy"
        says.append(say(name, term=policy.courtesy.term))
    return says or [say("policy_no_returns")]


def _of_facets(policy: Policy, facets: list[str]) -> list[Say]:
    """What is the same for every article."""
    shop, says = policy.courtesy, []
    if "used" in facets:
        says.append(say("policy_unused_only" if shop.unused_only else "policy_used_too"))
    if "excluded" in facets:
        says.append(say("policy_excluded"))
    if "how" in facets:
        says.append(say("policy_how"))
    if "exchange" in facets and shop.term is not None:
        if Resolution.EXCHANGE in {outcome.value for outcome in shop.outcomes}:
            says.append(say(f"policy_exchange_paid_by_{shop.exchange_paid_by}", term=shop.term))
        else:
            says.append(say("policy_no_exchange"))
    return says
