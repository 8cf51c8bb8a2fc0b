"""The team's view of many conversations, in SQL: one statement a look, however long the queue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, select
from sqlalchemy.orm import Session

from bot.adapters.database.tables import (
    AgentRow,
    ConversationRow,
    CustomerRow,
    IdentityLinkRow,
    MessageRow,
)
from bot.domain.conversations import ConversationStatus, HandoffReason
from bot.domain.desk import Holder, LastWords, ProvenIdentity, QueueCard, Tally
from bot.domain.messages import Author

# A card shows two lines of it at most.
PREVIEW_LENGTH = 180


class SqlDeskBook:
    """See `bot.services.ports.DeskBook`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def cards(
        self,
        statuses: Sequence[str],
        now: datetime,
        *,
        agent_id: int | None = None,
        limit: int = 100,
    ) -> tuple[QueueCard, ...]:
        cards: list[QueueCard] = []
        # One statement a state: each reads its own order straight from an index.
        for status in statuses:
            query = _cards_with(status, now).limit(limit - len(cards))
            if agent_id is not None:
                query = query.where(ConversationRow.agent_id == agent_id)
            cards += [_card(row) for row in self._session.execute(query)]
            if len(cards) >= limit:
                break
        return tuple(cards)

    def tally(self) -> Tally:
        by_status = self._session.execute(
            select(ConversationRow.status, func.count()).group_by(ConversationRow.status)
        )
        with_agents = self._session.execute(
            select(ConversationRow.agent_id, func.count())
            .where(ConversationRow.status == ConversationStatus.WITH_AGENT.value)
            .group_by(ConversationRow.agent_id)
        )
        return Tally(
            {ConversationStatus(status): count for status, count in by_status},
            {agent: count for agent, count in with_agents if agent is not None},
        )

    def holders(self, conversation_ids: Sequence[str]) -> tuple[Holder, ...]:
        rows = self._session.execute(
            select(
                ConversationRow.id,
                ConversationRow.status,
                ConversationRow.agent_id,
                ConversationRow.epoch,
                ConversationRow.last_seq,
            ).where(ConversationRow.id.in_(conversation_ids))
        )
        return tuple(
            Holder(identity, ConversationStatus(status), agent, epoch, last_seq)
            for identity, status, agent, epoch, last_seq in rows
        )

    def identity(self, conversation_id: str, now: datetime) -> ProvenIdentity | None:
        row = self._session.scalar(
            select(IdentityLinkRow).where(
                IdentityLinkRow.conversation_id == conversation_id,
                IdentityLinkRow.expires_at > now,
            )
        )
        if row is None:
            return None
        return ProvenIdentity(row.customer_id, row.proof, row.linked_at, row.expires_at)


# People in danger first, then who has waited longest.
_NEXT_TO_TAKE = (
    case((ConversationRow.handoff_reason == HandoffReason.SAFETY.value, 0), else_=1),
    ConversationRow.waiting_since,
)


def _cards_with(status: str, now: datetime) -> Select[*tuple[Any, ...]]:
    spoken = (
        select(MessageRow.id)
        .where(
            MessageRow.conversation_id == ConversationRow.id,
            MessageRow.author != Author.SYSTEM.value,
        )
        .order_by(MessageRow.seq.desc())
        .limit(1)
        .correlate(ConversationRow)
        .scalar_subquery()
    )
    waits = status == ConversationStatus.WAITING.value
    return (
        select(
            ConversationRow.id,
            ConversationRow.channel,
            ConversationRow.status,
            ConversationRow.epoch,
            ConversationRow.updated_at,
            ConversationRow.handoff_reason,
            ConversationRow.waiting_since,
            ConversationRow.agent_id,
            AgentRow.name.label("agent_name"),
            CustomerRow.name.label("customer_name"),
            MessageRow.author,
            func.substr(MessageRow.text, 1, PREVIEW_LENGTH).label("text"),
            MessageRow.attachments,
            MessageRow.sent_at,
        )
        .outerjoin(MessageRow, MessageRow.id == spoken)
        .outerjoin(AgentRow, AgentRow.id == ConversationRow.agent_id)
        .outerjoin(
            IdentityLinkRow,
            and_(
                IdentityLinkRow.conversation_id == ConversationRow.id,
                IdentityLinkRow.expires_at > now,
            ),
        )
        .outerjoin(CustomerRow, CustomerRow.id == IdentityLinkRow.customer_id)
        .where(ConversationRow.status == status)
        .order_by(*(_NEXT_TO_TAKE if waits else (ConversationRow.updated_at.desc(),)))
    )


def _card(row: Row[Any]) -> QueueCard:
    words = None
    if row.author is not None:
        has_photo = any("document" not in attachment for attachment in row.attachments)
        words = LastWords(Author(row.author), row.text, has_photo, row.sent_at)
    return QueueCard(
        id=row.id,
        channel=row.channel,
        status=ConversationStatus(row.status),
        epoch=row.epoch,
        updated_at=row.updated_at,
        handoff_reason=row.handoff_reason,
        waiting_since=row.waiting_since,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        customer_name=row.customer_name,
        last_words=words,
    )
