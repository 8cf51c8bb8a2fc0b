"""Compares orders with what is written about them: what is left out is not judged."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# What may have happened to an order; each is a list in its document.
HAPPENINGS = ("returns", "refunds", "claims", "complaints")
# What a dialogue or a task may say of an order beside that.
CONDITIONS = ("status", "payment_status", "shipping_address")


def differs(expected: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Where an order is not as written: by key, what it has instead; empty when all is right.

    Args:
        expected: A part of the order's document. Lists are compared whole and in any order, one
            of several equally right words is a list where the document has a word.
        document: The order as `posventa orders show` prints it.
    """
    return {
        key: document.get(key) for key, value in expected.items() if not fits(value, document, key)
    }


def fits(expected: object, document: Mapping[str, Any], key: str) -> bool:
    """Whether one key of a document is as written."""
    return _same(expected, document.get(key))


def unforeseen(expected: Sequence[object], found: Sequence[object]) -> list[object]:
    """Those of a list that nothing written stands for, each written thing used once."""
    return [found[place] for place in _unpaired(expected, found)]


def is_changed_by(state: Mapping[str, Any]) -> bool:
    """Whether what is written of an order says that something happened to it."""
    return "shipping_address" in state or any(state.get(name) for name in HAPPENINGS)


def _same(expected: object, found: object) -> bool:
    if isinstance(expected, Mapping):
        return isinstance(found, Mapping) and all(
            _same(value, found.get(key)) for key, value in expected.items()
        )
    if isinstance(expected, list):
        if isinstance(found, list):
            return len(expected) == len(found) and not _unpaired(expected, found)
        return any(_same(one, found) for one in expected)
    return expected == found or (expected is not None and str(expected) == str(found))


def _unpaired(expected: Sequence[object], found: Sequence[object]) -> list[int]:
    """Places of what was found without a partner, when as many as can be have one."""
    partner: dict[int, int] = {}

    def find(wanted: int, seen: set[int]) -> bool:
        for place in _candidates(expected[wanted], found):
            if place in seen:
                continue
            seen.add(place)
            if place not in partner or find(partner[place], seen):
                partner[place] = wanted
                return True
        return False

    for wanted in range(len(expected)):
        find(wanted, set())
    return [place for place in range(len(found)) if place not in partner]


def _candidates(wanted: object, found: Sequence[object]) -> Iterator[int]:
    return (place for place, each in enumerate(found) if _same(wanted, each))
