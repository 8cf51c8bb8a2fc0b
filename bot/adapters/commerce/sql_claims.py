"""Claims, complaints and their evidence in the SQL backend."""

from dataclasses import replace

from bot.adapters.commerce.sql_ledger import Confirmation, SqlLedger, Work
from bot.adapters.database.unit_of_work import SqlUnitOfWork
from bot.domain.claims import (
    Claim,
    ClaimLine,
    ClaimRequest,
    ClaimStatus,
    Remedy,
    RepairStatus,
    check_claimable,
)
from bot.domain.complaints import Complaint, ComplaintRequest, ComplaintStatus
from bot.domain.eligibility import OrderCancelled
from bot.domain.orders import Order, OrderStatus
from bot.services.order_backend import Actor, Invalid


class SqlClaims(SqlLedger):
    """See `bot.services.order_backend.OrderBackend`."""

    def open_claim(self, request: ClaimRequest, key: str, by: Actor) -> Claim:
        """Open a claim."""

        def do(work: Work) -> str:
            _check_shape(request, work.order)
            if work.order.status is OrderStatus.CANCELLED:
                raise OrderCancelled(work.order.number)
            check_claimable(request, work.cases.of_order(work.order.number).claims)
            claim = _opened(request, work)
            work.cases.add_claim(work.id, claim)
            work.note(
                "claim_opened",
                folio=claim.folio,
                kind=claim.kind.value,
                remedy=claim.remedy.value,
                article=claim.article,
                lines=[{"sku": line.sku, "quantity": line.quantity} for line in claim.lines],
            )
            return claim.folio

        confirmation = Confirmation(key, "open_claim", (request,), by)
        return self._once(confirmation, request.order_number, do, _claim)

    def cancel_claim(self, folio: str, key: str, by: Actor) -> Claim:
        """Take a claim back."""
        return self._move_claim(
            folio, ClaimStatus.CANCELLED, None, Confirmation(key, "cancel_claim", (), by)
        )

    def move_claim(
        self,
        folio: str,
        key: str,
        by: Actor,
        *,
        to: ClaimStatus | None = None,
        repair: RepairStatus | None = None,
    ) -> Claim:
        """Move a claim on, or the repair that it is about, or both."""
        return self._move_claim(
            folio, to, repair, Confirmation(key, "move_claim", (to, repair), by)
        )

    def _move_claim(
        self,
        folio: str,
        to: ClaimStatus | None,
        repair: RepairStatus | None,
        confirmation: Confirmation,
    ) -> Claim:
        found = self._case(folio)
        if not isinstance(found.case, Claim):
            raise Invalid(f"{found.case.folio} is not a claim")
        folio = found.case.folio

        def do(work: Work) -> str:
            claims = work.cases.of_order(work.order.number).claims
            claim = next(one for one in claims if one.folio == folio)
            if repair is not None:
                claim = claim.repair_moved(repair)
                work.note(f"repair_{repair.value}", folio=folio)
            begun = repair is not None and to is claim.status is ClaimStatus.IN_PROGRESS
            if to is not None and not begun:
                claim = claim.moved(to)
                work.note(f"claim_{to.value}", folio=folio)
            work.cases.save(claim)
            return folio

        named = replace(confirmation, request=(folio, *confirmation.request))
        return self._once(named, found.order_number, do, _claim)

    # -- complaints -----------------------------------------------------------------------------

    def open_complaint(self, request: ComplaintRequest, key: str, by: Actor) -> Complaint:
        """Register a complaint."""
        if not request.text.strip():
            raise Invalid("a complaint says something")

        def do(work: Work) -> str:
            complaint = Complaint(
                folio=work.folio(request.kind.folio_prefix),
                kind=request.kind,
                status=ComplaintStatus.OPEN,
                text=request.text,
                conversation_id=request.conversation_id,
                country=request.country,
                opened_at=work.now,
                order_number=request.order_number,
                customer_id=request.customer_id,
                region=request.region,
                due_on=request.due_on,
                official_form=request.official_form,
                evidence=request.evidence,
            )
            work.cases.add_complaint(work.order_id, complaint)
            work.note("complaint_opened", folio=complaint.folio, kind=complaint.kind.value)
            return complaint.folio

        confirmation = Confirmation(key, "open_complaint", (request,), by)
        return self._once(confirmation, request.order_number, do, _complaint)

    def move_complaint(
        self, folio: str, to: ComplaintStatus, key: str, by: Actor, answer: str = ""
    ) -> Complaint:
        """Move a complaint on, with the shop's answer when there is one."""
        found = self._case(folio)
        if not isinstance(found.case, Complaint):
            raise Invalid(f"{found.case.folio} is not a complaint")
        folio = found.case.folio

        def do(work: Work) -> str:
            work.cases.hold_complaint(folio)
            now_stored = work.cases.find(folio)
            assert now_stored is not None  # cases are never deleted
            assert isinstance(now_stored.case, Complaint)
            work.cases.save(now_stored.case.moved(to, answer))
            work.note(f"complaint_{to.value}", folio=folio)
            return folio

        confirmation = Confirmation(key, "move_complaint", (folio, to, answer), by)
        return self._once(confirmation, found.order_number, do, _complaint)

    # -- evidence of any case ---------------------------------------------------------------------

    def attach_evidence(
        self, folio: str, attachments: tuple[str, ...], key: str, by: Actor
    ) -> None:
        """Add attachments, by name, to a return, claim or complaint."""
        found = self._case(folio)
        folio = found.case.folio

        def do(work: Work) -> str:
            if isinstance(found.case, Complaint):
                work.cases.hold_complaint(folio)
            now_stored = work.cases.find(folio)
            assert now_stored is not None  # cases are never deleted
            case = now_stored.case
            evidence = tuple(dict.fromkeys((*case.evidence, *attachments)))
            work.cases.save(replace(case, evidence=evidence))
            added = len(evidence) - len(case.evidence)
            work.note("evidence_attached", folio=folio, attachments=added)
            return folio

        confirmation = Confirmation(key, "attach_evidence", (folio, attachments), by)
        self._once(confirmation, found.order_number, do, lambda _unit, _folio: None)


