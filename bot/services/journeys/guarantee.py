"""Using the guarantee of something that does not work any more."""

from dataclasses import dataclass, replace

from bot.domain.business_days import region_of
from bot.domain.claims import (
    GUARANTEE_REMEDIES,
    Claim,
    ClaimedLine,
    ClaimKind,
    ClaimRequest,
    ClaimStatus,
    Remedy,
    check_claimable,
)
from bot.domain.deadlines import complaint_due
from bot.domain.orders import Order, OrderStatus
from bot.domain.policies import Payer
from bot.domain.returns import ReturnReason
from bot.domain.rights import LineRights, WhyNot
from bot.domain.spoken.signs import only_asks_how_long
from bot.services.journeys.guarantee_coverage import why_no_guarantee
from bot.services.journeys.journey import Case, Journey, Shop
from bot.services.journeys.line_answers import alike, rights_of
from bot.services.journeys.memory import Remark
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
from bot.services.order_backend import Actor

# More words than these, beside those of a mere request, say what is wrong.
_WORDS_OF_A_REQUEST = 2
_FAULTS = (ReturnReason.DEFECTIVE, ReturnReason.DAMAGED)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What may be asked for the chosen articles, and what comes later in the law's order."""

    now: tuple[Remedy, ...]
    later: tuple[Remedy, ...]
    article: str
    transport_paid_by: Payer


class ClaimGuarantee(Journey):
    """Something does not work any more."""

    begins = frozenset({"claim_warranty"})
    facts = ("order_number", "second_fact", "line", "quantity", "remedy")

    def rather(self, remark: Remark, shop: Shop) -> Remark:
        """Whoever asks how long something that works is covered claims nothing."""
        if only_asks_how_long(remark.text):
            return replace(remark, intent="ask_warranty_coverage")
        return remark

    def fits(self, order: Order) -> bool:
        """An order of which something has arrived."""
        return any(order.delivered_quantities()) or order.status is OrderStatus.COMPLETED

    def next(self, case: Case) -> Step:
        """Ask for what is missing, show what will be done, do it after a yes."""
        order = case.order()
        chosen = self._chosen(case, order)
        rights = {place: each for place, each in rights_of(case, order).items() if place in chosen}
        refused = [place for place, each in rights.items() if not each.guarantee.open]
        if refused:
            return self._not_covered(case, order, rights, refused)
        claims = case.shop.backend.cases(order.number).claims
        lines = tuple(ClaimedLine(place, count) for place, count in sorted(chosen.items()))
        request = ClaimRequest(order.number, ClaimKind.WARRANTY, Remedy.REPAIR, lines)
        if not case.is_agreeing:
            check_claimable(request, claims)
        description = _description(case, order, chosen)
        plan = _plan(rights, claims, frozenset(chosen))
        remedy = _remedy(case, plan, rights)
        request = replace(
            request,
            remedy=remedy,
            description=description,
            due_on=complaint_due(
                case.policy(order), case.today(order), region_of(order.shipping_address)
            ),
            evidence=case.photos,
            article=plan.article,
        )
        items = tuple(
            replace(case.named(order, line.position), quantity=line.quantity) for line in lines
        )
        summary = say("claim_summary", items=items, order_number=order.number, remedy=remedy)
        transport = say(f"claim_transport_paid_by_{plan.transport_paid_by}")
        case.confirm(summary, transport, of=(lines, remedy))
        by = Actor.customer(case.talk.conversation_id)
        return _receipt(case.shop.backend.open_claim(request, case.key, by))

    def _chosen(self, case: Case, order: Order) -> dict[int, int]:
        """The articles that fail; of several of one kind, how many."""
        open_ones = [place for place, each in rights_of(case, order).items() if each.guarantee.open]
        chosen = case.lines(order, open_ones, "question_which_fails")
        counted = case.said("quantity") is not None or case.answer_to("quantity") is not None
        for place, count in chosen.items():
            # "Compré dos y una se ha rajado": what was bought is not what fails.
            if count > 1 and not counted:
                raise Asking(case.how_many(order, place))
        return chosen

    def _not_covered(
        self, case: Case, order: Order, rights: dict[int, LineRights], refused: list[int]
    ) -> Step:
        """Why not, and what else there is: a return while it is new, or a person."""
        says: list[Say] = []
        for items, each in alike(
            case, order, {place: rights[place] for place in refused}, "guarantee"
        ):
            says += why_no_guarantee(each.guarantee, items)
        rest = [place for place in rights if place not in refused]
        if rest:
            choices = tuple(
                Choice(say("button_line", items=(case.named(order, place),)), {"line": str(place)})
                for place in rest
            )
            raise Asking(Question("line", say("question_only_the_rest"), choices), *says)
        if all(rights[place].guarantee.why_not is WhyNot.NOT_DELIVERED for place in refused):
            return Step(says=tuple(says))
        returnable = all(rights[place].best_for_return.open for place in refused)
        return Step(
            says=tuple(says),
            choices=(_return_it(refused),) if returnable else (),
            offers_person=not returnable,
        )


