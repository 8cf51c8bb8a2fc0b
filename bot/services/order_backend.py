"""What the shop's own system does for us: orders, and everything that may happen to them.

One Protocol for every kind of shop: our SQL tables, or an engine over HTTP. It authorises nobody:
the services do, before they ask. Amounts are ours to the cent, instants are UTC, and a number or
a folio is the one that a customer sees.

Every method may raise the errors of all; every write adds those of the writes:

| Error | What the caller does |
|---|---|
| `NotFound` | refuses: nothing has this number or folio |
| `AuthFailed` | reports a technical problem: the shop's system does not let us in |
| `RateLimited`, `Unavailable` | tries the turn again later; nothing was written |
| `NotSupported` | hands over: this shop's system cannot do that (see `capabilities`) |
| `NotEligible` | refuses with its `code`: see `bot.domain.eligibility` |
| `Conflict` | reports a fault of ours: the key belongs to another request |
| `Invalid` | reports a fault of ours: the request does not fit the order |
| `OutcomeUnknown` | hands over: it may or may not have happened, and is not tried again blindly |
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.domain.case_history import HistoryEntry
from bot.domain.claims import Claim, ClaimRequest, ClaimStatus, RepairStatus
from bot.domain.complaints import Complaint, ComplaintRequest, ComplaintStatus
from bot.domain.eligibility import NotEligible
from bot.domain.errors import Refusal, StorageUnavailable
from bot.domain.orders import Address, Order, Product
from bot.domain.refunds import Refund, RefundRequest
from bot.domain.returns import Return, ReturnRequest, ReturnStatus

__all__ = [
    "LONGEST_KEY",
    "Actor",
    "AuthFailed",
    "Cancellation",
    "Capability",
    "Case",
    "Conflict",
    "FoundCase",
    "Invalid",
    "Invoice",
    "NotEligible",
    "NotFound",
    "NotSupported",
    "OrderBackend",
    "OrderCases",
    "OutcomeUnknown",
    "RateLimited",
    "Unavailable",
]

LONGEST_KEY = 200

# The database that is away and the shop's system that is away are one thing to a turn.
Unavailable = StorageUnavailable


class RateLimited(StorageUnavailable):
    """The shop's system asks us to come back in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(f"come back in {retry_after} s")


class AuthFailed(Exception):
    """The shop's system does not accept our credentials: an operator has to look."""


class OutcomeUnknown(Exception):
    """A write was sent and its answer is lost, and re-reading did not tell what became of it."""


class NotFound(Refusal):
    """Nothing has this number or folio."""

    code = "not_found"


class NotSupported(Refusal):
    """This shop's system cannot do that."""

    code = "not_supported"


class Conflict(Refusal):
    """The key was used before, for something else."""

    code = "conflict"


class Invalid(Refusal):
    """The request does not fit the order: a line that it does not have, say."""

    code = "invalid"


class Capability(StrEnum):
    """What not every shop's system can do."""

    RETURNS = "returns"
    EXCHANGES = "exchanges"
    CANCEL_ORDER = "cancel_order"
    CHANGE_ADDRESS = "change_address"
    REFUNDS = "refunds"
    CLAIMS = "claims"
    COMPLAINTS = "complaints"
    INVOICES = "invoices"


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf something is written; `name` never is a customer's."""

    name: str
    conversation_id: str | None = None

    @classmethod
    def customer(cls, conversation_id: str) -> "Actor":
        """A customer who confirmed it in a conversation with the assistant."""
        return cls("customer via assistant", conversation_id)

    @classmethod
    def agent(cls, name: str, conversation_id: str | None = None) -> "Actor":
        """Somebody of the team."""
        return cls(f"agent {name}", conversation_id)

    @classmethod
    def shop(cls) -> "Actor":
        """Whoever types at the shop's command line and gives no name."""
        return cls("shop")


@dataclass(frozen=True, slots=True)
class OrderCases:
    """What happened to an order since it was placed, or to all of them; each kind oldest first.

    `refunds` are those that our house opened; `bot.domain.refunds.all_refunds` adds the shop's.
    """

    returns: tuple[Return, ...] = ()
    refunds: tuple[Refund, ...] = ()
    claims: tuple[Claim, ...] = ()
    complaints: tuple[Complaint, ...] = ()


Case = Return | Claim | Complaint


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case, and whose it is: a complaint may belong to no order and to nobody known."""

    case: Case
    order_number: str | None
    customer_id: str | None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A cancelled order, and the money that is to be paid back for it, if any was paid."""

    order: Order
    refund: Refund | None


@dataclass(frozen=True, slots=True)
class Invoice:
    """A document to send. `is_invoice` is False for a summary without the seller's tax number."""

    number: str
    issued_on: date
    content: bytes
    is_invoice: bool
    content_type: str = "application/pdf"


