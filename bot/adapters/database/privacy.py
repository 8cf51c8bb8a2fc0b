"""Requests about personal data in SQL."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.adapters.database.cases import SqlCaseBook
from bot.adapters.database.tables import PrivacyRequestRow
from bot.domain.folios import FolioPrefix
from bot.domain.privacy import PrivacyCase, PrivacyKind, PrivacyRequest


class SqlPrivacyBook:
    """See `bot.services.ports.PrivacyBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, request: PrivacyRequest, key: str, now: datetime) -> PrivacyCase:
        before = self.registered(key)
        if before is not None:
            return before
        folio = SqlCaseBook(self._session).next_folio(FolioPrefix.PRIVACY, now.year)
        # Who takes a number waits for whoever took the last one: they may have had the same key.
        meanwhile = self.registered(key)
        if meanwhile is not None:
            return meanwhile
        row = PrivacyRequestRow(
            folio=folio,
            key=key,
            kind=request.kind.value,
            customer_id=request.customer_id,
            conversation_id=request.conversation_id,
            text=request.text,
            due_on=request.due_on,
            opened_at=now,
        )
        self._session.add(row)
        self._session.flush()
        return _case_of(row)

    def registered(self, key: str) -> PrivacyCase | None:
        row = self._session.scalar(select(PrivacyRequestRow).where(PrivacyRequestRow.key == key))
        return _case_of(row) if row else None

    def of_conversation(self, conversation_id: str) -> tuple[PrivacyCase, ...]:
        rows = self._session.scalars(
            select(PrivacyRequestRow)
            .where(PrivacyRequestRow.conversation_id == conversation_id)
            .order_by(PrivacyRequestRow.id)
        )
        return tuple(map(_case_of, rows))


def _case_of(row: PrivacyRequestRow) -> PrivacyCase:
    request = PrivacyRequest(
        kind=PrivacyKind(row.kind),
        conversation_id=row.conversation_id,
        customer_id=row.customer_id,
        text=row.text,
        due_on=row.due_on,
    )
    return PrivacyCase(row.folio, request, row.opened_at)
