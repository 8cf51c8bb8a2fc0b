"""A customer's data and their peace: requests that the law gives a term for, and no more messages."""

from datetime import date

from bot.domain.errors import Refusal
from bot.domain.folios import Folio, FolioPrefix
from bot.domain.orders import Order, zone_of
from bot.domain.policies import PrivacyRule
from bot.domain.privacy import PrivacyCase, PrivacyKind, PrivacyRequest
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.optional_order import order_if_proven
from bot.services.journeys.steps import Asking, Choice, Question, Say, Step, say

_THIS_CONVERSATION = say("button_only_this_conversation")


class PrivacyRequestNotFound(Refusal):
    """No request made in this conversation has this folio."""

    code = "privacy_request_not_found"


class RegisterPrivacyRequest(Journey):
    """To see, correct or delete what is kept, or to object to its use."""

    begins = frozenset({"delete_my_data"})
    facts = ("order_number", "second_fact", "privacy_kind", "without_order")

    def next(self, case: Case) -> Step:
        """Say what will happen, register it after a yes; a deletion ends the recognition here."""
        with case.shop.units.reading() as unit:
            before = unit.privacy.registered(case.key)
            here = unit.privacy.of_conversation(case.talk.conversation_id)
        folio = Folio.parse(case.said("case_number") or "")
        if folio is not None and folio.prefix is FolioPrefix.PRIVACY:
            before = next((each for each in here if each.folio == str(folio)), None)
            if before is None:
                raise PrivacyRequestNotFound(str(folio))
        if before is not None:
            country = self._country(case, None, before.request.customer_id)
            return _receipt(before, country, _law(case, country))
        kind = self._kind(case)
        conversation_id = case.talk.conversation_id
        customer_id = case.shop.identification.customer_of(conversation_id)
        order: Order | None = None
        if customer_id is None:
            order = order_if_proven(case, _THIS_CONVERSATION, needs_proof=True)
            customer_id = order.customer.id if order else None
        country = self._country(case, order, customer_id)
        rule = _law(case, country)
        request = PrivacyRequest(
            kind=kind,
            conversation_id=conversation_id,
            customer_id=customer_id,
            text=self._correction(case) if kind is PrivacyKind.RECTIFICATION else "",
            due_on=_due_on(case, country, rule),
        )
        case.confirm(*_summary(request, rule), of=(kind, customer_id, request.text))
        with case.shop.units.writing() as unit:
            opened = unit.privacy.register(request, case.key, case.now)
            if kind is PrivacyKind.DELETION:
                unit.identities.unlink(conversation_id)
            unit.commit()
        return _receipt(opened, country, rule)

    def _kind(self, case: Case) -> PrivacyKind:
        spoken = case.shop.spoken
        for remark in reversed(case.memory.remarks):
            pressed = remark.value("privacy_kind")
            if pressed is not None:
                return PrivacyKind(pressed)
            if remark.answers == "description":
                continue
            named = spoken.privacy_kind(remark.text) if remark.text else None
            if named is not None:
                return named
        choices = tuple(
            Choice(say(f"button_privacy_{kind}"), {"privacy_kind": kind.value})
            for kind in PrivacyKind
        )
        raise Asking(Question("privacy_kind", say("question_privacy_kind"), choices))

    def _correction(self, case: Case) -> str:
        """Which of their data is wrong, in the customer's words."""
        told = case.answer_to("description")
        if told is None:
            raise Asking(Question("description", say("question_correction")))
        return told

    def _country(self, case: Case, order: Order | None, customer_id: str | None) -> str:
        if order is not None or customer_id is None:
            return order.country if order else case.shop.country
        theirs = case.shop.backend.orders_of(customer_id)
        return theirs[0].country if theirs else case.shop.country


class OptOut(Journey):
    """No more messages: done at once, for it takes nothing from anybody."""

    begins = frozenset({"opt_out"})
    is_question = True
    facts = ()

    def next(self, case: Case) -> Step:
        """Note it, and say what it means: lists of mail are the team's to change."""
        conversation_id = case.talk.conversation_id
        customer_id = case.shop.identification.customer_of(conversation_id)
        with case.shop.units.writing() as unit:
            unit.contacts.opt_out(conversation_id, customer_id, case.now)
            unit.commit()
        return Step(says=(say("opted_out"), say("opted_out_lists")), offers_person=True)


def _law(case: Case, country: str) -> PrivacyRule | None:
    """What the customer's law says, or else the shop's: it binds the shop whoever asks."""
    for each in (country, case.shop.country):
        rule = case.shop.policies.of(each).privacy
        if rule.answer_within is not None and rule.citation.confirmed:
            return rule
    return None


def _due_on(case: Case, country: str, rule: PrivacyRule | None) -> date | None:
    if rule is None or rule.answer_within is None:
        return None
    today = case.now.astimezone(zone_of(country)).date()
    return rule.answer_within.after(today, case.shop.policies.of(country).calendar(None))


def _summary(request: PrivacyRequest, rule: PrivacyRule | None) -> list[Say]:
    scope = "" if request.customer_id else "_conversation"
    return [say(f"privacy_summary_{request.kind}{scope}"), _by_when(request, rule)]


def _by_when(request: PrivacyRequest, rule: PrivacyRule | None) -> Say:
    if request.due_on is None or rule is None:
        return say("privacy_due_unknown")
    return say("privacy_due", due_on=request.due_on, article=rule.citation.article)


def _receipt(opened: PrivacyCase, country: str, rule: PrivacyRule | None) -> Step:
    kind = opened.request.kind
    at = opened.opened_at
    registered = say("privacy_receipt", kind=kind, folio=opened.folio, opened_at=at)
    says = [registered, _by_when(opened.request, rule)]
    if kind is PrivacyKind.DELETION and opened.request.customer_id is not None:
        says.append(say("privacy_unlinked"))
    return Step(says=tuple(says), country=country)
