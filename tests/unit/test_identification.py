"""Which order is meant: found for whoever proves that it is theirs, and for nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.errors import LookupLocked, OrderNotIdentified, RepeatedlyNotIdentified
from bot.domain.orders import Progress
from bot.services.identification import (
    FAILURES_BEFORE_LOCK,
    LOCK_WINDOW,
    ORDERS_OFFERED,
    FactMissing,
    Identification,
    NoOrders,
    OrderFound,
    OrderQuestion,
    OrdersToChoose,
)
from bot.services.order_status import OrderSummary, summarise
from bot.services.orders_import import OrdersImport
from tests.fakes.desk_house import FixedClock
from tests.fakes.service_house import ServiceHouse
from tests.fixtures_database import emptied_sqlite
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 4, 10, tzinfo=UTC)  # between the sample's shipping and its delivery
IDENTITY_KEPT = timedelta(days=30)
ANA = "ana.gil@example.com"
LUIS = "luis@example.com"


class Shop:
    """The sample shop, and customers who ask in conversations of their own."""

    def __init__(self, units: SqlUnits, document: dict[str, Any]) -> None:
        self.clock = FixedClock(NOW)
        self.house = ServiceHouse(units, self.clock)
        backend = SqlOrderBackend(units, self.clock)
        self.identification = Identification(units, backend, self.clock, IDENTITY_KEPT)
        self.turns = 0
        OrdersImport(units, self.clock).run(document)

    def ask(
        self, chat: str, number: str | None = None, fact: str | None = None, **more: Any
    ) -> Any:
        """A new turn in which a customer gave these facts."""
        self.turns += 1
        question = OrderQuestion(chat, f"{chat}:{self.turns}", number, fact, **more)
        return self.identification.find(question)

    def fail(self, chat: str, times: int) -> list[type[Exception]]:
        """Try wrong facts; returns the refusals."""
        refusals = []
        for _ in range(times):
            with pytest.raises((OrderNotIdentified, LookupLocked)) as refusal:
                self.ask(chat, "A-1001", "99999")
            refusals.append(refusal.type)
        return refusals


@pytest.fixture
def document() -> dict[str, Any]:
    """The sample's two orders, and two more of Ana's."""
    document = sample_document()
    first = document["orders"][0]
    for number, day, title in (("A-1002", "02", "Lámpara"), ("A-1003", "03", "Taza azul")):
        line = {"sku": "TAZ-1", "title": title, "quantity": 1, "unit_price": "4.50"}
        placed = f"2026-11-{day}T10:00:00+01:00"
        order = {**first, "number": number, "placed_at": placed, "lines": [line], "shipments": []}
        document["orders"].append(order)
    return document


@pytest.fixture
def shop(units: SqlUnits, document: dict[str, Any]) -> Shop:
    return Shop(units, document)


@pytest.fixture
def chat(shop: Shop) -> str:
    return shop.house.open()


def numbers(answer: Any) -> list[str]:
    """Which orders an answer names."""
    if isinstance(answer, OrderFound):
        return [answer.order.number]
    assert isinstance(answer, OrdersToChoose)
    return [headline.number for headline in answer.headlines]


# --- proving ---------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_for_and_nothing_else(shop: Shop, chat: str) -> None:
    assert shop.ask(chat) == FactMissing("order_number")
    assert shop.ask(chat, fact=ANA) == FactMissing("order_number")
    assert shop.ask(chat, "A-1001") == FactMissing("second_fact")


def test_asking_for_what_is_missing_does_not_tell_whether_the_order_exists(
    shop: Shop, chat: str
) -> None:
    assert shop.ask(chat, "A-1001") == shop.ask(chat, "Z-9999")


@pytest.mark.parametrize("fact", [ANA, "ANA.GIL@example.com ", "28013"])
def test_number_and_second_fact_open_the_order(shop: Shop, chat: str, fact: str) -> None:
    assert numbers(shop.ask(chat, "A-1001", fact)) == ["A-1001"]


@pytest.mark.parametrize("number", ["a-1001", "A1001", "#A-1001", " A 1001 "])
def test_a_number_is_recognised_however_it_is_written(shop: Shop, chat: str, number: str) -> None:
    assert numbers(shop.ask(chat, number, ANA)) == ["A-1001"]


def test_an_order_that_is_not_theirs_and_one_that_does_not_exist_are_the_same_refusal(
    shop: Shop,
) -> None:
    refusals = []
    for number in ("A-1001", "Z-9999"):
        with pytest.raises(OrderNotIdentified) as refusal:
            shop.ask(shop.house.open(), number, LUIS)
        refusals.append((refusal.type, refusal.value.args, refusal.value.code))
    assert refusals[0] == refusals[1]


def test_whoever_has_proven_it_need_not_say_a_number_again(shop: Shop, chat: str) -> None:
    shop.ask(chat, "A-1001", ANA)
    assert numbers(shop.ask(chat, in_focus="A-1001")) == ["A-1001"]
    assert numbers(shop.ask(chat, "A-1002")) == ["A-1002"]


def test_a_proof_holds_in_its_own_conversation_only(shop: Shop, chat: str) -> None:
    shop.ask(chat, "A-1001", ANA)
    assert shop.ask(shop.house.open(), "A-1001") == FactMissing("second_fact")


def test_a_proof_holds_for_its_time_and_not_longer(shop: Shop, chat: str) -> None:
    shop.ask(chat, "A-1001", ANA)
    shop.clock.move(IDENTITY_KEPT - timedelta(seconds=1))
    assert isinstance(shop.ask(chat, "A-1001"), OrderFound)
    shop.clock.move(timedelta(seconds=1))
    assert shop.ask(chat, "A-1001") == FactMissing("second_fact")
    assert shop.ask(chat, in_focus="A-1001") == FactMissing("order_number")


def test_a_proven_customer_must_prove_another_persons_order(shop: Shop, chat: str) -> None:
    shop.ask(chat, "A-1001", ANA)
    assert shop.ask(chat, "#W2-7") == FactMissing("second_fact")
    with pytest.raises(OrderNotIdentified):
        shop.ask(chat, "#W2-7", ANA)
    assert numbers(shop.ask(chat, "A-1001")) == ["A-1001"]  # and is still who they were


def test_the_last_proof_counts(shop: Shop, chat: str) -> None:
    shop.ask(chat, "A-1001", ANA)
    assert numbers(shop.ask(chat, "#W2-7", LUIS)) == ["#W2-7"]
    assert shop.ask(chat, "A-1001") == FactMissing("second_fact")


# --- failing ---------------------------------------------------------------------------------------


def test_the_third_failure_offers_a_person_and_the_fifth_locks(shop: Shop, chat: str) -> None:
    assert shop.fail(chat, 6) == [
        OrderNotIdentified,
        OrderNotIdentified,
        RepeatedlyNotIdentified,
        RepeatedlyNotIdentified,
        LookupLocked,
        LookupLocked,
    ]


def test_behind_the_lock_the_truth_does_not_help(shop: Shop, chat: str) -> None:
    shop.fail(chat, FAILURES_BEFORE_LOCK)
    with pytest.raises(LookupLocked):
        shop.ask(chat, "A-1001", ANA)
    with pytest.raises(LookupLocked):
        shop.ask(chat)


def test_the_lock_opens_after_its_hour(shop: Shop, chat: str) -> None:
    shop.fail(chat, FAILURES_BEFORE_LOCK)
    shop.clock.move(LOCK_WINDOW)
    assert isinstance(shop.ask(chat, "A-1001", ANA), OrderFound)


def test_one_persons_failures_lock_nobody_else(shop: Shop, chat: str) -> None:
    shop.fail(chat, FAILURES_BEFORE_LOCK)
    assert isinstance(shop.ask(shop.house.open(), "A-1001", ANA), OrderFound)


def test_a_lock_does_not_take_away_what_was_proven(shop: Shop, chat: str) -> None:
    shop.ask(chat, "A-1002", ANA)
    for _ in range(FAILURES_BEFORE_LOCK):
        with pytest.raises((OrderNotIdentified, LookupLocked)):
            shop.ask(chat, "#W2-7", ANA)
    assert numbers(shop.ask(chat, "A-1001")) == ["A-1001"]
    with pytest.raises(LookupLocked):
        shop.ask(chat, "#W2-7", LUIS)


def test_a_turn_that_runs_again_after_a_crash_fails_once(shop: Shop, chat: str) -> None:
    question = OrderQuestion(chat, f"{chat}:1", "A-1001", "99999")
    for _ in range(FAILURES_BEFORE_LOCK + 1):
        with pytest.raises(OrderNotIdentified) as refusal:
            shop.identification.find(question)
        assert refusal.type is OrderNotIdentified
    with pytest.raises(OrderNotIdentified):
        shop.identification.find(replace(question, turn_id=f"{chat}:2"))


# --- which order -----------------------------------------------------------------------------------


@pytest.fixture
def ana(shop: Shop, chat: str) -> str:
    """A conversation in which Ana has proven who she is, by her oldest order."""
    shop.ask(chat, "A-1001", ANA)
    return chat


def test_several_orders_are_offered_the_newest_first(shop: Shop, ana: str) -> None:
    assert numbers(shop.ask(ana)) == ["A-1003", "A-1002", "A-1001"]


def test_the_order_talked_about_is_meant_when_none_is_named(shop: Shop, ana: str) -> None:
    assert numbers(shop.ask(ana, in_focus="A-1002")) == ["A-1002"]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("other", ["A-1003", "A-1001"]),
        ("first", ["A-1003"]),
        ("second", ["A-1002"]),
        ("third", ["A-1001"]),
        ("last", ["A-1001"]),
        ("nonsense", ["A-1003", "A-1002", "A-1001"]),
    ],
)
def test_a_reference_points_into_the_list_that_was_offered(
    shop: Shop, ana: str, reference: str, found: list[str]
) -> None:
    assert numbers(shop.ask(ana, in_focus="A-1002", reference=reference)) == found


def test_the_other_of_one_order_is_none(shop: Shop, chat: str) -> None:
    shop.ask(chat, "#W2-7", LUIS)
    assert shop.ask(chat, in_focus="#W2-7", reference="other") == NoOrders()


@pytest.mark.parametrize(
    ("product", "found"),
    [
        ("lámpara", ["A-1002"]),
        ("Taza azul", ["A-1003", "A-1001"]),
        ("bicicleta", ["A-1003", "A-1002", "A-1001"]),  # the word may mean something else
    ],
)
def test_a_product_narrows_the_choice(shop: Shop, ana: str, product: str, found: list[str]) -> None:
    assert numbers(shop.ask(ana, product=product)) == found


def test_no_more_orders_are_offered_than_a_glance_takes_in(
    units: SqlUnits, document: dict[str, Any]
) -> None:
    first = document["orders"][0]
    for day in range(10, 20):
        placed = f"2026-10-{day}T10:00:00Z"
        order = {**first, "number": f"B-{day}", "placed_at": placed, "shipments": []}
        document["orders"].append(order)
    shop = Shop(units, document)
    chat = shop.house.open()
    shop.ask(chat, "A-1001", ANA)
    assert len(numbers(shop.ask(chat))) == ORDERS_OFFERED
    assert numbers(shop.ask(chat, "B-10")) == ["B-10"]  # an older one is had by its number


@pytest.mark.parametrize(("product", "found"), [("lámpara", ["A-1002"]), ("taza", ["A-1003"])])
def test_an_article_of_the_order_talked_about_means_that_order(
    shop: Shop, ana: str, product: str, found: list[str]
) -> None:
    assert numbers(shop.ask(ana, in_focus="A-1003", product=product)) == found


def test_of_several_orders_one_that_alone_fits_the_matter_is_meant(shop: Shop, ana: str) -> None:
    question = OrderQuestion(ana, "turn")
    found = shop.identification.find(question, lambda order: order.number == "A-1002")
    assert numbers(found) == ["A-1002"]


def test_when_no_order_fits_the_matter_all_are_offered(shop: Shop, ana: str) -> None:
    found = shop.identification.find(OrderQuestion(ana, "turn"), lambda order: False)
    assert numbers(found) == ["A-1003", "A-1002", "A-1001"]


# --- what is told ----------------------------------------------------------------------------------


def summary_of(answer: Any) -> OrderSummary:
    """What may be told of an order that was found."""
    return summarise(answer.order, NOW)


def test_the_summary_says_what_the_backend_says(shop: Shop, chat: str) -> None:
    summary = summary_of(shop.ask(chat, "A-1001", ANA))
    assert summary.progress is Progress.PARTLY_SHIPPED
    assert (summary.carrier, summary.tracking_number) == ("SEUR", "123")
    assert [line.title for line in summary.shipped_lines] == ["Cafetera"]
    assert [line.title for line in summary.pending_lines] == ["Taza azul"]
    assert summary.delivered_at is None
    assert summary.last_event.place == "Madrid"
    assert (summary.refunded_minor, summary.currency) == (450, "EUR")


def test_days_are_the_customers_own(shop: Shop, chat: str) -> None:
    summary = summary_of(shop.ask(chat, "A-1001", ANA))
    assert summary.estimated_delivery.isoformat() == "2026-11-05T20:00:00+01:00"
    assert summary.placed_at.isoformat() == "2026-11-01T10:00:00+01:00"


def test_what_the_backend_does_not_say_is_not_made_up(shop: Shop, chat: str) -> None:
    summary = summary_of(shop.ask(chat, "#W2-7", LUIS))
    assert summary.progress is Progress.PAYMENT_PENDING
    told = (summary.carrier, summary.tracking_number, summary.estimated_delivery)
    assert told == (None, None, None)
    assert summary.last_event is None


# --- in any order -----------------------------------------------------------------------------------

FACTS = st.sampled_from([None, ANA, LUIS, "28013", "99999", "x@example.com", "", "@"])
NUMBERS = st.sampled_from([None, "A-1001", "#W2-7", "Z-9999", "", "#"])
REFERENCES = st.sampled_from([None, "other", "first", "last"])
OWNERS = {"A-1001": "ana", "#W2-7": "luis"}
MAIL_OF = {"A-1001": {ANA, "28013"}, "#W2-7": {LUIS, "28013"}}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(NUMBERS, FACTS, REFERENCES), max_size=12))
def test_nobody_sees_an_order_without_having_given_its_number_and_fact(
    asked: list[tuple[str | None, str | None, str | None]],
) -> None:
    shop = Shop(SqlUnits(emptied_sqlite()), sample_document())
    chat = shop.house.open()
    proven: set[str] = set()
    for number, fact, reference in asked:
        if number in OWNERS and fact in MAIL_OF[number]:
            proven.add(OWNERS[number])
        try:
            answer = shop.ask(chat, number, fact, reference=reference)
        except (OrderNotIdentified, LookupLocked):
            continue
        if isinstance(answer, OrderFound | OrdersToChoose):
            assert {OWNERS[each] for each in numbers(answer)} <= proven
