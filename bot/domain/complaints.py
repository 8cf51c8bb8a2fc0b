"""Complaints: dissatisfaction (queja), or the demand of a remedy that must be answered (reclamación)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.eligibility import CaseNotMovable
from bot.domain.folios import FolioPrefix


class ComplaintKind(StrEnum):
    """Which of the two; the law gives a deadline to the second."""

    QUEJA = "queja"
    RECLAMACION = "reclamacion"

    @property
    def folio_prefix(self) -> FolioPrefix:
        """How its folio begins."""
        if self is ComplaintKind.QUEJA:
            return FolioPrefix.INFORMAL_COMPLAINT
        return FolioPrefix.FORMAL_COMPLAINT


class ComplaintStatus(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    REJECTED = "rejected"

    @property
    def is_open(self) -> bool:
        """Whether the customer still waits for an answer."""
        return self in (ComplaintStatus.OPEN, ComplaintStatus.IN_PROGRESS)

    @property
    def leads_to(self) -> tuple["ComplaintStatus", ...]:
        """Where a complaint may stand next."""
        steps = _STEPS.get(self, frozenset())
        return tuple(status for status in ComplaintStatus if status in steps)


_STEPS: dict[ComplaintStatus, frozenset[ComplaintStatus]] = {
    ComplaintStatus.OPEN: frozenset(
        {ComplaintStatus.IN_PROGRESS, ComplaintStatus.RESOLVED, ComplaintStatus.REJECTED}
    ),
    ComplaintStatus.IN_PROGRESS: frozenset({ComplaintStatus.RESOLVED, ComplaintStatus.REJECTED}),
}


@dataclass(frozen=True, slots=True)
class ComplaintRequest:
    """What a customer confirmed; nobody has to prove who they are to complain."""

    kind: ComplaintKind
    text: str  # in the customer's words
    conversation_id: str
    country: str
    order_number: str | None = None
    customer_id: str | None = None
    region: str | None = None
    due_on: date | None = None  # the last day on which it must be answered
    official_form: str = ""  # what the customer's region calls the official one
    evidence: tuple[str, ...] = ()  # names of attachments


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint; frozen, a step returns the next one."""

    folio: str
    kind: ComplaintKind
    status: ComplaintStatus
    text: str
    conversation_id: str
    country: str
    opened_at: datetime
    order_number: str | None = None
    customer_id: str | None = None
    region: str | None = None
    due_on: date | None = None
    official_form: str = ""
    evidence: tuple[str, ...] = ()
    answer: str = ""  # the shop's, in its words

    def moved(self, to: ComplaintStatus, answer: str = "") -> "Complaint":
        """The complaint one step further, with the shop's answer when there is one.

        Raises:
            CaseNotMovable: no step leads there.
        """
        if to not in _STEPS.get(self.status, frozenset()):
            raise CaseNotMovable(f"{self.status} → {to}")
        return replace(self, status=to, answer=answer or self.answer)
