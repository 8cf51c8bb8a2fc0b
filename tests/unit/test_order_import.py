import contextlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.demo_shop import demo_document
from bot.domain.money import Money
from bot.domain.order_export import written
from bot.domain.order_import import ImportRefused, OrdersDocument, read_document
from bot.domain.orders import OrderStatus, Progress, ShipmentStatus
from tests.sample_orders import retail_document, sample_document

MISSING = object()


def spoil(document: Any, place: str, value: object) -> None:
    """Put a value at a place like `orders[0].lines[1].sku`; MISSING takes it away."""
    steps: list[Any] = [
        int(step) if step.isdigit() else step
        for step in place.replace("]", "").replace("[", ".").split(".")
    ]
    for step in steps[:-1]:
        document = document[step]
    if value is MISSING:
        del document[steps[-1]]
    else:
        document[steps[-1]] = value


def problems_of(document: object) -> dict[str, str]:
    with pytest.raises(ImportRefused) as refusal:
        read_document(document)
    return {problem.place: problem.problem for problem in refusal.value.problems}


# --- correct documents ---------------------------------------------------------------------------


def test_a_correct_document_becomes_orders() -> None:
    document = read_document(sample_document())
    order, other = document.orders
    assert order.customer == document.customers[0]
    assert order.status is OrderStatus.OPEN
    assert order.placed_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert order.placed_at.tzinfo is UTC
    assert order.lines[1].unit_price == Money(450, "EUR")
    assert order.refunded == Money(450, "EUR")
    assert other.total == Money(3_990_000_000, "COP")
    assert other.payments == ()


def test_a_line_without_a_title_takes_the_products() -> None:
    order = read_document(sample_document()).orders[0]
    assert [line.title for line in order.lines] == ["Cafetera", "Taza azul"]


def test_the_carriers_events_are_put_in_order() -> None:
    (shipment,) = read_document(sample_document()).orders[0].shipments
    assert [event.status for event in shipment.events] == [
        ShipmentStatus.INFO_RECEIVED,
        ShipmentStatus.IN_TRANSIT,
    ]


def test_null_and_blank_optional_fields_count_as_absent() -> None:
    document = sample_document()
    for place in ("customers[0].address.line2", "customers[0].phone", "products[0].manual_url"):
        spoil(document, place, None)
    spoil(document, "orders[0].shipping_address.region", " ")
    read = read_document(document)
    assert read.customers[0].phone is None
    assert read.customers[0].address.line2 is None
    assert read.orders[0].shipping_address.region is None


def test_an_empty_shop_is_a_correct_document() -> None:
    empty: dict[str, Any] = {"products": [], "customers": [], "orders": []}
    assert read_document(empty) == OrdersDocument()


def test_an_order_written_out_reads_back_as_itself() -> None:
    for raw in (sample_document(), demo_document(date(2026, 3, 29))):
        document = read_document(raw)
        raw["orders"] = [written(order) for order in document.orders]
        assert read_document(raw) == document


def test_the_retail_database_is_written_out_as_it_was_read() -> None:
    raw = retail_document()
    orders = {order.number: order for order in read_document(raw).orders}
    # Chilean pesos have no cents: those amounts were rounded on the way in.
    sources = [source for source in raw["orders"] if source["currency"] != "CLP"]
    assert len(orders) == 1000
    assert [written(orders[source["number"]]) for source in sources] == sources


# --- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("orders", MISSING),
        ("orders", {}),
        ("customers", None),
        ("products[0].warranty_months", -1),
        ("products[0].warranty_months", True),
        ("products[0].returnable", "yes"),
        ("products[0].options", ["red"]),
        ("products[0].options.color", 3),
        ("products[0].manual_url", "javascript:alert(1)"),
        ("customers[0].email", "ana.gil"),
        ("customers[0].address", MISSING),
        ("customers[0].address.country", "Spain"),
        ("customers[0].address.postal_code", 28013),
        ("orders[0].number", MISSING),
        ("orders[0].number", ""),
        ("orders[0].number", "#-"),
        ("orders[0].number", "A" * 201),
        ("orders[0].number", "A-1\0"),
        ("orders[0].number", "A-\ud800"),
        ("orders[0].customer_id", "nobody"),
        ("orders[0].placed_at", "2026-11-01"),
        ("orders[0].placed_at", "2026-11-01T10:00:00"),
        ("orders[0].placed_at", "yesterday"),
        ("orders[0].placed_at", 1793527200),
        ("orders[0].placed_at", "0001-01-01T00:00:00+05:00"),
        ("orders[0].currency", "eur"),
        ("orders[0].currency", "EURO"),
        ("orders[0].country", "es"),
        ("orders[0].status", "shipped"),
        ("orders[0].status", []),
        ("orders[0].payment_status", MISSING),
        ("orders[1].lines", []),
        ("orders[1].lines[0].sku", "NOPE"),
        ("orders[0].lines[0].quantity", 0),
        ("orders[0].lines[0].quantity", "1"),
        ("orders[0].lines[0].quantity", 1.5),
        ("orders[0].lines[0].quantity", True),
        ("orders[0].lines[0].quantity", 10**400),
        ("orders[0].lines[0].unit_price", 89.9),
        ("orders[0].lines[0].unit_price", "-1.00"),
        ("orders[0].lines[0].unit_price", "89,90"),
        ("orders[0].lines[0].unit_price", "1e5"),
        ("orders[0].lines[0].unit_price", "9" * 16),
        ("orders[0].shipments", MISSING),
        ("orders[0].shipments[0].status", "lost"),
        ("orders[0].shipments[0].tracking_number", " "),
        ("orders[0].shipments[0].shipped_at", "soon"),
        ("orders[0].shipments[0].lines[0].sku", "OTHER"),
        ("orders[0].shipments[0].lines[0].quantity", 0),
        ("orders[0].shipments[0].events[0].at", MISSING),
        ("orders[0].shipments[0].events[1].status", "flying"),
        ("orders[0].shipments[0].events[1].description", "x\0"),
        ("orders[0].payments[0].kind", "gift"),
        ("orders[0].payments[0].amount", None),
        ("orders[0].payments", "card"),
        ("orders[0].shipping_address.city", ["Madrid"]),
        ("orders[0].colour", "red"),
        ("orders[0].lines[1].price", "1.00"),
        ("payments", []),
    ],
)
def test_a_mistake_is_reported_at_its_place_and_hides_no_other(place: str, value: object) -> None:
    document = sample_document()
    spoil(document, place, value)
    assert list(problems_of(document)) == [place]


