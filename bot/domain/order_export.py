"""Orders written in the shape in which they are imported: reading one back gives it again."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.orders import (
    Address,
    Condition,
    Order,
    OrderLine,
    Payment,
    Product,
    Shipment,
    ShipmentEvent,
)


def written(order: Order) -> dict[str, Any]:
    """An order as the import reads it; what the backend did not say is left out."""
    return {
        "number": order.number,
        "customer_id": order.customer.id,
        "placed_at": written_instant(order.placed_at),
        "currency": order.currency,
        "country": order.country,
        "status": order.status.value,
        "payment_status": order.payment_status.value,
        "lines": [_line(line) for line in order.lines],
        "shipments": [_shipment(shipment) for shipment in order.shipments],
        "shipping_address": _address(order.shipping_address),
        "payments": [_payment(payment) for payment in order.payments],
    }


def written_product(product: Product) -> dict[str, Any]:
    """An article as the import reads it; what is as it usually is, is left out."""
    return _given(
        sku=product.sku,
        title=product.title,
        category=product.category,
        options=dict(product.options),
        warranty_months=product.warranty_months,
        returnable=None if product.returnable else False,
        manual_url=product.manual_url,
        condition=None if product.condition is Condition.NEW else product.condition.value,
        stock=product.stock,
        help=[
            _given(topic=help_.topic.value, text=help_.text, url=help_.url)
            for help_ in product.help
        ],
    )


def changes(before: Order, after: Order) -> dict[str, dict[str, Any]]:
    """What differs between two states of one order, by field: `{"status": {"from": …, "to": …}}`.

    Of the address only the names of the changed parts are told: personal data stay in one row, so
    that erasing them is one place.
    """
    old, new = written(before), written(after)
    changed = {
        key: {"from": old[key], "to": new[key]}
        for key in new
        if key != "shipping_address" and old[key] != new[key]
    }
    parts = old["shipping_address"].keys() | new["shipping_address"].keys()
    moved = sorted(
        part
        for part in parts
        if old["shipping_address"].get(part) != new["shipping_address"].get(part)
    )
    return {**changed, "shipping_address": {"parts": moved}} if moved else changed


def written_instant(instant: datetime) -> str:
    """An instant in UTC, as in `2026-11-13T10:00:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _line(line: OrderLine) -> dict[str, Any]:
    return _given(
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        unit_price=str(line.unit_price),
        options=dict(line.options),
    )


def _shipment(shipment: Shipment) -> dict[str, Any]:
    return _given(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        status=shipment.status.value,
        shipped_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
        estimated_delivery=shipment.estimated_delivery,
        events=[_shipment_event(event) for event in shipment.events],
        lines=[{"sku": line.sku, "quantity": line.quantity} for line in shipment.lines],
    )


def _shipment_event(event: ShipmentEvent) -> dict[str, Any]:
    return _given(
        at=event.at, status=event.status.value, description=event.description, place=event.place
    )


def _address(address: Address) -> dict[str, Any]:
    return _given(
        name=address.name,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
    )


def _payment(payment: Payment) -> dict[str, Any]:
    return _given(
        method=payment.method, amount=str(payment.amount), kind=payment.kind, at=payment.at
    )


def _given(**fields: Any) -> dict[str, Any]:
    """The fields that hold something, instants as text."""
    return {
        key: written_instant(value) if isinstance(value, datetime) else value
        for key, value in fields.items()
        if value not in (None, "", {}, [])
    }
