"""Returns, claims, complaints and refunds: which step may follow which, and what fits an order."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.claims import (
    Claim,
    ClaimedLine,
    ClaimKind,
    ClaimLine,
    ClaimRequest,
    ClaimStatus,
    Remedy,
    RepairStatus,
    check_claimable,
    with_earlier,
)
from bot.domain.complaints import Complaint, ComplaintKind, ComplaintStatus
from bot.domain.eligibility import (
    AlreadyClaimed,
    AlreadyCompensated,
    AlreadyInReturn,
    CaseNotMovable,
    ClaimNotCancellable,
    MoreThanPaid,
    NotEligible,
    PaidBackUnknown,
    ReturnNotCancellable,
)
from bot.domain.money import Money
from bot.domain.orders import (
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    ShipmentStatus,
    ShippedLine,
)
from bot.domain.refunds import (
    Refund,
    RefundKind,
    RefundRequest,
    RefundStatus,
    all_refunds,
    check_refundable,
    refundable,
)
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    Return,
    ReturnBasis,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    check_returnable,
    returnable_quantities,
)
from tests.sample_orders import a_line, a_shipment, an_order

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def euros(amount: str) -> Money:
    return Money.parse(amount, "EUR")


def a_return(
    status: ReturnStatus = ReturnStatus.REQUESTED, quantity: int = 1, position: int = 0
) -> Return:
    return Return(
        folio="DEV-2026-000001",
        order_number="A-1001",
        status=status,
        basis=ReturnBasis.WITHDRAWAL,
        reason=ReturnReason.OTHER,
        resolution=Resolution.REFUND,
        lines=(ReturnLine(position, "CAF-1", "Cafetera", quantity),),
        opened_at=NOW,
        return_paid_by="customer",
    )


def a_claim(status: ClaimStatus = ClaimStatus.OPEN, **changes: Any) -> Claim:
    values: dict[str, Any] = {
        "folio": "GAR-2026-000001",
        "order_number": "A-1001",
        "kind": ClaimKind.WARRANTY,
        "status": status,
        "remedy": Remedy.REPAIR,
        "lines": (ClaimLine(0, "CAF-1", "Cafetera", 1),),
        "opened_at": NOW,
        "repair": RepairStatus.AWAITING_ITEM,
    }
    return Claim(**{**values, **changes})


def a_refund(amount: str, status: RefundStatus = RefundStatus.PENDING, **changes: Any) -> Refund:
    values: dict[str, Any] = {
        "reference": "RMB-2026-000001",
        "order_number": "A-1001",
        "amount": euros(amount),
        "status": status,
        "kind": RefundKind.RETURN,
        "method": "card",
        "opened_at": NOW,
    }
    return Refund(**{**values, **changes})


def delivered(quantity: int = 3) -> Order:
    return an_order(
        lines=(a_line(quantity=quantity),), shipments=(a_shipment(ShipmentStatus.DELIVERED),)
    )


# --- returns -------------------------------------------------------------------------------------

RETURN_STEPS = {
    "requested": {"approved", "received", "declined", "cancelled"},
    "approved": {"received", "declined", "cancelled"},
    "received": {"closed", "declined"},
}


@pytest.mark.parametrize(("start", "end"), list(itertools.product(ReturnStatus, repeat=2)))
def test_a_return_takes_no_step_that_is_not_one(start: ReturnStatus, end: ReturnStatus) -> None:
    if end in RETURN_STEPS.get(start, ()):
        assert a_return(start).moved(end).status is end
    else:
        refusal = ReturnNotCancellable if end is ReturnStatus.CANCELLED else CaseNotMovable
        with pytest.raises(refusal):
            a_return(start).moved(end)


@pytest.mark.parametrize("status", ReturnStatus)
def test_a_return_is_open_as_long_as_something_may_follow(status: ReturnStatus) -> None:
    assert status.is_open == (status in RETURN_STEPS)


@pytest.mark.parametrize("status", ReturnStatus)
def test_units_are_free_again_only_when_they_stay_with_the_customer(status: ReturnStatus) -> None:
    free = status in (ReturnStatus.CANCELLED, ReturnStatus.DECLINED)
    assert returnable_quantities(delivered(3), (a_return(status, 2),)) == ((3,) if free else (1,))


def test_what_is_left_after_a_return_may_be_returned() -> None:
    check_returnable(delivered(3), (RequestedLine(0, 1),), (a_return(quantity=2),))
    with pytest.raises(AlreadyInReturn):
        check_returnable(delivered(3), (RequestedLine(0, 2),), (a_return(quantity=2),))


def test_a_return_of_a_line_that_the_shop_took_out_of_the_order_holds_nothing() -> None:
    assert returnable_quantities(delivered(3), (a_return(position=5),)) == (3,)


# --- what has arrived ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "arrived"),
    [
        (an_order(), (0,)),
        (an_order(status=OrderStatus.COMPLETED), (1,)),
        (an_order(shipments=(a_shipment(ShipmentStatus.DELIVERED),)), (1,)),
        (an_order(shipments=(a_shipment(ShipmentStatus.IN_TRANSIT),)), (0,)),
        (
            an_order(
                shipments=(
                    a_shipment(ShipmentStatus.DELIVERED),
                    a_shipment(ShipmentStatus.IN_TRANSIT),
                )
            ),
            (0,),  # nobody says what was in the one that arrived
        ),
        (
            an_order(
                lines=(a_line(quantity=2), a_line("TAZ-1"), a_line()),
                shipments=(
                    a_shipment(
                        ShipmentStatus.DELIVERED,
                        lines=(ShippedLine("CAF-1", 2), ShippedLine("CAF-1", 1)),
                    ),
                    a_shipment(lines=(ShippedLine("TAZ-1", 1),)),
                ),
            ),
            (2, 0, 1),
        ),
        (
            an_order(
                status=OrderStatus.COMPLETED,
                shipments=(a_shipment(ShipmentStatus.UNKNOWN, lines=(ShippedLine("CAF-1", 1),)),),
            ),
            (1,),
        ),
    ],
)
def test_only_what_somebody_says_has_arrived_counts(order: Order, arrived: tuple[int]) -> None:
    assert order.delivered_quantities() == arrived


# --- claims ----------------------------------------------------------------------------------------

CLAIM_STEPS = {
    "open": {"in_progress", "resolved", "rejected", "cancelled"},
    "in_progress": {"resolved", "rejected", "cancelled"},
}


@pytest.mark.parametrize(("start", "end"), list(itertools.product(ClaimStatus, repeat=2)))
def test_a_claim_takes_no_step_that_is_not_one(start: ClaimStatus, end: ClaimStatus) -> None:
    if end in CLAIM_STEPS.get(start, ()):
        assert a_claim(start).moved(end).status is end
    else:
        refusal = ClaimNotCancellable if end is ClaimStatus.CANCELLED else CaseNotMovable
        with pytest.raises(refusal):
            a_claim(start).moved(end)


@pytest.mark.parametrize("over", [RepairStatus.SENT_BACK, RepairStatus.NOT_REPAIRABLE, None])
def test_a_repair_that_is_over_or_never_was_does_not_go_on(over: RepairStatus | None) -> None:
    with pytest.raises(CaseNotMovable):
        a_claim(repair=over).repair_moved(RepairStatus.REPAIRING)


def test_a_closed_claim_has_no_repair_going_on() -> None:
    with pytest.raises(CaseNotMovable):
        a_claim(ClaimStatus.REJECTED).repair_moved(RepairStatus.RECEIVED)


def test_a_claim_about_the_whole_order_is_about_each_line() -> None:
    whole = ClaimRequest("A-1001", ClaimKind.WARRANTY, Remedy.REPAIR)
    with pytest.raises(AlreadyClaimed):
        check_claimable(whole, (a_claim(),))


def test_a_closed_claim_bars_no_other() -> None:
    request = ClaimRequest("A-1001", ClaimKind.WARRANTY, Remedy.REPAIR, (ClaimedLine(0),))
    check_claimable(request, (a_claim(ClaimStatus.RESOLVED),))


def test_earlier_claims_are_those_about_the_same_line_alone() -> None:
    claims = (
        a_claim(folio="GAR-2026-000001"),
        a_claim(folio="GAR-2026-000002", lines=(ClaimLine(1, "TAZ-1", "Taza", 1),)),
        a_claim(folio="GAR-2026-000003"),
    )
    assert [one.earlier for one in with_earlier(claims)] == [(), (), ("GAR-2026-000001",)]


# --- complaints ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), list(itertools.product(ComplaintStatus, repeat=2)))
def test_a_complaint_takes_no_step_that_is_not_one(
    start: ComplaintStatus, end: ComplaintStatus
) -> None:
    complaint = Complaint("REC-2026-000001", ComplaintKind.RECLAMACION, start, "…", "c1", "ES", NOW)
    steps = {
        "open": {"in_progress", "resolved", "rejected"},
        "in_progress": {"resolved", "rejected"},
    }
    if end in steps.get(start, set()):
        assert complaint.moved(end, "Hecho.").answer == "Hecho."
    else:
        with pytest.raises(CaseNotMovable):
            complaint.moved(end)


# --- refunds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [RefundStatus.SUCCEEDED, RefundStatus.FAILED])
@pytest.mark.parametrize("succeeded", [True, False])
def test_a_refund_is_settled_once(status: RefundStatus, succeeded: bool) -> None:
    with pytest.raises(CaseNotMovable):
        a_refund("1.00", status).settled(succeeded=succeeded, now=NOW)


@pytest.mark.parametrize(
    ("payment_status", "left"),
    [
        (PaymentStatus.PAID, "10.00"),
        (PaymentStatus.AUTHORIZED, "10.00"),
        (PaymentStatus.PENDING, "0.00"),
        (PaymentStatus.FAILED, "0.00"),
        (PaymentStatus.REFUNDED, "0.00"),
    ],
)
def test_what_was_not_paid_or_is_paid_back_is_not_owed(
    payment_status: PaymentStatus, left: str
) -> None:
    assert refundable(an_order(payment_status=payment_status), ()) == euros(left)


def test_how_much_was_paid_back_is_not_guessed() -> None:
    partly = an_order(payment_status=PaymentStatus.PARTIALLY_REFUNDED)
    with pytest.raises(PaidBackUnknown):
        refundable(partly, ())
    listed = replace(partly, payments=(Payment("card", euros("4.00"), "refund", NOW),))
    assert refundable(listed, ()) == euros("6.00")


@pytest.mark.parametrize(
    ("status", "left"),
    [
        (RefundStatus.PENDING, "7.00"),
        (RefundStatus.SUCCEEDED, "7.00"),
        (RefundStatus.FAILED, "10.00"),
    ],
)
def test_what_is_on_its_way_back_is_not_owed_again(status: RefundStatus, left: str) -> None:
    assert refundable(an_order(), (a_refund("3.00", status),)) == euros(left)


def test_a_repayment_that_the_shop_lists_is_not_counted_beside_ours() -> None:
    order = an_order(payments=(Payment("card", euros("3.00"), "refund", NOW),))
    ours = a_refund("3.00")
    (told,) = all_refunds(order, (ours,))
    assert (told.reference, told.status) == (ours.reference, RefundStatus.SUCCEEDED)


def test_an_older_repayment_of_the_same_amount_is_another_one() -> None:
    before = datetime(2026, 11, 1, tzinfo=UTC)
    order = an_order(payments=(Payment("card", euros("3.00"), "refund", before),))
    told = all_refunds(order, (a_refund("3.00"),))
    assert [(one.reference, one.status.value) for one in told] == [
        ("RMB-2026-000001", "pending"),
        ("", "succeeded"),
    ]


def test_a_compensation_that_failed_may_be_tried_again() -> None:
    request = RefundRequest("A-1001", euros("1.00"), RefundKind.COMPENSATION)
    failed = a_refund("1.00", RefundStatus.FAILED, kind=RefundKind.COMPENSATION)
    check_refundable(request, an_order(), (failed,))
    pending = replace(failed, status=RefundStatus.PENDING)
    with pytest.raises(AlreadyCompensated):
        check_refundable(request, an_order(), (pending,))


def test_the_last_cent_may_be_paid_back_and_none_beyond() -> None:
    check_refundable(RefundRequest("A-1001", euros("10.00"), RefundKind.RETURN), an_order(), ())
    with pytest.raises(MoreThanPaid):
        check_refundable(RefundRequest("A-1001", euros("10.01"), RefundKind.RETURN), an_order(), ())


# --- codes -----------------------------------------------------------------------------------------


def test_every_reason_has_a_code_of_its_own() -> None:
    kinds = NotEligible.__subclasses__()
    assert len({kind.code for kind in kinds} | {NotEligible.code}) == len(kinds) + 1
