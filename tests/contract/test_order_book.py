from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database import orders
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.errors import OrderNotIdentified
from bot.domain.order_import import Counts, ImportRefused, read_document
from bot.services.order_document import OrderDocument
from bot.services.orders_import import OrdersImport
from tests.sample_orders import retail_document, sample_document

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def orders_import(units: SqlUnits) -> OrdersImport:
    return OrdersImport(units, FixedClock())


@pytest.fixture
def order_document(units: SqlUnits) -> OrderDocument:
    return OrderDocument(units, SqlOrderBackend(units, FixedClock()))


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


# --- importing -----------------------------------------------------------------------------------


def test_what_was_imported_is_read_back_exactly(
    orders_import: OrdersImport, units: SqlUnits
) -> None:
    document = read_document(sample_document())
    counts = orders_import.run(sample_document())
    assert counts.orders == counts.customers == counts.products == Counts(created=2)
    with units.reading() as unit:
        assert unit.orders.by_number("A-1001") == (document.orders[0],)
        assert unit.orders.by_number("#W2-7") == (document.orders[1],)
        assert unit.orders.customer("ana") == document.customers[0]
        assert unit.orders.products() == document.products


def test_the_same_document_twice_changes_nothing(
    orders_import: OrdersImport, order_document: OrderDocument
) -> None:
    orders_import.run(sample_document())
    before = order_document.show("A-1001")
    counts = orders_import.run(sample_document())
    assert counts.orders == counts.customers == counts.products == Counts(unchanged=2)
    assert not counts.changed_anything
    assert order_document.show("A-1001") == before
    assert before["events"] == []


def test_a_changed_order_is_updated_and_the_event_says_what_changed(
    orders_import: OrdersImport, order_document: OrderDocument
) -> None:
    orders_import.run(sample_document())
    document = sample_document()
    order = document["orders"][0]
    order["status"] = "completed"
    order["shipping_address"]["line1"] = "Calle Nueva 2"
    assert orders_import.run(document).orders == Counts(updated=1, unchanged=1)
    shown = order_document.show("A-1001")
    assert shown["status"] == "completed"
    assert shown["shipping_address"]["line1"] == "Calle Nueva 2"
    assert shown["events"] == [
        {
            "at": "2026-11-20T08:00:00Z",
            "actor": "import",
            "kind": "order_updated",
            "detail": {
                "changed": {
                    "status": {"from": "open", "to": "completed"},
                    "shipping_address": {"parts": ["line1"]},
                }
            },
        }
    ]


def changed(order: dict[str, Any], how: str) -> None:
    if how == "a line less":
        del order["lines"][1]
    elif how == "a line more, first":
        order["lines"].insert(0, {"sku": "TAZ-1", "quantity": 5, "unit_price": "1.00"})
    elif how == "no shipment":
        order["shipments"] = []
    elif how == "another shipment":
        parcel = {"carrier": "GLS", "tracking_number": "456", "status": "pending"}
        order["shipments"].insert(0, parcel)
    elif how == "two events at one instant":
        events = order["shipments"][0]["events"]
        events.append({"at": events[0]["at"], "status": "out_for_delivery"})
    elif how == "earlier event":
        late = {"at": "2026-11-01T00:00:00Z", "status": "pending"}
        order["shipments"][0]["events"].append(late)
    elif how == "no payments":
        del order["payments"]
    elif how == "another customer":
        order["customer_id"] = "luis"
    elif how == "another currency":
        order["currency"] = "USD"


@pytest.mark.parametrize(
    "how",
    [
        "a line less",
        "a line more, first",
        "no shipment",
        "another shipment",
        "two events at one instant",
        "earlier event",
        "no payments",
        "another customer",
        "another currency",
    ],
)
def test_every_kind_of_change_arrives_and_can_be_taken_back(
    how: str, orders_import: OrdersImport, units: SqlUnits
) -> None:
    orders_import.run(sample_document())
    document = sample_document()
    changed(document["orders"][0], how)
    for source in (document, sample_document()):
        assert orders_import.run(source).orders == Counts(updated=1, unchanged=1)
        assert orders_import.run(source).orders == Counts(unchanged=2)
        with units.reading() as unit:
            assert unit.orders.by_number("A-1001") == (read_document(source).orders[0],)


def test_a_change_is_seen_in_the_unit_of_work_that_made_it(units: SqlUnits) -> None:
    document = sample_document()
    with units.writing() as unit:
        unit.orders.store(read_document(document), NOW)
        document["orders"][0]["customer_id"] = "luis"
        unit.orders.store(read_document(document), NOW)
        (order,) = unit.orders.by_number("A-1001")
        assert order.customer.id == "luis"


def test_a_changed_customer_changes_no_order(orders_import: OrdersImport, units: SqlUnits) -> None:
    orders_import.run(sample_document())
    document = sample_document()
    document["customers"][0]["email"] = "ana@example.com"
    document["customers"][0]["address"]["city"] = "Getafe"
    counts = orders_import.run(document)
    assert counts.customers == Counts(updated=1, unchanged=1)
    assert counts.orders == Counts(unchanged=2)
    with units.reading() as unit:
        (order,) = unit.orders.by_number("A-1001")
    assert order.customer.email == "ana@example.com"
    assert (order.customer.address.city, order.shipping_address.city) == ("Getafe", "Madrid")


def test_a_document_with_a_mistake_stores_nothing(
    orders_import: OrdersImport, units: SqlUnits
) -> None:
    document = sample_document()
    document["orders"][1]["lines"][0]["quantity"] = 0
    with pytest.raises(ImportRefused):
        orders_import.run(document)
    with units.reading() as unit:
        assert unit.orders.is_empty()
        assert unit.orders.products() == ()
        assert unit.orders.customer("ana") is None


