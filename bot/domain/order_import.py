"""The shop's orders as one document: checked whole before anything is stored.

The shape is the one of `posventa orders import`. All problems are reported at once, each with its
place, so that a file is mended in one go.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.document_fields import LONGEST_NAME, Fields, Problems
from bot.domain.errors import Refusal
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
)

# More than this is one systematic mistake, and nobody reads on.
MOST_PROBLEMS = 50
MOST_PIECES = 1_000_000
LONGEST_WARRANTY_MONTHS = 1_200


class PaymentKind(StrEnum):
    """Which way the money went."""

    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class OrdersDocument:
    """A document without a mistake: every reference of an order is to something inside it."""

    products: tuple[Product, ...] = ()
    customers: tuple[Customer, ...] = ()
    orders: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import did to the rows of one kind."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did."""

    products: Counts = field(default_factory=Counts)
    customers: Counts = field(default_factory=Counts)
    orders: Counts = field(default_factory=Counts)

    @property
    def changed_anything(self) -> bool:
        """Whether the database is not what it was before."""
        return any(
            kind.created or kind.updated for kind in (self.products, self.customers, self.orders)
        )


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One mistake of a document; `place` is like `orders[3].lines[0].quantity`."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class ImportRefused(Refusal):
    """The document has mistakes: `problems` are the first of them, `omitted` counts the rest."""

    code = "import_refused"

    def __init__(self, problems: Iterable[ImportProblem], omitted: int = 0) -> None:
        self.problems = tuple(problems)
        self.omitted = omitted
        lines = [str(problem) for problem in self.problems]
        super().__init__("\n".join([*lines, f"and {omitted} more"] if omitted else lines))


def read_document(raw: object) -> OrdersDocument:
    """Check a parsed JSON document and turn it into orders.

    Raises:
        ImportRefused: with every mistake found.
    """
    problems = Problems(MOST_PROBLEMS)
    root = Fields(raw, "", problems)
    products = _products(root)
    customers = _customers(root)
    orders = _orders(root, products, customers)
    root.close()
    if problems.count:
        kept = [ImportProblem(place, problem) for place, problem in problems.kept]
        raise ImportRefused(kept, problems.count - len(kept))
    return OrdersDocument(
        tuple((products or {}).values()), tuple((customers or {}).values()), tuple(orders.values())
    )


def _products(root: Fields) -> dict[str, Product] | None:
    rows = root.children("products")
    if rows is None:
        return None
    products: dict[str, Product] = {}
    first_places: dict[str, str] = {}
    for row in rows:
        product = Product(
            sku=_key(row, "sku", first_places),
            title=row.text("title"),
            category=row.text("category", LONGEST_NAME),
            options=row.texts("options"),
            warranty_months=row.whole_or_none("warranty_months", 0, LONGEST_WARRANTY_MONTHS),
            returnable=row.flag("returnable", default=True),
            manual_url=row.web_address_or_none("manual_url"),
            condition=row.one_of("condition", Condition, default=Condition.NEW),
            stock=row.whole_or_none("stock", 0, MOST_PIECES),
            help=_help(row),
        )
        row.close()
        products[product.sku] = product
    return products


def _help(product: Fields) -> tuple[ProductHelp, ...]:
    topics: list[ProductHelp] = []
    for row in product.children("help", optional=True) or ():
        topic, text = row.one_of("topic", HelpTopic), row.text("text")
        topics.append(ProductHelp(topic, text, row.web_address_or_none("url")))
        row.close()
    return tuple(topics)


def _customers(root: Fields) -> dict[str, Customer] | None:
    rows = root.children("customers")
    if rows is None:
        return None
    customers: dict[str, Customer] = {}
    first_places: dict[str, str] = {}
    for row in rows:
        customer = Customer(
            id=_key(row, "id", first_places),
            name=row.text("name"),
            email=row.shaped("email", r"[^@\s]+@[^@\s]+", "an e-mail address"),
            phone=row.text_or_none("phone", LONGEST_NAME),
            address=_address(row.child("address")),
        )
        row.close()
        customers[customer.id] = customer
    return customers


def _orders(
    root: Fields, products: dict[str, Product] | None, customers: dict[str, Customer] | None
) -> dict[str, Order]:
    orders: dict[str, Order] = {}
    first_places: dict[str, str] = {}
    for row in root.children("orders") or ():
        number = _key(row, "number", first_places)
        if number and not bare_number(number):
            row.problem("number", "must contain a letter or a digit")
        currency = row.shaped("currency", "[A-Z]{3}", "a currency like EUR")
        lines = _lines(row, currency, products)
        orders[number] = Order(
            number=number,
            customer=_customer_of(row, customers),
            placed_at=row.instant("placed_at"),
            currency=currency,
            country=_country(row),
            status=row.one_of("status", OrderStatus),
            payment_status=row.one_of("payment_status", PaymentStatus),
            lines=lines,
            shipping_address=_address(row.child("shipping_address")),
            shipments=_shipments(row, {line.sku for line in lines}),
            payments=_payments(row, currency),
        )
        row.close()
    return orders


