"""The outbox in SQL: order kept per conversation, one attempt at a time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.adapters.database.tables import ConversationRow, MessageRow, OutboxRow
from bot.domain.messages import FETCHING_CHANNELS, Choice, Delivery, Message


class SqlOutboxBook:
    """See `bot.services.ports.OutboxBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        # Whether this unit put something in.
        self.has_new = False

    def add(self, channel: str, messages: Sequence[Message], now: datetime) -> None:
        if messages and channel not in FETCHING_CHANNELS:
            self.has_new = True
            self._session.execute(
                insert(OutboxRow),
                [
                    {
                        "channel": channel,
                        "conversation_id": message.conversation_id,
                        "seq": message.seq,
                        "due_at": now,
                    }
                    for message in messages
                ],
            )

    def due(self, now: datetime, limit: int = 50) -> tuple[Delivery, ...]:
        # Only the first undelivered message of a conversation: a later one never overtakes it.
        first = (
            select(func.min(OutboxRow.id))
            .where(OutboxRow.status == "pending")
            .group_by(OutboxRow.conversation_id)
        )
        rows = self._session.execute(
            select(OutboxRow, MessageRow, ConversationRow.customer_key)
            .join(
                MessageRow,
                (MessageRow.conversation_id == OutboxRow.conversation_id)
                & (MessageRow.seq == OutboxRow.seq),
            )
            .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
            .where(OutboxRow.id.in_(first), OutboxRow.due_at <= now)
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        return tuple(
            Delivery(
                id=row.id,
                channel=row.channel,
                customer_key=customer_key,
                text=message.text,
                author=message.author,
                author_name=message.author_name,
                choices=tuple(
                    Choice(c["title"], c["choice"], c["payload"]) for c in message.choices
                ),
                attempts=row.attempts,
                due_at=row.due_at,
            )
            for row, message, customer_key in rows
        )

    def next_due(self) -> datetime | None:
        return self._session.scalar(
            select(func.min(OutboxRow.due_at)).where(OutboxRow.status == "pending")
        )

    def mark(
        self,
        delivery_id: int,
        status: str,
        *,
        due_at: datetime | None = None,
        external_id: str | None = None,
        error: str | None = None,
    ) -> None:
        changed: dict[str, object] = {
            "status": status,
            "attempts": OutboxRow.attempts + 1,
            "last_error": error,
        }
        if due_at is not None:
            changed["due_at"] = due_at
        if external_id is not None:
            changed["external_id"] = external_id
        self._session.execute(
            update(OutboxRow).where(OutboxRow.id == delivery_id).values(**changed)
        )
