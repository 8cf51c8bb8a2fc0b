"""What the shop's file said last, so that saying it again undoes nothing that happened since.

A file is written by a system that knows nothing of what our house did: an order that was cancelled
here still stands there as open, in this night's file as in last night's. So each field of a row is
compared with what the file said about it *before*, and only a field that says something new is
applied. Of what was said only digests are kept: personal data stay in one row.
"""

import json
from dataclasses import replace
from hashlib import blake2b
from typing import Any, TypeVar

from bot.domain.order_export import written, written_product
from bot.domain.orders import Order, Product

Imported = TypeVar("Imported", Order, Product)


def said(thing: Order | Product) -> dict[str, str]:
    """A digest of each field, by the field's name."""
    if isinstance(thing, Product):
        return {name: _digest(value) for name, value in written_product(thing).items()}
    form = written(thing)
    form["customer"] = form.pop("customer_id")
    # An amount is written without its currency.
    form["lines"] = [thing.currency, form["lines"]]
    form["payments"] = [thing.currency, form["payments"]]
    return {name: _digest(value) for name, value in form.items()}


def merged(present: Imported, said_before: dict[str, Any], now: Imported) -> Imported:
    """What is stored, with everything that the file says differently from the last time.

    Args:
        said_before: `said` of the last import; empty when nobody knows, and then all is new.
    """
    if not said_before:
        return now
    says = said(now)
    fresh = {
        name: getattr(now, name)
        for name in says.keys() | said_before.keys()
        if says.get(name) != said_before.get(name)
    }
    return replace(present, **fresh)


def _digest(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return blake2b(canonical.encode(), digest_size=8).hexdigest()
