"""Conversations, transcript and inbox in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.adapters.database.tables import (
    ConversationEventRow,
    ConversationRow,
    InboxRow,
    MessageRow,
)
from bot.domain.conversations import (
    Conversation,
    ConversationEvent,
    ConversationStatus,
)
from bot.domain.messages import (
    Attachment,
    Author,
    Choice,
    InboundMessage,
    Message,
    MessageDraft,
    MessageKind,
)
from bot.domain.turns import WaitingMessage

_CONVERSATION = (
    ConversationRow.id,
    ConversationRow.channel,
    ConversationRow.customer_key,
    ConversationRow.status,
    ConversationRow.epoch,
    ConversationRow.last_seq,
    ConversationRow.created_at,
    ConversationRow.updated_at,
    ConversationRow.handoff_reason,
    ConversationRow.waiting_since,
    ConversationRow.agent_id,
)


class SqlConversationBook:
    """See `bot.services.ports.ConversationBook`.

    Written with Core statements: these few run on every message, where loading and tracking
    entities would cost more than the statements themselves.
    """

    def __init__(self, session: Session, touched: set[str]) -> None:
        self._session = session
        self._touched = touched

    def get(self, conversation_id: str, *, for_update: bool = False) -> Conversation | None:
        query = select(*_CONVERSATION).where(ConversationRow.id == conversation_id)
        return self._one(query.with_for_update() if for_update else query)

    def of_customer_key(self, channel: str, customer_key: str) -> Conversation | None:
        return self._one(
            select(*_CONVERSATION)
            .where(ConversationRow.channel == channel, ConversationRow.customer_key == customer_key)
            .with_for_update()
        )

    def add(self, conversation: Conversation) -> None:
        self._session.execute(insert(ConversationRow).values(**_columns(conversation)))

    def save(self, conversation: Conversation, events: Sequence[ConversationEvent] = ()) -> None:
        self._touched.add(conversation.id)
        self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation.id)
            .values(**_columns(conversation))
        )
        if events:
            self._session.execute(
                insert(ConversationEventRow),
                [
                    {
                        "conversation_id": event.conversation_id,
                        "epoch": event.epoch,
                        "at": event.at,
                        "kind": event.kind,
                        "actor": event.actor,
                        "detail": event.detail,
                    }
                    for event in events
                ],
            )

    def with_status(self, *statuses: str, limit: int = 200) -> tuple[Conversation, ...]:
        rows = self._session.execute(
            select(*_CONVERSATION)
            .where(ConversationRow.status.in_(statuses))
            .order_by(ConversationRow.waiting_since, ConversationRow.updated_at)
            .limit(limit)
        )
        return tuple(_conversation(row) for row in rows.tuples())

    def dialogue_state(self, conversation_id: str) -> str | None:
        return self._session.scalar(
            select(ConversationRow.dialogue_state).where(ConversationRow.id == conversation_id)
        )

    def keep_dialogue_state(self, conversation_id: str, state: str | None) -> None:
        self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(dialogue_state=state)
        )

    def append(
        self, conversation: Conversation, drafts: Sequence[MessageDraft], now: datetime
    ) -> tuple[Conversation, tuple[Message, ...]]:
        if not drafts:
            return conversation, ()
        messages = tuple(
            Message(
                conversation_id=conversation.id,
                seq=conversation.last_seq + place,
                author=draft.author,
                author_name=draft.author_name,
                text=draft.text,
                choices=draft.choices,
                attachments=draft.attachments,
                sent_at=now,
                client_id=draft.client_id,
            )
            for place, draft in enumerate(drafts, start=1)
        )
        self._touched.add(conversation.id)
        self._session.execute(insert(MessageRow), [_message_columns(m) for m in messages])
        last_seq = messages[-1].seq
        self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation.id)
            .values(last_seq=last_seq, updated_at=now)
        )
        return _with_last_seq(conversation, last_seq, now), messages

    def messages_after(
        self, conversation_id: str, seq: int, limit: int = 500
    ) -> tuple[Message, ...]:
        rows = self._session.execute(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id, MessageRow.seq > seq)
            .order_by(MessageRow.seq)
            .limit(limit)
        )
        return tuple(_message(row) for row in rows.scalars())

    def last_messages(self, conversation_id: str, limit: int) -> tuple[Message, ...]:
        rows = self._session.execute(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id)
            .order_by(MessageRow.seq.desc())
            .limit(limit)
        )
        return tuple(_message(row) for row in rows.scalars())[::-1]

    def message_of_client(self, conversation_id: str, client_id: str) -> Message | None:
        row = self._session.scalar(
            select(MessageRow).where(
                MessageRow.conversation_id == conversation_id, MessageRow.client_id == client_id
            )
        )
        return _message(row) if row else None

    def events_of(self, conversation_id: str) -> tuple[ConversationEvent, ...]:
        rows = self._session.execute(
            select(ConversationEventRow)
            .where(ConversationEventRow.conversation_id == conversation_id)
            .order_by(ConversationEventRow.id)
        )
        return tuple(
            ConversationEvent(r.conversation_id, r.epoch, r.at, r.kind, r.actor, r.detail)
            for r in rows.scalars()
        )

    def received(self, channel: str, external_id: str) -> tuple[str, int] | None:
        row = self._session.execute(
            select(InboxRow.conversation_id, InboxRow.seq).where(
                InboxRow.channel == channel, InboxRow.external_id == external_id
            )
        ).first()
        return (row.conversation_id, row.seq) if row else None

    def enqueue(
        self,
        message: InboundMessage,
        payload: dict[str, object] | None,
        conversation_id: str,
        seq: int,
        now: datetime,
    ) -> None:
        self._session.execute(
            insert(InboxRow).values(
                channel=message.channel,
                external_id=message.external_id,
                conversation_id=conversation_id,
                seq=seq,
                kind=message.kind.value,
                text=message.text,
                payload=payload,
                received_at=now,
            )
        )

    def waiting_messages(self, conversation_id: str) -> tuple[WaitingMessage, ...]:
        rows = self._session.execute(
            select(
                InboxRow.id,
                InboxRow.seq,
                InboxRow.kind,
                InboxRow.text,
                InboxRow.payload,
                InboxRow.attempts,
            )
            .where(InboxRow.status == "pending", InboxRow.conversation_id == conversation_id)
            .order_by(InboxRow.id)
        )
        return tuple(
            WaitingMessage(
                row.id, row.seq, MessageKind(row.kind), row.text, row.payload, row.attempts
            )
            for row in rows
        )

    def settle(self, inbox_ids: Sequence[int], status: str = "done") -> int:
        result = self._session.execute(
            update(InboxRow)
            .where(InboxRow.id.in_(inbox_ids), InboxRow.status == "pending")
            .values(status=status)
        )
        return int(result.rowcount)  # type: ignore[attr-defined]

    def count_attempt(self, inbox_ids: Sequence[int]) -> int:
        self._session.execute(
            update(InboxRow)
            .where(InboxRow.id.in_(inbox_ids))
            .values(attempts=InboxRow.attempts + 1)
        )
        highest = self._session.scalar(
            select(func.max(InboxRow.attempts)).where(InboxRow.id.in_(inbox_ids))
        )
        return highest or 0

    def conversations_with_waiting_messages(self) -> tuple[str, ...]:
        rows = self._session.execute(
            select(InboxRow.conversation_id)
            .where(InboxRow.status == "pending")
            .group_by(InboxRow.conversation_id)
            .order_by(func.min(InboxRow.id))
        )
        return tuple(rows.scalars())

    def _one(self, query: object) -> Conversation | None:
        row = self._session.execute(query).tuples().first()  # type: ignore[call-overload]
        return _conversation(row) if row else None


def _conversation(row: tuple[object, ...]) -> Conversation:
    (identity, channel, key, status, *rest) = row
    return Conversation(identity, channel, key, ConversationStatus(status), *rest)  # type: ignore[arg-type]


def _columns(conversation: Conversation) -> dict[str, object]:
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "customer_key": conversation.customer_key,
        "status": conversation.status.value,
        "epoch": conversation.epoch,
        "last_seq": conversation.last_seq,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "handoff_reason": conversation.handoff_reason,
        "waiting_since": conversation.waiting_since,
        "agent_id": conversation.agent_id,
    }


def _with_last_seq(conversation: Conversation, last_seq: int, now: datetime) -> Conversation:
    return replace(conversation, last_seq=last_seq, updated_at=now)


def _message_columns(message: Message) -> dict[str, object]:
    return {
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "author": message.author.value,
        "author_name": message.author_name,
        "text": message.text,
        "choices": [
            {"title": c.title, "choice": c.token, "payload": c.payload} for c in message.choices
        ],
        "attachments": [
            {"id": a.id, "content_type": a.content_type, "name": a.name}
            for a in message.attachments
        ],
        "sent_at": message.sent_at,
        "client_id": message.client_id,
    }


def _message(row: MessageRow) -> Message:
    return Message(
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        author_name=row.author_name,
        text=row.text,
        choices=tuple(Choice(c["title"], c["choice"], c["payload"]) for c in row.choices),
        attachments=tuple(
            Attachment(a["id"], a["content_type"], a["name"]) for a in row.attachments
        ),
        sent_at=row.sent_at,
        client_id=row.client_id,
    )
