"""Between rows and domain types of the order side, both ways.

Rows are changed in place, position by position: their ids stay, and SQLAlchemy writes only the
columns whose values differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from bot.adapters.database.tables import (
    AddressRow,
    CustomerRow,
    OrderLineRow,
    OrderRow,
    PaymentRow,
    ProductRow,
    ShipmentEventRow,
    ShipmentRow,
)
from bot.domain.money import Money
from bot.domain.orders import (
    Address,
    Condition,
    Customer,
    HelpTopic,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Product,
    ProductHelp,
    Shipment,
    ShipmentEvent,
    ShipmentStatus,
    ShippedLine,
    bare_number,
    number_without_prefix,
)


def product_of(row: ProductRow) -> Product:
    """The product in a row."""
    return Product(
        sku=row.sku,
        title=row.title,
        category=row.category,
        options=dict(row.options),
        warranty_months=row.warranty_months,
        returnable=row.returnable,
        manual_url=row.manual_url,
        condition=Condition(row.condition),
        stock=row.stock,
        help=tuple(
            ProductHelp(HelpTopic(topic["topic"]), topic["text"], topic.get("url"))
            for topic in row.help
        ),
    )


def customer_of(row: CustomerRow) -> Customer:
    """The customer in a row."""
    return Customer(
        id=row.id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        address=_address_of(row.address),
    )


def order_of(row: OrderRow) -> Order:
    """The order in a row, with all that belongs to it."""
    return Order(
        number=row.number,
        customer=customer_of(row.customer),
        placed_at=row.placed_at,
        currency=row.currency,
        country=row.country,
        status=OrderStatus(row.status),
        payment_status=PaymentStatus(row.payment_status),
        lines=tuple(
            OrderLine(
                sku=line.sku,
                title=line.title,
                quantity=line.quantity,
                unit_price=Money(line.unit_price_minor, row.currency),
                options=dict(line.options),
            )
            for line in row.lines
        ),
        shipping_address=_address_of(row.shipping_address),
        shipments=tuple(_shipment_of(shipment) for shipment in row.shipments),
        payments=tuple(
            Payment(
                method=payment.method,
                amount=Money(payment.amount_minor, row.currency),
                kind=payment.kind,
                at=payment.at,
            )
            for payment in row.payments
        ),
    )


def write_product(row: ProductRow, product: Product) -> None:
    """Make a row say what the product says."""
    topics = [_values(topic) | {"topic": topic.topic.value} for topic in product.help]
    _set(row, _values(product) | {"condition": product.condition.value, "help": topics})


def write_customer(row: CustomerRow, customer: Customer) -> None:
    """Make a row, and the row of its address, say what the customer says."""
    values = _values(customer)
    address = values.pop("address")
    _set(row, values)
    _set(row.address, _values(address))


def write_order(row: OrderRow, order: Order) -> None:
    """Make a row, and all rows that belong to it, say what the order says."""
    row.number = order.number
    row.bare_number = bare_number(order.number)
    row.number_without_prefix = number_without_prefix(order.number)
    row.customer_id = order.customer.id
    row.placed_at = order.placed_at
    row.currency = order.currency
    row.country = order.country
    row.status = order.status.value
    row.payment_status = order.payment_status.value
    _set(row.shipping_address, _values(order.shipping_address))
    for line_row, line in _paired(row.lines, order.lines, OrderLineRow):
        _set(line_row, _values(line) | {"unit_price_minor": line.unit_price.minor}, "unit_price")
    for shipment_row, shipment in _paired(row.shipments, order.shipments, ShipmentRow):
        _write_shipment(shipment_row, shipment)
    for payment_row, payment in _paired(row.payments, order.payments, PaymentRow):
        _set(payment_row, _values(payment) | {"amount_minor": payment.amount.minor}, "amount")


def _write_shipment(row: ShipmentRow, shipment: Shipment) -> None:
    inside = [{"sku": line.sku, "quantity": line.quantity} for line in shipment.lines]
    _set(row, _values(shipment) | {"status": shipment.status.value, "lines": inside}, "events")
    for event_row, event in _paired(row.events, shipment.events, ShipmentEventRow):
        _set(event_row, _values(event) | {"status": event.status.value})


def _shipment_of(row: ShipmentRow) -> Shipment:
    return Shipment(
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        status=ShipmentStatus(row.status),
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        estimated_delivery=row.estimated_delivery,
        events=tuple(
            ShipmentEvent(
                at=event.at,
                status=ShipmentStatus(event.status),
                description=event.description,
                place=event.place,
            )
            for event in row.events
        ),
        lines=tuple(ShippedLine(line["sku"], line["quantity"]) for line in row.lines),
    )


def _address_of(row: AddressRow) -> Address:
    return Address(
        name=row.name,
        line1=row.line1,
        line2=row.line2,
        city=row.city,
        region=row.region,
        postal_code=row.postal_code,
        country=row.country,
    )


Row = TypeVar("Row")
Thing = TypeVar("Thing")


def _paired(
    rows: list[Row], things: Sequence[Thing], make: Callable[..., Row]
) -> list[tuple[Row, Thing]]:
    """Each thing with its row; rows are made or dropped at the end, so that positions stay whole."""
    rows.extend(make(position=position) for position in range(len(rows), len(things)))
    del rows[len(things) :]
    return list(zip(rows, things, strict=True))


def _values(thing: Any) -> dict[str, Any]:
    """The fields of a frozen domain type, by the names that their columns have too."""
    return {field.name: getattr(thing, field.name) for field in fields(thing)}


def _set(row: object, values: dict[str, Any], *without: str) -> None:
    for name, value in values.items():
        if name not in without:
            setattr(row, name, value)
