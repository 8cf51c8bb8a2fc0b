"""A confirmation that arrives four times at once, from threads and from processes: one effect.

Customers press twice, platforms redeliver, and a turn that was cut off is run again; two machines
may do it in the same instant.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, make_url

from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.engine import make_engine
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.complaints import ComplaintKind, ComplaintRequest
from bot.domain.eligibility import NotEligible
from bot.domain.money import Money
from bot.domain.refunds import RefundKind, RefundRequest
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    ReturnBasis,
    ReturnReason,
    ReturnRequest,
)
from bot.services.order_backend import Actor
from bot.services.orders_import import OrdersImport
from tests.fixtures_database import fill_with_schema

# Few find a gross mistake at once; a release is tried with POSVENTA_TEST_RUNS=200.
RUNS = int(os.environ.get("POSVENTA_TEST_RUNS", "25"))
AT_ONCE = 4
BY = Actor.customer("c1")
SOLD_OUT = 3  # units of what everybody wants in exchange


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def own_sqlite(tmp_path: Path) -> Iterator[Engine]:
    """A database in a file of its own, which other processes can open too."""
    engine = make_engine(f"sqlite:///{tmp_path / 'orders.db'}")
    fill_with_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Engine:
    """An empty schema that several connections see."""
    if request.param == "sqlite":
        sqlite: Engine = request.getfixturevalue("own_sqlite")
        return sqlite
    shared: Engine = request.getfixturevalue("postgresql_engine")
    with shared.begin() as connection:
        connection.exec_driver_sql(
            "TRUNCATE orders, products, customers, addresses, folio_counters, order_actions, complaints CASCADE"
        )
    return shared


def fill(engine: Engine) -> None:
    """As many delivered orders as there are runs."""
    address = {
        "name": "Ana",
        "line1": "Calle 1",
        "city": "Madrid",
        "postal_code": "28013",
        "country": "ES",
    }
    order: dict[str, Any] = {
        "customer_id": "ana",
        "placed_at": "2026-11-01T10:00:00Z",
        "currency": "EUR",
        "country": "ES",
        "status": "completed",
        "payment_status": "paid",
        "lines": [{"sku": "ZAP-41", "quantity": 1, "unit_price": "50.00"}],
        "shipments": [],
        "shipping_address": address,
    }
    shoes = {"title": "Zapatillas", "category": "calzado"}
    OrdersImport(SqlUnits(engine), FixedClock()).run(
        {
            "products": [
                {"sku": "ZAP-41", **shoes},
                {"sku": "ZAP-42", **shoes, "stock": SOLD_OUT},
            ],
            "customers": [{"id": "ana", "name": "Ana", "email": "a@b.es", "address": address}],
            "orders": [{**order, "number": f"A-{run:04}"} for run in range(RUNS)],
        }
    )


def numbers() -> list[str]:
    return [f"A-{run:04}" for run in range(RUNS)]


def a_return(number: str) -> ReturnRequest:
    return ReturnRequest(
        order_number=number,
        lines=(RequestedLine(0, 1),),
        reason=ReturnReason.CHANGED_MIND,
        resolution=Resolution.REFUND,
        basis=ReturnBasis.WITHDRAWAL,
        return_paid_by="customer",
    )


def an_exchange(number: str) -> ReturnRequest:
    return ReturnRequest(
        order_number=number,
        lines=(RequestedLine(0, 1, exchange_for="ZAP-42"),),
        reason=ReturnReason.DOES_NOT_FIT,
        resolution=Resolution.EXCHANGE,
        basis=ReturnBasis.COURTESY,
        return_paid_by="customer",
    )


def a_complaint(conversation_id: str) -> ComplaintRequest:
    return ComplaintRequest(ComplaintKind.QUEJA, "Nadie contesta.", conversation_id, "ES")


def own_backends(engine: Engine) -> list[SqlOrderBackend]:
    """One for each that confirms, each with connections of its own."""
    url = engine.url.render_as_string(hide_password=False)
    return [SqlOrderBackend(SqlUnits(make_engine(url)), FixedClock()) for _ in range(AT_ONCE)]


def all_at_once(
    engine: Engine, write: Callable[[SqlOrderBackend, int, str], object]
) -> dict[str, list[object]]:
    """What four confirmations of each order got, made in the same instant: a result or a refusal."""
    backends = own_backends(engine)
    start = threading.Barrier(AT_ONCE)
    got: dict[str, list[object]] = {number: [] for number in numbers()}

    def confirm_all(place: int) -> None:
        for number in numbers():
            start.wait(30)
            try:
                got[number].append(write(backends[place], place, number))
            except NotEligible as refusal:
                got[number].append(refusal.code)

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done: list[Future[None]] = [pool.submit(confirm_all, n) for n in range(AT_ONCE)]
            for one in done:
                one.result()
    finally:
        for backend in backends:
            backend._units._engine.dispose()
    return got


@pytest.fixture
def reader(database: Engine) -> SqlOrderBackend:
    fill(database)
    return SqlOrderBackend(SqlUnits(database), FixedClock())


@pytest.mark.timeout(600)
def test_one_confirmation_four_times_at_once_opens_one_return(
    database: Engine, reader: SqlOrderBackend
) -> None:
    got = all_at_once(
        database, lambda backend, _, number: backend.start_return(a_return(number), number, BY)
    )
    for number, results in got.items():
        (opened,) = reader.cases(number).returns
        assert results == [opened] * AT_ONCE


@pytest.mark.timeout(600)
def test_four_confirmations_at_once_open_one_return_and_the_others_learn_of_it(
    database: Engine, reader: SqlOrderBackend
) -> None:
    got = all_at_once(
        database,
        lambda backend, place, number: backend.start_return(
            a_return(number), f"{number}/{place}", BY
        ),
    )
    for number, results in got.items():
        (opened,) = reader.cases(number).returns
        assert sorted(map(str, results)) == sorted(
            [str(opened), *["already_in_return"] * (AT_ONCE - 1)]
        )


@pytest.mark.timeout(600)
def test_four_compensations_at_once_are_one(database: Engine, reader: SqlOrderBackend) -> None:
    def compensate(backend: SqlOrderBackend, place: int, number: str) -> object:
        request = RefundRequest(number, Money(500, "EUR"), RefundKind.COMPENSATION)
        return backend.refund(request, f"{number}/{place}", BY)

    all_at_once(database, compensate)
    assert {len(reader.cases(number).refunds) for number in numbers()} == {1}


@pytest.mark.timeout(600)
def test_one_complaint_four_times_at_once_is_registered_once(
    database: Engine, reader: SqlOrderBackend
) -> None:
    # It has no order: nothing is held while the key is looked for.
    got = all_at_once(
        database,
        lambda backend, _, number: backend.open_complaint(a_complaint(number), number, BY),
    )
    for number, results in got.items():
        (registered,) = reader.complaints_of(number)
        assert results == [registered] * AT_ONCE


@pytest.mark.timeout(600)
def test_what_is_left_in_stock_is_promised_once(database: Engine, reader: SqlOrderBackend) -> None:
    def exchange(backend: SqlOrderBackend, place: int, number: str) -> object:
        # Everybody begins with another order: they meet at the article, not at the order.
        mine = numbers()[(numbers().index(number) + place) % RUNS]
        return backend.start_return(an_exchange(mine), mine, BY)

    all_at_once(database, exchange)
    promised = sum(len(reader.cases(number).returns) for number in numbers())
    assert promised == min(SOLD_OUT, RUNS)
    assert reader.products(["ZAP-42"])["ZAP-42"].stock == SOLD_OUT - promised


def confirm_in_a_process(url: str, meet: Any) -> list[str]:
    """What one process got for every order: the folios of the returns."""
    engine = make_engine(url)
    backend = SqlOrderBackend(SqlUnits(engine), FixedClock())
    folios: list[str] = []
    for number in numbers():
        meet.wait(30)
        folios.append(backend.start_return(a_return(number), number, BY).folio)
    engine.dispose()
    return folios


@pytest.mark.timeout(600)
def test_two_processes_that_confirm_the_same_at_once_open_one_return(
    database: Engine, reader: SqlOrderBackend
) -> None:
    spawn = multiprocessing.get_context("spawn")
    url = make_url(database.url).render_as_string(hide_password=False)
    with spawn.Manager() as manager, ProcessPoolExecutor(2, mp_context=spawn) as pool:
        meet = manager.Barrier(2)
        both = [pool.submit(confirm_in_a_process, url, meet) for _ in range(2)]
        first, second = (one.result() for one in both)
    assert first == second
    assert [one.folio for number in numbers() for one in reader.cases(number).returns] == first
