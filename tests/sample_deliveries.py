"""Orders of Ana that have arrived, for tests of what comes afterwards."""

from typing import Any

from tests.sample_orders import sample_document

PROOF = "ana.gil@example.com"


def delivered(
    number: str = "A-1001", on: str = "2026-11-16", lines: str = "CAF-1 TAZ-1", **changes: Any
) -> dict[str, Any]:
    """An order, one piece of each article, that arrived on a day a week after it was placed."""
    order: dict[str, Any] = sample_document()["orders"][0]
    order |= {
        "number": number,
        "placed_at": f"{on}T08:00:00Z",
        "lines": [{"sku": sku, "quantity": 1, "unit_price": "20.00"} for sku in lines.split()],
        "shipments": [
            {
                "carrier": "SEUR",
                "tracking_number": f"{number}-1",
                "status": "delivered",
                "shipped_at": f"{on}T08:30:00Z",
                "delivered_at": f"{on}T09:00:00Z",
            }
        ],
        "payments": [{"method": "credit_card", "amount": "40.00"}],
    }
    return order | changes


def document_with(*orders: dict[str, Any], **product: Any) -> dict[str, Any]:
    """The sample shop with these orders; `product` changes its coffee machine."""
    document = sample_document()
    document["products"][0] |= product
    document["orders"] = list(orders)
    return document
