"""Requests about personal data in SQL."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.adapters.database.case_history import SqlCaseHistory
from bot.adapters.database.case_rows import is_named
from bot.adapters.database.cases import SqlCaseBook
from bot.adapters.database.tables import OrderActionRow, PrivacyRequestRow
from bot.domain.case_history import HistoryEntry
from bot.domain.folios import Folio, FolioPrefix
from bot.domain.privacy import PrivacyCase, PrivacyKind, PrivacyRequest, PrivacyStatus
from bot.services.order_backend import Actor


class SqlPrivacyBook:
    """See `bot.services.customer_books.PrivacyBook`."""

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
        by = Actor.customer(request.conversation_id)
        detail = {"kind": request.kind.value, "conversation_id": by.conversation_id}
        SqlCaseHistory(self._session).note(folio, now, by.name, "privacy_request_opened", detail)
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

    def find(self, folio: str) -> PrivacyCase | None:
        written = Folio.parse(folio)
        if written is None:
            return None
        rows = self._session.scalars(
            select(PrivacyRequestRow).where(is_named(PrivacyRequestRow.folio, written)).limit(2)
        ).all()
        return _case_of(rows[0]) if len(rows) == 1 else None

    def all(self, *, with_closed: bool) -> tuple[PrivacyCase, ...]:
        shown = [status.value for status in PrivacyStatus if with_closed or status.is_open]
        rows = self._session.scalars(
            select(PrivacyRequestRow)
            .where(PrivacyRequestRow.status.in_(shown))
            .order_by(PrivacyRequestRow.opened_at, PrivacyRequestRow.id)
        )
        return tuple(map(_case_of, rows))

    def move(
        self, folio: str, to: PrivacyStatus, key: str, actor: str, now: datetime
    ) -> PrivacyCase:
        row = self._session.scalars(
            select(PrivacyRequestRow)
            .where(PrivacyRequestRow.folio == folio)
            .with_for_update()
            # What was read before the wait may be old.
            .execution_options(populate_existing=True)
        ).one()
        cases = SqlCaseBook(self._session)
        if cases.action(key) is not None:
            return _case_of(row)
        moved = _case_of(row).moved(to)
        row.status = moved.status.value
        SqlCaseHistory(self._session).note(folio, now, actor, f"privacy_request_{to.value}", {})
        cases.keep_action(
            OrderActionRow(
                key=key,
                order_id=None,
                kind="move_privacy_request",
                request=f"{folio} {to.value}",
                result_ref=folio,
                at=now,
            )
        )
        return moved

    def history(self, folio: str) -> tuple[HistoryEntry, ...]:
        return SqlCaseHistory(self._session).of_case(folio)


def _case_of(row: PrivacyRequestRow) -> PrivacyCase:
    request = PrivacyRequest(
        kind=PrivacyKind(row.kind),
        conversation_id=row.conversation_id,
        customer_id=row.customer_id,
        text=row.text,
        due_on=row.due_on,
    )
    return PrivacyCase(row.folio, request, row.opened_at, PrivacyStatus(row.status))
