"""A shop with an order of every kind in every country, each with a customer of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.commerce.sql import SqlOrderBackend
from bot.domain.claims import ClaimedLine, ClaimKind, ClaimRequest, ClaimStatus, Remedy
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.domain.refunds import RefundKind, RefundRequest
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    ReturnBasis,
    ReturnReason,
    ReturnRequest,
    ReturnStatus,
)
from bot.services.order_backend import Actor

TEAM = Actor.agent("Eva")
# With policies of their own, and one country of which only the shop's promises are known.
COUNTRIES = ("ES", "MX", "CO", "AR", "CL", "PE", "FR")

PRODUCTS = (
    {"sku": "LAM", "title": "Lámpara", "category": "hogar", "warranty_months": 36},
    {"sku": "TAZ", "title": "Taza", "category": "hogar"},
    {"sku": "CEP", "title": "Cepillo", "category": "higiene", "returnable": False},
    {"sku": "FLO", "title": "Ramo de rosas", "category": "flores"},
    {"sku": "CUR", "title": "Curso de cocina", "category": "cursos", "condition": "digital"},
    {"sku": "USA", "title": "Cámara", "category": "fotografia", "condition": "second_hand"},
    {"sku": "AGO", "title": "Silla", "category": "muebles", "stock": 0},
    {"sku": "ZAP-N", "title": "Zapatos", "category": "calzado", "options": {"color": "negro"}},
    {"sku": "ZAP-R", "title": "Zapatos", "category": "calzado", "options": {"color": "rojo"}},
)

Prepare = Callable[[SqlOrderBackend, Order], None]


@dataclass(frozen=True)
class Kind:
    """What an order of a kind is like; days are counted back from now.

    `prepare` does what has happened to it since it was placed.
    """

    skus: tuple[str, ...] = ("LAM",)
    placed: int = 8
    status: str = "open"
    payment: str = "paid"
    parcels: tuple[Mapping[str, Any], ...] = ()
    prepare: tuple[Prepare, ...] = field(default=())


def _parcel(
    status: str, *, arrived: int | None = None, expected: int | None = None, **more: Any
) -> dict[str, Any]:
    return {"status": status, "arrived": arrived, "expected": expected, **more}


def _arrived(days: int, *skus: str, prepare: tuple[Prepare, ...] = (), late: int = 0) -> Kind:
    parcel = _parcel("delivered", arrived=days, expected=days + late)
    return Kind(skus or ("LAM",), days + 4, "completed", "paid", (parcel,), prepare)


def _starts_return(to: tuple[ReturnStatus, ...] = ()) -> Prepare:
    def prepare(backend: SqlOrderBackend, order: Order) -> None:
        request = ReturnRequest(
            order.number,
            (RequestedLine(0, 1),),
            ReturnReason.CHANGED_MIND,
            Resolution.REFUND,
            ReturnBasis.COURTESY,
            "customer",
        )
        opened = backend.start_return(request, f"{order.number}:return", TEAM)
        for status in to:
            backend.move_return(opened.folio, status, f"{order.number}:{status}", TEAM)

    return prepare


def _opens_claim(kind: ClaimKind, remedy: Remedy, to: ClaimStatus | None = None) -> Prepare:
    def prepare(backend: SqlOrderBackend, order: Order) -> None:
        lines = (ClaimedLine(0),) if kind is not ClaimKind.LATE_DELIVERY else ()
        request = ClaimRequest(order.number, kind, remedy, lines)
        claim = backend.open_claim(request, f"{order.number}:{kind}", TEAM)
        if to is not None:
            backend.move_claim(claim.folio, f"{order.number}:{to}", TEAM, to=to)

    return prepare


def _compensates(backend: SqlOrderBackend, order: Order) -> None:
    amount = Money(100, order.currency)
    request = RefundRequest(order.number, amount, RefundKind.COMPENSATION, reason="late_delivery")
    backend.refund(request, f"{order.number}:compensation", TEAM)


KINDS: Mapping[str, Kind] = {
    "not_sent": Kind(placed=1),
    "not_sent_two_articles": Kind(("LAM", "TAZ"), placed=1),
    "not_sent_digital": Kind(("CUR",), placed=1),
    "payment_pending": Kind(placed=1, payment="pending"),
    "payment_failed": Kind(placed=1, payment="failed"),
    "partly_paid_back_not_sent": Kind(placed=1, payment="partially_refunded"),
    "handed_to_carrier": Kind(parcels=(_parcel("pending"),)),
    "in_transit": Kind(parcels=(_parcel("in_transit", expected=-2),)),
    "in_transit_undated": Kind(parcels=(_parcel("in_transit"),)),
    "out_for_delivery": Kind(parcels=(_parcel("out_for_delivery"),)),
    "to_be_picked_up": Kind(parcels=(_parcel("available_for_pickup"),)),
    "late_a_day": Kind(parcels=(_parcel("in_transit", expected=1),)),
    "late_weeks": Kind(placed=40, parcels=(_parcel("in_transit", expected=25),)),
    "carrier_exception": Kind(parcels=(_parcel("exception"),)),
    "carrier_silent": Kind(placed=30, parcels=(_parcel("expired"),)),
    "carrier_unknown": Kind(parcels=(_parcel("unknown"),)),
    "enquiry_open": Kind(
        parcels=(_parcel("in_transit", expected=4),),
        prepare=(_opens_claim(ClaimKind.LATE_DELIVERY, Remedy.CARRIER_ENQUIRY),),
    ),
    "partly_delivered": Kind(
        ("LAM", "TAZ"),
        parcels=(
            _parcel("delivered", arrived=3, lines=[{"sku": "LAM", "quantity": 1}]),
            _parcel("in_transit", expected=-1, lines=[{"sku": "TAZ", "quantity": 1}]),
        ),
    ),
    "delivered_undated": Kind(status="completed", parcels=(_parcel("delivered"),)),
    "completed_without_parcel": Kind(status="completed", placed=20),
    "completed_long_ago": Kind(status="completed", placed=2000),
    "completed_underway": Kind(status="completed", parcels=(_parcel("in_transit"),)),
    "completed_not_sent": Kind(
        status="completed", parcels=(_parcel("pending", lines=[{"sku": "LAM", "quantity": 1}]),)
    ),
    "delivered_lately": _arrived(4),
    "delivered_lately_two_articles": _arrived(4, "LAM", "CEP"),
    "delivered_late": _arrived(4, late=12),
    "delivered_not_returnable": _arrived(4, "CEP"),
    "delivered_excluded": _arrived(4, "FLO"),
    "delivered_second_hand": _arrived(4, "USA"),
    "delivered_sold_out": _arrived(4, "AGO"),
    "delivered_in_black": _arrived(4, "ZAP-N"),
    "digital": Kind(("CUR",), 4, "completed"),
    "digital_long_ago": Kind(("CUR",), 2000, "completed"),
    "delivered_two_months_ago": _arrived(60),
    "delivered_not_returnable_two_months_ago": _arrived(60, "CEP"),
    "delivered_excluded_two_months_ago": _arrived(60, "FLO"),
    "delivered_second_hand_long_ago": _arrived(2000, "USA"),
    "delivered_long_ago": _arrived(2000),
    "cancelled": Kind(status="cancelled", payment="refunded"),
    "cancelled_unpaid": Kind(status="cancelled", payment="failed"),
    "cancelled_not_paid_back": Kind(status="cancelled"),
    "cancelled_after_delivery": Kind(
        status="cancelled", payment="refunded", parcels=(_parcel("delivered", arrived=3),)
    ),
    "return_requested": _arrived(4, prepare=(_starts_return(),)),
    "return_received": _arrived(
        4, prepare=(_starts_return((ReturnStatus.APPROVED, ReturnStatus.RECEIVED)),)
    ),
    "return_closed": _arrived(
        4,
        prepare=(
            _starts_return((ReturnStatus.APPROVED, ReturnStatus.RECEIVED, ReturnStatus.CLOSED)),
        ),
    ),
    "return_declined": _arrived(4, prepare=(_starts_return((ReturnStatus.DECLINED,)),)),
    "guarantee_claimed": _arrived(40, prepare=(_opens_claim(ClaimKind.WARRANTY, Remedy.REPAIR),)),
    "guarantee_rejected": _arrived(
        40, prepare=(_opens_claim(ClaimKind.WARRANTY, Remedy.REPAIR, ClaimStatus.REJECTED),)
    ),
    "not_received_reported": _arrived(
        4, prepare=(_opens_claim(ClaimKind.NOT_RECEIVED, Remedy.RESEND),)
    ),
    "missing_reported": _arrived(4, prepare=(_opens_claim(ClaimKind.MISSING_ITEM, Remedy.RESEND),)),
    "compensated": _arrived(4, late=12, prepare=(_compensates,)),
}


def number_of(kind: str, country: str) -> str:
    """The number of the order of a kind in a country."""
    return f"{country}-{list(KINDS).index(kind) + 1001}"


def email_of(number: str) -> str:
    """Whose it is."""
    return f"{number.lower()}@example.com"


def shop_of_every_kind(now: datetime, countries: Sequence[str] = COUNTRIES) -> dict[str, Any]:
    """The import document."""
    orders = [_order(name, country, now) for country in countries for name in KINDS]
    customers = [
        {
            "id": order["customer_id"],
            "name": "Ana Gil",
            "email": email_of(order["number"]),
            "address": order["shipping_address"],
        }
        for order in orders
    ]
    return {"products": list(PRODUCTS), "customers": customers, "orders": orders}


def prepare_all(backend: SqlOrderBackend, countries: Sequence[str] = COUNTRIES) -> None:
    """Do what has happened to the orders since they were placed."""
    for country in countries:
        for name, kind in KINDS.items():
            for prepare in kind.prepare:
                prepare(backend, backend.order(number_of(name, country)))


def _order(name: str, country: str, now: datetime) -> dict[str, Any]:
    kind, number = KINDS[name], number_of(name, country)
    total = 100 * len(kind.skus)
    order = {
        "number": number,
        "customer_id": number.lower(),
        "placed_at": _back(now, kind.placed),
        "currency": "EUR",
        "country": country,
        "status": kind.status,
        "payment_status": kind.payment,
        "lines": [{"sku": sku, "quantity": 1, "unit_price": "100.00"} for sku in kind.skus],
        "shipments": [_shipment(place, each, now) for place, each in enumerate(kind.parcels)],
        "shipping_address": {
            "name": "Ana Gil",
            "line1": "Calle Mayor 1",
            "city": "La Ciudad",
            "postal_code": "28013",
            "country": country,
        },
    }
    if kind.payment not in ("pending", "failed"):
        paid = [{"method": "credit_card", "amount": f"{total}.00"}]
        if kind.payment == "refunded":
            paid.append({"method": "credit_card", "amount": f"{total}.00", "kind": "refund"})
        order["payments"] = paid
    return order


def _shipment(place: int, parcel: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    shipment = {"carrier": "SEUR", "tracking_number": f"T-{place}", "status": parcel["status"]}
    if parcel["arrived"] is not None:
        shipment["delivered_at"] = _back(now, parcel["arrived"])
    if parcel["expected"] is not None:
        shipment["estimated_delivery"] = _back(now, parcel["expected"])
    if "lines" in parcel:
        shipment["lines"] = parcel["lines"]
    return shipment


def _back(now: datetime, days: int) -> str:
    return (now - timedelta(days=days)).isoformat()
