"""Requests about personal data: what the law lets a customer ask, and by when it is answered."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.eligibility import CaseNotMovable


class PrivacyKind(StrEnum):
    """What a customer may ask about their data."""

    ACCESS = "access"  # what is kept, and a copy of it
    DELETION = "deletion"
    OBJECTION = "objection"  # no further use of it
    RECTIFICATION = "rectification"


class PrivacyStatus(StrEnum):
    """Where a request stands; the shop does what was asked for, our house notes that it did."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    REJECTED = "rejected"

    @property
    def is_open(self) -> bool:
        """Whether the customer still waits for an answer."""
        return bool(_STEPS[self])

    @property
    def leads_to(self) -> tuple["PrivacyStatus", ...]:
        """Where a request may stand next."""
        return tuple(status for status in PrivacyStatus if status in _STEPS[self])


_STEPS: dict[PrivacyStatus, frozenset[PrivacyStatus]] = {
    PrivacyStatus.OPEN: frozenset(
        {PrivacyStatus.IN_PROGRESS, PrivacyStatus.RESOLVED, PrivacyStatus.REJECTED}
    ),
    PrivacyStatus.IN_PROGRESS: frozenset({PrivacyStatus.RESOLVED, PrivacyStatus.REJECTED}),
    PrivacyStatus.RESOLVED: frozenset(),
    PrivacyStatus.REJECTED: frozenset(),
}


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
    status: PrivacyStatus = PrivacyStatus.OPEN

    def moved(self, to: PrivacyStatus) -> "PrivacyCase":
        """The request one step further.

        Raises:
            CaseNotMovable: no step leads there.
        """
        if to not in self.status.leads_to:
            raise CaseNotMovable(f"{self.status} → {to}")
        return replace(self, status=to)
