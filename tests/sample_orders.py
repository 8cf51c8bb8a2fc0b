"""A small shop for tests: as an import document, and as domain types."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.money import Money
from bot.domain.orders import (
    Address,
    Customer,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    Shipment,
    ShipmentStatus,
)

RETAIL_FILE = Path(__file__).parent / "data" / "retail_orders.json"

_ADDRESS = {
    "name": "Ana Gil",
    "line1": "Calle Mayor 1",
    "line2": "2.º A",
    "city": "Madrid",
    "region": "Madrid",
    "postal_code": "28013",
    "country": "ES",
}

_DOCUMENT: dict[str, Any] = {
    "products": [
        {
            "sku": "CAF-1",
            "title": "Cafetera",
            "category": "electrodomesticos",
            "options": {"color": "rojo"},
            "warranty_months": 36,
            "returnable": True,
            "manual_url": "https://shop.example.com/caf-1.pdf",
        },
        {"sku": "TAZ-1", "title": "Taza", "category": "hogar"},
    ],
    "customers": [
        {
            "id": "ana",
            "name": "Ana Gil",
            "email": "ana.gil@example.com",
            "phone": "+34 600 000 000",
            "address": _ADDRESS,
        },
        {"id": "luis", "name": "Luis Paz", "email": "luis@example.com", "address": _ADDRESS},
    ],
    "orders": [
        {
            "number": "A-1001",
            "customer_id": "ana",
            "placed_at": "2026-11-01T10:00:00+01:00",
            "currency": "EUR",
            "country": "ES",
            "status": "open",
            "payment_status": "paid",
            "lines": [
                {
                    "sku": "CAF-1",
                    "quantity": 1,
                    "unit_price": "89.90",
                    "options": {"color": "rojo"},
                },
                {"sku": "TAZ-1", "title": "Taza azul", "quantity": 2, "unit_price": "4.50"},
            ],
            "shipments": [
                {
                    "carrier": "SEUR",
                    "tracking_number": "123",
                    "status": "in_transit",
                    "shipped_at": "2026-11-02T09:00:00Z",
                    "estimated_delivery": "2026-11-05T19:00:00Z",
                    "lines": [{"sku": "CAF-1", "quantity": 1}],
                    "events": [
                        {"at": "2026-11-03T06:00:00Z", "status": "in_transit", "place": "Madrid"},
                        {
                            "at": "2026-11-02T09:00:00Z",
                            "status": "info_received",
                            "description": "Registrado",
                        },
                    ],
                }
            ],
            "shipping_address": _ADDRESS,
            "payments": [
                {"method": "credit_card", "amount": "98.90"},
                {
                    "method": "credit_card",
                    "amount": "4.50",
                    "kind": "refund",
                    "at": "2026-11-04T12:00:00Z",
                },
            ],
        },
        {
            "number": "#W2-7",
            "customer_id": "luis",
            "placed_at": "2026-11-02T10:00:00Z",
            "currency": "COP",
            "country": "CO",
            "status": "open",
            "payment_status": "pending",
            "lines": [{"sku": "CAF-1", "quantity": 1, "unit_price": "39900000"}],
            "shipments": [],
            "shipping_address": _ADDRESS | {"country": "CO"},
        },
    ],
}


def sample_document() -> dict[str, Any]:
    """A correct document, fresh for each test to spoil."""
    document: dict[str, Any] = json.loads(json.dumps(_DOCUMENT))
    return document


def retail_document() -> dict[str, Any]:
    """A retail database of a thousand orders that nobody of the project wrote."""
    document: dict[str, Any] = json.loads(RETAIL_FILE.read_text(encoding="utf-8"))
    return document


def an_address(**changes: Any) -> Address:
    return Address(**{**_ADDRESS, **changes})


def a_customer(**changes: Any) -> Customer:
    values: dict[str, Any] = {
        "id": "ana",
        "name": "Ana Gil",
        "email": "ana.gil@example.com",
        "address": an_address(),
    }
    return Customer(**{**values, **changes})


def a_line(sku: str = "CAF-1", quantity: int = 1, price: str = "10.00") -> OrderLine:
    return OrderLine(sku, sku.title(), quantity, Money.parse(price, "EUR"))


def a_shipment(status: ShipmentStatus = ShipmentStatus.IN_TRANSIT, **changes: Any) -> Shipment:
    return Shipment("SEUR", "123", status, **changes)


def an_order(**changes: Any) -> Order:
    """An open, paid order of one line, from Spain, without a shipment."""
    values: dict[str, Any] = {
        "number": "A-1001",
        "customer": a_customer(),
        "placed_at": datetime(2026, 11, 1, 9, tzinfo=UTC),
        "currency": "EUR",
        "country": "ES",
        "status": OrderStatus.OPEN,
        "payment_status": PaymentStatus.PAID,
        "lines": (a_line(),),
        "shipping_address": an_address(),
    }
    return Order(**{**values, **changes})
