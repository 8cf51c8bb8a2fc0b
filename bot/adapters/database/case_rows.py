"""Between rows and domain types of what happens to an order after it was sold, both ways."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from bot.adapters.database.tables import ClaimRow, ComplaintRow, RefundRow, ReturnRow
from bot.domain.claims import (
    Claim,
    ClaimKind,
    ClaimLine,
    ClaimStatus,
    Remedy,
    RepairStatus,
)
from bot.domain.complaints import Complaint, ComplaintKind, ComplaintStatus
from bot.domain.folios import Folio
from bot.domain.money import Money
from bot.domain.refunds import Refund, RefundKind, RefundStatus
from bot.domain.returns import (
    Resolution,
    Return,
    ReturnBasis,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
)


def is_named(column: InstrumentedAttribute[str], folio: Folio) -> ColumnElement[bool]:
    """Whether a row has this folio; without its year, of whichever year."""
    if folio.year:
        return column == str(folio)
    return column.like(f"{folio.prefix}-____-{folio.serial:06}")


def return_of(row: ReturnRow, order_number: str) -> Return:
    """The return in a row."""
    refund = None if row.refund_minor is None else Money(row.refund_minor, row.currency)
    return Return(
        folio=row.folio,
        order_number=order_number,
        status=ReturnStatus(row.status),
        basis=ReturnBasis(row.basis),
        reason=ReturnReason(row.reason),
        resolution=Resolution(row.resolution),
        lines=tuple(
            ReturnLine(
                line["position"], line["sku"], line["title"], line["quantity"], line["exchange_for"]
            )
            for line in row.lines
        ),
        opened_at=row.opened_at,
        return_paid_by=row.return_paid_by,
        refund=refund,
        refund_due=row.refund_due,
        article=row.article,
        description=row.description,
        evidence=tuple(row.evidence),
        instructions=row.instructions,
    )


def row_of_return(
    order_id: int, opened: Return, currency: str, set_aside: frozenset[int]
) -> ReturnRow:
    """A new row that says what the return says.

    Args:
        set_aside: Positions of the lines whose exchange was taken out of the stock.
    """
    return ReturnRow(
        folio=opened.folio,
        order_id=order_id,
        status=opened.status.value,
        basis=opened.basis.value,
        reason=opened.reason.value,
        resolution=opened.resolution.value,
        lines=[
            {
                "position": line.position,
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "exchange_for": line.exchange_for,
                "set_aside": line.position in set_aside,
            }
            for line in opened.lines
        ],
        currency=currency,
        refund_minor=opened.refund.minor if opened.refund else None,
        refund_due=opened.refund_due,
        return_paid_by=opened.return_paid_by,
        article=opened.article,
        description=opened.description,
        evidence=list(opened.evidence),
        instructions=opened.instructions,
        opened_at=opened.opened_at,
    )


def refund_of(row: RefundRow, order_number: str) -> Refund:
    """The refund in a row."""
    return Refund(
        reference=row.reference,
        order_number=order_number,
        amount=Money(row.amount_minor, row.currency),
        status=RefundStatus(row.status),
        kind=RefundKind(row.kind),
        method=row.method,
        opened_at=row.opened_at,
        due_on=row.due_on,
        return_folio=row.return_folio,
        moved_at=row.moved_at,
    )


def claim_of(row: ClaimRow, order_number: str) -> Claim:
    """The claim in a row; what came before it is for whoever reads all of an order."""
    return Claim(
        folio=row.folio,
        order_number=order_number,
        kind=ClaimKind(row.kind),
        status=ClaimStatus(row.status),
        remedy=Remedy(row.remedy),
        lines=tuple(
            ClaimLine(line["position"], line["sku"], line["title"], line["quantity"])
            for line in row.lines
        ),
        opened_at=row.opened_at,
        description=row.description,
        due_on=row.due_on,
        evidence=tuple(row.evidence),
        article=row.article,
        repair=RepairStatus(row.repair) if row.repair else None,
    )


def row_of_claim(order_id: int, claim: Claim) -> ClaimRow:
    """A new row that says what the claim says."""
    return ClaimRow(
        folio=claim.folio,
        order_id=order_id,
        kind=claim.kind.value,
        status=claim.status.value,
        remedy=claim.remedy.value,
        lines=[
            {
                "position": line.position,
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
            }
            for line in claim.lines
        ],
        description=claim.description,
        due_on=claim.due_on,
        evidence=list(claim.evidence),
        article=claim.article,
        repair=claim.repair.value if claim.repair else None,
        opened_at=claim.opened_at,
    )


def complaint_of(row: ComplaintRow, order_number: str | None) -> Complaint:
    """The complaint in a row."""
    return Complaint(
        folio=row.folio,
        kind=ComplaintKind(row.kind),
        status=ComplaintStatus(row.status),
        text=row.text,
        conversation_id=row.conversation_id,
        country=row.country,
        opened_at=row.opened_at,
        order_number=order_number,
        customer_id=row.customer_id,
        region=row.region,
        due_on=row.due_on,
        official_form=row.official_form,
        evidence=tuple(row.evidence),
        answer=row.answer,
    )


def row_of_complaint(order_id: int | None, complaint: Complaint) -> ComplaintRow:
    """A new row that says what the complaint says."""
    return ComplaintRow(
        folio=complaint.folio,
        order_id=order_id,
        customer_id=complaint.customer_id,
        conversation_id=complaint.conversation_id,
        kind=complaint.kind.value,
        status=complaint.status.value,
        text=complaint.text,
        country=complaint.country,
        region=complaint.region,
        due_on=complaint.due_on,
        official_form=complaint.official_form,
        evidence=list(complaint.evidence),
        answer=complaint.answer,
        opened_at=complaint.opened_at,
    )


def state_of(case: Return | Claim | Complaint) -> dict[str, Any]:
    """The columns of a case that may change after it was opened."""
    changing: dict[str, Any] = {"status": case.status.value, "evidence": list(case.evidence)}
    if isinstance(case, Claim):
        changing["repair"] = case.repair.value if case.repair else None
    if isinstance(case, Complaint):
        changing["answer"] = case.answer
    return changing
