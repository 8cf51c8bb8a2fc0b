"""Complaining, and what became of a complaint. Nobody has to prove anything to complain."""

from datetime import date

from bot.domain.business_days import region_of
from bot.domain.complaints import Complaint, ComplaintKind, ComplaintRequest, ComplaintStatus
from bot.domain.deadlines import complaint_due
from bot.domain.errors import Refusal
from bot.domain.folios import Folio
from bot.domain.orders import Order, zone_of
from bot.domain.policies import OfficialForm, Policy, Term
from bot.domain.spoken.consent import asks_when
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.memory import Remark
from bot.services.journeys.optional_order import (
    WITHOUT,
    is_order_named,
    is_without_order,
    order_if_proven,
)
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

# As much of the customer's words as is shown back; all of them are kept.
_WORDS_SHOWN = 240
# The newest ones; who has more gives a folio.
_COMPLAINTS_TOLD = 3
_GO_ON_WITHOUT = say("button_without_order")
_FILE_ONE = Choice(say("button_file_complaint"), intent="file_complaint")


class ComplaintNotFound(Refusal):
    """No complaint of this customer has this folio: none has it, or it is somebody else's."""

    code = "complaint_not_found"


class FileComplaint(Journey):
    """A queja or a reclamación, with a folio and the day by which it is answered."""

    begins = frozenset({"file_complaint"})
    facts = ("order_number", "second_fact", "complaint", "complaint_kind", "without_order")

    def next(self, case: Case) -> Step:
        """Hear what happened, show what is registered, register it after a yes."""
        text = self._text(case)
        kind = self._kind(case)
        order = self._order(case)
        country = order.country if order else case.shop.country
        region = region_of(order.shipping_address) if order else None
        policy = case.shop.policies.of(country)
        today = case.now.astimezone(zone_of(country)).date()
        form = policy.official_form(region)
        conversation_id = case.talk.conversation_id
        request = ComplaintRequest(
            kind=kind,
            text=text,
            conversation_id=conversation_id,
            country=country,
            order_number=order.number if order else None,
            customer_id=case.shop.identification.customer_of(conversation_id),
            region=region,
            due_on=complaint_due(policy, today, region),
            official_form=form.name if form else "",
            evidence=case.photos,
        )
        case.confirm(*_summary(request), of=(kind, text, request.order_number, request.evidence))
        by = Actor.customer(conversation_id)
        opened = case.shop.backend.open_complaint(request, case.key, by)
        return _receipt(opened, form, _term_told(policy, request, today))

    def aside(self, remark: Remark, case: Case) -> tuple[Say, ...]:
        """By when it would be answered."""
        if not asks_when(remark.text):
            return ()
        order = self._order(case)
        policy = case.shop.policies.of(order.country if order else case.shop.country)
        return (say("complaint_answered_within", term=policy.complaint.answer_within),)

    def _text(self, case: Case) -> str:
        """What happened, in the customer's words: all that they told of it."""
        told = [
            remark.text
            for remark in case.memory.remarks
            if case.shop.spoken.tells_what_happened(remark.text)
            or (remark.answers == "complaint" and remark.text and not _only_identifies(remark.text))
        ]
        if not told:
            raise Asking(Question("complaint", say("question_complaint")))
        return "\n".join(told)

    def _kind(self, case: Case) -> ComplaintKind:
        spoken = case.shop.spoken
        wants_remedy = False
        for remark in reversed(case.memory.remarks):
            pressed = remark.value("complaint_kind")
            if pressed is not None:
                return ComplaintKind(pressed)
            if not remark.text:
                continue
            # "Ya me quejé por teléfono" in the story names no kind.
            named = spoken.complaint_kind(remark.text) if remark.answers != "complaint" else None
            if named is not None:
                return named
            wants_remedy |= spoken.remedy(remark.text) is not None
        if wants_remedy:
            return ComplaintKind.RECLAMACION
        choices = tuple(
            Choice(say(f"button_complaint_{kind}"), {"complaint_kind": kind.value})
            for kind in ComplaintKind
        )
        raise Asking(Question("complaint_kind", say("question_complaint_kind"), choices))

    def _order(self, case: Case) -> Order | None:
        if is_without_order(case) is None and not is_order_named(case):
            choices = (Choice(say("button_not_about_order"), WITHOUT),)
            raise Asking(Question("without_order", say("question_about_order"), choices))
        return order_if_proven(case, _GO_ON_WITHOUT)


