"""What every order backend promises; a backend's test inherits this and supplies `backend`.

The promises may not be overridden: a backend that cannot do something says so in its
`capabilities`, and those promises are skipped.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.claims import (
    ClaimedLine,
    ClaimKind,
    ClaimRequest,
    ClaimStatus,
    Remedy,
    RepairStatus,
)
from bot.domain.complaints import ComplaintKind, ComplaintRequest, ComplaintStatus
from bot.domain.eligibility import NotEligible
from bot.domain.money import Money
from bot.domain.orders import Address, OrderStatus
from bot.domain.refunds import RefundKind, RefundRequest, RefundStatus
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    ReturnBasis,
    ReturnReason,
    ReturnRequest,
    ReturnStatus,
)
from bot.services.order_backend import (
    Actor,
    Capability,
    Conflict,
    Invalid,
    NotFound,
    OrderBackend,
    OrderCases,
)

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
BY = Actor.customer("c1")
SHOP = Actor.agent("Marta")

_ADDRESS = {
    "name": "Ana Gil",
    "line1": "Calle Mayor 1",
    "city": "Madrid",
    "postal_code": "28013",
    "country": "ES",
}
_SHOES = {"title": "Zapatillas", "category": "calzado"}


def _order(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "customer_id": "ana",
        "placed_at": "2026-11-01T10:00:00Z",
        "currency": "EUR",
        "country": "ES",
        "status": "open",
        "payment_status": "paid",
        "lines": [
            {"sku": "ZAP-41", "quantity": 2, "unit_price": "50.00"},
            {"sku": "CAM-1", "quantity": 1, "unit_price": "20.00"},
        ],
        "shipments": [],
        "shipping_address": _ADDRESS,
        "payments": [{"method": "credit_card", "amount": "120.00"}],
        **changes,
    }


def _parcel(status: str, **lines: int) -> dict[str, Any]:
    parcel: dict[str, Any] = {"carrier": "SEUR", "tracking_number": "1", "status": status}
    inside = [{"sku": sku.replace("_", "-"), "quantity": many} for sku, many in lines.items()]
    return parcel | {"lines": inside} if inside else parcel


def shop_document() -> dict[str, Any]:
    """The shop that the promises are about."""
    return {
        "products": [
            {"sku": "ZAP-41", **_SHOES, "options": {"talla": "41"}, "stock": 5},
            {"sku": "ZAP-42", **_SHOES, "options": {"talla": "42"}, "stock": 1},
            {"sku": "ZAP-43", **_SHOES, "options": {"talla": "43"}, "stock": 0},
            {"sku": "ZAP-44", **_SHOES, "options": {"talla": "44"}},
            {"sku": "CAM-1", "title": "Camiseta", "category": "ropa"},
        ],
        "customers": [
            {"id": "ana", "name": "Ana Gil", "email": "ana@example.com", "address": _ADDRESS}
        ],
        "orders": [
            _order("D-1001", status="completed", shipments=[_parcel("delivered")]),
            _order("P-1002", placed_at="2026-11-19T10:00:00Z"),
            _order("U-1003", payment_status="pending", payments=[]),
            _order("S-1004", shipments=[_parcel("in_transit")]),
            _order("X-1005", status="cancelled"),
            _order(
                "H-1006",
                shipments=[_parcel("delivered", ZAP_41=1), _parcel("in_transit", CAM_1=1)],
            ),
            _order("L-1007", shipments=[_parcel("info_received")]),
            _order("N-1008", payment_status="partially_refunded"),
            _order("M-1009", payment_status="partially_refunded", status="completed"),
        ],
    }


def a_return(number: str = "D-1001", **changes: Any) -> ReturnRequest:
    """One pair of shoes back, for its price."""
    values: dict[str, Any] = {
        "order_number": number,
        "lines": (RequestedLine(0, 1),),
        "reason": ReturnReason.CHANGED_MIND,
        "resolution": Resolution.REFUND,
        "basis": ReturnBasis.WITHDRAWAL,
        "return_paid_by": "customer",
        "refund_due": date(2026, 12, 4),
    }
    return ReturnRequest(**{**values, **changes})


def an_exchange(sku: str, number: str = "D-1001", **changes: Any) -> ReturnRequest:
    lines = (RequestedLine(0, 1, exchange_for=sku),)
    return a_return(number, lines=lines, resolution=Resolution.EXCHANGE, **changes)


def a_claim(**changes: Any) -> ClaimRequest:
    values: dict[str, Any] = {
        "order_number": "D-1001",
        "kind": ClaimKind.WARRANTY,
        "remedy": Remedy.REPAIR,
        "lines": (ClaimedLine(0),),
        "description": "se despega la suela",
        "due_on": date(2026, 12, 20),
    }
    return ClaimRequest(**{**values, **changes})


def a_complaint(**changes: Any) -> ComplaintRequest:
    values: dict[str, Any] = {
        "kind": ComplaintKind.RECLAMACION,
        "text": "Llevo tres semanas esperando.",
        "conversation_id": "c1",
        "country": "ES",
        "due_on": date(2026, 12, 14),
    }
    return ComplaintRequest(**{**values, **changes})


def a_refund(amount: str, kind: RefundKind = RefundKind.COMPENSATION) -> RefundRequest:
    return RefundRequest("D-1001", Money.parse(amount, "EUR"), kind)


def euros(amount: str) -> Money:
    return Money.parse(amount, "EUR")


ELSEWHERE = Address("Ana Gil", "Calle Nueva 2", "Getafe", "28901", "ES")


def refused(code: str, write: Callable[[], object]) -> NotEligible:
    """The refusal with which a write is answered."""
    with pytest.raises(NotEligible) as caught:
        write()
    assert caught.value.code == code
    return caught.value


class OrderBackendPromises:
    """Inherit it, and supply `backend`: the shop of `shop_document()` at `NOW`."""

    @pytest.fixture
    def backend(self) -> OrderBackend:
        raise NotImplementedError

    def __init_subclass__(cls) -> None:
        own = [name for name in vars(cls) if name.startswith("test_")]
        changed = [name for name in own if hasattr(OrderBackendPromises, name)]
        assert not changed, f"promises may not be overridden: {changed}"

    # -- reading --------------------------------------------------------------------------------

    def test_a_number_is_found_as_a_customer_writes_it(self, backend: OrderBackend) -> None:
        assert [order.number for order in backend.find_orders("d1001")] == ["D-1001"]

    def test_a_number_nobody_has_is_not_found(self, backend: OrderBackend) -> None:
        assert backend.find_orders("D-9999") == ()
        with pytest.raises(NotFound):
            backend.order("D-9999")

    def test_one_order_is_read_by_its_exact_number_alone(self, backend: OrderBackend) -> None:
        assert backend.order("D-1001").number == "D-1001"
        with pytest.raises(NotFound):
            backend.order("d1001")

    def test_the_orders_of_a_customer_come_newest_first(self, backend: OrderBackend) -> None:
        assert backend.orders_of("ana")[0].number == "P-1002"
        assert backend.orders_of("nobody") == ()

    def test_variants_are_the_same_article_under_another_sku(self, backend: OrderBackend) -> None:
        variants = backend.variants("ZAP-41")
        assert [(one.sku, one.stock) for one in variants] == [
            ("ZAP-42", 1),
            ("ZAP-43", 0),
            ("ZAP-44", None),
        ]

    def test_an_unknown_article_is_left_out(self, backend: OrderBackend) -> None:
        assert set(backend.products(["CAM-1", "NADA"])) == {"CAM-1"}

    def test_an_order_nothing_happened_to_has_no_cases(self, backend: OrderBackend) -> None:
        cases = backend.cases("D-1001")
        assert cases.returns == cases.refunds == cases.claims == cases.complaints == ()

    def test_nothing_has_an_unknown_folio(self, backend: OrderBackend) -> None:
        assert backend.case("DEV-2026-999999") is None
        assert backend.case("hola") is None

    # -- returns --------------------------------------------------------------------------------

    def test_a_return_is_what_was_asked_for(self, backend: OrderBackend) -> None:
        opened = backend.start_return(a_return(description="me aprietan"), "k1", BY)
        assert opened.status is ReturnStatus.REQUESTED
        assert opened.refund == euros("50.00")
        assert (opened.lines[0].sku, opened.lines[0].quantity) == ("ZAP-41", 1)
        assert opened.description == "me aprietan"
        assert opened.opened_at == NOW
        assert backend.cases("D-1001").returns == (opened,)

    @pytest.mark.parametrize(
        ("mark", "instead"), [("-", "-"), ("-", " "), ("-", ""), ("DEV", "dev"), ("DEV", "#DEV")]
    )
    def test_a_case_is_found_by_its_folio_as_a_customer_writes_it(
        self, mark: str, instead: str, backend: OrderBackend
    ) -> None:
        opened = backend.start_return(a_return(), "k1", BY)
        found = backend.case(opened.folio.replace(mark, instead))
        assert found is not None
        assert (found.case, found.order_number, found.customer_id) == (opened, "D-1001", "ana")

    def test_a_folio_without_its_year_is_found_when_it_means_one_case(
        self, backend: OrderBackend
    ) -> None:
        opened = backend.start_return(a_return(), "k1", BY)
        prefix, _, serial = opened.folio.split("-")
        found = backend.case(f"{prefix} {serial}")
        assert found is not None
        assert found.case == opened

    def test_two_returns_have_two_folios(self, backend: OrderBackend) -> None:
        first = backend.start_return(a_return(), "k1", BY)
        second = backend.start_return(a_return(), "k2", BY)
        assert first.folio != second.folio

    def test_the_same_key_returns_the_same_return_and_opens_no_other(
        self, backend: OrderBackend
    ) -> None:
        first = backend.start_return(a_return(), "k1", BY)
        assert backend.start_return(a_return(), "k1", BY) == first
        assert backend.cases("D-1001").returns == (first,)

    def test_the_same_key_for_something_else_is_a_conflict(self, backend: OrderBackend) -> None:
        backend.start_return(a_return(), "k1", BY)
        with pytest.raises(Conflict):
            backend.start_return(a_return(reason=ReturnReason.DAMAGED), "k1", BY)
        with pytest.raises(Conflict):
            backend.change_address("P-1002", ELSEWHERE, "k1", BY)

    @pytest.mark.parametrize("key", ["", "k" * 201])
    def test_a_key_that_cannot_be_kept_is_invalid(self, key: str, backend: OrderBackend) -> None:
        with pytest.raises(Invalid):
            backend.start_return(a_return(), key, BY)

    def test_units_in_a_return_cannot_be_in_another(self, backend: OrderBackend) -> None:
        first = backend.start_return(a_return(lines=(RequestedLine(0, 2),)), "k1", BY)
        refusal = refused("already_in_return", lambda: backend.start_return(a_return(), "k2", BY))
        assert vars(refusal)["folio"] == first.folio

    def test_a_cancelled_return_frees_its_units(self, backend: OrderBackend) -> None:
        both = a_return(lines=(RequestedLine(0, 2),))
        first = backend.start_return(both, "k1", BY)
        backend.cancel_return(first.folio, "k2", BY)
        again = backend.start_return(both, "k3", BY)
        assert again.folio != first.folio

    @pytest.mark.parametrize(
        ("number", "lines", "code"),
        [
            ("D-1001", ((0, 3),), "more_than_delivered"),
            ("S-1004", ((0, 1),), "not_delivered"),
            ("P-1002", ((0, 1),), "not_delivered"),
            ("H-1006", ((1, 1),), "not_delivered"),
            ("H-1006", ((0, 2),), "more_than_delivered"),
            ("X-1005", ((0, 1),), "order_cancelled"),
        ],
    )
    def test_what_has_not_arrived_cannot_be_sent_back(
        self, number: str, lines: tuple[tuple[int, int], ...], code: str, backend: OrderBackend
    ) -> None:
        request = a_return(number, lines=tuple(RequestedLine(*line) for line in lines))
        refused(code, lambda: backend.start_return(request, "k1", BY))
        assert backend.cases(number).returns == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"lines": ()},
            {"lines": (RequestedLine(9, 1),)},
            {"lines": (RequestedLine(-1, 1),)},
            {"lines": (RequestedLine(0, 0),)},
            {"lines": (RequestedLine(0, 1), RequestedLine(0, 1))},
            {"lines": (RequestedLine(0, 1, "ZAP-42"),)},
            {"resolution": Resolution.EXCHANGE},
            {"refund": Money(100, "USD")},
        ],
    )
    def test_a_return_that_does_not_fit_the_order_is_invalid(
        self, changes: dict[str, Any], backend: OrderBackend
    ) -> None:
        with pytest.raises(Invalid):
            backend.start_return(a_return(**changes), "k1", BY)

    def test_a_return_of_an_order_nobody_has_is_not_found(self, backend: OrderBackend) -> None:
        with pytest.raises(NotFound):
            backend.start_return(a_return("D-9999"), "k1", BY)

    def test_a_refused_return_leaves_its_key_free(self, backend: OrderBackend) -> None:
        refused("not_delivered", lambda: backend.start_return(a_return("S-1004"), "k1", BY))
        assert backend.start_return(a_return(), "k1", BY).status is ReturnStatus.REQUESTED

    def test_a_return_goes_its_way_and_the_refund_is_pending_when_it_arrives(
        self, backend: OrderBackend
    ) -> None:
        opened = backend.start_return(a_return(), "k1", BY)
        backend.move_return(opened.folio, ReturnStatus.APPROVED, "k2", SHOP)
        assert backend.cases("D-1001").refunds == ()
        backend.move_return(opened.folio, ReturnStatus.RECEIVED, "k3", SHOP)
        (refund,) = backend.cases("D-1001").refunds
        assert (refund.status, refund.kind) == (RefundStatus.PENDING, RefundKind.RETURN)
        assert (refund.amount, refund.method) == (euros("50.00"), "credit_card")
        assert (refund.return_folio, refund.due_on) == (opened.folio, date(2026, 12, 4))
        closed = backend.move_return(opened.folio, ReturnStatus.CLOSED, "k4", SHOP)
        assert closed.status is ReturnStatus.CLOSED

    def test_a_return_that_arrived_cannot_be_cancelled(self, backend: OrderBackend) -> None:
        folio = backend.start_return(a_return(), "k1", BY).folio
        backend.move_return(folio, ReturnStatus.RECEIVED, "k2", SHOP)
        refused("return_not_cancellable", lambda: backend.cancel_return(folio, "k3", BY))

    def test_a_return_cannot_go_back(self, backend: OrderBackend) -> None:
        folio = backend.start_return(a_return(), "k1", BY).folio
        backend.move_return(folio, ReturnStatus.DECLINED, "k2", SHOP)
        refused(
            "case_not_movable",
            lambda: backend.move_return(folio, ReturnStatus.APPROVED, "k3", SHOP),
        )

    def test_declining_a_return_on_arrival_withdraws_its_refund(
        self, backend: OrderBackend
    ) -> None:
        folio = backend.start_return(a_return(), "k1", BY).folio
        backend.move_return(folio, ReturnStatus.RECEIVED, "k2", SHOP)
        backend.move_return(folio, ReturnStatus.DECLINED, "k3", SHOP)
        (refund,) = backend.cases("D-1001").refunds
        assert refund.status is RefundStatus.FAILED

    def test_returns_together_promise_no_more_than_was_paid(self, backend: OrderBackend) -> None:
        most = a_return(refund=euros("100.00"))
        assert backend.start_return(most, "k1", BY).refund == euros("100.00")
        assert backend.start_return(most, "k2", BY).refund == euros("20.00")

    def test_a_return_promises_nothing_where_the_shop_does_not_say_what_it_paid_back(
        self, backend: OrderBackend
    ) -> None:
        opened = backend.start_return(a_return("M-1009"), "k1", BY)
        backend.move_return(opened.folio, ReturnStatus.RECEIVED, "k2", SHOP)
        assert opened.refund is None
        assert backend.cases("M-1009").refunds == ()

    # -- exchanges ------------------------------------------------------------------------------

    def needs(self, backend: OrderBackend, capability: Capability) -> None:
        if capability not in backend.capabilities:
            pytest.skip(f"this backend does not offer {capability}")

    def stock(self, backend: OrderBackend, sku: str) -> int | None:
        return backend.products([sku])[sku].stock

    def test_what_is_wanted_in_exchange_is_set_aside(self, backend: OrderBackend) -> None:
        self.needs(backend, Capability.EXCHANGES)
        opened = backend.start_return(an_exchange("ZAP-42"), "k1", BY)
        assert opened.lines[0].exchange_for == "ZAP-42"
        assert opened.refund is None
        assert self.stock(backend, "ZAP-42") == 0

    @pytest.mark.parametrize("how", ["cancelled", "declined"])
    def test_what_was_set_aside_is_free_again_when_the_return_ends(
        self, how: str, backend: OrderBackend
    ) -> None:
        self.needs(backend, Capability.EXCHANGES)
        folio = backend.start_return(an_exchange("ZAP-42"), "k1", BY).folio
        backend.move_return(folio, ReturnStatus(how), "k2", SHOP)
        assert self.stock(backend, "ZAP-42") == 1

    @pytest.mark.parametrize("sku", ["ZAP-43", "ZAP-42"])
    def test_what_is_sold_out_cannot_be_had_in_exchange(
        self, sku: str, backend: OrderBackend
    ) -> None:
        self.needs(backend, Capability.EXCHANGES)
        lines = (RequestedLine(0, 2, exchange_for=sku),)
        request = a_return(lines=lines, resolution=Resolution.EXCHANGE)
        refused("out_of_stock", lambda: backend.start_return(request, "k1", BY))

    def test_an_unknown_stock_is_accepted(self, backend: OrderBackend) -> None:
        self.needs(backend, Capability.EXCHANGES)
        folio = backend.start_return(an_exchange("ZAP-44"), "k1", BY).folio
        backend.cancel_return(folio, "k2", BY)
        assert self.stock(backend, "ZAP-44") is None

    @pytest.mark.parametrize("sku", ["CAM-1", "NADA"])
    def test_another_article_cannot_be_had_in_exchange(
        self, sku: str, backend: OrderBackend
    ) -> None:
        self.needs(backend, Capability.EXCHANGES)
        refused("not_a_variant", lambda: backend.start_return(an_exchange(sku), "k1", BY))

    def test_a_faulty_article_may_be_exchanged_for_the_same(self, backend: OrderBackend) -> None:
        self.needs(backend, Capability.EXCHANGES)
        backend.start_return(an_exchange("ZAP-41", reason=ReturnReason.DAMAGED), "k1", BY)
        assert self.stock(backend, "ZAP-41") == 4

    # -- orders not yet sent --------------------------------------------------------------------

    @pytest.mark.parametrize("number", ["P-1002", "L-1007"])
    def test_cancelling_an_order_opens_the_refund_of_what_was_paid(
        self, number: str, backend: OrderBackend
    ) -> None:
        due = date(2026, 12, 4)
        cancelled = backend.cancel_order(number, "changed_mind", due, "k1", BY)
        assert cancelled.order.status is OrderStatus.CANCELLED
        assert cancelled.refund is not None
        assert cancelled.refund.amount == euros("120.00")
        assert (cancelled.refund.status, cancelled.refund.due_on) == (RefundStatus.PENDING, due)
        assert backend.order(number).status is OrderStatus.CANCELLED

    def test_cancelling_an_unpaid_order_owes_nothing(self, backend: OrderBackend) -> None:
        assert backend.cancel_order("U-1003", "other", None, "k1", BY).refund is None

    def test_cancelling_again_under_the_same_key_is_the_same_cancellation(
        self, backend: OrderBackend
    ) -> None:
        first = backend.cancel_order("P-1002", "other", None, "k1", BY)
        assert backend.cancel_order("P-1002", "other", None, "k1", BY) == first
        assert len(backend.cases("P-1002").refunds) == 1

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            ("S-1004", "already_shipped"),
            ("D-1001", "already_shipped"),
            ("X-1005", "order_cancelled"),
        ],
    )
    def test_what_has_left_is_neither_stopped_nor_sent_elsewhere(
        self, number: str, code: str, backend: OrderBackend
    ) -> None:
        refused(code, lambda: backend.cancel_order(number, "other", None, "k1", BY))
        refused(code, lambda: backend.change_address(number, ELSEWHERE, "k2", BY))

    def test_an_order_is_not_cancelled_while_nobody_knows_what_is_owed(
        self, backend: OrderBackend
    ) -> None:
        refused(
            "paid_back_unknown", lambda: backend.cancel_order("N-1008", "other", None, "k1", BY)
        )
        assert backend.order("N-1008").status is OrderStatus.OPEN

    def test_the_reason_of_a_cancellation_is_no_text_of_a_customer(
        self, backend: OrderBackend
    ) -> None:
        with pytest.raises(Invalid):
            backend.cancel_order("P-1002", "Soy Ana y ya no lo quiero", None, "k1", BY)

    def test_an_address_is_changed_on_this_order_alone(self, backend: OrderBackend) -> None:
        assert backend.change_address("P-1002", ELSEWHERE, "k1", BY).shipping_address == ELSEWHERE
        assert backend.order("P-1002").shipping_address == ELSEWHERE
        assert backend.order("U-1003").shipping_address.city == "Madrid"
        assert backend.order("P-1002").customer.address.city == "Madrid"

    # -- refunds --------------------------------------------------------------------------------

    def test_an_order_is_compensated_once_ever(self, backend: OrderBackend) -> None:
        backend.refund(a_refund("10.00"), "k1", BY)
        refused("already_compensated", lambda: backend.refund(a_refund("1.00"), "k2", BY))
        assert len(backend.cases("D-1001").refunds) == 1

    def test_no_more_is_paid_back_than_was_paid(self, backend: OrderBackend) -> None:
        backend.refund(a_refund("100.00", RefundKind.GUARANTEE), "k1", BY)
        refused(
            "more_than_paid",
            lambda: backend.refund(a_refund("20.01", RefundKind.MISSING_ITEM), "k2", BY),
        )
        backend.refund(a_refund("20.00", RefundKind.MISSING_ITEM), "k3", BY)

    def test_nothing_is_paid_back_of_an_unpaid_order(self, backend: OrderBackend) -> None:
        request = RefundRequest("U-1003", euros("1.00"), RefundKind.COMPENSATION)
        refused("not_paid", lambda: backend.refund(request, "k1", BY))

    @pytest.mark.parametrize("amount", [Money(0, "EUR"), Money(-1, "EUR"), Money(1, "USD")])
    def test_an_amount_that_cannot_be_is_invalid(
        self, amount: Money, backend: OrderBackend
    ) -> None:
        with pytest.raises(Invalid):
            backend.refund(RefundRequest("D-1001", amount, RefundKind.GUARANTEE), "k1", BY)

    def test_money_has_moved_only_when_the_shop_says_so(self, backend: OrderBackend) -> None:
        opened = backend.refund(a_refund("10.00"), "k1", BY)
        assert (opened.status, opened.moved_at) == (RefundStatus.PENDING, None)
        settled = backend.settle_refund(opened.reference, "k2", SHOP, succeeded=True)
        assert (settled.status, settled.moved_at) == (RefundStatus.SUCCEEDED, NOW)
        assert backend.order("D-1001").refunded == euros("10.00")

    def test_a_refund_that_failed_may_be_opened_again(self, backend: OrderBackend) -> None:
        opened = backend.refund(a_refund("120.00"), "k1", BY)
        backend.settle_refund(opened.reference, "k2", SHOP, succeeded=False)
        assert backend.refund(a_refund("120.00"), "k3", BY).status is RefundStatus.PENDING
        assert backend.order("D-1001").refunded == euros("0.00")

    def test_a_refund_is_settled_once(self, backend: OrderBackend) -> None:
        opened = backend.refund(a_refund("10.00"), "k1", BY)
        backend.settle_refund(opened.reference, "k2", SHOP, succeeded=True)
        refused(
            "case_not_movable",
            lambda: backend.settle_refund(opened.reference, "k3", SHOP, succeeded=False),
        )

    # -- claims ---------------------------------------------------------------------------------

    def test_a_claim_under_the_guarantee_waits_for_the_article(self, backend: OrderBackend) -> None:
        claim = backend.open_claim(a_claim(), "k1", BY)
        assert (claim.status, claim.repair) == (ClaimStatus.OPEN, RepairStatus.AWAITING_ITEM)
        assert claim.folio.startswith("GAR-2026-")
        found = backend.case(claim.folio)
        assert found is not None
        assert found.case == claim

    def test_the_same_is_not_claimed_twice(self, backend: OrderBackend) -> None:
        first = backend.open_claim(a_claim(), "k1", BY)
        refusal = refused("already_claimed", lambda: backend.open_claim(a_claim(), "k2", BY))
        assert vars(refusal)["folio"] == first.folio

    def test_another_article_and_another_trouble_are_other_claims(
        self, backend: OrderBackend
    ) -> None:
        backend.open_claim(a_claim(), "k1", BY)
        backend.open_claim(a_claim(lines=(ClaimedLine(1),)), "k2", BY)
        other = a_claim(kind=ClaimKind.MISSING_ITEM, remedy=Remedy.RESEND)
        assert backend.open_claim(other, "k3", BY).folio.startswith("INC-2026-")

    def test_a_repair_is_followed_and_remembered_by_the_next_claim(
        self, backend: OrderBackend
    ) -> None:
        first = backend.open_claim(a_claim(), "k1", BY)
        moved = backend.move_claim(first.folio, "k2", SHOP, repair=RepairStatus.REPAIRING)
        assert moved.status is ClaimStatus.IN_PROGRESS
        backend.move_claim(
            first.folio, "k3", SHOP, to=ClaimStatus.RESOLVED, repair=RepairStatus.SENT_BACK
        )
        again = backend.open_claim(a_claim(), "k4", BY)
        assert again.earlier == (first.folio,)
        assert backend.cases("D-1001").claims[1].earlier == (first.folio,)

    def test_a_claim_is_taken_back_while_it_is_open(self, backend: OrderBackend) -> None:
        folio = backend.open_claim(a_claim(), "k1", BY).folio
        assert backend.cancel_claim(folio, "k2", BY).status is ClaimStatus.CANCELLED
        refused("claim_not_cancellable", lambda: backend.cancel_claim(folio, "k3", BY))
        assert backend.open_claim(a_claim(), "k4", BY).status is ClaimStatus.OPEN

    @pytest.mark.parametrize(
        "lines",
        [(ClaimedLine(9),), (ClaimedLine(0, 3),), (ClaimedLine(0), ClaimedLine(0))],
    )
    def test_a_claim_that_does_not_fit_the_order_is_invalid(
        self, lines: tuple[ClaimedLine, ...], backend: OrderBackend
    ) -> None:
        with pytest.raises(Invalid):
            backend.open_claim(a_claim(lines=lines), "k1", BY)

    def test_a_folio_of_another_kind_is_invalid(self, backend: OrderBackend) -> None:
        folio = backend.open_claim(a_claim(), "k1", BY).folio
        with pytest.raises(Invalid):
            backend.cancel_return(folio, "k2", BY)

    # -- complaints -----------------------------------------------------------------------------

    def test_anybody_may_complain_without_an_order(self, backend: OrderBackend) -> None:
        complaint = backend.open_complaint(a_complaint(), "k1", BY)
        assert complaint.folio.startswith("REC-2026-")
        assert (complaint.status, complaint.due_on) == (ComplaintStatus.OPEN, date(2026, 12, 14))
        assert backend.complaints_of("c1") == (complaint,)
        assert backend.complaints_of("c2") == ()
        found = backend.case(complaint.folio)
        assert found is not None
        assert (found.case, found.order_number) == (complaint, None)

    def test_a_complaint_about_an_order_is_among_its_cases(self, backend: OrderBackend) -> None:
        request = a_complaint(kind=ComplaintKind.QUEJA, order_number="D-1001", customer_id="ana")
        complaint = backend.open_complaint(request, "k1", BY)
        assert complaint.folio.startswith("QUE-2026-")
        assert backend.cases("D-1001").complaints == (complaint,)

    def test_the_same_complaint_is_registered_once_a_key(self, backend: OrderBackend) -> None:
        first = backend.open_complaint(a_complaint(), "k1", BY)
        assert backend.open_complaint(a_complaint(), "k1", BY) == first
        assert backend.complaints_of("c1") == (first,)

    def test_a_complaint_is_answered_once(self, backend: OrderBackend) -> None:
        folio = backend.open_complaint(a_complaint(), "k1", BY).folio
        answered = backend.move_complaint(
            folio, ComplaintStatus.RESOLVED, "k2", SHOP, "Te lo enviamos hoy."
        )
        assert (answered.status, answered.answer) == (
            ComplaintStatus.RESOLVED,
            "Te lo enviamos hoy.",
        )
        refused(
            "case_not_movable",
            lambda: backend.move_complaint(folio, ComplaintStatus.REJECTED, "k3", SHOP),
        )

    def test_a_complaint_about_an_order_nobody_has_is_not_found(
        self, backend: OrderBackend
    ) -> None:
        with pytest.raises(NotFound):
            backend.open_complaint(a_complaint(order_number="D-9999"), "k1", BY)

    def test_a_complaint_of_a_customer_nobody_knows_is_invalid(self, backend: OrderBackend) -> None:
        with pytest.raises(Invalid):
            backend.open_complaint(a_complaint(customer_id="nobody"), "k1", BY)

    # -- what the team sees ---------------------------------------------------------------------

    def test_the_team_sees_the_open_cases_of_every_order_and_of_none(
        self, backend: OrderBackend
    ) -> None:
        returned = backend.start_return(a_return(), "k1", BY)
        claim = backend.open_claim(a_claim(order_number="H-1006"), "k2", BY)
        complaint = backend.open_complaint(a_complaint(), "k3", BY)
        refund = backend.refund(a_refund("5.00"), "k4", BY)
        for with_closed in (False, True):
            seen = backend.all_cases(with_closed=with_closed)
            assert (seen.returns, seen.claims) == ((returned,), (claim,))
            assert (seen.complaints, seen.refunds) == ((complaint,), (refund,))

    def test_what_is_closed_is_seen_when_asked_for(self, backend: OrderBackend) -> None:
        returned = backend.start_return(a_return(), "k1", BY).folio
        claim = backend.open_claim(a_claim(), "k2", BY).folio
        complaint = backend.open_complaint(a_complaint(), "k3", BY).folio
        refund = backend.refund(a_refund("5.00"), "k4", BY).reference
        backend.cancel_return(returned, "k5", BY)
        backend.move_claim(claim, "k6", SHOP, to=ClaimStatus.REJECTED)
        backend.move_complaint(complaint, ComplaintStatus.RESOLVED, "k7", SHOP)
        backend.settle_refund(refund, "k8", SHOP, succeeded=False)
        assert backend.all_cases(with_closed=False) == OrderCases()
        seen = backend.all_cases(with_closed=True)
        assert [one.folio for one in (*seen.returns, *seen.claims, *seen.complaints)] == [
            returned,
            claim,
            complaint,
        ]
        assert [one.reference for one in seen.refunds] == [refund]

    def test_cases_are_seen_the_oldest_first(self, backend: OrderBackend) -> None:
        folios = [backend.start_return(a_return(), f"k{n}", BY).folio for n in range(2)]
        assert [one.folio for one in backend.all_cases(with_closed=False).returns] == folios

    @pytest.mark.parametrize("written", ["RMB-2026-000001", "rmb 2026 1", "rmb-1"])
    def test_a_refund_is_found_by_its_reference(self, written: str, backend: OrderBackend) -> None:
        refund = backend.refund(a_refund("5.00"), "k1", BY)
        assert backend.find_refund(written) == refund

    @pytest.mark.parametrize("written", ["RMB-2026-000009", "DEV-2026-000001", "nothing"])
    def test_nothing_else_is_a_refund(self, written: str, backend: OrderBackend) -> None:
        backend.refund(a_refund("5.00"), "k1", BY)
        backend.start_return(a_return(), "k2", BY)
        assert backend.find_refund(written) is None

    def test_the_history_of_a_case_is_its_own(self, backend: OrderBackend) -> None:
        returned = backend.start_return(a_return(), "k1", BY).folio
        other = backend.start_return(a_return(), "k2", BY).folio
        backend.move_return(returned, ReturnStatus.RECEIVED, "k3", SHOP)
        told = [(one.at, one.actor, one.kind) for one in backend.history(returned)]
        assert told == [
            (NOW, BY.name, "return_requested"),
            (NOW, SHOP.name, "return_received"),
            (NOW, SHOP.name, "refund_opened"),
        ]
        assert [one.kind for one in backend.history(other)] == ["return_requested"]

    def test_a_refund_has_a_history(self, backend: OrderBackend) -> None:
        refund = backend.refund(a_refund("5.00"), "k1", BY).reference
        backend.settle_refund(refund, "k2", SHOP, succeeded=True)
        told = [one.kind for one in backend.history(refund)]
        assert told == ["refund_opened", "refund_succeeded"]

    def test_a_complaint_without_an_order_has_a_history(self, backend: OrderBackend) -> None:
        folio = backend.open_complaint(a_complaint(), "k1", BY).folio
        backend.open_complaint(a_complaint(), "k2", BY)
        backend.move_complaint(folio, ComplaintStatus.IN_PROGRESS, "k3", SHOP)
        told = [(one.actor, one.kind) for one in backend.history(folio)]
        assert told == [(BY.name, "complaint_opened"), (SHOP.name, "complaint_in_progress")]

    def test_what_nobody_opened_has_no_history(self, backend: OrderBackend) -> None:
        assert backend.history("DEV-2026-000009") == ()

    # -- evidence and documents -----------------------------------------------------------------

    @pytest.mark.parametrize("kind", ["return", "claim", "complaint"])
    def test_evidence_is_added_once_to_any_case(self, kind: str, backend: OrderBackend) -> None:
        folio = {
            "return": lambda: backend.start_return(a_return(evidence=("a.jpg",)), "k1", BY),
            "claim": lambda: backend.open_claim(a_claim(evidence=("a.jpg",)), "k1", BY),
            "complaint": lambda: backend.open_complaint(a_complaint(evidence=("a.jpg",)), "k1", BY),
        }[kind]().folio
        for _ in range(2):
            backend.attach_evidence(folio, ("a.jpg", "b.jpg"), "k2", BY)
        found = backend.case(folio)
        assert found is not None
        assert found.case.evidence == ("a.jpg", "b.jpg")

    def test_the_document_of_an_order_is_a_pdf(self, backend: OrderBackend) -> None:
        self.needs(backend, Capability.INVOICES)
        document = backend.invoice("D-1001")
        assert document.content.startswith(b"%PDF-")
        assert (document.number, document.issued_on) == ("D-1001", date(2026, 11, 1))
