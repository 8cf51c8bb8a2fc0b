"""The guarantee as it is told: until when it holds, by what, what it covers, and why it does not."""

from dataclasses import replace
from datetime import date

from bot.domain.orders import Condition, OrderLine
from bot.domain.policies import Standing
from bot.domain.returns import ReturnReason
from bot.domain.rights import GuaranteeRight, WhyNot
from bot.domain.spoken.signs import only_asks_how_long
from bot.services.journeys.journey import Case, Journey, Shop
from bot.services.journeys.line_answers import alike, order_if_known, rights_of
from bot.services.journeys.memory import Remark
from bot.services.journeys.steps import Choice, Country, Say, Step, say

_CLAIM_IT = Choice(say("button_claim_warranty"), intent="claim_warranty")
_EXACT_DAY = Choice(say("button_exact_day"), {"of_order": "yes"}, intent="ask_warranty_coverage")


class TellGuarantee(Journey):
    """Is it under guarantee, until when, what does that cover."""

    begins = frozenset({"ask_warranty_coverage"})
    facts = ("order_number", "second_fact", "line")
    is_question = True

    def rather(self, remark: Remark, shop: Shop) -> Remark:
        """Whoever tells of a fault, and asks nothing, wants the guarantee to be used."""
        tells_fault = shop.spoken.reason(remark.text) is ReturnReason.DEFECTIVE
        if tells_fault and "?" not in remark.text and not only_asks_how_long(remark.text):
            return replace(remark, intent="claim_warranty")
        return remark

    def next(self, case: Case) -> Step:
        """Tell it for the articles that are meant, or in general."""
        order = order_if_known(case)
        if order is None:
            return self._in_general(case)
        rights = rights_of(case, order)
        says: list[Say] = []
        for items, each in alike(case, order, rights, "guarantee"):
            says += _told(each.guarantee, items, case.today(order))
        guarantees = [each.guarantee for each in rights.values()]
        if any(right.open for right in guarantees):
            says.append(say("guarantee_covers"))
            return Step(says=tuple(says), choices=(_CLAIM_IT,))
        return Step(says=tuple(says), offers_person=any(map(_needs_a_person, guarantees)))

    def _in_general(self, case: Case) -> Step:
        country = case.shop.country
        policy = case.shop.policies.of(country)
        rule = policy.guarantee_on(case.now.date(), Condition.NEW)
        says: list[Say] = []
        if rule is not None and rule.standing is Standing.GRANTED and rule.term is not None:
            article = rule.citation.article
            name = "guarantee_by_law" if rule.citation.confirmed else "guarantee_by_law_unconfirmed"
            says.append(say(name, term=rule.term, article=article, country=Country(country)))
            if rule.presumption is not None:
                says.append(say("guarantee_presumed_for", term=rule.presumption))
        else:
            says.append(say("guarantee_of_the_article"))
        says.append(say("guarantee_covers"))
        return Step(says=tuple(says), choices=(_EXACT_DAY, _CLAIM_IT), country=country)


def _told(right: GuaranteeRight, items: tuple[OrderLine, ...], today: date) -> list[Say]:
    """One guarantee: until when and by what, or why there is none."""
    if not right.open or right.until is None:
        return list(why_no_guarantee(right, items))
    if right.by_law:
        name = "guarantee_until_by_law" if right.confirmed else "guarantee_until_unconfirmed"
        says = [say(name, items=items, until=right.until, article=right.article)]
    elif right.legal_until is not None and right.legal_until >= today and right.confirmed:
        legal_until = right.legal_until
        both = say(
            "guarantee_until_by_both", items=items, until=right.until, legal_until=legal_until
        )
        says = [both]
    else:
        says = [say("guarantee_until_by_shop", items=items, until=right.until)]
    presumed = right.presumed_until
    if presumed is not None and presumed >= today and right.confirmed:
        says.append(say("guarantee_presumed_until", until=presumed))
    return says


def why_no_guarantee(right: GuaranteeRight, items: tuple[OrderLine, ...]) -> tuple[Say, ...]:
    """Why the guarantee of these articles cannot be used, with the day and the article of the law."""
    if right.why_not is WhyNot.WINDOW_CLOSED and right.until is not None:
        return (say("guarantee_ended", items=items, until=right.until, article=right.article),)
    return (say("guarantee_not_of", items=items), say(f"refusal_guarantee_{right.why_not}"))


def _needs_a_person(right: GuaranteeRight) -> bool:
    return right.why_not not in (None, WhyNot.NOT_DELIVERED)
