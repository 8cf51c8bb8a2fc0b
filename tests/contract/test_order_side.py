"""What happened to the shop's data can be seen and undone, on each kind of database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.adapters.database.order_side import OrderSide, RowChange, Snapshot, changes
from bot.adapters.database.tables import ConversationRow, OrderEventRow, OrderRow, PaymentRow
from bot.adapters.database.unit_of_work import SqlUnits
from bot.services.orders_import import OrdersImport
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def order_side(engine: Engine, units: SqlUnits) -> OrderSide:
    """Of a shop with the sample orders."""
    OrdersImport(units, FixedClock()).run(sample_document())
    return OrderSide(engine)


def seen(order_side: OrderSide, before: Snapshot) -> tuple[RowChange, ...]:
    return changes(before, order_side.snapshot())


def turn_everything_upside_down(connection: Connection) -> None:
    """A row more, a row less, and a row that is another."""
    order_id = connection.scalars(select(OrderRow.id)).first()
    event = {"order_id": order_id, "at": NOW, "actor": "customer", "kind": "x", "detail": {}}
    connection.execute(insert(OrderEventRow).values(event))
    connection.execute(delete(PaymentRow))
    connection.execute(update(OrderRow).values(status="cancelled"))


def test_nothing_has_changed_while_nobody_writes(order_side: OrderSide) -> None:
    assert seen(order_side, order_side.snapshot()) == ()


def test_rows_that_are_new_gone_or_other_are_seen(engine: Engine, order_side: OrderSide) -> None:
    before = order_side.snapshot()
    with engine.begin() as connection:
        turn_everything_upside_down(connection)
    kinds = {
        (change.table, change.before is None, change.after is None)
        for change in seen(order_side, before)
    }
    assert kinds == {
        ("order_events", True, False),
        ("payments", False, True),
        ("orders", False, False),
    }


def test_what_was_done_can_be_undone(engine: Engine, order_side: OrderSide) -> None:
    before = order_side.snapshot()
    with engine.begin() as connection:
        turn_everything_upside_down(connection)
    order_side.undo(seen(order_side, before))
    assert seen(order_side, before) == ()


def test_a_new_row_shows_in_the_size_of_its_table(engine: Engine, order_side: OrderSide) -> None:
    before = order_side.sizes()
    with engine.begin() as connection:
        order_id = connection.scalars(select(OrderRow.id)).first()
        event = {"order_id": order_id, "at": NOW, "actor": "customer", "kind": "x", "detail": {}}
        connection.execute(insert(OrderEventRow).values(event))
    grown = {name for name, size in order_side.sizes().items() if size != before[name]}
    assert grown == {"order_events"}


def test_conversations_are_not_the_shops(order_side: OrderSide) -> None:
    assert ConversationRow.__tablename__ not in order_side.sizes()
