"""Dialogues as they are written in YAML files.

A file holds one kind of difficulty. A dialogue has a sentence for a name, turns, and an end:

    - dialogue: A failed delivery is told with its tracking
      fails: why it does not hold yet      # only while it does not
      turns:
      - customer: …                        # says something
        answer: [utter_…, utter_…]         # exactly these responses, in this order
        tells: [SEUR]                      # facts that the answer contains
        hides: [Marta]                     # and what nothing said so far may contain
        offers: [/request_human]           # the buttons, by what they mean
        offers_about: [Vestido]            # or by a part of their words, where facts make them
      - customer_presses: /deny            # a button, by what it means
      - customer_chooses: Vestido          # or by a part of its words
      - customer_sends: photo
        silence: true                      # nobody answers, and nothing waits
      - team: takes | gives back | closes | whatever else: the agent says it
      ends: {status: with_bot, reason: null, linked_to: null, failures: 0}   # what is left out

An end may also name orders and what must have come of them, in the shape of `posventa orders show`;
keys left out are not judged:

      ends:
        orders:
          A-10234: {status: cancelled, returns: [], refunds: [{kind: cancellation}]}

All dialogues are played in one shop: an order that one of them changes is no other's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yaml import YAMLError

from bot.adapters.yaml_file import read_yaml
from bot.dialogue_evaluation.order_states import CONDITIONS, HAPPENINGS, is_changed_by
from bot.domain.orders import bare_number

_ACTS = ("customer", "customer_presses", "customer_chooses", "customer_sends", "team")
_EXPECTATIONS = (
    "answer",
    "not_answer",
    "tells",
    "hides",
    "offers",
    "offers_about",
    "silence",
)
_ENDS = {"status": "with_bot", "reason": None, "linked_to": None, "failures": 0}


class DialogueNotValid(ValueError):
    """A dialogue is not written as it should be; says where and why."""


@dataclass(frozen=True)
class Turn:
    """Who does what, and what must come of it."""

    act: str
    what: str
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Dialogue:
    """A conversation with an end."""

    name: str
    file: Path
    turns: tuple[Turn, ...]
    ends: Mapping[str, Any] = field(default_factory=dict)
    fails: str | None = None
    # What must have come of orders, by number.
    orders: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of difficulty: the name of its file."""
        return self.file.stem

    def speaks_of(self, number: str) -> bool:
        """Whether an order is named in it."""
        bare = bare_number(number)
        return any(bare in bare_number(turn.what) for turn in self.turns) or number in self.orders


def read_dialogues(folder: Path) -> list[Dialogue]:
    """All dialogues of a folder, in the order in which they are written.

    Raises:
        DialogueNotValid: a file is no YAML, a dialogue has a part that nobody knows, or changes an
            order that another one speaks of.
        OSError: a file cannot be read.
    """
    found = [_dialogue(row, file) for file in sorted(folder.glob("*.yml")) for row in rows_of(file)]
    _refuse_shared_orders(found)
    return found


def rows_of(file: Path) -> list[dict[str, Any]]:
    """What is listed in a file.

    Raises:
        DialogueNotValid: it is no YAML, or no list of mappings.
        OSError: it cannot be read.
    """
    try:
        rows = read_yaml(file)
    except YAMLError as error:
        raise DialogueNotValid(f"{file.name} is no YAML: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DialogueNotValid(f"{file.name}: a list is expected, each entry with its name")
    return rows


def _dialogue(row: dict[str, Any], file: Path) -> Dialogue:
    row = dict(row)  # reading takes it apart, and YAML's `*` may show it in two places
    name, turns = row.pop("dialogue", None), row.pop("turns", None)
    place = f"{file.name}: {name}"
    if not isinstance(name, str) or not isinstance(turns, list) or not turns:
        raise DialogueNotValid(f"{place}: a dialogue has a name and turns")
    ends = {**_ENDS, **(row.pop("ends", None) or {})}
    orders = order_states(ends.pop("orders", None), place)
    fails = row.pop("fails", None)
    unknown = [*row, *(ends.keys() - _ENDS.keys())]
    if unknown:
        raise DialogueNotValid(f"{place}: unknown {unknown}")
    return Dialogue(name, file, tuple(_turn(turn, place) for turn in turns), ends, fails, orders)


def order_states(raw: object, place: str) -> Mapping[str, Mapping[str, Any]]:
    """What is written of orders, by number.

    Args:
        raw: As YAML reads it; None when nothing is written.
        place: Where it stands, for the complaint.

    Raises:
        DialogueNotValid: something is written that no order's document has.
    """
    states = raw if raw is not None else {}
    if not isinstance(states, dict) or not all(isinstance(each, dict) for each in states.values()):
        raise DialogueNotValid(f"{place}: orders are written by number, each with its state")
    unknown = {key for state in states.values() for key in state} - {*HAPPENINGS, *CONDITIONS}
    if unknown:
        raise DialogueNotValid(f"{place}: of an order nobody judges {sorted(unknown)}")
    return states


def _refuse_shared_orders(dialogues: Sequence[Dialogue]) -> None:
    for dialogue in dialogues:
        for number in (n for n, state in dialogue.orders.items() if is_changed_by(state)):
            others = [d.name for d in dialogues if d is not dialogue and d.speaks_of(number)]
            if others:
                place = f"{dialogue.file.name}: {dialogue.name}"
                raise DialogueNotValid(f"{place}: changes {number}, also spoken of in {others}")


def _turn(row: dict[str, Any], place: str) -> Turn:
    row = dict(row)
    acts = [name for name in _ACTS if name in row]
    if len(acts) != 1:
        raise DialogueNotValid(f"{place}: a turn is one of {_ACTS}: {row}")
    what = row.pop(acts[0])
    if isinstance(what, bool) or what is None:
        raise DialogueNotValid(f"{place}: YAML reads a bare yes, no or nothing as {what}: quote it")
    what = str(what)
    unknown = row.keys() - set(_EXPECTATIONS)
    if unknown or not row:
        raise DialogueNotValid(f"{place}: unknown {sorted(unknown)}, or nothing expected: {what}")
    return Turn(acts[0], what, row)
