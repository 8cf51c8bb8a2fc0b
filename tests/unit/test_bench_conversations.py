"""The benchmark's customers ask both assistants the same, and know the true answer."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import bench
from bot.bench.conversations import (
    TURNS_PER_CONVERSATION,
    OrderUnderway,
    greetings,
    order_questions,
    orders_underway,
)
from bot.bench.launches import BenchFailed

STOCK_DOMAIN = Path(bench.__file__).parent / "stock" / "domain.yml"
ORDERS = [
    OrderUnderway("A-1001", "marta@example.com", "T-1"),
    OrderUnderway("A-1002", "luis@example.com", "T-2"),
]

# What the query needs of the schema.
SCHEMA = """
    CREATE TABLE customers (id TEXT, email TEXT);
    CREATE TABLE orders (id INTEGER, number TEXT, customer_id TEXT, status TEXT,
                         payment_status TEXT);
    CREATE TABLE shipments (order_id INTEGER, tracking_number TEXT, status TEXT);
    INSERT INTO customers VALUES ('c', 'marta@example.com');
"""


def database(folder, *orders):
    """A shop with these orders: (number, order status, its shipments' statuses)."""
    file = folder / "shop.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(SCHEMA)
        for key, (number, status, shipments) in enumerate(orders):
            row = (key, number, "c", status, "paid")
            connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", row)
            for shipment in shipments:
                row = (key, f"T-{number}", shipment)
                connection.execute("INSERT INTO shipments VALUES (?, ?, ?)", row)
    return file


def test_every_run_asks_the_same():
    assert greetings(STOCK_DOMAIN) == greetings(STOCK_DOMAIN)
    assert order_questions(ORDERS) == order_questions(ORDERS)


@pytest.mark.parametrize("conversations", [greetings(STOCK_DOMAIN), order_questions(ORDERS)])
def test_nobody_repeats_themselves_within_a_conversation(conversations):
    for conversation in conversations:
        assert len({question.text for question in conversation}) == TURNS_PER_CONVERSATION


def test_a_conversation_is_about_one_order_and_proves_whose_it_is():
    tracking_numbers = {order.tracking_number: order for order in ORDERS}
    for conversation in order_questions(ORDERS):
        order = tracking_numbers[conversation[0].expected[0]]
        for question in conversation:
            assert question.expected == (order.tracking_number,)
            assert order.number in question.text
            assert order.email in question.text


def test_only_orders_with_one_parcel_on_its_way_are_asked_for(tmp_path):
    shop = database(
        tmp_path,
        ("A-1", "open", ["in_transit"]),
        ("A-2", "open", ["in_transit", "delivered"]),
        ("A-3", "open", ["delivered"]),
        ("A-4", "cancelled", ["in_transit"]),
        ("A-5", "open", []),
    )
    assert orders_underway(shop) == [OrderUnderway("A-1", "marta@example.com", "T-A-1")]


def test_a_shop_without_such_an_order_cannot_be_measured(tmp_path):
    with pytest.raises(BenchFailed):
        orders_underway(database(tmp_path, ("A-3", "open", ["delivered"])))


def test_a_database_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BenchFailed):
        orders_underway(tmp_path / "nothing.db")


def test_a_greeting_is_answered_by_the_domains_words_up_to_the_first_placeholder(tmp_path):
    domain = tmp_path / "domain.yml"
    domain.write_text("responses: {utter_greet: [{text: 'Soy de {shop}'}, {text: 'Hola'}]}")
    question = greetings(domain)[0][0]
    assert question.is_answered_by("Soy de Casa Olmo")
    assert question.is_answered_by("Hola")
    assert not question.is_answered_by("No puedo")
