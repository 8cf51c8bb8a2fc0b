"""Judges what came of a task: the state of the shop, and what the customer was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.database.order_side import RowChange, Snapshot
from bot.dialogue_evaluation.order_states import HAPPENINGS, differs, unforeseen
from bot.dialogue_evaluation.tasks import Task

# They follow from a write that is judged where it happened.
# What customers give of themselves, a score or a wish for no letters, is done to nobody's order.
_BOOKKEEPING = frozenset(
    {"contact_preferences", "folio_counters", "order_actions", "products", "ratings"}
)
# What may change of an order itself, beside what is listed under it.
_CONDITIONS = ("status", "shipping_address")
NO_ORDER = "no order"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Ending:
    """How the shop stood before and after, and what was said in between."""

    before: Mapping[str, Document]
    after: Mapping[str, Document]
    # Orders that something was written for; `NO_ORDER` when it belongs to none.
    written_for: frozenset[str]
    told: str
    handed_over: bool
    # What the customer was told of other people.
    strangers: tuple[str, ...] = ()
    # Why the conversation did not come to an end, if it did not.
    unfinished: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What is wrong, in three heaps; nothing is, when all are empty.

    Attributes:
        problems: What is not as the task says.
        wrong_writes: What was done to the shop that nobody should have done.
        leaks: What was told that this customer may not know.
    """

    problems: tuple[str, ...] = ()
    wrong_writes: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()

    @property
    def solved(self) -> bool:
        """Everything is as the task says."""
        return not (self.problems or self.wrong_writes or self.leaks)


def verdict_of(task: Task, ending: Ending) -> Verdict:
    """Compare an ending with what the task says."""
    problems = [] if ending.unfinished is None else [ending.unfinished]
    for number, state in task.state.items():
        otherwise = differs(state, ending.after[number])
        problems += [
            f"{number}: {key} should be {_shown(state[key])}, is {_shown(found)}"
            for key, found in otherwise.items()
        ]
    if task.handoff is not None and task.handoff != ending.handed_over:
        problems.append(
            "a person should have been called" if task.handoff else "a person was called"
        )
    problems += [
        f"nothing told matches {each.pattern!r}"
        for each in task.told
        if not each.search(ending.told)
    ]
    leaks = [
        f"told what matches {each.pattern!r}" for each in task.not_told if each.search(ending.told)
    ]
    leaks += [f"told of somebody else: {text}" for text in ending.strangers]
    return Verdict(tuple(problems), tuple(_wrong_writes(task, ending)), tuple(leaks))


def orders_written_for(changed: Sequence[RowChange], before: Snapshot) -> frozenset[str]:
    """Numbers of the orders that changed rows belong to; `NO_ORDER` for those of none."""
    orders = before.rows("orders")
    number_of: dict[object, str] = {row["id"]: row["number"] for row in orders}
    of_address: dict[object, str] = {row["shipping_address_id"]: row["number"] for row in orders}
    order_of_shipment = {row["id"]: row["order_id"] for row in before.rows("shipments")}

    def number(change: RowChange) -> str | None:
        row = change.row
        if change.table == "orders":
            return str(row["number"])
        if change.table == "addresses":
            # A new one is somebody's only through an order that changed as well.
            return of_address.get(row["id"]) if change.before else None
        order_id = row.get("order_id", order_of_shipment.get(row.get("shipment_id")))
        return number_of.get(order_id, NO_ORDER)

    found = (number(change) for change in changed if change.table not in _BOOKKEEPING)
    return frozenset(each for each in found if each is not None)


def _wrong_writes(task: Task, ending: Ending) -> list[str]:
    wrong = [f"something was written for {n}" for n in sorted(ending.written_for - {*task.about})]
    for number in task.about:
        before, after = ending.before[number], ending.after[number]
        if number not in task.state:
            wrong += [f"{number} was touched"] if number in ending.written_for else []
            continue
        state = task.state[number]
        for name in HAPPENINGS:
            new = [each for each in after[name] if each not in before[name]]
            if name in state:
                wrong += [
                    f"{number}: {name}: {_shown(each)}" for each in unforeseen(state[name], new)
                ]
        wrong += [
            f"{number}: {name} became {_shown(after[name])}"
            for name in _CONDITIONS
            if before[name] != after[name] and (name not in state or name in differs(state, after))
        ]
    return wrong


def _shown(value: object) -> str:
    """Without what no task judges and everybody would have to read over."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, Mapping):
        hidden = ("folio", "reference", "opened_at", "article", "evidence", "return_folio")
        return str({key: each for key, each in value.items() if key not in hidden})
    return repr(value)