@pytest.mark.parametrize(
    ("place", "value"), [("products[1]", "TAZ-1"), ("products[1].sku", 7), ("products[1].sku", "T")]
)
def test_a_product_that_cannot_be_read_is_missed_by_its_orders(place: str, value: object) -> None:
    document = sample_document()
    spoil(document, place, value)
    assert "orders[0].lines[1].sku" in problems_of(document)


@pytest.mark.parametrize("raw", [None, [], "orders", 7, {}])
def test_what_is_no_document_is_refused(raw: object) -> None:
    assert problems_of(raw)


@pytest.mark.parametrize(
    ("kind", "key"), [("products", "sku"), ("customers", "id"), ("orders", "number")]
)
def test_a_name_that_stands_twice_is_reported_with_its_first_place(kind: str, key: str) -> None:
    document = sample_document()
    document[kind].append(document[kind][0])
    (place, problem), *others = problems_of(document).items()
    assert place == f"{kind}[2].{key}"
    assert f"{kind}[0].{key}" in problem
    assert not others


def test_all_mistakes_are_reported_at_once() -> None:
    document = sample_document()
    spoil(document, "products[0].title", MISSING)
    spoil(document, "customers[1].email", "x")
    spoil(document, "orders[0].lines[0].quantity", -3)
    spoil(document, "orders[1].status", "gone")
    assert list(problems_of(document)) == [
        "products[0].title",
        "customers[1].email",
        "orders[0].lines[0].quantity",
        "orders[1].status",
    ]


def test_no_more_than_fifty_mistakes_are_listed_and_the_rest_is_counted() -> None:
    document = sample_document()
    document["orders"] = [7] * 80
    with pytest.raises(ImportRefused) as refusal:
        read_document(document)
    assert len(refusal.value.problems) == 50
    assert refusal.value.omitted == 30
    assert refusal.value.code == "import_refused"


def test_a_reported_value_is_short_and_printable() -> None:
    document = sample_document()
    spoil(document, "orders[0].status", "\x1b[31m\ud800" + "x" * 1_000_000)
    problem = problems_of(document)["orders[0].status"]
    assert problem.isprintable()
    assert len(problem) < 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
places = st.sampled_from(
    [
        "products",
        "products[0]",
        "products[0].options",
        "customers[0].address",
        "customers[0].email",
        "orders[0].placed_at",
        "orders[0].lines[0].unit_price",
        "orders[0].shipments",
        "orders[0].shipments[0].events[0]",
        "orders[0].payments",
        "orders[0].payments[0].amount",
    ]
)


@given(places, json_values)
def test_any_value_anywhere_is_read_or_refused_but_never_an_error(
    place: str, value: object
) -> None:
    document = sample_document()
    spoil(document, place, value)
    with contextlib.suppress(ImportRefused):
        read_document(document)


# --- the demonstration shop ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 22, 9, tzinfo=UTC),
        datetime(2026, 11, 22, 22, 30, tzinfo=UTC),
        datetime(2027, 3, 1, 5, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
    ],
)
def test_the_demo_shop_has_an_order_in_every_state_on_any_day(now: datetime) -> None:
    document = read_document(demo_document(now.date()))
    assert {order.progress(now) for order in document.orders} == set(Progress)


def test_the_demo_shop_is_the_same_all_day() -> None:
    today = date(2026, 11, 22)
    assert demo_document(today) == demo_document(today)
    assert demo_document(today) != demo_document(date(2026, 11, 23))


def test_the_order_of_the_readme_is_on_its_way_and_on_time() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    document = read_document(demo_document(now.date()))
    (order,) = [order for order in document.orders if order.number == "A-10234"]
    assert order.belongs_to("marta.ruiz@example.com")
    assert order.belongs_to("28013")
    assert order.progress(now) is Progress.IN_TRANSIT


def test_nobody_of_the_demo_shop_can_be_written_to() -> None:
    document = read_document(demo_document(date(2026, 11, 22)))
    assert all(customer.email.endswith("@example.com") for customer in document.customers)
