"""What happens to an order after it was sold, in SQL: its cases, its lock, its events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from bot.adapters.database.case_rows import (
    claim_of,
    complaint_of,
    is_named,
    refund_of,
    return_of,
    row_of_claim,
    row_of_complaint,
    row_of_return,
    state_of,
)
from bot.adapters.database.order_rows import order_of, product_of, write_order
from bot.adapters.database.tables import (
    ClaimRow,
    ComplaintRow,
    FolioCounterRow,
    OrderActionRow,
    OrderEventRow,
    OrderRow,
    ProductRow,
    RefundRow,
    ReturnRow,
)
from bot.domain.claims import Claim, with_earlier
from bot.domain.complaints import Complaint
from bot.domain.folios import Folio, FolioPrefix
from bot.domain.orders import Order, Product
from bot.domain.refunds import Refund
from bot.domain.returns import Return
from bot.services.order_backend import Case, FoundCase, OrderCases

_TABLES: dict[FolioPrefix, type[ReturnRow] | type[ClaimRow] | type[ComplaintRow]] = {
    FolioPrefix.RETURN: ReturnRow,
    FolioPrefix.WARRANTY: ClaimRow,
    FolioPrefix.INCIDENT: ClaimRow,
    FolioPrefix.FORMAL_COMPLAINT: ComplaintRow,
    FolioPrefix.INFORMAL_COMPLAINT: ComplaintRow,
}

# Most orders have no case at all: one look tells which tables are worth another.
_WHICH = select(
    OrderRow.id,
    *(
        exists().where(table.order_id == OrderRow.id).label(table.__tablename__)
        for table in (ReturnRow, RefundRow, ClaimRow, ComplaintRow)
    ),
).where(OrderRow.number == bindparam("number"))

_RETURNS = select(ReturnRow).where(ReturnRow.order_id == bindparam("id")).order_by(ReturnRow.id)
_REFUNDS = select(RefundRow).where(RefundRow.order_id == bindparam("id")).order_by(RefundRow.id)
_CLAIMS = select(ClaimRow).where(ClaimRow.order_id == bindparam("id")).order_by(ClaimRow.id)
_COMPLAINTS = (
    select(ComplaintRow).where(ComplaintRow.order_id == bindparam("id")).order_by(ComplaintRow.id)
)


class SqlCaseBook:
    """Cases of orders within one transaction; `bot.adapters.commerce` decides what may happen."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- reading --------------------------------------------------------------------------------

    def of_order(self, number: str) -> OrderCases:
        """Everything that happened to an order."""
        found = self._session.execute(_WHICH, {"number": number}).one_or_none()
        if found is None:
            return OrderCases()
        order_id, returns, refunds, claims, complaints = tuple(found)
        only = {"id": order_id}
        all_of = self._session.scalars
        return OrderCases(
            tuple(return_of(row, number) for row in all_of(_RETURNS, only)) if returns else (),
            tuple(refund_of(row, number) for row in all_of(_REFUNDS, only)) if refunds else (),
            with_earlier(tuple(claim_of(row, number) for row in all_of(_CLAIMS, only)))
            if claims
            else (),
            tuple(complaint_of(row, number) for row in all_of(_COMPLAINTS, only))
            if complaints
            else (),
        )

    def find(self, written: str) -> FoundCase | None:
        """The case with a folio as a customer writes it, if it can mean one alone."""
        folio = Folio.parse(written)
        table = _TABLES.get(folio.prefix) if folio else None
        if folio is None or table is None:
            return None
        rows = self._session.execute(
            select(table, OrderRow.number, OrderRow.customer_id)
            .outerjoin(OrderRow, OrderRow.id == table.order_id)
            .where(is_named(table.folio, folio))
            .limit(2)
        ).all()
        if len(rows) != 1:
            return None
        row, number, customer_id = rows[0]
        if isinstance(row, ComplaintRow):
            return FoundCase(complaint_of(row, number), number, customer_id or row.customer_id)
        if isinstance(row, ReturnRow):
            return FoundCase(return_of(row, number), number, customer_id)
        assert isinstance(row, ClaimRow)
        return FoundCase(self._with_earlier(claim_of(row, number)), number, customer_id)

    def refund(self, reference: str) -> Refund | None:
        """A refund of ours by its reference."""
        found = self._session.execute(
            select(RefundRow, OrderRow.number)
            .join(OrderRow, OrderRow.id == RefundRow.order_id)
            .where(RefundRow.reference == reference)
        ).one_or_none()
        return refund_of(*found) if found else None

    def complaints_of(self, conversation_id: str) -> tuple[Complaint, ...]:
        """The complaints of a conversation, the oldest first."""
        rows = self._session.execute(
            select(ComplaintRow, OrderRow.number)
            .outerjoin(OrderRow, OrderRow.id == ComplaintRow.order_id)
            .where(ComplaintRow.conversation_id == conversation_id)
            .order_by(ComplaintRow.id)
        )
        return tuple(complaint_of(row, number) for row, number in rows)

    def products(self, skus: Iterable[str]) -> dict[str, Product]:
        """The articles with these SKUs."""
        rows = self._session.scalars(select(ProductRow).where(ProductRow.sku.in_(set(skus))))
        return {row.sku: product_of(row) for row in rows}

    def variants(self, sku: str) -> tuple[Product, ...]:
        """Articles of the same title under another SKU."""
        this = aliased(ProductRow)
        rows = self._session.scalars(
            select(ProductRow)
            .join(this, this.title == ProductRow.title)
            .where(this.sku == sku, ProductRow.sku != sku)
            .order_by(ProductRow.sku)
        )
        return tuple(map(product_of, rows))

    # -- one at a time --------------------------------------------------------------------------

    def hold(self, number: str) -> tuple[int, Order] | None:
        """An order, held against every other writer until the end of the transaction."""
        # First the lock, then the look: what was joined to a row before the wait may be old.
        order_id = self._session.scalar(
            select(OrderRow.id).where(OrderRow.number == number).with_for_update()
        )
        if order_id is None:
            return None
        return order_id, order_of(self._session.get_one(OrderRow, order_id))

    def hold_complaint(self, folio: str) -> None:
        """The same for a complaint, which may have no order."""
        self._session.execute(
            select(ComplaintRow.id).where(ComplaintRow.folio == folio).with_for_update()
        )

    def action(self, key: str) -> OrderActionRow | None:
        """What was done with a key."""
        return self._session.get(OrderActionRow, key)

    # -- writing --------------------------------------------------------------------------------

    def next_folio(self, prefix: FolioPrefix, year: int) -> str:
        """The next number of a kind; nobody else gets one until the end of the transaction."""
        postgres = self._session.get_bind().dialect.name == "postgresql"
        insert = postgresql.insert if postgres else sqlite.insert
        serial = self._session.scalar(
            insert(FolioCounterRow)
            .values(prefix=prefix.value, year=year, last=1)
            .on_conflict_do_update(
                index_elements=["prefix", "year"], set_={"last": FolioCounterRow.last + 1}
            )
            .returning(FolioCounterRow.last)
        )
        assert serial is not None  # the statement inserts or updates a row
        return str(Folio(prefix, year, serial))

    def add_return(
        self, order_id: int, opened: Return, currency: str, set_aside: frozenset[int]
    ) -> None:
        """Store a new return; `set_aside` are the lines whose exchange left the stock."""
        self._session.add(row_of_return(order_id, opened, currency, set_aside))

    def add_claim(self, order_id: int, claim: Claim) -> None:
        """Store a new claim."""
        self._session.add(row_of_claim(order_id, claim))

    def add_complaint(self, order_id: int | None, complaint: Complaint) -> None:
        """Store a new complaint."""
        self._session.add(row_of_complaint(order_id, complaint))

    def save(self, case: Case) -> None:
        """Write what changed of a case."""
        table = _TABLES[FolioPrefix(case.folio[:3])]
        self._write(table, table.folio == case.folio, state_of(case))

    def add_refund(self, order_id: int, refund: Refund) -> None:
        """Store a new refund."""
        assert refund.opened_at is not None  # ours always know
        self._session.add(
            RefundRow(
                reference=refund.reference,
                order_id=order_id,
                status=refund.status.value,
                kind=refund.kind.value,
                currency=refund.amount.currency,
                amount_minor=refund.amount.minor,
                method=refund.method,
                due_on=refund.due_on,
                return_folio=refund.return_folio,
                opened_at=refund.opened_at,
                moved_at=refund.moved_at,
            )
        )

    def save_refund(self, refund: Refund) -> None:
        """Write what changed of a refund."""
        values = {"status": refund.status.value, "moved_at": refund.moved_at}
        self._write(RefundRow, RefundRow.reference == refund.reference, values)

    def save_order(self, order_id: int, order: Order) -> None:
        """Make the rows of an order say what it says."""
        write_order(self._session.get_one(OrderRow, order_id), order)

    def set_aside(self, sku: str, quantity: int) -> bool | None:
        """Take units of an article out of the stock.

        Returns:
            Whether there were enough; None when the shop does not say how many there are.
        """
        taken = self._session.scalar(
            update(ProductRow)
            .where(ProductRow.sku == sku, ProductRow.stock >= quantity)
            .values(stock=ProductRow.stock - quantity)
            .returning(ProductRow.sku)
            .execution_options(synchronize_session=False)
        )
        if taken is not None:
            return True
        stock = self._session.scalar(select(ProductRow.stock).where(ProductRow.sku == sku))
        return None if stock is None else False

    def give_back(self, folio: str) -> None:
        """Put back what a return has set aside, unless the shop no longer counts it."""
        row = self._session.scalars(select(ReturnRow).where(ReturnRow.folio == folio)).one()
        for line in sorted(row.lines, key=lambda line: str(line["exchange_for"])):
            if line["set_aside"]:
                self._session.execute(
                    update(ProductRow)
                    .where(ProductRow.sku == line["exchange_for"], ProductRow.stock.is_not(None))
                    .values(stock=ProductRow.stock + line["quantity"])
                    .execution_options(synchronize_session=False)
                )

    def note(
        self, order_id: int, at: datetime, actor: str, kind: str, detail: dict[str, Any]
    ) -> None:
        """Append to what happened to an order."""
        self._session.add(
            OrderEventRow(order_id=order_id, at=at, actor=actor, kind=kind, detail=detail)
        )

    def keep_action(self, action: OrderActionRow) -> None:
        """Remember what was done with a key; everything so far is sent to the database."""
        self._session.add(action)
        self._session.flush()
        self._session.expire_all()

    def _write(self, table: Any, which: Any, values: dict[str, Any]) -> None:
        self._session.execute(
            update(table).where(which).values(values).execution_options(synchronize_session=False)
        )

    def _with_earlier(self, claim: Claim) -> Claim:
        all_claims = self.of_order(claim.order_number).claims
        return next((one for one in all_claims if one.folio == claim.folio), claim)
