"""The schema. Order side: what the shop sold. Conversation side: who said what to whom.

Statuses are stored as their text, checked by the domain's enums on the way in and out; the
database holds the constraints that concurrency needs (uniqueness), not the business rules.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bot.adapters.database.types import UtcDateTime


class Base(DeclarativeBase):
    """Root of the schema; constraint names are fixed so that migrations can name them."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[dict[str, Any]]: JSON,
        list[str]: JSON,
        str: Text,
    }


Base.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# --- order side ---------------------------------------------------------------------------------


class ProductRow(Base):
    __tablename__ = "products"

    sku: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    category: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    warranty_months: Mapped[int | None]
    returnable: Mapped[bool] = mapped_column(default=True)
    manual_url: Mapped[str | None]
    condition: Mapped[str] = mapped_column(default="new", server_default="new")
    stock: Mapped[int | None]
    # [{"topic", "text", "url"?}]
    help: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    # What the shop's file said last, by field (see `bot.domain.last_import`).
    imported: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class AddressRow(Base):
    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str | None]
    city: Mapped[str]
    region: Mapped[str | None]
    postal_code: Mapped[str]
    country: Mapped[str]


class CustomerRow(Base):
    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str | None]
    address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"))

    address: Mapped[AddressRow] = relationship(lazy="joined", innerjoin=True)


class OrderRow(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    # The number as customers type it: upper case, letters and digits only (see `bare_number`).
    bare_number: Mapped[str] = mapped_column(index=True)
    # The same without its leading letters, which many customers leave out.
    number_without_prefix: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    placed_at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str] = mapped_column(String(2))
    status: Mapped[str]
    payment_status: Mapped[str]
    shipping_address_id: Mapped[int] = mapped_column(ForeignKey("addresses.id"))
    # What the shop's file said last, by field (see `bot.domain.last_import`).
    imported: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    customer: Mapped[CustomerRow] = relationship(lazy="joined", innerjoin=True)
    shipping_address: Mapped[AddressRow] = relationship(lazy="joined", innerjoin=True)
    lines: Mapped[list["OrderLineRow"]] = relationship(
        order_by="OrderLineRow.position", lazy="selectin", cascade="all, delete-orphan"
    )
    shipments: Mapped[list["ShipmentRow"]] = relationship(
        order_by="ShipmentRow.position", lazy="selectin", cascade="all, delete-orphan"
    )
    payments: Mapped[list["PaymentRow"]] = relationship(
        order_by="PaymentRow.position", lazy="selectin", cascade="all, delete-orphan"
    )
    events: Mapped[list["OrderEventRow"]] = relationship(order_by="OrderEventRow.id", lazy="select")


class OrderLineRow(Base):
    __tablename__ = "order_lines"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"))
    title: Mapped[str]
    quantity: Mapped[int]
    # 64 bits: a television in Colombian pesos is beyond 2^31 centavos.
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ShipmentRow(Base):
    __tablename__ = "shipments"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    carrier: Mapped[str]
    tracking_number: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    estimated_delivery: Mapped[datetime | None]
    # [{"sku": …, "quantity": …}]; empty when the backend does not say what is inside.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    events: Mapped[list["ShipmentEventRow"]] = relationship(
        order_by="ShipmentEventRow.position", lazy="selectin", cascade="all, delete-orphan"
    )


class ShipmentEventRow(Base):
    __tablename__ = "shipment_events"
    __table_args__ = (UniqueConstraint("shipment_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id"))
    # By time; a position of its own because carriers report several events in one second.
    position: Mapped[int]
    at: Mapped[datetime]
    status: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    place: Mapped[str | None]


class PaymentRow(Base):
    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    method: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    at: Mapped[datetime | None]


