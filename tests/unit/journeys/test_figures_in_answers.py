"""Every date and amount that a customer reads comes from the shop's orders or from a policy.

The sources are put into words here, apart from what the journeys do, and whatever number an answer
holds has to be among them.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from actions.wording import Wording
from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.yaml_file import read_yaml
from bot.domain.deadlines import RightKind, complaint_due, enquiry_due, refund_due
from bot.domain.line_facts import facts_of
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.policies import Policy
from bot.domain.rights import line_rights
from bot.settings import PROJECT_ROOT
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import POLICIES, Customer, JourneyHouse
from tests.fakes.service_house import the_voice
from tests.sample_orders import RETAIL_FILE

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NUMBER = re.compile(r"\d+")
FACT = re.compile(r"\{\w+\}")
# The scale of our own question is no fact about anything.
SCALES = {"utter_question_rating"}
# An order in every state and country that the retail data have.
ORDERS_TRIED = 36
# What customers ask for, and what they say when they are asked.
REQUESTS = {
    "ask_order_status": "¿dónde está?",
    "cancel_order": "cancélalo",
    "request_return": "quiero devolverlo todo, ya no lo quiero, reembolso",
    "request_exchange": "quiero cambiarlo",
    "report_damaged_item": "llegó todo roto, reembolso",
    "report_not_received": "no me ha llegado, ya he mirado, que me lo reenvíen",
    "report_missing_item": "no venía nada en la caja, reembolso",
    "claim_warranty": "no enciende nada, que lo reparen todo",
    "ask_warranty_coverage": "¿qué cubre la garantía de todo?",
    "ask_return_policy": "¿hasta cuándo puedo devolverlo todo?",
    "ask_refund_status": "¿y mi dinero?",
    "ask_return_status": "¿cómo va mi devolución?",
    "ask_claim_status": "¿cómo va la reparación?",
    "file_complaint": "reclamación: el trato del repartidor fue muy malo y quiero que lo arregléis",
    "ask_compensation": "quiero una compensación",
}


@cache
def retail() -> dict[str, Any]:
    """A part of the retail orders, spread over countries and states."""
    document: dict[str, Any] = json.loads(RETAIL_FILE.read_text(encoding="utf-8"))
    step = len(document["orders"]) // ORDERS_TRIED
    orders = document["orders"][::step][:ORDERS_TRIED]
    recent = [order for order in document["orders"] if _arrived_lately(order)][:8]
    chosen = {order["number"]: order for order in [*orders, *recent]}.values()
    owners = {order["customer_id"] for order in chosen}
    customers = [each for each in document["customers"] if each["id"] in owners]
    return {**document, "customers": customers, "orders": list(chosen)}


def _arrived_lately(order: dict[str, Any]) -> bool:
    return any(each.get("delivered_at", "") > "2026-11-01" for each in order["shipments"])


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(NOW), retail())


@pytest.mark.parametrize("intent", REQUESTS)
def test_every_figure_in_an_answer_has_a_source(house: JourneyHouse, intent: str) -> None:
    strangers = {}
    for row in retail()["orders"]:
        order = house.backend.order(row["number"])
        customer = house.customer()
        texts = list(answers(house, customer, order, intent))
        known = figures_of(house, order)
        for text in texts:
            made_up = set(NUMBER.findall(text)) - known
            if made_up:
                strangers[row["number"]] = (text, made_up)
    assert strangers == {}


def test_no_copy_of_a_journey_holds_a_figure_of_its_own() -> None:
    responses = read_yaml(PROJECT_ROOT / "domain.yml")["responses"]
    own = {
        name: variant["text"]
        for name, variants in responses.items()
        for variant in variants
        if not name.startswith(("utter_error_", "utter_widget_"))
        and NUMBER.search(FACT.sub("", variant.get("text", "")))
    }
    assert own.keys() <= SCALES


def answers(house: JourneyHouse, customer: Customer, order: Order, intent: str) -> Iterator[str]:
    """What a customer is told from the request to the end of the matter."""
    customer.says(REQUESTS[intent], intent, order_number=order.number, email=order.customer.email)
    for _ in range(8):
        yield words(house, customer)
        step = customer.step
        if step is None or step.question is None:
            return
        if step.question.choices:
            customer.chooses(1)
        elif not customer.says("no lo sé, lo que sea"):
            return


def words(house: JourneyHouse, customer: Customer) -> str:
    """The last answer as it is read, buttons included."""
    step = customer.step
    assert step is not None
    wording = Wording(the_voice(), step.country, house.clock.now())
    says = [*step.says, *([step.question.say] if step.question else [])]
    choices = step.question.choices if step.question else step.choices
    lines = [the_voice().message(f"utter_{s.response}", **wording.facts(s)).text for s in says]
    return "\n".join([*lines, *(wording.button(choice)["title"] for choice in choices)])


# --- the sources -----------------------------------------------------------------------------------


def figures_of(house: JourneyHouse, order: Order) -> set[str]:
    """All numbers in what the backend and the policy know about an order."""
    wording = Wording(the_voice(), order.country, house.clock.now())
    policy = POLICIES.of(order.country)
    facts: list[Any] = [
        *_of_order(order),
        *_of_cases(house, order),
        *_of_policy(house, order, policy),
        NOW.astimezone(order.zone),
    ]
    texts = [wording.fact(fact) for fact in facts if fact is not None]
    texts += [
        the_voice().short_day(f, NOW.date(), order.country) for f in facts if isinstance(f, date)
    ]
    return {number for text in texts for number in NUMBER.findall(text)} | _names(house, order)


def _of_order(order: Order) -> Iterator[Any]:
    zone = order.zone
    yield from (order.number, order.total, order.paid, order.placed_at.astimezone(zone).date())
    yield from range(1, max(line.quantity for line in order.lines) + 1)
    prices = [(line.unit_price, line.quantity) for line in order.lines]
    yield from (price * n for price, most in prices for n in range(1, most + 1))
    yield len(order.lines) - 3  # "y 2 artículos más"
    for line in order.lines:
        yield line.quantity
        yield sum(each.quantity for each in order.lines if each.title == line.title)
    for shipment in order.shipments:
        yield shipment.tracking_number
        instants = (shipment.delivered_at, shipment.estimated_delivery, shipment.last_news_at)
        yield from (each.astimezone(zone).date() for each in instants if each)
    yield from (payment.amount for payment in order.payments)


def _of_cases(house: JourneyHouse, order: Order) -> Iterator[Any]:
    cases = house.backend.cases(order.number)
    for each in (*cases.returns, *cases.claims, *cases.complaints):
        yield each.folio
        yield each.opened_at.astimezone(order.zone)
    for refund in cases.refunds:
        yield from (refund.reference, refund.amount, refund.due_on)


def _of_policy(house: JourneyHouse, order: Order, policy: Policy) -> Iterator[Any]:
    today = NOW.astimezone(order.zone).date()
    products = house.backend.products(line.sku for line in order.lines)
    region = None
    for place, line in enumerate(order.lines):
        facts = facts_of(order, place, products.get(line.sku), products)
        region = facts.region
        rights = line_rights(facts, policy, today)
        for right in (rights.withdrawal, rights.courtesy, rights.guarantee):
            yield from (right.until, right.article, right.refund_within)
        guarantee = rights.guarantee
        yield from (guarantee.legal_until, guarantee.presumed_until)
    bought = order.placed_at.astimezone(order.zone).date()
    for kind in RightKind:
        yield refund_due(policy, kind, today, region, purchased_on=bought)
    yield complaint_due(policy, today, region)
    yield enquiry_due(policy, today, region)
    yield policy.complaint.answer_within
    withdrawal = policy.withdrawal_on(bought)
    if withdrawal is not None:
        yield from (withdrawal.term, withdrawal.refund_within, withdrawal.citation.article)
    yield from (policy.courtesy.term, policy.courtesy.refund_within)
    for rule in policy.guarantees:
        yield from (rule.term, rule.presumption, rule.citation.article)
    share = policy.compensation
    yield from share.maximum.values()
    for promise in share.by_reason.values():
        yield Money(order.total.minor * promise.percent // 100, order.currency)
        yield Money(-(-order.total.minor * promise.percent // 100), order.currency)
        yield promise.percent


def _names(house: JourneyHouse, order: Order) -> set[str]:
    """Numbers in the names of articles, of their options, and of pages to follow parcels on."""
    texts: list[str] = []
    for line in order.lines:
        texts += [line.title, *line.options.values()]
        for variant in house.backend.variants(line.sku):
            texts += [f"{house.option_words(n, v)} {v}" for n, v in variant.options.items()]
        texts += [house.option_words(n, v) for n, v in line.options.items()]
    return {number for text in texts for number in NUMBER.findall(text)}
