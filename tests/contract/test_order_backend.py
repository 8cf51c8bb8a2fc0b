"""The SQL backend keeps the promises of every order backend, and some of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.adapters.commerce.invoice_pdf import SellerIdentity
from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.orders import OrderStatus
from bot.domain.refunds import all_refunds
from bot.domain.returns import ReturnStatus
from bot.services.order_backend import Capability, NotSupported, OrderBackend
from bot.services.order_document import OrderDocument
from bot.services.orders_import import OrdersImport
from tests.contract.order_backend_promises import (
    BY,
    ELSEWHERE,
    NOW,
    SHOP,
    OrderBackendPromises,
    a_claim,
    a_complaint,
    a_return,
    an_exchange,
    shop_document,
)


class SetClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.instant = now

    def now(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def orders_import(units: SqlUnits, clock: SetClock) -> OrdersImport:
    found = OrdersImport(units, clock)
    found.run(shop_document())
    return found


@pytest.fixture
def backend(units: SqlUnits, orders_import: OrdersImport, clock: SetClock) -> SqlOrderBackend:
    return SqlOrderBackend(units, clock, SellerIdentity("Casa Olmo"))


@pytest.fixture
def document(units: SqlUnits, backend: SqlOrderBackend) -> OrderDocument:
    return OrderDocument(units, backend)


class TestSqlOrderBackend(OrderBackendPromises):
    @pytest.fixture
    def backend(self, backend: SqlOrderBackend) -> OrderBackend:
        return backend


def with_order(number: str, **changes: Any) -> dict[str, Any]:
    raw = shop_document()
    next(order for order in raw["orders"] if order["number"] == number).update(changes)
    return raw


# --- what is written down ------------------------------------------------------------------------


def test_every_write_says_who_did_what_and_why(
    backend: SqlOrderBackend, document: OrderDocument
) -> None:
    folio = backend.start_return(a_return(), "k1", BY).folio
    backend.move_return(folio, ReturnStatus.RECEIVED, "k2", SHOP)
    events = document.show("D-1001")["events"]
    assert [(one["actor"], one["kind"]) for one in events] == [
        ("customer via assistant", "return_requested"),
        ("agent Marta", "return_received"),
        ("agent Marta", "refund_opened"),
    ]
    assert events[0]["detail"] == {
        "folio": folio,
        "reason": "changed_mind",
        "resolution": "refund",
        "basis": "withdrawal",
        "lines": [{"sku": "ZAP-41", "quantity": 1}],
        "conversation_id": "c1",
    }


def test_a_repeated_confirmation_is_written_down_once(
    backend: SqlOrderBackend, document: OrderDocument
) -> None:
    for _ in range(2):
        backend.cancel_order("P-1002", "changed_mind", None, "k1", BY)
    kinds = [one["kind"] for one in document.show("P-1002")["events"]]
    assert kinds == ["order_cancelled", "refund_opened"]


def test_a_changed_address_is_not_copied_into_the_events(
    backend: SqlOrderBackend, document: OrderDocument
) -> None:
    backend.change_address("P-1002", ELSEWHERE, "k1", BY)
    (change,) = document.show("P-1002")["events"]
    assert change["detail"]["changed"] == {
        "shipping_address": {"parts": ["city", "line1", "postal_code"]}
    }


def test_folios_count_from_one_each_year_of_the_customer(
    backend: SqlOrderBackend, clock: SetClock
) -> None:
    first = backend.start_return(a_return(), "k1", BY)
    clock.instant = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # the new year has begun in Madrid
    second = backend.start_return(a_return(), "k2", BY)
    assert (first.folio, second.folio) == ("DEV-2026-000001", "DEV-2027-000001")


def test_a_folio_without_its_year_that_means_two_cases_means_none(
    backend: SqlOrderBackend, clock: SetClock
) -> None:
    backend.start_return(a_return(), "k1", BY)
    clock.instant += timedelta(days=365)
    backend.start_return(a_return(), "k2", BY)
    assert backend.case("DEV-000001") is None


def test_without_a_seller_there_are_no_documents(units: SqlUnits, backend: SqlOrderBackend) -> None:
    anonymous = SqlOrderBackend(units, SetClock())
    assert Capability.INVOICES not in anonymous.capabilities
    with pytest.raises(NotSupported):
        anonymous.invoice("D-1001")


def test_most_orders_cost_one_look_for_their_cases(
    backend: SqlOrderBackend, engine: Engine
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        backend.cases("D-1001")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 1


# --- the shop's file and what our house did since --------------------------------------------------


def test_last_nights_file_undoes_nothing(
    backend: SqlOrderBackend, orders_import: OrdersImport
) -> None:
    backend.cancel_order("P-1002", "other", None, "k1", BY)
    backend.change_address("L-1007", ELSEWHERE, "k2", BY)
    backend.start_return(an_exchange("ZAP-42"), "k3", BY)
    assert not orders_import.run(shop_document()).changed_anything
    assert backend.order("P-1002").status is OrderStatus.CANCELLED
    assert backend.order("L-1007").shipping_address == ELSEWHERE
    assert backend.products(["ZAP-42"])["ZAP-42"].stock == 0


def test_a_file_with_news_of_one_thing_undoes_nothing_else(
    backend: SqlOrderBackend, orders_import: OrdersImport
) -> None:
    backend.change_address("L-1007", ELSEWHERE, "k1", BY)
    parcel = {"carrier": "SEUR", "tracking_number": "1", "status": "in_transit"}
    orders_import.run(with_order("L-1007", shipments=[parcel]))
    assert backend.order("L-1007").has_left
    assert backend.order("L-1007").shipping_address == ELSEWHERE


def test_what_the_file_says_anew_is_believed(
    backend: SqlOrderBackend, orders_import: OrdersImport
) -> None:
    backend.cancel_order("P-1002", "other", None, "k1", BY)
    orders_import.run(with_order("P-1002", status="cancelled"))
    orders_import.run(with_order("P-1002", status="open"))
    assert backend.order("P-1002").status is OrderStatus.OPEN


def test_a_repayment_that_the_shop_lists_is_the_one_that_was_owed(
    backend: SqlOrderBackend, orders_import: OrdersImport
) -> None:
    refund = backend.cancel_order("P-1002", "other", None, "k1", BY).refund
    assert refund is not None
    payments = [
        {"method": "credit_card", "amount": "120.00"},
        {
            "method": "credit_card",
            "amount": "120.00",
            "kind": "refund",
            "at": "2026-11-22T10:00:00Z",
        },
    ]
    orders_import.run(with_order("P-1002", payment_status="refunded", payments=payments))
    (told,) = all_refunds(backend.order("P-1002"), backend.cases("P-1002").refunds)
    assert (told.reference, told.status.value) == (refund.reference, "succeeded")


# --- showing -------------------------------------------------------------------------------------


def test_an_order_is_shown_with_everything_that_happened_to_it(
    backend: SqlOrderBackend, document: OrderDocument
) -> None:
    returned = backend.start_return(a_return(), "k1", BY)
    exchanged = backend.start_return(an_exchange("ZAP-42"), "k2", BY)
    claim = backend.open_claim(a_claim(), "k3", BY)
    complaint = backend.open_complaint(a_complaint(order_number="D-1001"), "k4", BY)
    backend.move_return(returned.folio, ReturnStatus.RECEIVED, "k5", SHOP)
    (refund,) = backend.cases("D-1001").refunds
    shown = document.show("D-1001")
    assert shown["returns"] == [
        {
            "folio": returned.folio,
            "status": "received",
            "reason": "changed_mind",
            "resolution": "refund",
            "basis": "withdrawal",
            "lines": [{"sku": "ZAP-41", "quantity": 1}],
            "refund": "50.00",
            "refund_due": "2026-12-04",
            "return_paid_by": "customer",
            "opened_at": "2026-11-20T08:00:00Z",
        },
        {
            "folio": exchanged.folio,
            "status": "requested",
            "reason": "changed_mind",
            "resolution": "exchange",
            "basis": "withdrawal",
            "lines": [{"sku": "ZAP-41", "quantity": 1, "exchange_for": "ZAP-42"}],
            "refund_due": "2026-12-04",
            "return_paid_by": "customer",
            "opened_at": "2026-11-20T08:00:00Z",
        },
    ]
    assert shown["refunds"] == [
        {
            "reference": refund.reference,
            "amount": "50.00",
            "currency": "EUR",
            "kind": "return",
            "method": "credit_card",
            "at": None,
            "status": "pending",
            "return_folio": returned.folio,
            "due_on": "2026-12-04",
            "opened_at": "2026-11-20T08:00:00Z",
        }
    ]
    assert shown["claims"] == [
        {
            "folio": claim.folio,
            "kind": "warranty",
            "status": "open",
            "remedy": "repair",
            "repair": "awaiting_item",
            "lines": [{"sku": "ZAP-41", "quantity": 1}],
            "due_on": "2026-12-20",
            "opened_at": "2026-11-20T08:00:00Z",
        }
    ]
    assert shown["complaints"] == [
        {
            "folio": complaint.folio,
            "kind": "reclamacion",
            "status": "open",
            "due_on": "2026-12-14",
            "opened_at": "2026-11-20T08:00:00Z",
        }
    ]