def _return_it(places: list[int]) -> Choice:
    line = {"line": str(places[0])} if len(places) == 1 else {}
    return Choice(say("button_return_it"), {"reason": "defective", **line}, "request_return")


def _plan(
    rights: dict[int, LineRights], claims: tuple[Claim, ...], places: frozenset[int]
) -> _Plan:
    """What the law gives first, and everything once that was tried for one of these articles."""
    guarantees = [each.guarantee for each in rights.values()]
    tried = any(
        claim.kind is ClaimKind.WARRANTY
        and claim.status is ClaimStatus.RESOLVED
        and claim.is_about(places)
        for claim in claims
    )
    first = guarantees[0]
    at_once = set(first.remedies_at_once)
    for each in guarantees[1:]:
        at_once &= set(each.remedies_at_once)
    now = tuple(remedy for remedy in first.remedies if tried or remedy in at_once)
    return _Plan(
        now=now or (Remedy.REPAIR,),
        later=tuple(remedy for remedy in first.remedies if remedy not in now),
        article=first.article,
        transport_paid_by=first.return_paid_by or Payer.SELLER,
    )


def _remedy(case: Case, plan: _Plan, rights: dict[int, LineRights]) -> Remedy:
    said = case.read("remedy", Remedy, case.shop.spoken.remedy)
    if said in plan.now:
        return said
    if said is None and len(plan.now) == 1:
        return plan.now[0]
    choices = [
        Choice(say("button_remedy", remedy=each), {"remedy": each.value}) for each in plan.now
    ]
    if all(each.best_for_return.open for each in rights.values()):
        choices.append(_return_it(list(rights)))  # as new as it is, it may also go back
    question = Question("remedy", say("question_remedy"), tuple(choices))
    if said in plan.later:
        raise Asking(question, say("remedy_comes_later", remedy=said))
    if said in GUARANTEE_REMEDIES:
        raise Asking(question, say("remedy_not_offered", remedy=said))
    raise Asking(question)


def _description(case: Case, order: Order, chosen: dict[int, int]) -> str:
    """What is wrong, in the customer's words: as they answered, or as they said it unasked."""
    answered = case.answer_to("description")
    if answered is not None:
        return answered
    spoken = case.shop.spoken
    titles = " ".join(order.lines[place].title for place in chosen)
    for remark in case.memory.remarks:
        if remark.answers not in (None, "line", "order_number", "second_fact", "remedy"):
            continue
        if spoken.reason(remark.text) in _FAULTS:
            return remark.text
        if remark.answers is None and remark.intent == "claim_warranty":
            rest = spoken.beside_a_request(remark.text, titles)
            if len(rest) > _WORDS_OF_A_REQUEST:
                return remark.text
    raise Asking(Question("description", say("question_description")))


def _receipt(opened: Claim) -> Step:
    says = [say("claim_receipt", folio=opened.folio, opened_at=opened.opened_at)]
    says.append(say(f"claim_next_{opened.remedy}", folio=opened.folio))
    if opened.due_on is not None:
        says.append(say("case_answer_due", due_on=opened.due_on))
    return Step(
        says=tuple(says), asks_if_solved=True, document=Document(DocumentKind.RECEIPT, opened.folio)
    )
