"""Proven identities and failed look-ups in SQL."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from bot.adapters.database.tables import Base, IdentityLinkRow, LookupFailureRow

_links = Base.metadata.tables[IdentityLinkRow.__tablename__].c
_failures = Base.metadata.tables[LookupFailureRow.__tablename__].c

# Asked for every message of a matter: built once, and not as entities.
_LINKED = select(_links.customer_id).where(
    _links.conversation_id == bindparam("conversation_id"), _links.expires_at > bindparam("now")
)
_FAILURES = (
    select(func.count())
    .select_from(Base.metadata.tables[LookupFailureRow.__tablename__])
    .where(
        _failures.conversation_id == bindparam("conversation_id"),
        _failures.at > bindparam("since"),
    )
)


class SqlIdentityBook:
    """See `bot.services.ports.IdentityBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def linked_customer(self, conversation_id: str, now: datetime) -> str | None:
        facts = {"conversation_id": conversation_id, "now": now}
        customer: str | None = self._session.execute(_LINKED, facts).scalar()
        return customer

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
        facts = {"conversation_id": conversation_id, "since": since}
        return self._session.execute(_FAILURES, facts).scalar() or 0

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
