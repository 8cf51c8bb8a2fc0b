"""What an agent needs to know of a conversation before the first word to the customer."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.agents import Agent
from bot.domain.conversations import Conversation, ConversationEvent
from bot.domain.errors import ConversationNotFound
from bot.domain.messages import Message
from bot.domain.orders import Customer, Order, Progress, bare_number
from bot.services.ports import Clock, UnitOfWork, Units

# What is shown at once; earlier messages are asked for.
MESSAGES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class CaseHead:
    """Who has the conversation, and since when somebody waits for whom."""

    conversation: Conversation
    agent: Agent | None


@dataclass(frozen=True, slots=True)
class CaseIdentity:
    """Whom the customer has proven to be; `proof` is what proved it."""

    customer: Customer
    proof: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """An order of the proven customer, where it stands, and whether it is being talked about."""

    order: Order
    progress: Progress
    is_mentioned: bool


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One change of ownership; `agent_name` when an agent did it."""

    event: ConversationEvent
    agent_name: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """The whole story of a conversation.

    Without a proven identity there are no orders: an agent is shown nobody's data because
    somebody claims to be them.
    """

    head: CaseHead
    messages: tuple[Message, ...]
    identity: CaseIdentity | None
    orders: tuple[CaseOrder, ...]
    events: tuple[CaseEvent, ...]


class CaseFile:
    """Reads what is known about a conversation."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def open(self, conversation_id: str) -> Case:
        """Everything about a conversation, from one moment.

        Raises:
            ConversationNotFound: there is no such conversation.
        """
        with self._units.reading() as unit:
            head = _head(unit, conversation_id)
            messages = unit.conversations.last_messages(conversation_id, MESSAGES_SHOWN)
            identity = self._identity(unit, conversation_id)
            return Case(
                head=head,
                messages=messages,
                identity=identity,
                orders=self._orders(unit, identity, messages),
                events=_events(unit, conversation_id),
            )

    def messages_after(
        self, conversation_id: str, seq: int
    ) -> tuple[CaseHead, tuple[Message, ...]]:
        """What was said after a number, and who has the conversation now.

        Raises:
            ConversationNotFound: there is no such conversation.
        """
        with self._units.reading() as unit:
            head = _head(unit, conversation_id)
            return head, unit.conversations.messages_after(conversation_id, seq)

    def messages_before(
        self, conversation_id: str, seq: int
    ) -> tuple[CaseHead, tuple[Message, ...]]:
        """The last `MESSAGES_SHOWN` messages before a number.

        Raises:
            ConversationNotFound: there is no such conversation.
        """
        first = max(1, seq - MESSAGES_SHOWN)
        with self._units.reading() as unit:
            head = _head(unit, conversation_id)
            if seq <= first:
                return head, ()
            # Numbers have no gaps, so a number is also a place.
            return head, unit.conversations.messages_after(
                conversation_id, first - 1, limit=seq - first
            )

    def head(self, conversation_id: str) -> CaseHead:
        """Who has a conversation.

        Raises:
            ConversationNotFound: there is no such conversation.
        """
        with self._units.reading() as unit:
            return _head(unit, conversation_id)

    def _identity(self, unit: UnitOfWork, conversation_id: str) -> CaseIdentity | None:
        proven = unit.desk.identity(conversation_id, self._clock.now())
        customer = unit.orders.customer(proven.customer_id) if proven else None
        if proven is None or customer is None:
            return None
        return CaseIdentity(customer, proven.proof, proven.since, proven.until)

    def _orders(
        self, unit: UnitOfWork, identity: CaseIdentity | None, messages: tuple[Message, ...]
    ) -> tuple[CaseOrder, ...]:
        """The customer's orders: those talked about first, then the newest first."""
        if identity is None:
            return ()
        now = self._clock.now()
        said = [bare_number(message.text) for message in messages]
        orders = (
            CaseOrder(order, order.progress(now), _is_mentioned(order, said))
            for order in unit.orders.of_customer(identity.customer.id)
        )
        return tuple(sorted(orders, key=lambda order: not order.is_mentioned))


def _is_mentioned(order: Order, said: list[str]) -> bool:
    number = bare_number(order.number)
    # Shorter numbers stand by chance inside telephone numbers and prices.
    return len(number) >= 4 and any(number in words for words in said)


def _head(unit: UnitOfWork, conversation_id: str) -> CaseHead:
    conversation = unit.conversations.get(conversation_id)
    if conversation is None:
        raise ConversationNotFound
    agent = None
    if conversation.agent_id is not None:
        agent = unit.agents.get(conversation.agent_id)
    return CaseHead(conversation, agent)


def _events(unit: UnitOfWork, conversation_id: str) -> tuple[CaseEvent, ...]:
    events = unit.conversations.events_of(conversation_id)
    if not any(event.actor.startswith("agent:") for event in events):
        return tuple(CaseEvent(event, None) for event in events)
    names = {f"agent:{agent.id}": agent.name for agent in unit.agents.all()}
    return tuple(CaseEvent(event, names.get(event.actor)) for event in events)
