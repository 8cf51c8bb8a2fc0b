"""The cases of the whole shop in SQL, whichever orders they belong to."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.adapters.database.case_rows import (
    claim_of,
    complaint_of,
    is_named,
    refund_of,
    return_of,
)
from bot.adapters.database.tables import ClaimRow, ComplaintRow, OrderRow, RefundRow, ReturnRow
from bot.domain.claims import ClaimStatus
from bot.domain.complaints import ComplaintStatus
from bot.domain.folios import Folio
from bot.domain.refunds import Refund, RefundStatus
from bot.domain.returns import ReturnStatus
from bot.services.order_backend import OrderCases

Status = type[ReturnStatus] | type[RefundStatus] | type[ClaimStatus] | type[ComplaintStatus]


class SqlOpenCases:
    """What the team has before it, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all_cases(self, *, with_closed: bool) -> OrderCases:
        """Every case, or every open one, each kind the oldest first."""

        def rows(table: Any, statuses: Status) -> Any:
            return self._session.execute(_with_number(table, None if with_closed else statuses))

        return OrderCases(
            returns=tuple(return_of(*each) for each in rows(ReturnRow, ReturnStatus)),
            refunds=tuple(refund_of(*each) for each in rows(RefundRow, RefundStatus)),
            claims=tuple(claim_of(*each) for each in rows(ClaimRow, ClaimStatus)),
            complaints=tuple(complaint_of(*each) for each in rows(ComplaintRow, ComplaintStatus)),
        )

    def find_refund(self, written: str) -> Refund | None:
        """The refund with a reference as somebody writes it, if it can mean one alone."""
        reference = Folio.parse(written)
        if reference is None:
            return None
        found = self._session.execute(
            _with_number(RefundRow).where(is_named(RefundRow.reference, reference)).limit(2)
        ).all()
        return refund_of(*found[0]) if len(found) == 1 else None


def _with_number(table: Any, open_among: Status | None = None) -> Select[Any]:
    """Rows with their order's number, of all statuses or of those that are open."""
    query = (
        select(table, OrderRow.number)
        .outerjoin(OrderRow, OrderRow.id == table.order_id)
        .order_by(table.opened_at, table.id)
    )
    if open_among is None:
        return query
    statuses: list[StrEnum] = [status for status in open_among if status.is_open]
    return query.where(table.status.in_([status.value for status in statuses]))
