"""Who wants to be written to, in SQL."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.adapters.database.tables import ContactPreferenceRow


class SqlContactBook:
    """See `bot.services.customer_books.ContactBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def opt_out(self, conversation_id: str, customer_id: str | None, now: datetime) -> None:
        if self._found(_row_of(conversation_id, customer_id)):
            return
        self._session.add(
            ContactPreferenceRow(
                customer_id=customer_id,
                conversation_id=None if customer_id else conversation_id,
                at=now,
            )
        )
        self._session.flush()

    def is_opted_out(self, conversation_id: str, customer_id: str | None) -> bool:
        if self._found(_row_of(conversation_id, None)):
            return True
        return customer_id is not None and self._found(_row_of(conversation_id, customer_id))

    def _found(self, which: ColumnElement[bool]) -> bool:
        found = self._session.scalar(select(ContactPreferenceRow.id).where(which))
        return found is not None


def _row_of(conversation_id: str, customer_id: str | None) -> ColumnElement[bool]:
    if customer_id is not None:
        return ContactPreferenceRow.customer_id == customer_id
    return ContactPreferenceRow.conversation_id == conversation_id