class OrderBackend(Protocol):
    """The shop's system. `key` names a confirmation (at most 200 characters, one for ever).

    The same key again changes nothing and returns what the first call made, as it stands now.
    """

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this shop's system can do."""

    # -- reads ----------------------------------------------------------------------------------

    def find_orders(self, number: str) -> tuple[Order, ...]:
        """All orders that a number written by a customer may mean."""

    def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of a customer, the newest first."""

    def order(self, number: str) -> Order:
        """The order with exactly this number.

        Raises:
            NotFound.
        """

    def products(self, skus: Iterable[str]) -> Mapping[str, Product]:
        """The articles with these SKUs, as far as the shop has them."""

    def variants(self, sku: str) -> tuple[Product, ...]:
        """The same article in other colours or sizes, sold out or not, by SKU."""

    def cases(self, number: str) -> OrderCases:
        """What happened to the order with exactly this number; nothing when there is none."""

    def case(self, folio: str) -> FoundCase | None:
        """The return, claim or complaint with this folio, as a customer writes it.

        Without its year a folio is found only when it can mean one case alone.
        """

    def find_refund(self, reference: str) -> Refund | None:
        """The refund that our house opened under this reference, written like a folio."""

    def all_cases(self, *, with_closed: bool) -> OrderCases:
        """Every case of the shop, of any order or of none: without `with_closed` the open ones.

        A claim does not name the earlier ones here.
        """

    def history(self, folio: str) -> tuple[HistoryEntry, ...]:
        """What became of the case, or the refund, with exactly this folio, the oldest first."""

    def complaints_of(self, conversation_id: str) -> tuple[Complaint, ...]:
        """The complaints made in a conversation, the oldest first."""

    def invoice(self, number: str) -> Invoice:
        """The document of an order, in Spanish.

        Raises:
            NotFound, NotSupported.
        """

    # -- writes on behalf of a customer ---------------------------------------------------------

    def start_return(self, request: ReturnRequest, key: str, by: Actor) -> Return:
        """Open a return; what is wanted in exchange is set aside.

        Its `refund` is at most what was paid and is not owed back already; None when that is
        nothing, or when the shop does not say (a person has to look).

        Raises:
            NotEligible: `order_cancelled`, `not_delivered`, `more_than_delivered`,
                `already_in_return`, `not_a_variant`, `out_of_stock`.
        """

    def cancel_return(self, folio: str, key: str, by: Actor) -> Return:
        """Cancel a return; what was set aside is free again.

        Raises:
            NotEligible: `return_not_cancellable`.
        """

    def cancel_order(
        self, number: str, reason: str, refund_due: date | None, key: str, by: Actor
    ) -> Cancellation:
        """Cancel an order of which nothing has left, and open the refund of what was paid.

        Args:
            reason: A name of ours like `changed_mind`, never the customer's words.

        Raises:
            NotEligible: `order_cancelled`, `order_completed`, `already_shipped`,
                `paid_back_unknown`.
        """

    def change_address(self, number: str, address: Address, key: str, by: Actor) -> Order:
        """Send an order of which nothing has left somewhere else.

        Raises:
            NotEligible: `order_cancelled`, `order_completed`, `already_shipped`.
        """

    def refund(self, request: RefundRequest, key: str, by: Actor) -> Refund:
        """Open a refund; the money has not moved yet.

        Raises:
            NotEligible: `not_paid`, `more_than_paid`, `already_compensated`,
                `paid_back_unknown`.
        """

    def open_claim(self, request: ClaimRequest, key: str, by: Actor) -> Claim:
        """Open a claim.

        Raises:
            NotEligible: `already_claimed`, `order_cancelled`.
        """

    def cancel_claim(self, folio: str, key: str, by: Actor) -> Claim:
        """Take a claim back.

        Raises:
            NotEligible: `claim_not_cancellable`.
        """

    def open_complaint(self, request: ComplaintRequest, key: str, by: Actor) -> Complaint:
        """Register a complaint."""

    def attach_evidence(
        self, folio: str, attachments: tuple[str, ...], key: str, by: Actor
    ) -> None:
        """Add attachments, by name, to a return, claim or complaint."""

    # -- the shop's side: the command line and the team -----------------------------------------

    def move_return(self, folio: str, to: ReturnStatus, key: str, by: Actor) -> Return:
        """Approve, receive, close or decline a return.

        Received, its refund is opened; declined, what was set aside is free again.

        Raises:
            NotEligible: `case_not_movable`, `return_not_cancellable`.
        """

    def settle_refund(self, reference: str, key: str, by: Actor, *, succeeded: bool) -> Refund:
        """Note whether the money moved.

        Raises:
            NotEligible: `case_not_movable`.
        """

    def move_claim(
        self,
        folio: str,
        key: str,
        by: Actor,
        *,
        to: ClaimStatus | None = None,
        repair: RepairStatus | None = None,
    ) -> Claim:
        """Move a claim on, or the repair that it is about, or both.

        Raises:
            NotEligible: `case_not_movable`, `claim_not_cancellable`.
        """

    def move_complaint(
        self, folio: str, to: ComplaintStatus, key: str, by: Actor, answer: str = ""
    ) -> Complaint:
        """Move a complaint on, with the shop's answer when there is one.

        Raises:
            NotEligible: `case_not_movable`.
        """
