"""Requests about personal data: what the law lets a customer ask, and by when it is answered."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PrivacyKind(StrEnum):
    """What a customer may ask about their data."""

    ACCESS = "access"  # what is kept, and a copy of it
    DELETION = "deletion"
    OBJECTION = "objection"  # no further use of it
    RECTIFICATION = "rectification"


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """What a customer confirmed. `customer_id` None: it is about the conversation alone."""

    kind: PrivacyKind
    conversation_id: str
    customer_id: str | None = None
    text: str = ""  # what is to be corrected, in the customer's words
    due_on: date | None = None  # the last day to answer; None where no term is known


@dataclass(frozen=True, slots=True)
class PrivacyCase:
    """A registered request, with the folio that the customer was given."""

    folio: str
    request: PrivacyRequest
    opened_at: datetime
