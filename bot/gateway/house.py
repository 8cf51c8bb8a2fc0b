"""The house as connectors see it: services called in threads, refusals passed on."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from bot.adapters.changes import Changes, Watch
from bot.bootstrap import House
from bot.domain.messages import Attachment, DocumentFile, InboundMessage, Message, Receipt
from bot.gateway.assistant_link import AssistantLink


class GatewayHouse:
    """Implements `connectors.base.House`."""

    def __init__(
        self,
        house: House,
        changes: Changes,
        link: AssistantLink,
        wake: Callable[[str], None],
    ) -> None:
        self._house = house
        self._changes = changes
        self._link = link
        self._wake = wake
        # A large one takes a second and a quarter of a gigabyte: never several at a time.
        self._one_picture = asyncio.Lock()
        # Made for whoever opens one: that may not keep all threads from the database's work.
        self._one_document = asyncio.Lock()

    async def accept(self, message: InboundMessage) -> Receipt:
        """Store a message and wake the worker of its conversation."""
        receipt = await asyncio.to_thread(self._house.inbox.accept, message)
        # Also for a message known before: whoever stored it may have ended before waking anybody.
        self._wake(receipt.conversation_id)
        return receipt

    async def open_conversation(self, channel: str) -> str:
        """Begin a conversation."""
        return (await asyncio.to_thread(self._house.transcript.open, channel)).id

    async def messages_after(self, conversation_id: str, seq: int) -> Sequence[Message]:
        """Read the transcript."""
        return await asyncio.to_thread(self._house.transcript.after, conversation_id, seq)

    async def keep_attachment(self, content: bytes, name: str) -> Attachment:
        """Store a photo."""
        async with self._one_picture:
            return await asyncio.to_thread(self._house.attachments.keep, content, name)

    def attachment_file(self, identity: str) -> str | None:
        """Path of a stored photo."""
        path = self._house.attachments.path(identity)
        return str(path) if path else None

    async def document(self, conversation_id: str, seq: int, place: int) -> DocumentFile | None:
        """Make a document that a message hands over."""
        async with self._one_document:
            return await asyncio.to_thread(self._house.documents.open, conversation_id, seq, place)

    def watch(self, conversation_id: str) -> AbstractContextManager[Watch]:
        """Watch a conversation."""
        return self._changes.watch(conversation_id)

    def typing(self, conversation_id: str) -> frozenset[str]:
        """Who is writing."""
        return self._changes.typing(conversation_id)

    def customer_typing(self, conversation_id: str, on: bool) -> None:
        """Note that the customer is writing."""
        self._changes.set_typing(conversation_id, "customer", on=on)

    def assistant_is_ready(self) -> bool:
        """Whether Rasa answers."""
        return self._link.is_ready

    def text(self, response: str) -> str:
        """A sentence of the copy."""
        return self._house.voice.message(response).text

    def texts(self, prefix: str) -> dict[str, str]:
        """Sentences by prefix."""
        return self._house.voice.texts(prefix)
