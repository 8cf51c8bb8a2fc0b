"""Accepts customers' messages: stored before they are acknowledged, each exactly once."""

import uuid
from datetime import datetime

from bot.domain.conversations import Conversation, ConversationStatus
from bot.domain.errors import ChoiceUnknown, ConversationNotFound, TooManyWaiting
from bot.domain.messages import (
    FETCHING_CHANNELS,
    MAX_WAITING_MESSAGES,
    Author,
    Choice,
    InboundMessage,
    MessageDraft,
    MessageKind,
    Receipt,
)
from bot.services.ports import Clock, UnitOfWork, Units

# How far back a button may be that a customer still presses.
CHOICES_KEPT = 60


class Inbox:
    """The door: whatever passes it will be answered."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def accept(self, message: InboundMessage) -> Receipt:
        """Store a message in transcript and inbox; the same external id again changes nothing.

        Raises:
            ConversationNotFound: a session of a conversation that is not (any more) here.
            ChoiceUnknown: the pressed choice was never offered in this conversation.
            TooManyWaiting: `MAX_WAITING_MESSAGES` messages wait for an answer already.
            StorageUnavailable: nothing was stored; the sender must try again.
        """
        now = self._clock.now()
        with self._units.writing() as unit:
            book = unit.conversations
            # Held first: the same message may be arriving a second time at this very moment.
            conversation = self._conversation_of(message, unit)
            known = book.received(message.channel, message.external_id)
            if known is not None:
                return Receipt(*known, duplicate=True)
            if len(book.waiting_messages(conversation.id)) >= MAX_WAITING_MESSAGES:
                raise TooManyWaiting
            choice = self._pressed(message, conversation, unit)
            draft = MessageDraft(
                Author.CUSTOMER,
                choice.title if choice else message.text,
                attachments=(message.attachment,) if message.attachment else (),
                client_id=message.client_id,
            )
            _, (stored,) = book.append(conversation, [draft], now)
            payload = choice.payload if choice else _payload_of(message)
            book.enqueue(message, payload, conversation.id, stored.seq, now)
            unit.commit()
            return Receipt(conversation.id, stored.seq, duplicate=False)

    def _conversation_of(self, message: InboundMessage, unit: UnitOfWork) -> Conversation:
        now = self._clock.now()
        book = unit.conversations
        found = book.of_customer_key(message.channel, message.customer_key)
        if found is None and message.channel in FETCHING_CHANNELS:
            raise ConversationNotFound  # these begin with a session, never with a message
        if found is None:
            book.add(_opened_by(message, now))
            # Not the one just made: another message of the same stranger may have been first.
            found = book.of_customer_key(message.channel, message.customer_key)
            assert found is not None  # one of the two is stored
        if found.status is ConversationStatus.CLOSED:
            found, event = found.reopen(now)
            book.save(found, [event])
        return found

    def _pressed(
        self, message: InboundMessage, conversation: Conversation, unit: UnitOfWork
    ) -> Choice | None:
        if message.kind is not MessageKind.CHOICE:
            return None
        for shown in reversed(unit.conversations.last_messages(conversation.id, CHOICES_KEPT)):
            for choice in shown.choices:
                if choice.token == message.choice_token:
                    return choice
        raise ChoiceUnknown


def _opened_by(message: InboundMessage, now: datetime) -> Conversation:
    return Conversation(
        id=uuid.uuid4().hex,
        channel=message.channel,
        customer_key=message.customer_key,
        status=ConversationStatus.WITH_BOT,
        epoch=0,
        last_seq=0,
        created_at=now,
        updated_at=now,
    )


def _payload_of(message: InboundMessage) -> dict[str, object] | None:
    if message.kind is MessageKind.PHOTO:
        photo = {"photo": message.attachment.id} if message.attachment else {}
        return {"intent": "send_photo", "entities": photo}
    return None
