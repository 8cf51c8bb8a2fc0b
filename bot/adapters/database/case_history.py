"""Who did what to a case: under its order, or by its folio when it has none."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.adapters.database.tables import CaseEventRow, OrderEventRow, OrderRow
from bot.domain.case_history import HistoryEntry


class SqlCaseHistory:
    """What happened to cases, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, folio: str, at: datetime, actor: str, kind: str, detail: dict[str, Any]) -> None:
        """Append to what happened to a case without an order."""
        self._session.add(
            CaseEventRow(
                folio=folio, at=at, actor=actor, kind=kind, detail={"folio": folio} | detail
            )
        )

    def of_case(self, folio: str) -> tuple[HistoryEntry, ...]:
        """What happened to a case without an order, the oldest first."""
        rows = self._session.scalars(
            select(CaseEventRow).where(CaseEventRow.folio == folio).order_by(CaseEventRow.id)
        )
        return tuple(map(_entry, rows))

    def of_order(self, number: str, folio: str) -> tuple[HistoryEntry, ...]:
        """What the events of an order tell of one of its cases, the oldest first."""
        # Read whole: an order has few events, and the two databases ask into JSON differently.
        rows = self._session.scalars(
            select(OrderEventRow)
            .join(OrderRow, OrderRow.id == OrderEventRow.order_id)
            .where(OrderRow.number == number)
            .order_by(OrderEventRow.id)
        )
        return tuple(entry for entry in map(_entry, rows) if entry.concerns(folio))


def _entry(row: OrderEventRow | CaseEventRow) -> HistoryEntry:
    return HistoryEntry(row.at, row.actor, row.kind, dict(row.detail))
