"""Proven identities and failed look-ups in SQL."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.adapters.database.tables import IdentityLinkRow, LookupFailureRow


class SqlIdentityBook:
    """See `bot.services.ports.IdentityBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def linked_customer(self, conversation_id: str, now: datetime) -> str | None:
        return self._session.scalar(
            select(IdentityLinkRow.customer_id).where(
                IdentityLinkRow.conversation_id == conversation_id,
                IdentityLinkRow.expires_at > now,
            )
        )

    def link(
        self, conversation_id: str, customer_id: str, proof: str, now: datetime, until: datetime
    ) -> None:
        row = self._session.get(IdentityLinkRow, conversation_id)
        if row is None:
            row = IdentityLinkRow(conversation_id=conversation_id)
            self._session.add(row)
        row.customer_id = customer_id
        row.proof = proof
        row.linked_at = now
        row.expires_at = until
        self._session.flush()

    def unlink(self, conversation_id: str) -> None:
        self._session.execute(
            delete(IdentityLinkRow).where(IdentityLinkRow.conversation_id == conversation_id)
        )

    def failures_since(self, conversation_id: str, since: datetime) -> int:
        count = self._session.scalar(
            select(func.count())
            .select_from(LookupFailureRow)
            .where(LookupFailureRow.conversation_id == conversation_id, LookupFailureRow.at > since)
        )
        return count or 0

    def record_failure(self, conversation_id: str, turn_id: str, now: datetime) -> None:
        known = self._session.scalar(
            select(LookupFailureRow.id).where(
                LookupFailureRow.conversation_id == conversation_id,
                LookupFailureRow.turn_id == turn_id,
            )
        )
        if known is None:
            self._session.add(
                LookupFailureRow(conversation_id=conversation_id, turn_id=turn_id, at=now)
            )
            self._session.flush()
