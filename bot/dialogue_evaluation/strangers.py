"""Whose data stand in a text: to notice when somebody is told what is another customer's."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

# Shorter texts ("Ana", "Madrid") stand in many a sentence that is about nobody.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Trace:
    """A text that names a customer, and those whom it names."""

    text: str
    customers: frozenset[str]


class Strangers:
    """What names each customer of a shop: names, e-mails, streets, order and tracking numbers."""

    def __init__(self, *documents: dict[str, Any]) -> None:
        """Take in what is known of the customers.

        Args:
            documents: What `posventa orders import` reads.
        """
        named: dict[str, set[str]] = {}
        for document in documents:
            for customer, text in _traces(document):
                if len(text) >= _SHORTEST:
                    named.setdefault(text.casefold(), set()).add(customer)
        self._traces = tuple(Trace(text, frozenset(who)) for text, who in named.items())

    def named_in(self, told: str, known: Collection[str], said: str = "") -> tuple[str, ...]:
        """What a text tells of anybody else.

        Args:
            told: What somebody was told.
            known: Ids of the customers whose data they may be told.
            said: What they said themselves: to hear that again tells them nothing.
        """
        told, said, known = told.casefold(), said.casefold(), frozenset(known)
        return tuple(
            trace.text
            for trace in self._traces
            if trace.text in told and not trace.customers & known and trace.text not in said
        )


def _traces(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for customer in document["customers"]:
        who = customer["id"]
        yield who, customer["name"]
        yield who, customer["email"]
        yield who, customer.get("phone") or ""
        yield from ((who, text) for text in _of_address(customer["address"]))
    for order in document["orders"]:
        who = order["customer_id"]
        yield who, order["number"]
        yield from ((who, text) for text in _of_address(order["shipping_address"]))
        yield from ((who, parcel["tracking_number"]) for parcel in order.get("shipments", []))


def _of_address(address: dict[str, Any]) -> tuple[str, str]:
    return address["name"], address["line1"]