def _claim(unit: SqlUnitOfWork, folio: str) -> Claim:
    found = unit.cases.find(folio)
    assert found is not None  # the ledger names what was made
    assert isinstance(found.case, Claim)
    return found.case


def _complaint(unit: SqlUnitOfWork, folio: str) -> Complaint:
    found = unit.cases.find(folio)
    assert found is not None  # the ledger names what was made
    assert isinstance(found.case, Complaint)
    return found.case


def _opened(request: ClaimRequest, work: Work) -> Claim:
    lines = tuple(
        ClaimLine(
            line.position,
            work.order.lines[line.position].sku,
            work.order.lines[line.position].title,
            line.quantity,
        )
        for line in request.lines
    )
    return Claim(
        folio=work.folio(request.kind.folio_prefix),
        order_number=work.order.number,
        kind=request.kind,
        status=ClaimStatus.OPEN,
        remedy=request.remedy,
        lines=lines,
        opened_at=work.now,
        description=request.description,
        due_on=request.due_on,
        evidence=request.evidence,
        article=request.article,
        repair=RepairStatus.AWAITING_ITEM if request.remedy is Remedy.REPAIR else None,
    )


def _check_shape(request: ClaimRequest, order: Order) -> None:
    positions = [line.position for line in request.lines]
    if len(positions) != len(set(positions)):
        raise Invalid("each line stands once in a claim")
    if any(not 0 <= position < len(order.lines) for position in positions):
        raise Invalid("the order has no such line")
    if any(not 1 <= line.quantity <= order.lines[line.position].quantity for line in request.lines):
        raise Invalid("more units, or fewer, than were ordered")
