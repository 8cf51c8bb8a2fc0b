# Not a module of ours: rasa-sdk loads it by name from its own folder, and brings no types.
# mypy: ignore-errors
# ruff: noqa: INP001
"""The stock assistant's one custom action: the answer to "where is my order?".

Written as Rasa's documentation teaches it: plain rasa-sdk, plain sqlite3, on the same order
database as ours and with the same question asked of it (number and e-mail must belong together).
It runs in a process of its own and is no part of the `bot` package.
"""

import os
import re
import sqlite3
from contextlib import closing
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

ORDER_NUMBER = re.compile(r"#?\b[A-Z]{1,3}-?\d[\d-]{3,}\b|\b\d{5,8}\b", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

ORDER = """
    SELECT orders.id, orders.number
    FROM orders JOIN customers ON customers.id = orders.customer_id
    WHERE orders.bare_number = ? AND lower(customers.email) = ?
"""
LINES = "SELECT title, quantity FROM order_lines WHERE order_id = ? ORDER BY position"
SHIPMENTS = """
    SELECT carrier, tracking_number, status, estimated_delivery
    FROM shipments WHERE order_id = ? ORDER BY position
"""


class ActionOrderStatus(Action):
    """Answers with where the order stands, for whoever gives its number and its e-mail."""

    def name(self) -> str:
        return "action_order_status"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        text = tracker.latest_message.get("text") or ""
        email = EMAIL.search(text)
        number = ORDER_NUMBER.search(EMAIL.sub(" ", text))
        if email is None or number is None:
            dispatcher.utter_message(response="utter_ask_identity")
            return []
        response, facts = find_order(number.group(), email.group())
        dispatcher.utter_message(response=response, **facts)
        return []


def find_order(number: str, email: str) -> tuple[str, dict[str, str]]:
    """Return the response that tells where the order stands, and what it needs to say so."""
    bare_number = re.sub(r"[^A-Z0-9]", "", number.upper())
    database = f"file:{os.environ['STOCK_ORDERS_DB']}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        order = connection.execute(ORDER, (bare_number, email.lower())).fetchone()
        if order is None:
            return "utter_order_not_found", {}
        lines = connection.execute(LINES, (order[0],)).fetchall()
        shipments = connection.execute(SHIPMENTS, (order[0],)).fetchall()
    items = ", ".join(f"{quantity} × {title}" for title, quantity in lines)
    if not shipments:
        return "utter_order_preparing", {"number": order[1], "items": items}
    carrier, tracking_number, status, estimated = shipments[-1]
    delivered = status == "delivered"
    return "utter_order_delivered" if delivered else "utter_order_underway", {
        "number": order[1],
        "items": items,
        "carrier": carrier,
        "tracking_number": tracking_number,
        "estimated_delivery": f"{datetime.fromisoformat(estimated):%d/%m/%Y}" if estimated else "-",
    }
