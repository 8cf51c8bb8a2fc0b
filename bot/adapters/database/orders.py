"""The shop's orders in SQL, read whole and stored in bulk."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import bindparam, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from bot.adapters.database.order_rows import (
    customer_of,
    order_of,
    product_of,
    write_customer,
    write_order,
    write_product,
)
from bot.adapters.database.tables import (
    AddressRow,
    Base,
    CustomerRow,
    OrderEventRow,
    OrderRow,
    ProductRow,
    ShipmentRow,
)
from bot.domain.last_import import merged, said
from bot.domain.order_export import changes, written_instant
from bot.domain.order_import import Counts, ImportCounts, OrdersDocument
from bot.domain.orders import Customer, Order, Product, bare_number

# As many rows as are looked up, compared and written at a time: a document may have any size.
CHUNK = 500

Row = TypeVar("Row", bound=Base)
Thing = TypeVar("Thing")


# The question of every turn about an order: one statement, built once.
_BY_NUMBER = (
    select(OrderRow)
    .where(
        or_(
            OrderRow.bare_number == bindparam("bare"),
            OrderRow.number_without_prefix == bindparam("bare"),
        )
    )
    .order_by(OrderRow.number)
    .options(
        joinedload(OrderRow.lines),
        joinedload(OrderRow.shipments).joinedload(ShipmentRow.events),
        joinedload(OrderRow.payments),
    )
)


class SqlOrderBook:
    """See `bot.services.ports.OrderBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_number(self, number: str) -> tuple[Order, ...]:
        bare = bare_number(number)
        if not bare:
            return ()
        rows = self._session.scalars(_BY_NUMBER, {"bare": bare}).unique()
        return tuple(order_of(row) for row in rows)

    def of_customer(self, customer_id: str) -> tuple[Order, ...]:
        rows = self._session.scalars(
            select(OrderRow)
            .where(OrderRow.customer_id == customer_id)
            .order_by(OrderRow.placed_at.desc(), OrderRow.id.desc())
        )
        return tuple(order_of(row) for row in rows)

    def customer(self, customer_id: str) -> Customer | None:
        row = self._session.get(CustomerRow, customer_id)
        return customer_of(row) if row else None

    def events_of(self, number: str) -> tuple[dict[str, object], ...]:
        rows = self._session.scalars(
            select(OrderEventRow)
            .join(OrderRow, OrderRow.id == OrderEventRow.order_id)
            .where(OrderRow.number == number)
            .order_by(OrderEventRow.id)
        )
        return tuple(
            {
                "at": written_instant(row.at),
                "actor": row.actor,
                "kind": row.kind,
                "detail": dict(row.detail),
            }
            for row in rows
        )

    def products(self) -> tuple[Product, ...]:
        rows = self._session.scalars(select(ProductRow).order_by(ProductRow.sku))
        return tuple(product_of(row) for row in rows)

    def is_empty(self) -> bool:
        return self._session.scalar(select(OrderRow.id).limit(1)) is None

    def store(self, document: OrdersDocument, now: datetime) -> ImportCounts:
        self._hold(document)

        def note_update(row: OrderRow, before: Order, after: Order) -> None:
            detail = {"changed": changes(before, after)}
            self._session.add(
                OrderEventRow(
                    order_id=row.id, at=now, actor="import", kind="order_updated", detail=detail
                )
            )

        counts = ImportCounts(
            products=self._store_each(
                document.products, ProductRow, ProductRow.sku, product_of, write_product
            ),
            customers=self._store_each(
                document.customers,
                lambda: CustomerRow(address=AddressRow()),
                CustomerRow.id,
                customer_of,
                write_customer,
            ),
            orders=self._store_each(
                document.orders,
                lambda: OrderRow(shipping_address=AddressRow()),
                OrderRow.number,
                order_of,
                write_order,
                note_update,
            ),
        )
        # What is read in this session from now on is what was written, not what it followed from.
        self._session.flush()
        self._session.expire_all()
        return counts

    def _store_each(
        self,
        things: Sequence[Thing],
        new: Callable[[], Row],
        column: InstrumentedAttribute[str],
        read: Callable[[Row], Thing],
        write: Callable[[Row, Thing], None],
        updated: Callable[[Row, Thing, Thing], None] | None = None,
    ) -> Counts:
        """Insert what is new and change what differs; `column` names a row, by the same field."""
        created = changed = 0
        for start in range(0, len(things), CHUNK):
            chunk = {getattr(thing, column.key): thing for thing in things[start : start + CHUNK]}
            found = self._session.scalars(select(column.class_).where(column.in_(chunk)))
            rows = {getattr(row, column.key): row for row in found}
            for name, thing in chunk.items():
                row = rows.get(name)
                if row is None:
                    row = new()
                    write(row, thing)
                    self._session.add(row)
                    created += 1
                elif (before := read(row)) != (after := _after_import(row, before, thing)):
                    write(row, after)
                    if updated is not None:
                        updated(row, before, after)
                    changed += 1
                if isinstance(row, OrderRow | ProductRow):
                    assert isinstance(thing, Order | Product)
                    row.imported = said(thing)
            self._session.flush()
        return Counts(created, changed, len(things) - created - changed)

    def _hold(self, document: OrdersDocument) -> None:
        """Keep everybody else away from these orders; SQLite has one writer anyway.

        Two imports at once would insert the same rows. Orders are held before any product, as
        whoever changes an order does: so nobody waits for somebody who waits for them.
        """
        if self._session.get_bind().dialect.name != "postgresql":
            return
        # Any constant; it names "importing orders" among this database's locks.
        self._session.execute(text("SELECT pg_advisory_xact_lock(7067837)"))
        numbers = sorted(order.number for order in document.orders)
        for start in range(0, len(numbers), CHUNK):
            chunk = numbers[start : start + CHUNK]
            self._session.execute(
                select(OrderRow.id)
                .where(OrderRow.number.in_(chunk))
                .order_by(OrderRow.number)
                .with_for_update()
            )


def _after_import(row: Base, present: Thing, thing: Thing) -> Thing:
    """What is stored when the shop's file says `thing`: see `bot.domain.last_import`."""
    after: Any = thing
    if isinstance(row, OrderRow) and isinstance(present, Order) and isinstance(thing, Order):
        after = merged(present, row.imported, thing)
    elif isinstance(row, ProductRow) and isinstance(present, Product):
        assert isinstance(thing, Product)
        after = merged(present, row.imported, thing)
    return cast("Thing", after)
