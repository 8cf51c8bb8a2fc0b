"""Conversations, transcript and inbox in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.adapters.database.tables import (
    Base,
    ConversationEventRow,
    ConversationRow,
    InboxRow,
    MessageRow,
)
from bot.domain.conversations import Conversation, ConversationEvent, ConversationStatus
from bot.domain.messages import (
    Attachment,
    Author,
    Choice,
    DocumentKind,
    InboundMessage,
    Message,
    MessageDraft,
    MessageKind,
)
from bot.domain.turns import WaitingMessage

AnyRow = Row[*tuple[Any, ...]]

_CONVERSATIONS = Base.metadata.tables[ConversationRow.__tablename__]
_EVENTS = Base.metadata.tables[ConversationEventRow.__tablename__]
_MESSAGES = Base.metadata.tables[MessageRow.__tablename__]
_INBOX = Base.metadata.tables[InboxRow.__tablename__]
_conversations = _CONVERSATIONS.c
_messages = _MESSAGES.c
_inbox = _INBOX.c

# The statements that run on every message are built once: building one and finding it in
# SQLAlchemy's cache costs more than running it.
_CONVERSATION = select(
    _conversations.id,
    _conversations.channel,
    _conversations.customer_key,
    _conversations.status,
    _conversations.epoch,
    _conversations.last_seq,
    _conversations.created_at,
    _conversations.updated_at,
    _conversations.handoff_reason,
    _conversations.waiting_since,
    _conversations.agent_id,
)
_BY_ID = _CONVERSATION.where(_conversations.id == bindparam("conversation_id"))
_BY_ID_HELD = _BY_ID.with_for_update()
_BY_KEY_HELD = _CONVERSATION.where(
    _conversations.channel == bindparam("channel"),
    _conversations.customer_key == bindparam("customer_key"),
).with_for_update()
# Two first messages of one stranger at once: the second waits for the first and adds nothing.
_INSERT_CONVERSATION = {
    "postgresql": postgresql.insert(_CONVERSATIONS).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(_CONVERSATIONS).on_conflict_do_nothing(),
}
_STATE = select(_conversations.dialogue_state).where(
    _conversations.id == bindparam("conversation_id")
)
_KEEP_STATE = (
    update(_CONVERSATIONS)
    .where(_conversations.id == bindparam("conversation_id"))
    .values(dialogue_state=bindparam("state"))
)
_KEEP_LAST_SEQ = (
    update(_CONVERSATIONS)
    .where(_conversations.id == bindparam("conversation_id"))
    .values(last_seq=bindparam("seq"), updated_at=bindparam("now"))
)
_INSERT_MESSAGE = insert(_MESSAGES)
_MESSAGE = select(
    _messages.conversation_id,
    _messages.seq,
    _messages.author,
    _messages.author_name,
    _messages.text,
    _messages.choices,
    _messages.attachments,
    _messages.sent_at,
    _messages.client_id,
)
_MESSAGES_AFTER = (
    _MESSAGE.where(
        _messages.conversation_id == bindparam("conversation_id"),
        _messages.seq > bindparam("seq"),
    )
    .order_by(_messages.seq)
    .limit(bindparam("most"))
)
_RECEIVED = select(_inbox.conversation_id, _inbox.seq).where(
    _inbox.channel == bindparam("channel"), _inbox.external_id == bindparam("external_id")
)
_INSERT_INBOX = insert(_INBOX)
_WAITING = (
    select(_inbox.id, _inbox.seq, _inbox.kind, _inbox.text, _inbox.payload, _inbox.attempts)
    .where(_inbox.status == "pending", _inbox.conversation_id == bindparam("conversation_id"))
    .order_by(_inbox.id)
)
_SETTLE_ONE = (
    update(_INBOX)
    .where(_inbox.id == bindparam("inbox_id"), _inbox.status == "pending")
    .values(status=bindparam("new_status"))
)


class SqlConversationBook:
    """See `bot.services.ports.ConversationBook`.

    Written with Core statements: loading and tracking entities would cost more than the
    statements themselves.
    """

    def __init__(self, session: Session, touched: set[str]) -> None:
        self._session = session
        self._touched = touched

    def get(self, conversation_id: str, *, for_update: bool = False) -> Conversation | None:
        return self._one(
            _BY_ID_HELD if for_update else _BY_ID, {"conversation_id": conversation_id}
        )

    def of_customer_key(self, channel: str, customer_key: str) -> Conversation | None:
        return self._one(_BY_KEY_HELD, {"channel": channel, "customer_key": customer_key})

    def add(self, conversation: Conversation) -> None:
        statement = _INSERT_CONVERSATION[self._session.get_bind().dialect.name]
        self._session.execute(statement, _columns(conversation))

    def save(self, conversation: Conversation, events: Sequence[ConversationEvent] = ()) -> None:
        self._touched.add(conversation.id)
        self._session.execute(
            update(_CONVERSATIONS)
            .where(_conversations.id == conversation.id)
            .values(**_columns(conversation))
        )
        if events:
            self._session.execute(insert(_EVENTS), [_event_columns(event) for event in events])

    def with_status(self, *statuses: str, limit: int = 200) -> tuple[Conversation, ...]:
        rows = self._session.execute(
            _CONVERSATION.where(_conversations.status.in_(statuses))
            .order_by(_conversations.waiting_since, _conversations.updated_at)
            .limit(limit)
        )
        return tuple(map(_conversation, rows))

    def dialogue_state(self, conversation_id: str) -> str | None:
        return self._session.execute(_STATE, {"conversation_id": conversation_id}).scalar()

    def keep_dialogue_state(self, conversation_id: str, state: str | None) -> None:
        self._session.execute(_KEEP_STATE, {"conversation_id": conversation_id, "state": state})

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
        for message in messages:
            self._session.execute(_INSERT_MESSAGE, _message_columns(message))
        last_seq = messages[-1].seq
        self._session.execute(
            _KEEP_LAST_SEQ, {"conversation_id": conversation.id, "seq": last_seq, "now": now}
        )
        return replace(conversation, last_seq=last_seq, updated_at=now), messages

    def messages_after(
        self, conversation_id: str, seq: int, limit: int = 500
    ) -> tuple[Message, ...]:
        facts = {"conversation_id": conversation_id, "seq": seq, "most": limit}
        return tuple(map(_message, self._session.execute(_MESSAGES_AFTER, facts)))

    def last_messages(self, conversation_id: str, limit: int) -> tuple[Message, ...]:
        rows = self._session.execute(
            _MESSAGE.where(_messages.conversation_id == conversation_id)
            .order_by(_messages.seq.desc())
            .limit(limit)
        )
        return tuple(map(_message, rows))[::-1]

    def message_of_client(self, conversation_id: str, client_id: str) -> Message | None:
        row = self._session.execute(
            _MESSAGE.where(
                _messages.conversation_id == conversation_id, _messages.client_id == client_id
            )
        ).first()
        return _message(row) if row else None

    def events_of(self, conversation_id: str) -> tuple[ConversationEvent, ...]:
        rows = self._session.scalars(
            select(ConversationEventRow)
            .where(ConversationEventRow.conversation_id == conversation_id)
            .order_by(ConversationEventRow.id)
        )
        return tuple(
            ConversationEvent(r.conversation_id, r.epoch, r.at, r.kind, r.actor, r.detail)
            for r in rows
        )

    def received(self, channel: str, external_id: str) -> tuple[str, int] | None:
        facts = {"channel": channel, "external_id": external_id}
        row = self._session.execute(_RECEIVED, facts).first()
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
            _INSERT_INBOX,
            {
                "channel": message.channel,
                "external_id": message.external_id,
                "conversation_id": conversation_id,
                "seq": seq,
                "kind": message.kind.value,
                "text": message.text,
                "payload": payload,
                "status": "pending",
                "attempts": 0,
                "received_at": now,
            },
        )

    def waiting_messages(self, conversation_id: str) -> tuple[WaitingMessage, ...]:
        rows = self._session.execute(_WAITING, {"conversation_id": conversation_id})
        return tuple(
            WaitingMessage(
                row.id, row.seq, MessageKind(row.kind), row.text, row.payload, row.attempts
            )
            for row in rows
        )

    def settle(self, inbox_ids: Sequence[int], status: str = "done") -> int:
        settled = 0
        for inbox_id in inbox_ids:  # nearly always one
            facts = {"inbox_id": inbox_id, "new_status": status}
            result = self._session.execute(_SETTLE_ONE, facts)
            settled += int(result.rowcount)  # type: ignore[attr-defined]
        return settled

    def count_attempt(self, inbox_ids: Sequence[int]) -> int:
        self._session.execute(
            update(_INBOX).where(_inbox.id.in_(inbox_ids)).values(attempts=_inbox.attempts + 1)
        )
        highest = self._session.scalar(
            select(func.max(_inbox.attempts)).where(_inbox.id.in_(inbox_ids))
        )
        return highest or 0

    def conversations_with_waiting_messages(self) -> tuple[str, ...]:
        rows = self._session.execute(
            select(_inbox.conversation_id)
            .where(_inbox.status == "pending")
            .group_by(_inbox.conversation_id)
            .order_by(func.min(_inbox.id))
        )
        return tuple(rows.scalars())

    def _one(
        self, query: Select[*tuple[Any, ...]], facts: dict[str, object]
    ) -> Conversation | None:
        row = self._session.execute(query, facts).first()
        return _conversation(row) if row else None


def _conversation(row: AnyRow) -> Conversation:
    (identity, channel, key, status, *rest) = row
    return Conversation(identity, channel, key, ConversationStatus(status), *rest)


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


def _event_columns(event: ConversationEvent) -> dict[str, object]:
    return {
        "conversation_id": event.conversation_id,
        "epoch": event.epoch,
        "at": event.at,
        "kind": event.kind,
        "actor": event.actor,
        "detail": event.detail,
    }


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
            {
                "id": a.id,
                "content_type": a.content_type,
                "name": a.name,
                **({"document": a.document.value} if a.document else {}),
            }
            for a in message.attachments
        ],
        "sent_at": message.sent_at,
        "client_id": message.client_id,
    }


def _attachment(stored: dict[str, str]) -> Attachment:
    document = stored.get("document")
    return Attachment(
        stored["id"],
        stored["content_type"],
        stored["name"],
        DocumentKind(document) if document else None,
    )


def _message(row: AnyRow) -> Message:
    return Message(
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        author_name=row.author_name,
        text=row.text,
        choices=tuple(Choice(c["title"], c["choice"], c["payload"]) for c in row.choices),
        attachments=tuple(map(_attachment, row.attachments)),
        sent_at=row.sent_at,
        client_id=row.client_id,
    )
