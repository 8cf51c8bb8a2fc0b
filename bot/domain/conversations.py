"""Who owns a conversation: the assistant, nobody yet, an agent; and how that changes.

`with_bot → waiting → with_agent → with_bot | closed`. Each change bumps the epoch and is an
event: whatever was computed under an older epoch is dropped, so the assistant cannot speak over
a person, not even with an answer that was already on its way.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import TransitionRefused


class ConversationStatus(StrEnum):
    """Who is to answer next."""

    WITH_BOT = "with_bot"
    WAITING = "waiting"
    WITH_AGENT = "with_agent"
    CLOSED = "closed"


class HandoffReason(StrEnum):
    """Why a person is asked to take over."""

    CUSTOMER_ASKED = "customer_asked"
    NOT_UNDERSTOOD = "not_understood"
    IDENTITY_REFUSED = "identity_refused"
    ACTION_FAILED = "action_failed"
    ORDER_PROBLEM = "order_problem"
    NOT_SOLVED = "not_solved"
    URGENCY = "urgency"
    ANGER = "anger"
    LEGAL_THREAT = "legal_threat"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class ConversationEvent:
    """One change of ownership, or what the customer says became of a matter."""

    conversation_id: str
    epoch: int
    at: datetime
    kind: str
    actor: str
    detail: dict[str, object]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One customer on one channel, for ever; frozen, a change returns the next one."""

    id: str
    channel: str
    customer_key: str
    status: ConversationStatus
    epoch: int
    last_seq: int
    created_at: datetime
    updated_at: datetime
    handoff_reason: str | None = None
    waiting_since: datetime | None = None
    agent_id: int | None = None

    @property
    def is_with_bot(self) -> bool:
        """The gate: whether the assistant may answer."""
        return self.status is ConversationStatus.WITH_BOT

    @property
    def is_with_team(self) -> bool:
        """Whether a person has it or is about to."""
        return self.status in (ConversationStatus.WAITING, ConversationStatus.WITH_AGENT)

    def request_human(
        self, reason: str, actor: str, now: datetime
    ) -> tuple["Conversation", ConversationEvent]:
        """Put the conversation into the queue of the team.

        Raises:
            TransitionRefused: the team has it already.
        """
        self._only_from(ConversationStatus.WITH_BOT, ConversationStatus.CLOSED)
        return self._become(
            ConversationStatus.WAITING,
            "human_requested",
            actor,
            now,
            {"reason": reason},
            handoff_reason=reason,
            waiting_since=now,
            agent_id=None,
        )

    def take(
        self, agent_id: int, actor: str, now: datetime
    ) -> tuple["Conversation", ConversationEvent]:
        """An agent takes it, from the queue, from the assistant, or from a colleague.

        Raises:
            TransitionRefused: this agent has it already, or it is closed.
        """
        if self.status is ConversationStatus.CLOSED or self.agent_id == agent_id:
            raise TransitionRefused
        return self._become(
            ConversationStatus.WITH_AGENT,
            "taken",
            actor,
            now,
            {"agent_id": agent_id},
            agent_id=agent_id,
            waiting_since=None,
        )

    def give_back(self, actor: str, now: datetime) -> tuple["Conversation", ConversationEvent]:
        """The assistant goes on: an agent is done, or the customer no longer waits.

        Raises:
            TransitionRefused: the team does not have it.
        """
        self._only_from(ConversationStatus.WAITING, ConversationStatus.WITH_AGENT)
        return self._become(ConversationStatus.WITH_BOT, "given_back", actor, now, {})

    def close(self, actor: str, now: datetime) -> tuple["Conversation", ConversationEvent]:
        """The matter is done.

        Raises:
            TransitionRefused: it is closed already.
        """
        if self.status is ConversationStatus.CLOSED:
            raise TransitionRefused
        return self._become(ConversationStatus.CLOSED, "closed", actor, now, {})

    def note_outcome(self, outcome: str, now: datetime) -> ConversationEvent:
        """What the customer says became of the matter: `solved` or `not_solved`."""
        return ConversationEvent(self.id, self.epoch, now, outcome, "customer", {})

    def reopen(self, now: datetime) -> tuple["Conversation", ConversationEvent]:
        """The customer writes again after the end: the assistant answers.

        Raises:
            TransitionRefused: it is not closed.
        """
        self._only_from(ConversationStatus.CLOSED)
        return self._become(ConversationStatus.WITH_BOT, "reopened", "customer", now, {})

    def _only_from(self, *statuses: ConversationStatus) -> None:
        if self.status not in statuses:
            raise TransitionRefused

    def _become(
        self,
        status: ConversationStatus,
        kind: str,
        actor: str,
        now: datetime,
        detail: dict[str, object],
        *,
        handoff_reason: str | None = None,
        waiting_since: datetime | None = None,
        agent_id: int | None = None,
    ) -> tuple["Conversation", ConversationEvent]:
        if status is ConversationStatus.WITH_AGENT:
            handoff_reason = self.handoff_reason
        changed = replace(
            self,
            status=status,
            epoch=self.epoch + 1,
            handoff_reason=handoff_reason,
            waiting_since=waiting_since,
            agent_id=agent_id,
            updated_at=now,
        )
        return changed, ConversationEvent(self.id, changed.epoch, now, kind, actor, detail)
