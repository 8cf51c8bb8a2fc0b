"""How a claim goes: a repair, a replacement, a parcel that was reported."""

from bot.domain.claims import Claim, ClaimKind, ClaimStatus, RepairStatus
from bot.domain.orders import Order
from bot.services.journeys.cases import articles_of, cases_meant, the_one
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.steps import Choice, Say, Step, say

_CLAIM_IT = Choice(say("button_claim_warranty"), intent="claim_warranty")


class TellClaimStatus(Journey):
    """What became of a claim."""

    begins = frozenset({"ask_claim_status"})
    facts = ("order_number", "second_fact", "case_number", "line")
    is_question = True

    def next(self, case: Case) -> Step:
        """Say where it stands, and by when it is answered."""
        meant = cases_meant(case, lambda _, cases: bool(cases.claims))
        claims = meant.cases.claims
        if not claims:
            none = say("no_claims", order_number=meant.order.number)
            return Step(says=(none,), choices=(_CLAIM_IT,))
        current = tuple(each for each in claims if each.status.is_open) or claims[-1:]
        if meant.folio is not None:
            current = claims
        claim = the_one(case, meant, current)
        says = _where_it_stands(case, meant.order, claim)
        overdue = False
        if claim.status.is_open and claim.due_on is not None:
            overdue = claim.due_on < case.today(meant.order)
            says.append(say("case_overdue" if overdue else "case_answer_due", due_on=claim.due_on))
        return Step(says=tuple(says), offers_person=overdue or _needs_person(claim))


def _where_it_stands(case: Case, order: Order, claim: Claim) -> list[Say]:
    items = articles_of(case, order, claim.lines)
    if claim.status.is_open and claim.repair is not None:
        return [say(f"repair_{claim.repair}", folio=claim.folio, items=items)]
    if claim.kind is ClaimKind.WARRANTY:
        return [say(f"claim_{claim.status}", folio=claim.folio, items=items, remedy=claim.remedy)]
    return [
        say(f"incident_{claim.status}", folio=claim.folio, kind=claim.kind, remedy=claim.remedy)
    ]


def _needs_person(claim: Claim) -> bool:
    if claim.status is ClaimStatus.REJECTED:
        return True
    return claim.status.is_open and claim.repair is RepairStatus.NOT_REPAIRABLE