def test_an_import_that_breaks_half_way_stores_nothing(
    orders_import: OrdersImport, units: SqlUnits, engine: Engine
) -> None:
    class PowerCut(Exception):
        pass

    def cut(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "INSERT INTO order_lines" in statement:
            raise PowerCut

    event.listen(engine, "before_cursor_execute", cut)
    try:
        with pytest.raises(PowerCut):
            orders_import.run(sample_document())
    finally:
        event.remove(engine, "before_cursor_execute", cut)
    with units.reading() as unit:
        assert unit.orders.is_empty()
        assert unit.orders.products() == ()


def test_two_imports_at_once_store_everything_once(orders_import: OrdersImport) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(orders_import.run, sample_document()) for _ in range(2)]
        counts = [run.result().orders for run in runs]
    assert sorted(counts, key=lambda count: count.created) == [
        Counts(unchanged=2),
        Counts(created=2),
    ]


def test_what_a_document_does_not_mention_is_left_alone(
    orders_import: OrdersImport, units: SqlUnits
) -> None:
    orders_import.run(sample_document())
    document = sample_document()
    del document["orders"][1]
    assert orders_import.run(document).orders == Counts(unchanged=1)
    with units.reading() as unit:
        assert len(unit.orders.by_number("W2-7")) == 1


def test_many_orders_are_compared_in_a_handful_of_queries(
    orders_import: OrdersImport, engine: Engine
) -> None:
    raw = retail_document()
    raw["orders"] = raw["orders"][:60]
    assert orders_import.run(raw).orders == Counts(created=60)
    with statements_of(engine) as statements:
        assert orders_import.run(raw).orders == Counts(unchanged=60)
    assert len(statements) < 30


def test_a_document_larger_than_a_chunk_arrives_whole(
    orders_import: OrdersImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "CHUNK", 1)
    raw = sample_document()
    many = len(raw["orders"])
    assert many > 1
    assert orders_import.run(raw).orders == Counts(created=many)
    assert orders_import.run(raw).orders == Counts(unchanged=many)


# --- looking up ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["A-1001", "a1001", " #A 1001 ", "Ａ-1001"])
def test_a_number_is_found_however_it_is_typed(
    number: str, orders_import: OrdersImport, units: SqlUnits
) -> None:
    orders_import.run(sample_document())
    with units.reading() as unit:
        assert [order.number for order in unit.orders.by_number(number)] == ["A-1001"]


@pytest.mark.parametrize("number", ["", "#", "A-100", "A-10011", "%", "'; --", "\0", "\ud800"])
def test_another_number_finds_nothing(
    number: str, orders_import: OrdersImport, units: SqlUnits
) -> None:
    orders_import.run(sample_document())
    with units.reading() as unit:
        assert unit.orders.by_number(number) == ()


def test_the_orders_of_a_customer_come_newest_first(
    orders_import: OrdersImport, units: SqlUnits
) -> None:
    document = sample_document()
    document["orders"][1]["customer_id"] = "ana"
    orders_import.run(document)
    with units.reading() as unit:
        assert [order.number for order in unit.orders.of_customer("ana")] == ["#W2-7", "A-1001"]
        assert unit.orders.of_customer("luis") == ()


def test_many_orders_of_a_customer_take_no_more_queries_than_one(
    orders_import: OrdersImport, units: SqlUnits, engine: Engine
) -> None:
    document = sample_document()
    anas = document["orders"][0]
    document["orders"] += [anas | {"number": f"A-20{n:02}"} for n in range(30)]
    orders_import.run(document)
    queries: dict[str, int] = {}
    for customer in ("ana", "luis"):
        with statements_of(engine) as statements, units.reading() as unit:
            assert len(unit.orders.of_customer(customer)) == (31 if customer == "ana" else 1)
        queries[customer] = len(statements)
    # BEGIN, the orders, and one each for lines, shipments, their events and payments.
    assert max(queries.values()) <= 6


# --- showing -------------------------------------------------------------------------------------


def test_an_order_is_shown_in_the_shape_of_the_import_with_what_happened_since(
    orders_import: OrdersImport, order_document: OrderDocument
) -> None:
    orders_import.run(sample_document())
    shown = order_document.show("a1001")
    assert shown["number"] == "A-1001"
    assert shown["customer_id"] == "ana"
    assert shown["placed_at"] == "2026-11-01T09:00:00Z"
    assert shown["lines"][0]["unit_price"] == "89.90"
    assert shown["shipments"][0]["lines"] == [{"sku": "CAF-1", "quantity": 1}]
    assert shown["returns"] == shown["claims"] == shown["complaints"] == []
    assert shown["refunds"] == [
        {
            "amount": "4.50",
            "currency": "EUR",
            "method": "credit_card",
            "at": "2026-11-04T12:00:00Z",
            "status": "succeeded",
        }
    ]


def test_a_number_nobody_has_is_refused(order_document: OrderDocument) -> None:
    with pytest.raises(OrderNotIdentified):
        order_document.show("A-1")


def test_numbers_that_differ_in_a_hyphen_only_are_kept_apart(
    orders_import: OrdersImport, order_document: OrderDocument
) -> None:
    document = sample_document()
    document["orders"][1]["number"] = "A1-001"
    orders_import.run(document)
    assert order_document.show("A-1001")["customer_id"] == "ana"
    assert order_document.show("A1-001")["customer_id"] == "luis"
    with pytest.raises(OrderNotIdentified):
        order_document.show("a1001")
