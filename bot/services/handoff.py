"""From the assistant to a person and back: the queue, and what agents do with a conversation."""

import secrets

from bot.domain.agents import Agent
from bot.domain.conversations import Conversation, ConversationEvent
from bot.domain.errors import ConversationNotFound, TransitionRefused
from bot.domain.messages import (
    Attachment,
    Author,
    Choice,
    Message,
    MessageDraft,
    clean_text,
)
from bot.domain.opening_hours import OpeningHours
from bot.domain.turns import AnswerMessage
from bot.services.copy import Copy
from bot.services.ports import Clock, UnitOfWork, Units


class Handoff:
    """Every change of who owns a conversation, with the words the customer gets about it."""

    def __init__(self, units: Units, clock: Clock, copy: Copy, hours: OpeningHours) -> None:
        self._units = units
        self._clock = clock
        self._copy = copy
        self._hours = hours

    def request_within(
        self, unit: UnitOfWork, conversation: Conversation, reason: str, actor: str
    ) -> Conversation:
        """Queue a conversation for the team, in the caller's unit; nothing if it is there."""
        if conversation.is_with_team:
            return conversation
        now = self._clock.now()
        waiting, event = conversation.request_human(reason, actor, now)
        return self._change(unit, waiting, event, self._waiting_words())

    def return_within(self, unit: UnitOfWork, conversation: Conversation) -> Conversation:
        """The customer no longer waits and goes on with the assistant, in the caller's unit."""
        try:
            back, event = conversation.give_back("customer", self._clock.now())
        except TransitionRefused:
            return conversation
        return self._change(unit, back, event, self._copy.message("utter_back_with_assistant"))

    def take(
        self, conversation_id: str, agent: Agent, seen_epoch: int | None = None
    ) -> Conversation:
        """An agent takes the conversation.

        `seen_epoch` is the epoch of the conversation that the agent looked at: of two agents who
        reach for the same waiting customer, the second does not take it from the first.

        Raises:
            ConversationNotFound, TransitionRefused.
        """
        with self._units.writing() as unit:
            conversation = self._held(unit, conversation_id)
            if seen_epoch is not None and conversation.epoch != seen_epoch:
                raise TransitionRefused
            taken, event = conversation.take(agent.id, _actor(agent), self._clock.now())
            words = self._copy.message("utter_agent_joined", agent=agent.first_name)
            changed = self._change(unit, taken, event, words)
            unit.commit()
            return changed

    def give_back(self, conversation_id: str, agent: Agent) -> Conversation:
        """An agent returns the conversation to the assistant.

        Raises:
            ConversationNotFound, TransitionRefused.
        """
        with self._units.writing() as unit:
            conversation = self._held_by(unit, conversation_id, agent)
            back, event = conversation.give_back(_actor(agent), self._clock.now())
            words = self._copy.message("utter_back_from_agent", agent=agent.first_name)
            changed = self._change(unit, back, event, words)
            unit.commit()
            return changed

    def close(self, conversation_id: str, agent: Agent) -> Conversation:
        """An agent ends the matter.

        Raises:
            ConversationNotFound, TransitionRefused.
        """
        with self._units.writing() as unit:
            conversation = self._held_by(unit, conversation_id, agent)
            closed, event = conversation.close(_actor(agent), self._clock.now())
            words = self._copy.message("utter_conversation_closed", agent=agent.first_name)
            changed = self._change(unit, closed, event, words)
            unit.commit()
            return changed

    def reply(
        self,
        conversation_id: str,
        agent: Agent,
        text: str,
        attachments: tuple[Attachment, ...] = (),
        client_id: str | None = None,
    ) -> Message:
        """An agent's message to the customer; the same `client_id` again is the same message.

        Raises:
            ConversationNotFound, TransitionRefused: this agent does not have the conversation.
            TextTooLong, TextEmpty, TextNotValid.
        """
        cleaned = clean_text(text) if text or not attachments else ""
        with self._units.writing() as unit:
            conversation = self._held(unit, conversation_id)
            if client_id is not None:
                sent = unit.conversations.message_of_client(conversation_id, client_id)
                if sent is not None:
                    return sent
            if conversation.agent_id != agent.id:
                raise TransitionRefused
            draft = MessageDraft(
                Author.AGENT,
                cleaned,
                author_name=agent.first_name,
                attachments=attachments,
                client_id=client_id,
            )
            now = self._clock.now()
            _, (message,) = unit.conversations.append(conversation, [draft], now)
            unit.outbox.add(conversation.channel, [message], now)
            unit.commit()
            return message

    def _held(self, unit: UnitOfWork, conversation_id: str) -> Conversation:
        conversation = unit.conversations.get(conversation_id, for_update=True)
        if conversation is None:
            raise ConversationNotFound
        return conversation

    def _held_by(self, unit: UnitOfWork, conversation_id: str, agent: Agent) -> Conversation:
        conversation = self._held(unit, conversation_id)
        if conversation.agent_id != agent.id:
            raise TransitionRefused
        return conversation

    def _change(
        self,
        unit: UnitOfWork,
        conversation: Conversation,
        event: ConversationEvent,
        words: AnswerMessage,
    ) -> Conversation:
        now = self._clock.now()
        unit.conversations.save(conversation, [event])
        draft = draft_of(words, Author.SYSTEM)
        conversation, messages = unit.conversations.append(conversation, [draft], now)
        unit.outbox.add(conversation.channel, messages, now)
        return conversation

    def _waiting_words(self) -> AnswerMessage:
        now = self._clock.now()
        if self._hours.is_open(now):
            return self._copy.message("utter_waiting_for_person")
        opening = self._copy.moment(self._hours.next_opening(now), now)
        return self._copy.message("utter_waiting_out_of_hours", opening=opening)


def draft_of(answer: AnswerMessage, author: Author) -> MessageDraft:
    """A message ready for the transcript; each button gets a token nobody can guess."""
    choices = tuple(
        Choice(choice.title, secrets.token_urlsafe(9), choice.payload) for choice in answer.choices
    )
    return MessageDraft(author, answer.text, choices=choices)


def _actor(agent: Agent) -> str:
    return f"agent:{agent.id}"
