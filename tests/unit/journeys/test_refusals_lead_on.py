"""No refusal without a reason and a next step, whatever is asked of whatever order.

A next step is a question, a button, a person, or a sentence that says what to do or to wait for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.yaml_file import read_yaml
from bot.domain import eligibility, errors
from bot.domain.errors import MessageRefused, Refusal
from bot.domain.rights import WhyNot
from bot.services.journeys.steps import Step
from bot.services.order_backend import (
    AuthFailed,
    Conflict,
    Invalid,
    NotEligible,
    NotFound,
    NotSupported,
    OrderBackend,
)
from bot.settings import PROJECT_ROOT
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.fakes.orders_of_every_kind import (
    COUNTRIES,
    KINDS,
    email_of,
    number_of,
    prepare_all,
    shop_of_every_kind,
)
from tests.fixtures_database import emptied_sqlite

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# More turns than any of these matters takes.
LONGEST = 8
ANYTHING = "no lo sé, lo que sea"

REQUESTS = {
    "request_return": "quiero devolverlo todo, ya no lo quiero, reembolso",
    "request_exchange": "quiero cambiarlo por otro",
    "report_damaged_item": "llegó todo roto, reembolso",
    "report_wrong_item": "me mandaron otra cosa, reembolso",
    "report_missing_item": "falta algo en la caja, que me lo envíen",
    "report_not_received": "no me ha llegado, ya he mirado, que me lo reenvíen",
    "ask_order_status": "llega tarde, ¿dónde está?",
    "cancel_order": "cancélalo",
    "change_address": "que vaya a Calle Betis 41, 41010 Sevilla",
    "claim_warranty": "no enciende nada, que me devuelvan el dinero",
    "cancel_return": "anula la devolución",
    "ask_return_status": "¿cómo va mi devolución?",
    "ask_refund_status": "¿y mi dinero?",
    "ask_claim_status": "¿cómo va la reparación?",
    "ask_complaint_status": "¿cómo va mi reclamación?",
    "ask_compensation": "quiero una compensación",
    "file_complaint": "reclamación: el repartidor me trató muy mal y quiero una solución",
    "request_invoice": "quiero la factura",
    "ask_return_policy": "¿hasta cuándo puedo devolverlo?",
    "ask_warranty_coverage": "¿qué cubre la garantía?",
}

# What the law of a country decides; anything else is tried in one with a law and one without.
ABOUT_RIGHTS = {
    "request_return",
    "request_exchange",
    "report_damaged_item",
    "report_wrong_item",
    "claim_warranty",
    "ask_compensation",
    "ask_return_policy",
    "ask_warranty_coverage",
}
HOME, LAWLESS = COUNTRIES[0], COUNTRIES[-1]
# A right to withdraw and none, the guarantee by choice and by order of remedies, and no law at all.
OF_EVERY_LAW = (HOME, "CL", "CO", LAWLESS)

# Responses that say no, beside those named so.
SAY_NO = {
    "address_is_that_already",
    "address_of_delivered_order",
    "address_too_late",
    "cancel_after_delivery",
    "case_not_found",
    "claim_rejected",
    "compensation_given_before",
    "compensation_not_promised",
    "compensation_nothing_recorded",
    "compensation_too_few_days",
    "complaint_rejected",
    "complaint_rejected_answer",
    "delivery_arranged_by_carrier",
    "delivery_arranged_once_sent",
    "enquiry_overdue",
    "enquiry_under_way",
    "enquiry_under_way_undated",
    "guarantee_ended",
    "guarantee_not_of",
    "incident_overdue",
    "incident_rejected",
    "incident_under_way",
    "incident_under_way_undated",
    "invoice_not_changed",
    "invoice_not_issued",
    "invoice_not_paid",
    "invoice_of_cancelled",
    "lookup_needs_facts",
    "no_claims",
    "no_complaints",
    "no_orders",
    "no_returns",
    "no_such_variant",
    "no_unit_left",
    "no_variant_left",
    "not_identified_either",
    "not_marked_delivered",
    "policy_line_not_delivered",
    "refund_amount_unknown",
    "refund_failed",
    "refund_none",
    "refund_none_cancelled",
    "refund_none_unpaid",
    "remedy_comes_later",
    "remedy_not_offered",
    "repair_not_repairable",
    "resolution_not_offered",
    "return_declined",
    "address_abroad",
    "return_not_delivered_yet",
    "return_on_its_way",
    "return_not_sent_yet",
}
# What is told of a cancelled order says no only to whoever reports a parcel.
NO_TO_A_REPORT = {
    "order_cancelled",
    "order_cancelled_refunded",
    "order_cancelled_refunded_amount",
    "order_refunded",
}
REPORTS = {"report_missing_item", "report_not_received"}

# Copy that tells the next step itself, and which.
TELLS_WHAT_NEXT = {
    "arrival_expected": "to wait for a day that is named",
    "cancel_by_returning": "to write when it has arrived, and send it back",
    "enquiry_under_way": "an answer by a day that is named",
    "incident_under_way": "an answer by a day that is named",
    "order_payment_pending": "it is sent as soon as the payment is confirmed",
    "policy_line_not_delivered": "the term begins when it arrives",
    "refusal_already_claimed": "offers to tell how the claim goes",
    "refusal_already_in_return": "offers to tell how the return goes",
    "refusal_guarantee_not_delivered": "the guarantee begins when it arrives",
    "return_not_delivered_yet": "to write when it has arrived",
    "return_on_its_way": "to write when it has arrived",
    "tracking": "the number to follow the parcel with",
    "tracking_with_link": "the page to follow the parcel on",
}


@dataclass(frozen=True)
class Answer:
    """One answer of the assistant to a request about an order of a kind."""

    intent: str
    country: str
    kind: str
    step: Step

    @property
    def says(self) -> set[str]:
        return {each.response for each in self.step.says}

    @property
    def refuses(self) -> set[str]:
        """The responses of it that say no."""
        no = {each for each in self.says if each.startswith("refusal_")} | (self.says & SAY_NO)
        return no | (self.says & NO_TO_A_REPORT) if self.intent in REPORTS else no

    @property
    def leads_on(self) -> bool:
        step = self.step
        # "¿Te lo he resuelto?" is a question too: a no to it brings a person.
        asks = step.question is not None or step.asks_if_solved
        return (
            asks
            or bool(step.choices)
            or step.offers_person
            or bool(self.says & set(TELLS_WHAT_NEXT))
        )


# The answers are read by several tests, and no test changes them: they are played once.
@cache
def answers(intent: str) -> tuple[Answer, ...]:
    """Everything that is answered to a request, over all orders, on a house of its own."""
    countries = OF_EVERY_LAW if intent in ABOUT_RIGHTS else (HOME, LAWLESS)
    house = JourneyHouse(a_database(), FixedClock(NOW), shop_of_every_kind(NOW, countries))
    prepare_all(house.backend, countries)
    return tuple(
        Answer(intent, country, kind, step)
        for country in countries
        for kind in KINDS
        # Who takes the first button offered, and who takes the last.
        for button in ((0, -1) if country == HOME else (0,))
        for step in played(house.customer(), intent, number_of(kind, country), button)
    )


def a_database() -> SqlUnits:
    return SqlUnits(emptied_sqlite())


def played(customer: Customer, intent: str, number: str, button: int) -> Iterator[Step]:
    """The answers to one customer, from the request to the end of the matter."""
    customer.says(REQUESTS[intent], intent, order_number=number, email=email_of(number))
    for _ in range(LONGEST):
        step = customer.step
        assert step is not None
        yield step
        if step.question is None:
            return
        choices = step.question.choices
        if choices:
            customer.chooses(range(1, len(choices) + 1)[button])
        elif not customer.says(ANYTHING):
            return


def dead_ends(intents: Iterable[str]) -> set[tuple[str, frozenset[str]]]:
    """What says no and nothing more, by request."""
    return {
        (each.intent, frozenset(each.says))
        for intent in intents
        for each in answers(intent)
        if each.refuses and not each.leads_on
    }


# --- a next step -----------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", REQUESTS)
def test_every_refusal_leads_on(intent: str) -> None:
    assert dead_ends([intent]) == set()


# --- a reason --------------------------------------------------------------------------------------

# Words of which a bare no is made: that something cannot be, and nothing of why.
BARE = set(
    "no ni sí lo la le se eso esa ese esto esta este aquello aquí desde ahora mismo de momento ya "
    "puede puedes puedo pueden poder hacer hacerlo es posible ser admite opción ofrecerte ofrecer "
    "ofrezco caso para cambiar cambia usar tal así que en el un una a".split()
)
OFFER_OF_A_PERSON = re.compile(r"[^.;,]*\bpersona\b[^.]*")
GAP = re.compile(r"\{\w+\}")
# Its reason is the sentence that always follows it.
REASON_FOLLOWS = {"guarantee_not_of": "refusal_guarantee_"}


def copy_of(response: str) -> list[str]:
    return [each["text"] for each in responses().get(f"utter_{response}", ())]


@cache
def responses() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(PROJECT_ROOT / "domain.yml")["responses"]
    return found


def is_bare(text: str) -> bool:
    """Whether a sentence says no and nothing of why."""
    rest = GAP.sub("", OFFER_OF_A_PERSON.sub("", text)).lower()
    return set(re.findall(r"[a-záéíóúüñ]+", rest)) <= BARE


def every_refusal() -> list[str]:
    named = {name.removeprefix("utter_") for name in responses()}
    return sorted({name for name in named if name.startswith("refusal_")} | SAY_NO)


@pytest.mark.parametrize(
    "response",
    [name for name in every_refusal() if name not in REASON_FOLLOWS],
)
def test_a_refusal_names_its_reason(response: str) -> None:
    assert copy_of(response)
    assert [text for text in copy_of(response) if is_bare(text)] == []


@pytest.mark.parametrize("intent", REQUESTS)
def test_a_bare_no_is_followed_by_its_reason(intent: str) -> None:
    for answer in answers(intent):
        for bare in answer.refuses & REASON_FOLLOWS.keys():
            assert any(each.startswith(REASON_FOLLOWS[bare]) for each in answer.says)


def without_copy(intent: str) -> set[tuple[str, str]]:
    return {(intent, said) for each in answers(intent) for said in each.says if not copy_of(said)}


@pytest.mark.parametrize("intent", REQUESTS)
def test_whatever_is_said_has_copy(intent: str) -> None:
    assert without_copy(intent) == set()


# --- what is offered can be had --------------------------------------------------------------------


def test_no_return_is_offered_of_a_cancelled_order() -> None:
    assert not [
        each
        for each in answers("cancel_order")
        if each.kind.startswith("cancelled")
        and any(choice.intent == "request_return" for choice in each.step.choices)
    ]


@cache
def refused_after_the_yes() -> dict[str, set[str]]:
    """The requests of which a summary was shown and then refused, by kind of order."""
    found: dict[str, set[str]] = {}
    for intent in REQUESTS:
        being_confirmed = None
        for each in answers(intent):
            place = (each.country, each.kind)
            refused = any(said.startswith("refusal_") for said in each.says)
            if refused and being_confirmed == place:
                found.setdefault(each.kind, set()).add(intent)
            question = each.step.question
            confirms = question is not None and question.fact == "confirmation"
            being_confirmed = place if confirms else None
    return found


def test_nothing_is_summarised_that_is_refused_after_the_yes() -> None:
    assert refused_after_the_yes() == {}


# --- every code has its response -------------------------------------------------------------------


def kinds_of(base: type[Refusal], module: Any) -> set[type[Refusal]]:
    """The refusals that a module defines."""
    found = (each for each in vars(module).values() if isinstance(each, type))
    return {each for each in found if issubclass(each, base) and each.__module__ == module.__name__}


IN_A_JOURNEY = {errors.OrderNotIdentified, errors.RepeatedlyNotIdentified, errors.LookupLocked}
AT_THE_DESK = {
    errors.AgentRefused,
    errors.ConversationNotFound,
    errors.TooManyLoginAttempts,
    errors.TransitionRefused,
}
# Only ever met as one of their kinds.
ABSTRACT = {Refusal, MessageRefused}


def test_every_refusal_is_met_in_a_journey_at_the_door_or_at_the_desk() -> None:
    at_the_door = kinds_of(MessageRefused, errors)
    assert kinds_of(Refusal, errors) == IN_A_JOURNEY | AT_THE_DESK | at_the_door | ABSTRACT


@pytest.mark.parametrize("refusal", sorted(IN_A_JOURNEY, key=lambda each: each.code))
def test_a_refusal_in_a_journey_has_its_response(refusal: type[Refusal]) -> None:
    assert copy_of(f"refusal_{refusal.code}")


def test_a_refusal_at_the_door_has_its_sentence() -> None:
    refusals = kinds_of(MessageRefused, errors) - ABSTRACT
    assert {each.code for each in refusals if not copy_of(f"error_{each.code}")} == set()


def test_a_refusal_at_the_desk_has_its_sentence() -> None:
    texts = read_yaml(PROJECT_ROOT / "bot" / "desk" / "texts.yml")
    told = {name.partition(".")[0] for section in texts.values() for name in _names(section)}
    assert {each.code for each in AT_THE_DESK} - told - texts.keys() == set()


def _names(section: Any) -> Iterator[str]:
    if isinstance(section, dict):
        yield from section
        for each in section.values():
            yield from _names(each)


@pytest.mark.parametrize("refusal", [NotEligible, NotFound, NotSupported, Conflict, Invalid])
def test_what_the_shops_system_refuses_has_its_response(refusal: type[Refusal]) -> None:
    assert copy_of(f"refusal_{refusal.code}")
    assert not issubclass(AuthFailed, Refusal)  # that is a fault of ours, and no answer


def documented_codes() -> dict[str, set[str]]:
    """The codes of `NotEligible` by method, as the port documents them."""
    found = {}
    for name, method in vars(OrderBackend).items():
        _, _, told = (getattr(method, "__doc__", None) or "").partition("NotEligible:")
        codes = set(re.findall(r"`(\w+)`", told))
        if codes:
            found[name] = codes
    return found


@pytest.mark.parametrize(("method", "codes"), documented_codes().items())
def test_what_a_write_refuses_has_its_response(method: str, codes: set[str]) -> None:
    assert {code for code in codes if not copy_of(f"refusal_{code}")} == set()


def test_every_reason_of_the_domain_is_documented_and_has_its_response() -> None:
    codes = {each.code for each in kinds_of(NotEligible, eligibility)}
    assert {code for code in codes if not copy_of(f"refusal_{code}")} == set()
    documented = set[str]().union(*documented_codes().values())
    assert codes - documented == {NotEligible.code}


# What takes the right to change one's mind away takes no guarantee away.
NO_REASON_AGAINST_A_GUARANTEE = {
    WhyNot.EXCLUDED_CATEGORY,
    WhyNot.NOT_RETURNABLE,
    WhyNot.DIGITAL_OPENED,
}


@pytest.mark.parametrize("why_not", WhyNot)
def test_why_something_cannot_go_back_has_its_response(why_not: WhyNot) -> None:
    assert copy_of(f"refusal_return_{why_not}")


@pytest.mark.parametrize("why_not", sorted(set(WhyNot) - NO_REASON_AGAINST_A_GUARANTEE))
def test_why_there_is_no_guarantee_has_its_response(why_not: WhyNot) -> None:
    assert copy_of(f"refusal_guarantee_{why_not}")


# --- the orders are enough -------------------------------------------------------------------------

# In a state that these orders cannot be in: the last one of something went, or the money of the
# order, between the summary and the yes; the shop's system cannot do it, or contradicts itself.
BETWEEN_SUMMARY_AND_YES = {
    "already_compensated",
    "case_not_movable",
    "claim_not_cancellable",
    "conflict",
    "invalid",
    "more_than_delivered",
    "more_than_paid",
    "not_a_variant",
    "not_delivered",
    "not_eligible",
    "not_found",
    "not_paid",
    "not_supported",
    "out_of_stock",
}
# Of something else than an order, or of nobody's.
ELSEWHERE = {
    "complaint_not_found",
    "lookup_locked",
    "order_not_identified",
    "order_not_identified_again",
    "privacy_request_not_found",
}
# Nobody tells the journeys that a download was opened, and the shop takes everything back for some
# days after it has arrived, whatever the law of a country knows.
NEVER = {"return_digital_opened", "return_no_such_right", "return_rule_unknown"}
# Only to a question in the middle of a return, or to whoever tells that it was used.
IN_BETWEEN = {"return_not_delivered", "return_used"}


def test_these_orders_meet_every_other_refusal() -> None:
    met = {name for intent in REQUESTS for each in answers(intent) for name in each.refuses}
    named = {name for name in every_refusal() if name.startswith("refusal_")}
    apart = BETWEEN_SUMMARY_AND_YES | ELSEWHERE | NEVER | IN_BETWEEN
    assert named - {f"refusal_{code}" for code in apart} - met == set()
