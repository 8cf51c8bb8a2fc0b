"""Claims: a defect under the guarantee, an article that is missing, a parcel that never came."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.eligibility import AlreadyClaimed, CaseNotMovable, ClaimNotCancellable
from bot.domain.folios import FolioPrefix


class ClaimKind(StrEnum):
    """What went wrong."""

    WARRANTY = "warranty"  # it is broken, or never was what was sold
    MISSING_ITEM = "missing_item"  # the parcel came without it
    NOT_RECEIVED = "not_received"  # the carrier says delivered, the customer has nothing
    LATE_DELIVERY = "late_delivery"  # the promised day has passed

    @property
    def folio_prefix(self) -> FolioPrefix:
        """How its folio begins."""
        return FolioPrefix.WARRANTY if self is ClaimKind.WARRANTY else FolioPrefix.INCIDENT


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen."""
        return self in (ClaimStatus.OPEN, ClaimStatus.IN_PROGRESS)

    @property
    def leads_to(self) -> tuple["ClaimStatus", ...]:
        """Where a claim may stand next; a customer may take it back while it is open."""
        steps = _STEPS.get(self, frozenset())
        taken_back = {ClaimStatus.CANCELLED} if self.is_open else set()
        return tuple(status for status in ClaimStatus if status in steps | taken_back)


_STEPS: dict[ClaimStatus, frozenset[ClaimStatus]] = {
    ClaimStatus.OPEN: frozenset(
        {ClaimStatus.IN_PROGRESS, ClaimStatus.RESOLVED, ClaimStatus.REJECTED}
    ),
    ClaimStatus.IN_PROGRESS: frozenset({ClaimStatus.RESOLVED, ClaimStatus.REJECTED}),
}


class Remedy(StrEnum):
    """What is to be done about it."""

    REPAIR = "repair"
    REPLACEMENT = "replacement"
    PRICE_REDUCTION = "price_reduction"
    REFUND = "refund"
    RESEND = "resend"
    CARRIER_ENQUIRY = "carrier_enquiry"


# What the law gives for goods that do not conform.
GUARANTEE_REMEDIES = (
    Remedy.REPAIR,
    Remedy.REPLACEMENT,
    Remedy.PRICE_REDUCTION,
    Remedy.REFUND,
)


class RepairStatus(StrEnum):
    """Where an article under repair is."""

    AWAITING_ITEM = "awaiting_item"  # the customer still has it
    RECEIVED = "received"
    DIAGNOSING = "diagnosing"
    REPAIRING = "repairing"
    REPAIRED = "repaired"
    SENT_BACK = "sent_back"
    NOT_REPAIRABLE = "not_repairable"

    @property
    def is_over(self) -> bool:
        """Whether the workshop is done with it."""
        return self in (RepairStatus.SENT_BACK, RepairStatus.NOT_REPAIRABLE)


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """Units of a line of the order: `position` counts from 0 in `Order.lines`."""

    position: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """What a customer confirmed; no lines means the whole order."""

    order_number: str
    kind: ClaimKind
    remedy: Remedy
    lines: tuple[ClaimedLine, ...] = ()
    description: str = ""  # in the customer's words
    due_on: date | None = None  # the last day on which the shop must have answered
    evidence: tuple[str, ...] = ()  # names of attachments
    article: str = ""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """Units of an article in a claim."""

    position: int
    sku: str
    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim; frozen, a step returns the next one."""

    folio: str
    order_number: str
    kind: ClaimKind
    status: ClaimStatus
    remedy: Remedy
    lines: tuple[ClaimLine, ...]
    opened_at: datetime
    description: str = ""
    due_on: date | None = None
    evidence: tuple[str, ...] = ()
    article: str = ""
    repair: RepairStatus | None = None  # only of what is to be repaired
    earlier: tuple[str, ...] = ()  # folios of earlier claims about the same lines, oldest first

    def cancelled(self) -> "Claim":
        """The customer takes it back.

        Raises:
            ClaimNotCancellable: it is over.
        """
        if not self.status.is_open:
            raise ClaimNotCancellable(self.status.value)
        return replace(self, status=ClaimStatus.CANCELLED)

    def moved(self, to: ClaimStatus) -> "Claim":
        """The claim one step further.

        Raises:
            CaseNotMovable: no step leads there.
            ClaimNotCancellable: the same, when it was to be cancelled.
        """
        if to is ClaimStatus.CANCELLED:
            return self.cancelled()
        if to not in _STEPS.get(self.status, frozenset()):
            raise CaseNotMovable(f"{self.status} → {to}")
        return replace(self, status=to)

    @property
    def repair_leads_to(self) -> tuple[RepairStatus, ...]:
        """Where the article under repair may be next; nowhere when none is."""
        if not self.status.is_open or self.repair is None or self.repair.is_over:
            return ()
        return tuple(status for status in RepairStatus if status is not self.repair)

    def repair_moved(self, to: RepairStatus) -> "Claim":
        """The article under repair is somewhere else; the claim is in progress from then on.

        A workshop may send back what it repaired, or look at it again: any order is possible
        until it is over.

        Raises:
            CaseNotMovable: nothing is to be repaired, or the repair or the claim is over.
        """
        if not self.status.is_open or self.repair is None or self.repair.is_over:
            raise CaseNotMovable(f"repair {self.repair} → {to}")
        begun = to is not RepairStatus.AWAITING_ITEM
        status = ClaimStatus.IN_PROGRESS if begun else self.status
        return replace(self, repair=to, status=status)

    def is_about(self, positions: frozenset[int]) -> bool:
        """Whether it concerns any of these lines; none stands for the whole order, here as there."""
        mine = frozenset(line.position for line in self.lines)
        return not mine or not positions or bool(mine & positions)


def check_claimable(request: ClaimRequest, claims: tuple[Claim, ...]) -> None:
    """Make sure that no open claim says the same about the same lines.

    Args:
        claims: Every claim of the order so far.

    Raises:
        AlreadyClaimed: with that one's folio.
    """
    positions = frozenset(line.position for line in request.lines)
    for claim in claims:
        if claim.kind is request.kind and claim.status.is_open and claim.is_about(positions):
            raise AlreadyClaimed(claim.folio)


def with_earlier(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims of one order, oldest first, each with the folios of those before it."""
    return tuple(
        replace(
            claim,
            earlier=tuple(
                before.folio
                for before in claims[:place]
                if before.kind is claim.kind
                and before.is_about(frozenset(line.position for line in claim.lines))
            ),
        )
        for place, claim in enumerate(claims)
    )
