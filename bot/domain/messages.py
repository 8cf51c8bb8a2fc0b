"""Messages as the house knows them, on any channel, and what is accepted as one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import TextEmpty, TextNotValid, TextTooLong

# Telegram's limit is 4,096; one limit for every channel keeps "the same answer everywhere" true.
MAX_TEXT_LENGTH = 4_000
# A sane customer never has so many unanswered messages; a script has.
MAX_WAITING_MESSAGES = 50
# Channels whose customers fetch their messages from us: there is nobody to deliver to.
FETCHING_CHANNELS = frozenset({"webchat"})


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class MessageKind(StrEnum):
    """What a customer sent."""

    TEXT = "text"
    CHOICE = "choice"
    PHOTO = "photo"


class DocumentKind(StrEnum):
    """What a document tells; it is made anew whenever somebody opens it."""

    INVOICE = "invoice"  # what was sold, as the tax office wants it
    SUMMARY = "summary"  # what was sold, where there is no invoice of it
    RECEIPT = "receipt"  # what a return, claim or complaint says, and when it came in


@dataclass(frozen=True, slots=True)
class Document:
    """A document that an answer hands over; `reference` is an order's number or a folio."""

    kind: DocumentKind
    reference: str


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A document as it is handed out."""

    content: bytes
    content_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """What comes with a message: a stored picture, or a document.

    `id` names a picture in the attachment store; a document's is its reference.
    """

    id: str
    content_type: str
    name: str
    document: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a customer can press.

    `token` is what travels to the customer; `payload` is what it means and never leaves the
    house: `{"intent": …, "entities": {…}}` for Rasa or `{"command": "request_human"}` for us.
    """

    title: str
    token: str
    payload: dict[str, object]


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message about to enter the transcript.

    `client_id` is the sender's own id for it, unique within the conversation, if they gave one.
    """

    author: Author
    text: str
    author_name: str = ""
    choices: tuple[Choice, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the transcript; `seq` counts from 1 within the conversation."""

    conversation_id: str
    seq: int
    author: Author
    author_name: str
    text: str
    choices: tuple[Choice, ...]
    attachments: tuple[Attachment, ...]
    sent_at: datetime
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A customer's message as a connector hands it over.

    `external_id` is the channel's own id of the message, unique within the channel: the same id
    twice is the same message. `client_id` is the sender's own, if it gave one.
    """

    channel: str
    customer_key: str
    external_id: str
    kind: MessageKind
    text: str
    choice_token: str | None = None
    attachment: Attachment | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an accepted message landed; `duplicate` when it had been accepted before."""

    conversation_id: str
    seq: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of the outbox that is due to be handed to its platform."""

    id: int
    channel: str
    customer_key: str
    text: str
    author: str
    author_name: str
    choices: tuple[Choice, ...]
    attempts: int
    due_at: datetime


class DeliveryFailed(Exception):
    """A platform did not take a message.

    `retry_after` is in seconds (None: the outbox decides); `permanent` when trying again cannot
    help (the customer blocked us, the chat is gone).
    """

    def __init__(
        self, reason: str, *, retry_after: float | None = None, permanent: bool = False
    ) -> None:
        self.retry_after = retry_after
        self.permanent = permanent
        super().__init__(reason)


def clean_text(raw: str) -> str:
    """The readable text of a message: control characters gone, ends trimmed, accents intact.

    Raises:
        TextTooLong: more than `MAX_TEXT_LENGTH` characters.
        TextNotValid: a lone surrogate, which no database or platform takes.
        TextEmpty: nothing is left.
    """
    if len(raw) > MAX_TEXT_LENGTH:
        raise TextTooLong
    if any("\ud800" <= character <= "\udfff" for character in raw):
        raise TextNotValid
    kept = "".join(c for c in raw if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f"))
    kept = kept.strip()
    if not kept:
        raise TextEmpty
    return kept
