"""What a customer sees of their conversation."""

import uuid

from bot.domain.conversations import Conversation, ConversationStatus
from bot.domain.messages import Author, Message
from bot.services.copy import Copy
from bot.services.handoff import draft_of
from bot.services.ports import Clock, Units


class Transcript:
    """Opens conversations and reads them."""

    def __init__(self, units: Units, clock: Clock, copy: Copy) -> None:
        self._units = units
        self._clock = clock
        self._copy = copy

    def open(self, channel: str) -> Conversation:
        """A new conversation of somebody not known yet, with the assistant's first words in it.

        Those say that it is automatic, as the EU's AI Act (art. 50) asks of a first contact.
        """
        now = self._clock.now()
        identity = uuid.uuid4().hex
        conversation = Conversation(
            id=identity,
            channel=channel,
            customer_key=identity,
            status=ConversationStatus.WITH_BOT,
            epoch=0,
            last_seq=0,
            created_at=now,
            updated_at=now,
        )
        with self._units.writing() as unit:
            unit.conversations.add(conversation)
            welcome = draft_of(self._copy.message("utter_welcome"), Author.BOT)
            conversation, _ = unit.conversations.append(conversation, [welcome], now)
            unit.commit()
            return conversation

    def after(self, conversation_id: str, seq: int) -> tuple[Message, ...]:
        """Messages with a higher number than `seq`, in order."""
        with self._units.reading() as unit:
            return unit.conversations.messages_after(conversation_id, seq)