class OrderEventRow(Base):
    """Append-only: who did what to an order, and why."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ReturnRow(Base):
    __tablename__ = "returns"

    id: Mapped[int] = mapped_column(primary_key=True)
    folio: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    status: Mapped[str]
    basis: Mapped[str]
    reason: Mapped[str]
    resolution: Mapped[str]
    # Each {"position", "sku", "title", "quantity", "exchange_for", "set_aside"}; the last one
    # tells whether what is wanted in exchange was taken out of the stock.
    lines: Mapped[list[dict[str, Any]]]
    currency: Mapped[str] = mapped_column(String(3))
    refund_minor: Mapped[int | None] = mapped_column(BigInteger)
    refund_due: Mapped[date | None]
    return_paid_by: Mapped[str]
    article: Mapped[str]
    description: Mapped[str]
    # Names of attachments.
    evidence: Mapped[list[str]]
    instructions: Mapped[str]
    opened_at: Mapped[datetime]


class RefundRow(Base):
    """Money that our house says is owed back; what the shop paid back by itself is a payment."""

    __tablename__ = "refunds"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    status: Mapped[str]
    kind: Mapped[str]
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str]
    due_on: Mapped[date | None] = mapped_column(index=True)
    return_folio: Mapped[str | None]
    opened_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]


class ClaimRow(Base):
    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(primary_key=True)
    folio: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str]
    status: Mapped[str]
    remedy: Mapped[str]
    # Each {"position", "sku", "title", "quantity"}.
    lines: Mapped[list[dict[str, Any]]]
    description: Mapped[str]
    due_on: Mapped[date | None]
    evidence: Mapped[list[str]]
    article: Mapped[str]
    repair: Mapped[str | None]
    opened_at: Mapped[datetime]


class ComplaintRow(Base):
    """Without an order when nobody identified one: complaining needs no proof."""

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    folio: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    status: Mapped[str]
    text: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str | None]
    due_on: Mapped[date | None]
    official_form: Mapped[str]
    evidence: Mapped[list[str]]
    answer: Mapped[str]
    opened_at: Mapped[datetime]


class FolioCounterRow(Base):
    """The last number given to a kind of case in a year."""

    __tablename__ = "folio_counters"

    prefix: Mapped[str] = mapped_column(String(3), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class OrderActionRow(Base):
    """Each confirmed write once, by its key: the same confirmation again finds what it made."""

    __tablename__ = "order_actions"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str]
    # A digest of the request: the same key with another request is a mistake.
    request: Mapped[str] = mapped_column(String(64))
    result_ref: Mapped[str]
    at: Mapped[datetime]


class PrivacyRequestRow(Base):
    """What somebody asked about their data; without a customer it is about the conversation."""

    __tablename__ = "privacy_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    folio: Mapped[str] = mapped_column(unique=True)
    # Of the confirmation: the same one again is the same request.
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="open", server_default="open")


class CaseEventRow(Base):
    """Append-only: who did what to a case that belongs to no order (see `OrderEventRow`)."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    folio: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


# --- conversation side --------------------------------------------------------------------------


class ConversationRow(Base):
    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "customer_key"),
        Index("ix_conversations_status_waiting_since", "status", "waiting_since"),
        Index("ix_conversations_status_updated_at", "status", "updated_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel: Mapped[str]
    # Who this is on the channel: a chat id, or the session id of the web chat.
    customer_key: Mapped[str]
    status: Mapped[str] = mapped_column(default="with_bot")
    epoch: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)
    # Rasa's memory of this conversation (a JSON list of events), None before the first turn.
    dialogue_state: Mapped[str | None]
    handoff_reason: Mapped[str | None]
    waiting_since: Mapped[datetime | None]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class MessageRow(Base):
    """The transcript: every message anybody sent or was sent, numbered per conversation."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    author: Mapped[str]
    author_name: Mapped[str]
    text: Mapped[str]
    # [{"title", "choice", "payload"}]; the payload never leaves the house.
    choices: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    # The sender's own id for it (an agent's page): sent again, it is the same message.
    client_id: Mapped[str | None]
    sent_at: Mapped[datetime]


class InboxRow(Base):
    """A customer's message from its acceptance to its answer; `external_id` dedupes."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_inbox_status_conversation", "status", "conversation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    payload: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]


class OutboxRow(Base):
    """A message on its way to a platform that must be called (the web chat fetches its own)."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_status_due", "status", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    seq: Mapped[int]
    status: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    external_id: Mapped[str | None]
    last_error: Mapped[str | None]


class ConversationEventRow(Base):
    """Append-only: each change of ownership, with who and why."""

    __tablename__ = "conversation_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    epoch: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class IdentityLinkRow(Base):
    """This conversation's customer has proven who they are, until `expires_at`."""

    __tablename__ = "identity_links"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    proof: Mapped[str]
    linked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LookupFailureRow(Base):
    """A failed look-up; one a turn, however often the turn is run again after a crash."""

    __tablename__ = "lookup_failures"
    __table_args__ = (UniqueConstraint("conversation_id", "turn_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    turn_id: Mapped[str]
    at: Mapped[datetime]


class ContactPreferenceRow(Base):
    """Who wants no messages of ours but answers: a customer, or a conversation of nobody known."""

    __tablename__ = "contact_preferences"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), unique=True)
    at: Mapped[datetime]


class RatingRow(Base):
    """An opinion of the service; a later one of the same day takes its place."""

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("conversation_id", "given_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    given_on: Mapped[date]
    # As it was given: "8.5" of 10. None when somebody gave words alone.
    score: Mapped[str | None]
    scale: Mapped[int | None]
    comment: Mapped[str]
    order_number: Mapped[str | None]
    at: Mapped[datetime]


class AgentRow(Base):
    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="agent")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class AgentSessionRow(Base):
    """A log-in; only the hash of its token is stored."""

    __tablename__ = "agent_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
