"""What the team has before it: every case of the shop, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.case_history import HistoryEntry
from bot.domain.claims import Claim
from bot.domain.complaints import Complaint
from bot.domain.errors import Refusal
from bot.domain.orders import Customer
from bot.domain.privacy import PrivacyCase
from bot.domain.refunds import Refund, all_refunds
from bot.domain.returns import Return
from bot.services.order_backend import OrderBackend
from bot.services.ports import Clock, Units

AnyCase = Return | Claim | Complaint | Refund | PrivacyCase


class CaseNotFound(Refusal):
    """Nothing has this folio; or, without its year, it may mean several cases."""

    code = "case_not_found"


class CaseKind(StrEnum):
    """What kind of case it is."""

    RETURN = "return"
    CLAIM = "claim"
    COMPLAINT = "complaint"
    REFUND = "refund"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case in one line. `due_on` is the last day to answer it, or to pay."""

    folio: str
    kind: CaseKind
    status: str
    order_number: str | None
    opened_at: datetime
    due_on: date | None
    is_open: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """Everything about a case, what became of it and what may become of it."""

    card: CaseCard
    case: AnyCase
    customer: Customer | None
    history: tuple[HistoryEntry, ...]
    may_become: tuple[str, ...]
    repair_may_become: tuple[str, ...] = ()  # only of a claim with something under repair


class OpenCases:
    """Shows the cases of the whole shop; `zone` is where the team counts days."""

    def __init__(self, units: Units, backend: OrderBackend, clock: Clock, zone: ZoneInfo) -> None:
        self._units = units
        self._backend = backend
        self._clock = clock
        self._zone = zone

    def list(
        self, kind: CaseKind | None = None, *, with_closed: bool = False
    ) -> tuple[CaseCard, ...]:
        """The open cases: what is due first comes first, then what has no day, the oldest first.

        Args:
            kind: Only these.
            with_closed: The closed ones follow, the newest first.
        """
        cards = [self._card(case) for case in self._cases(with_closed=with_closed)]
        chosen = [card for card in cards if kind in (None, card.kind)]
        closed = sorted((card for card in chosen if not card.is_open), key=_age, reverse=True)
        waiting = sorted((card for card in chosen if card.is_open), key=_urgency)
        return (*waiting, *(closed if with_closed else ()))

    def show(self, folio: str) -> CaseSheet:
        """The case with a folio, however it is written.

        Raises:
            CaseNotFound.
        """
        found = self._backend.case(folio)
        if found is not None:
            history = self._backend.history(found.case.folio)
            return self._sheet(found.case, found.customer_id, history)
        refund = self._backend.find_refund(folio)
        if refund is not None:
            customer_id = self._backend.order(refund.order_number).customer.id
            history = self._backend.history(refund.reference)
            return self._sheet(self._as_told((refund,))[0], customer_id, history)
        with self._units.reading() as unit:
            request = unit.privacy.find(folio)
            history = unit.privacy.history(request.folio) if request else ()
        if request is None:
            raise CaseNotFound(folio)
        return self._sheet(request, request.request.customer_id, history)

    def _cases(self, *, with_closed: bool) -> Iterable[AnyCase]:
        cases = self._backend.all_cases(with_closed=with_closed)
        with self._units.reading() as unit:
            privacy = unit.privacy.all(with_closed=with_closed)
        refunds = self._as_told(cases.refunds)
        return (*cases.returns, *cases.claims, *cases.complaints, *refunds, *privacy)

    def _as_told(self, refunds: tuple[Refund, ...]) -> tuple[Refund, ...]:
        """The same refunds, with what the shop's own list of payments says of them."""
        told: dict[str, Refund] = {}
        for number in {refund.order_number for refund in refunds if refund.status.is_open}:
            ours = self._backend.cases(number).refunds
            told |= {
                each.reference: each for each in all_refunds(self._backend.order(number), ours)
            }
        return tuple(told.get(refund.reference, refund) for refund in refunds)

    def _sheet(
        self, case: AnyCase, customer_id: str | None, history: tuple[HistoryEntry, ...]
    ) -> CaseSheet:
        with self._units.reading() as unit:
            customer = unit.orders.customer(customer_id) if customer_id else None
        return CaseSheet(
            card=self._card(case),
            case=case,
            customer=customer,
            history=history,
            may_become=tuple(status.value for status in case.status.leads_to),
            repair_may_become=tuple(
                status.value for status in (case.repair_leads_to if isinstance(case, Claim) else ())
            ),
        )

    def _card(self, case: AnyCase) -> CaseCard:
        opened_at = case.opened_at
        assert opened_at is not None  # only repayments that the shop lists by itself do not know
        due_on = _due_on(case)
        is_open = case.status.is_open
        today = self._clock.now().astimezone(self._zone).date()
        return CaseCard(
            folio=case.reference if isinstance(case, Refund) else case.folio,
            kind=kind_of(case),
            status=case.status.value,
            order_number=None if isinstance(case, PrivacyCase) else case.order_number,
            opened_at=opened_at,
            due_on=due_on,
            is_open=is_open,
            is_overdue=is_open and due_on is not None and due_on < today,
        )


def kind_of(case: AnyCase) -> CaseKind:
    """What kind of case it is."""
    match case:
        case Return():
            return CaseKind.RETURN
        case Claim():
            return CaseKind.CLAIM
        case Complaint():
            return CaseKind.COMPLAINT
        case Refund():
            return CaseKind.REFUND
        case PrivacyCase():
            return CaseKind.PRIVACY


def _due_on(case: AnyCase) -> date | None:
    match case:
        case Return():
            return case.refund_due
        case PrivacyCase():
            return case.request.due_on
        case _:
            return case.due_on


def _age(card: CaseCard) -> tuple[datetime, str]:
    return card.opened_at, card.folio


def _urgency(card: CaseCard) -> tuple[date, datetime, str]:
    return card.due_on or date.max, card.opened_at, card.folio
