"""What the team sees of conversations: the queue's cards, its tally, and who was identified how."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.conversations import ConversationStatus
from bot.domain.messages import Author


class Box(StrEnum):
    """A part of the queue, as an agent opens it."""

    WAITING = "waiting"
    MINE = "mine"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LastWords:
    """The newest message that a person or the assistant wrote, shortened."""

    author: Author
    text: str
    has_photo: bool
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class QueueCard:
    """A conversation in a list: what an agent needs to pick the next one."""

    id: str
    channel: str
    status: ConversationStatus
    epoch: int
    updated_at: datetime
    handoff_reason: str | None = None
    waiting_since: datetime | None = None
    agent_id: int | None = None
    agent_name: str | None = None
    customer_name: str | None = None
    last_words: LastWords | None = None

    @property
    def needs_answer(self) -> bool:
        """Whether an agent has it and the customer spoke last."""
        return (
            self.status is ConversationStatus.WITH_AGENT
            and self.last_words is not None
            and self.last_words.author is Author.CUSTOMER
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a conversation now; `epoch` and `last_seq` tell one state of it from another."""

    conversation_id: str
    status: ConversationStatus
    agent_id: int | None
    epoch: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many conversations there are in each state; `with_agents` tells whose they are."""

    by_status: dict[ConversationStatus, int] = field(default_factory=dict)
    with_agents: dict[int, int] = field(default_factory=dict)

    def count(self, box: Box, agent_id: int) -> int:
        """How many conversations an agent finds in a part of the queue."""
        if box is Box.MINE:
            return self.with_agents.get(agent_id, 0)
        return sum(self.by_status.get(status, 0) for status in STATUSES_OF[box])


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """A customer whom a conversation is linked to, and what proved it."""

    customer_id: str
    proof: str
    since: datetime
    until: datetime


STATUSES_OF: dict[Box, tuple[ConversationStatus, ...]] = {
    Box.WAITING: (ConversationStatus.WAITING,),
    Box.MINE: (ConversationStatus.WITH_AGENT,),
    Box.OPEN: (
        ConversationStatus.WAITING,
        ConversationStatus.WITH_AGENT,
        ConversationStatus.WITH_BOT,
    ),
    Box.CLOSED: (ConversationStatus.CLOSED,),
}
