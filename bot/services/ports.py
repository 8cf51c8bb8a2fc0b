"""What the services need from the world, as Protocols; `bot.adapters` implements them.

Every method may raise `StorageUnavailable` (the database is gone or refuses); the edges answer
calmly and the message is tried again.
"""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from bot.domain.agents import Agent, AgentCredentials
from bot.domain.conversations import Conversation, ConversationEvent
from bot.domain.desk import Holder, ProvenIdentity, QueueCard, Tally
from bot.domain.messages import Delivery, InboundMessage, Message, MessageDraft
from bot.domain.order_import import ImportCounts, OrdersDocument
from bot.domain.orders import Customer, Order, Product
from bot.domain.turns import WaitingMessage
from bot.services.customer_books import ContactBook, PrivacyBook, RatingBook


class Clock(Protocol):
    """Where "now" comes from; tests fix it."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""


class OrderBook(Protocol):
    """The shop's orders. It does not authorise anybody: the services do."""

    def by_number(self, number: str) -> tuple[Order, ...]:
        """All orders that a written number may mean: without "#", case, hyphens or leading letters."""

    def of_customer(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of a customer, the newest first."""

    def customer(self, customer_id: str) -> Customer | None:
        """A customer by the backend's id."""

    def events_of(self, number: str) -> tuple[dict[str, object], ...]:
        """The append-only events of the order with exactly this number, the oldest first."""

    def products(self) -> tuple[Product, ...]:
        """The whole catalogue."""

    def is_empty(self) -> bool:
        """Whether there is not a single order."""

    def store(self, document: OrdersDocument, now: datetime) -> ImportCounts:
        """Insert or update everything of a checked document; what is equal is left alone."""


class IdentityBook(Protocol):
    """Who has proven to be whom, and who failed to."""

    def linked_customer(self, conversation_id: str, now: datetime) -> str | None:
        """The customer id linked to this conversation, unless it has expired."""

    def link(
        self, conversation_id: str, customer_id: str, proof: str, now: datetime, until: datetime
    ) -> None:
        """Link (or link anew) a conversation to a customer."""

    def unlink(self, conversation_id: str) -> None:
        """Forget the link, if any."""

    def failures_since(self, conversation_id: str, since: datetime) -> int:
        """How many look-ups of this conversation failed since an instant."""

    def record_failure(self, conversation_id: str, turn_id: str, now: datetime) -> None:
        """Count a failed look-up, once a turn however often the turn runs."""


class ConversationBook(Protocol):
    """Conversations, their transcript, and the customers' messages that wait for an answer."""

    def get(self, conversation_id: str, *, for_update: bool = False) -> Conversation | None:
        """A conversation by id; `for_update` holds it against other writers."""

    def of_customer_key(self, channel: str, customer_key: str) -> Conversation | None:
        """The conversation of somebody on a channel, held against other writers."""

    def add(self, conversation: Conversation) -> None:
        """Store a new conversation; nothing when somebody on that channel has one already."""

    def save(self, conversation: Conversation, events: Sequence[ConversationEvent] = ()) -> None:
        """Write a changed conversation and append its events."""

    def with_status(self, *statuses: str, limit: int = 200) -> tuple[Conversation, ...]:
        """Conversations in any of these states, the longest waiting first."""

    def dialogue_state(self, conversation_id: str) -> str | None:
        """Rasa's memory of the conversation, as it was stored."""

    def keep_dialogue_state(self, conversation_id: str, state: str | None) -> None:
        """Store Rasa's memory of the conversation."""

    def append(
        self, conversation: Conversation, drafts: Sequence[MessageDraft], now: datetime
    ) -> tuple[Conversation, tuple[Message, ...]]:
        """Number and store messages; returns the conversation with its new last number."""

    def messages_after(
        self, conversation_id: str, seq: int, limit: int = 500
    ) -> tuple[Message, ...]:
        """The transcript after a number, in order."""

    def last_messages(self, conversation_id: str, limit: int) -> tuple[Message, ...]:
        """The newest messages of the transcript, in order."""

    def message_of_client(self, conversation_id: str, client_id: str) -> Message | None:
        """The message that its sender stored under an id of their own."""

    def events_of(self, conversation_id: str) -> tuple[ConversationEvent, ...]:
        """The ownership events of a conversation, the oldest first."""

    def received(self, channel: str, external_id: str) -> tuple[str, int] | None:
        """(conversation id, seq) of a message accepted before, by the channel's own id for it."""

    def enqueue(
        self,
        message: InboundMessage,
        payload: dict[str, object] | None,
        conversation_id: str,
        seq: int,
        now: datetime,
    ) -> None:
        """Put an accepted message into the inbox; `payload` is what a pressed choice means."""

    def waiting_messages(self, conversation_id: str) -> tuple[WaitingMessage, ...]:
        """Messages of a conversation not answered yet, in order."""

    def settle(self, inbox_ids: Sequence[int], status: str = "done") -> int:
        """End the wait of messages; returns how many were still waiting."""

    def count_attempt(self, inbox_ids: Sequence[int]) -> int:
        """Note one more failed attempt; returns the highest count among them."""

    def conversations_with_waiting_messages(self) -> tuple[str, ...]:
        """Ids of all conversations with unanswered messages, the longest waiting first."""


class AgentBook(Protocol):
    """The team's accounts and log-ins."""

    def add(self, agent: AgentCredentials, now: datetime) -> Agent:
        """Store a new agent; raises `AgentRefused` when the e-mail is taken."""

    def get(self, agent_id: int) -> Agent | None:
        """An active agent by id."""

    def credentials(self, email: str) -> tuple[Agent, str] | None:
        """An active agent and their password hash, by e-mail."""

    def all(self) -> tuple[Agent, ...]:
        """Every agent, by name."""

    def set_password_hash(self, agent_id: int, password_hash: str) -> None:
        """Replace a password hash."""

    def open_session(self, token_hash: str, agent_id: int, now: datetime, until: datetime) -> None:
        """Store a log-in by the hash of its token."""

    def agent_of_session(self, token_hash: str, now: datetime) -> Agent | None:
        """Whose log-in this is, unless it has expired."""

    def close_session(self, token_hash: str) -> None:
        """End a log-in."""


class DeskBook(Protocol):
    """What the team's page shows of many conversations at once, each with one look."""

    def cards(
        self,
        statuses: Sequence[str],
        now: datetime,
        *,
        agent_id: int | None = None,
        limit: int = 100,
    ) -> tuple[QueueCard, ...]:
        """Conversations in any of these states, of one agent if named.

        Those that wait come first, the longest waiting first; then the newest change first.
        """

    def tally(self) -> Tally:
        """How many conversations there are in each state, and with each agent."""

    def holders(self, conversation_ids: Sequence[str]) -> tuple[Holder, ...]:
        """Who has each of these conversations now."""

    def identity(self, conversation_id: str, now: datetime) -> ProvenIdentity | None:
        """Whom this conversation's customer has proven to be, unless that has expired."""


class OutboxBook(Protocol):
    """Messages on their way to platforms that must be called."""

    def add(self, channel: str, messages: Sequence[Message], now: datetime) -> None:
        """Queue messages for delivery; nothing on a channel whose customers fetch their own."""

    def due(self, now: datetime, limit: int = 50) -> tuple[Delivery, ...]:
        """The first undelivered message of each conversation that is due, oldest first."""

    def next_due(self) -> datetime | None:
        """When the next undelivered message is due."""

    def mark(
        self,
        delivery_id: int,
        status: str,
        *,
        due_at: datetime | None = None,
        external_id: str | None = None,
        error: str | None = None,
    ) -> None:
        """Write the outcome of an attempt."""


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit()` writes nothing."""

    orders: OrderBook
    identities: IdentityBook
    conversations: ConversationBook
    agents: AgentBook
    desk: DeskBook
    outbox: OutboxBook
    privacy: PrivacyBook
    contacts: ContactBook
    ratings: RatingBook

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Make everything of this unit durable, at once."""


class Units(Protocol):
    """Opens units of work."""

    def writing(self) -> UnitOfWork:
        """A unit that may write."""

    def reading(self) -> UnitOfWork:
        """A unit that only reads and never waits for a writer."""


class PasswordHasher(Protocol):
    """Turns passwords into hashes that are slow to guess from."""

    def hash(self, password: str) -> str:
        """A salted hash that carries its own parameters."""

    def verify(self, password_hash: str, password: str) -> bool:
        """Whether this is the password; takes the same time either way."""

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
