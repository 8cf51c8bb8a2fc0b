"""What a connector may ask of the house, and what the house asks of a connector."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from bot.domain.messages import (
    Attachment,
    Delivery,
    DocumentFile,
    InboundMessage,
    Message,
    Receipt,
)


class Watcher(Protocol):
    """Waits for changes of one conversation."""

    # Whether there may be new messages, and not only somebody who began to write.
    has_news: bool

    async def changed(self, seconds: float) -> bool:
        """Wait; False when nothing changed in time."""


class House(Protocol):
    """The gateway, as a connector sees it.

    Every method may raise `StorageUnavailable`; a refusal is a `bot.domain.errors.Refusal`.
    """

    async def accept(self, message: InboundMessage) -> Receipt:
        """Store a customer's message; when this returns, it will be answered."""

    async def open_conversation(self, channel: str) -> str:
        """Begin a conversation with somebody not known yet; returns its id and customer key."""

    async def messages_after(self, conversation_id: str, seq: int) -> Sequence[Message]:
        """The transcript after a number."""

    async def keep_attachment(self, content: bytes, name: str) -> Attachment:
        """Store a customer's photo."""

    def attachment_file(self, identity: str) -> str | None:
        """Path of a stored photo."""

    async def document(self, conversation_id: str, seq: int, place: int) -> DocumentFile | None:
        """The document in a place of a message's attachments, counted from 0."""

    def watch(self, conversation_id: str) -> AbstractContextManager[Watcher]:
        """Watch a conversation for changes."""

    def typing(self, conversation_id: str) -> frozenset[str]:
        """Who is writing in a conversation now: `bot`, `agent`."""

    def customer_typing(self, conversation_id: str, on: bool) -> None:
        """Note that the customer is writing."""

    def assistant_is_ready(self) -> bool:
        """Whether Rasa answers."""

    def text(self, response: str) -> str:
        """A sentence of the customer's copy."""

    def texts(self, prefix: str) -> dict[str, str]:
        """All sentences whose name begins with a prefix, by the rest of the name."""


class PushConnector(Protocol):
    """A channel whose platform must be called to deliver a message."""

    @property
    def channel(self) -> str:
        """The channel's name."""

    async def deliver(self, delivery: Delivery) -> str | None:
        """Hand one message to the platform; returns the platform's id of it.

        Raises:
            DeliveryFailed: with `retry_after` or `permanent` as the platform says.
        """