class TellComplaintStatus(Journey):
    """What became of a complaint."""

    begins = frozenset({"ask_complaint_status"})
    facts = ("order_number", "second_fact", "case_number")
    is_question = True

    def next(self, case: Case) -> Step:
        """Tell it to whoever made it: in this conversation, or as a proven customer."""
        folio = case.said("case_number")
        here = case.shop.backend.complaints_of(case.talk.conversation_id)
        if folio is not None:
            return _told(case, (self._of_folio(case, folio, here),))
        theirs = [*here, *self._of_customer(case, is_needed=not here)]
        complaints = sorted({each.folio: each for each in theirs}.values(), key=_opened)
        if not complaints:
            return Step(says=(say("no_complaints"),), choices=(_FILE_ONE,))
        waiting = [each for each in complaints if each.status.is_open]
        return _told(case, tuple((waiting or complaints[-1:])[-_COMPLAINTS_TOLD:]))

    def _of_folio(self, case: Case, written: str, here: tuple[Complaint, ...]) -> Complaint:
        found = case.shop.backend.case(written)
        complaint = found.case if found and isinstance(found.case, Complaint) else None
        if complaint is not None and complaint in here:
            return complaint
        # Whatever the folio, a stranger is asked for the same proof: none is told which is real.
        customer = case.shop.identification.customer_of(case.talk.conversation_id)
        if customer is None:
            customer = case.order().customer.id
        if found is None or complaint is None or found.customer_id != customer:
            raise ComplaintNotFound(str(Folio.parse(written) or written))
        return complaint

    def _of_customer(self, case: Case, *, is_needed: bool) -> list[Complaint]:
        """The complaints about the orders of a proven customer; asks for proof if needed."""
        customer = case.shop.identification.customer_of(case.talk.conversation_id)
        if customer is None:
            if not is_needed:
                return []
            customer = case.order().customer.id
        return [
            complaint
            for order in case.shop.backend.orders_of(customer)
            for complaint in case.shop.backend.cases(order.number).complaints
        ]


def _opened(complaint: Complaint) -> tuple[float, str]:
    return complaint.opened_at.timestamp(), complaint.folio


def _only_identifies(text: str) -> bool:
    """Whether an answer is a number or an address of mail and nothing else."""
    return len(text.split()) == 1 and ("@" in text or any(letter.isdigit() for letter in text))


def _shown(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return flat if len(flat) <= _WORDS_SHOWN else f"{flat[:_WORDS_SHOWN].rstrip()}…"


def _summary(request: ComplaintRequest) -> list[Say]:
    assert request.due_on is not None  # the policy always has a term
    words = _shown(request.text)
    if request.order_number is not None:
        number = request.order_number
        what = say("complaint_summary_order", kind=request.kind, order_number=number, words=words)
    else:
        what = say("complaint_summary", kind=request.kind, words=words)
    return [what, say("complaint_due", due_on=request.due_on)]


def _term_told(policy: Policy, request: ComplaintRequest, today: date) -> Term | None:
    """The term behind the deadline; None when the region has a shorter one."""
    term = policy.complaint.answer_within
    last_day = term.after(today, policy.calendar(request.region))
    return term if request.due_on == last_day else None


def _receipt(opened: Complaint, form: OfficialForm | None, term: Term | None) -> Step:
    kind, at = opened.kind, opened.opened_at
    says = [say("complaint_receipt", kind=kind, folio=opened.folio, opened_at=at)]
    if opened.due_on is not None:
        says.append(say("complaint_due", due_on=opened.due_on))
    if term is not None:
        says.append(say("complaint_answered_within", term=term))
    if form is not None:
        sure = "" if form.citation.confirmed else "_unconfirmed"
        says.append(say(f"complaint_official_form{sure}", form=form.name, where=form.where))
    receipt = Document(DocumentKind.RECEIPT, opened.folio)
    return Step(says=tuple(says), document=receipt, country=opened.country)


def _told(case: Case, complaints: tuple[Complaint, ...]) -> Step:
    says: list[Say] = []
    needs_person = False
    for each in complaints:
        today = case.now.astimezone(zone_of(each.country)).date()
        overdue = each.status.is_open and each.due_on is not None and each.due_on < today
        needs_person |= overdue or each.status is ComplaintStatus.REJECTED
        facts = {"kind": each.kind, "folio": each.folio}
        if overdue:
            assert each.due_on is not None
            says.append(say("complaint_overdue", due_on=each.due_on, **facts))
            continue
        if each.answer and not each.status.is_open:
            says.append(say(f"complaint_{each.status}_answer", answer=each.answer, **facts))
        else:
            says.append(Say(f"complaint_{each.status}", facts))
        if each.status.is_open and each.due_on is not None:
            says.append(say("complaint_due", due_on=each.due_on))
    return Step(says=tuple(says), offers_person=needs_person, country=complaints[-1].country)
