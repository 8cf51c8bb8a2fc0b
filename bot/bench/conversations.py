"""What the benchmark's customers say: the same, in the same order, to every assistant."""

import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from bot.adapters.yaml_file import read_yaml
from bot.bench.launches import BenchFailed
from bot.bench.load import Question

PHRASES = Path(__file__).with_name("phrases.yml")

# A customer asks a few things and leaves. Stock Rasa gets slower with the length of a conversation
# (it reads all of it again for each message), so this length is in its favour.
TURNS_PER_CONVERSATION = 10

# More than any measurement gets through before it starts from the first again.
CONVERSATIONS = 200

# Orders whose answer must name their tracking number: on their way, in one parcel.
ORDERS_UNDERWAY = """
    SELECT orders.number, customers.email, min(shipments.tracking_number)
    FROM orders
    JOIN customers ON customers.id = orders.customer_id
    JOIN shipments ON shipments.order_id = orders.id
    WHERE orders.status = 'open' AND orders.payment_status = 'paid'
    GROUP BY orders.id
    HAVING count(*) = 1 AND min(shipments.status) = 'in_transit'
    ORDER BY orders.number
"""

Conversations = tuple[tuple[Question, ...], ...]


class OrderUnderway(NamedTuple):
    """An order to ask for, with what proves whose it is and what a true answer names."""

    number: str
    email: str
    tracking_number: str


def orders_underway(database: Path) -> list[OrderUnderway]:
    """Read the orders that customers can ask for.

    Raises:
        BenchFailed: there is none, or the database cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            orders = [OrderUnderway(*row) for row in connection.execute(ORDERS_UNDERWAY)]
    except sqlite3.Error as error:
        raise BenchFailed(f"{database} cannot be read: {error}") from error
    if not orders:
        raise BenchFailed(f"{database} has no order on its way to ask for.")
    return orders


def greetings(domain: Path) -> Conversations:
    """Conversations of greetings, answered by a sentence of the domain, without any action.

    Args:
        domain: file with the assistant's responses.
    """
    expected = answers_to_a_greeting(domain)
    parts = _phrases()["greetings"]
    texts = [
        f"{opening} {middle}".strip() + end
        for opening, middle, end in product(parts["openings"], parts["middles"], parts["ends"])
    ]
    chance = random.Random("greetings")  # noqa: S311 - the same order each time, nothing secret
    return tuple(
        tuple(Question(text, expected) for text in chance.sample(texts, TURNS_PER_CONVERSATION))
        for _ in range(CONVERSATIONS)
    )


def answers_to_a_greeting(domain: Path) -> tuple[str, ...]:
    """The beginnings of what an assistant says to a greeting, up to the first placeholder."""
    responses = read_yaml(domain)["responses"]["utter_greet"]
    return tuple(response["text"].partition("{")[0] for response in responses)


def order_questions(orders: list[OrderUnderway]) -> Conversations:
    """Conversations about an order, each question with its number and its customer's e-mail."""
    chance = random.Random("orders")  # noqa: S311 - the same order each time, nothing secret
    parts = _phrases()["order_status"]
    templates = [
        f"{opening}{question} {proof}{end}"
        for opening, question, proof, end in product(
            parts["openings"], parts["questions"], parts["proofs"], parts["ends"]
        )
    ]
    return tuple(
        tuple(
            Question(
                template.format(number=order.number, email=order.email), (order.tracking_number,)
            )
            for template in chance.sample(templates, TURNS_PER_CONVERSATION)
        )
        for order in (chance.choice(orders) for _ in range(CONVERSATIONS))
    )


def _phrases() -> Mapping[str, Any]:
    phrases: Mapping[str, Any] = read_yaml(PHRASES)
    return phrases