def _lines(
    order: Fields, currency: str, products: dict[str, Product] | None
) -> tuple[OrderLine, ...]:
    lines: list[OrderLine] = []
    rows = order.children("lines")
    if rows == []:
        order.problem("lines", "must not be empty")
    for row in rows or ():
        sku = row.text("sku", LONGEST_NAME)
        product = (products or {}).get(sku)
        if sku and product is None and products is not None:
            row.problem("sku", f"no product has the SKU {sku!a}")
        line = OrderLine(
            sku=sku,
            title=row.text_or_none("title") or (product.title if product else ""),
            quantity=row.whole("quantity", 1, MOST_PIECES),
            unit_price=row.money("unit_price", currency),
            options=row.texts("options"),
        )
        row.close()
        lines.append(line)
    return tuple(lines)


def _shipments(order: Fields, ordered: set[str]) -> tuple[Shipment, ...]:
    shipments: list[Shipment] = []
    for row in order.children("shipments") or ():
        shipment = Shipment(
            carrier=row.text("carrier", LONGEST_NAME),
            tracking_number=row.text("tracking_number", LONGEST_NAME),
            status=row.one_of("status", ShipmentStatus),
            shipped_at=row.instant_or_none("shipped_at"),
            delivered_at=row.instant_or_none("delivered_at"),
            estimated_delivery=row.instant_or_none("estimated_delivery"),
            events=_shipment_events(row),
            lines=_shipped_lines(row, ordered),
        )
        row.close()
        shipments.append(shipment)
    return tuple(shipments)


def _shipment_events(shipment: Fields) -> tuple[ShipmentEvent, ...]:
    events: list[ShipmentEvent] = []
    for row in shipment.children("events", optional=True) or ():
        at, status = row.instant("at"), row.one_of("status", ShipmentStatus)
        description, where = row.text_or_none("description") or "", row.text_or_none("place")
        row.close()
        events.append(ShipmentEvent(at, status, description, where))
    return tuple(sorted(events, key=lambda event: event.at))


def _shipped_lines(shipment: Fields, ordered: set[str]) -> tuple[ShippedLine, ...]:
    lines: list[ShippedLine] = []
    for row in shipment.children("lines", optional=True) or ():
        sku = row.text("sku", LONGEST_NAME)
        if sku and sku not in ordered:
            row.problem("sku", f"the order has no line with the SKU {sku!a}")
        lines.append(ShippedLine(sku, row.whole("quantity", 1, MOST_PIECES)))
        row.close()
    return tuple(lines)


def _payments(order: Fields, currency: str) -> tuple[Payment, ...]:
    payments: list[Payment] = []
    for row in order.children("payments", optional=True) or ():
        method, amount = row.text("method", LONGEST_NAME), row.money("amount", currency)
        kind = row.one_of("kind", PaymentKind, default=PaymentKind.PAYMENT)
        payments.append(Payment(method, amount, kind.value, row.instant_or_none("at")))
        row.close()
    return tuple(payments)


def _address(row: Fields) -> Address:
    address = Address(
        name=row.text("name"),
        line1=row.text("line1"),
        line2=row.text_or_none("line2"),
        city=row.text("city"),
        region=row.text_or_none("region"),
        postal_code=row.text("postal_code", LONGEST_NAME),
        country=_country(row),
    )
    row.close()
    return address


def _country(row: Fields) -> str:
    return row.shaped("country", "[A-Z]{2}", "a country of two capital letters like ES")


def _key(row: Fields, key: str, first_places: dict[str, str]) -> str:
    """What names a row: it may stand only once among its kind."""
    name = row.text(key, LONGEST_NAME)
    if name in first_places:
        row.problem(key, f"{name!a} stands already at {first_places[name]}")
    elif name:
        first_places[name] = row.place_of(key)
    return name


def _customer_of(order: Fields, customers: dict[str, Customer] | None) -> Customer:
    customer_id = order.text("customer_id", LONGEST_NAME)
    customer = (customers or {}).get(customer_id)
    if customer is not None:
        return customer
    if customer_id and customers is not None:
        order.problem("customer_id", f"no customer has the id {customer_id!a}")
    return Customer(id=customer_id, name="", email="", address=Address("", "", "", "", ""))
