"""Telling where a parcel is, and asking its carrier when it is late or nothing is heard of it."""

from bot.domain.business_days import region_of
from bot.domain.claims import Claim, ClaimKind, ClaimRequest, Remedy
from bot.domain.deadlines import enquiry_due
from bot.domain.orders import Order
from bot.domain.spoken.consent import says_no, says_yes
from bot.services.journeys.journey import YES_OR_NO, Case
from bot.services.journeys.order_answers import (
    OrderAnswers,
    carrier_must_explain,
    needs_a_person,
)
from bot.services.journeys.steps import Asking, Question, Say, Step, say
from bot.services.order_backend import Actor, Capability
from bot.services.order_status import summarise


def whereabouts(case: Case, order: Order, answers: OrderAnswers, *before: Say) -> Step:
    """Where an order is; when its carrier owes an explanation, the offer to ask for it.

    Args:
        case: The journey under way.
        order: The proven order.
        answers: Words the status.
        before: Sentences that go before it.

    Raises:
        Asking: whether the carrier shall be asked.
    """
    agreed = _decision(case, order)
    if agreed is True:
        return _ask_carrier(case, order)
    if agreed is False:
        return Step(says=(say("enquiry_left"),))
    summary = summarise(order, case.now)
    silent = _silence(case, order)
    told = (*before, *answers.sentences(summary, None, case.now), *silent)
    if not carrier_must_explain(summary) and not silent:
        return Step(says=told, offers_person=needs_a_person(summary))
    if Capability.CLAIMS not in case.shop.backend.capabilities:
        return Step(says=(*told, say("carrier_can_be_asked")), offers_person=True)
    under_way = open_claim(case, order, ClaimKind.LATE_DELIVERY)
    if under_way is not None:
        return claim_under_way(case, order, under_way, "enquiry", *told)
    put_again = case.heard is None and case.memory.asked == "enquiry"
    question = Question("enquiry", say("question_enquiry"), YES_OR_NO)
    raise Asking(question, *(() if put_again else told), agreed=order.number)


def open_claim(
    case: Case, order: Order, kind: ClaimKind, positions: frozenset[int] = frozenset()
) -> Claim | None:
    """The claim that is still open about the same; `positions` empty stands for the whole order."""
    claims = case.shop.backend.cases(order.number).claims
    about = (c for c in claims if c.kind is kind and c.status.is_open and c.is_about(positions))
    return next(about, None)


def claim_under_way(case: Case, order: Order, claim: Claim, what: str, *told: Say) -> Step:
    """That something is being done already, and by when; a person when that day has passed.

    Args:
        what: `enquiry` or `incident`: how the claim is called.
    """
    if claim.due_on is None:
        undated = say(f"{what}_under_way_undated", folio=claim.folio)
        return Step(says=(*told, undated), offers_person=True)
    overdue = claim.due_on < case.today(order)
    response = f"{what}_overdue" if overdue else f"{what}_under_way"
    stands = say(response, folio=claim.folio, due_on=claim.due_on)
    return Step(says=(*told, stands), offers_person=overdue)


def _decision(case: Case, order: Order) -> bool | None:
    """What the message says to the offer made for this very order."""
    heard, memory = case.heard, case.memory
    if heard is None or memory.asked != "enquiry" or memory.agreed != order.number:
        return None
    if says_no(heard.intent, heard.text):
        return False
    return says_yes(heard.intent, heard.text) or None


def _silence(case: Case, order: Order) -> tuple[Say, ...]:
    """Since when nothing is heard of a parcel of which the status alone would tell nothing wrong."""
    shipment = order.current_shipment(case.now)
    longest = case.policy(order).carrier_enquiry.stuck_after
    if shipment is None or not shipment.is_silent(case.now, longest):
        return ()
    if carrier_must_explain(summarise(order, case.now)) or shipment.last_news_at is None:
        return ()
    since = shipment.last_news_at.astimezone(order.zone).date()
    return (say("parcel_silent", carrier=shipment.carrier, since=since),)


def _ask_carrier(case: Case, order: Order) -> Step:
    region = region_of(order.shipping_address)
    request = ClaimRequest(
        order_number=order.number,
        kind=ClaimKind.LATE_DELIVERY,
        remedy=Remedy.CARRIER_ENQUIRY,
        due_on=enquiry_due(case.policy(order), case.today(order), region),
    )
    by = Actor.customer(case.talk.conversation_id)
    opened = case.shop.backend.open_claim(request, case.key, by)
    return claim_opened(opened, "enquiry")


def claim_opened(opened: Claim, what: str) -> Step:
    """The receipt: its folio, and by when the team answers; `what` as in `claim_under_way`."""
    says = [say(f"{what}_opened", folio=opened.folio)]
    if opened.due_on is not None:
        says.append(say(f"{what}_answered_by", due_on=opened.due_on))
    return Step(says=tuple(says), asks_if_solved=True)
