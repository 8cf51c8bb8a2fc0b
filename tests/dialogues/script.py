"""Dialogues as they are written in the YAML files beside this module.

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
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.adapters.yaml_file import read_yaml

FOLDER = Path(__file__).parent
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
    kind: str
    turns: tuple[Turn, ...]
    ends: Mapping[str, Any] = field(default_factory=dict)
    fails: str | None = None


def read_dialogues(folder: Path = FOLDER) -> list[Dialogue]:
    """All dialogues of a folder.

    Raises:
        ValueError: a dialogue has a part that nobody knows; says where.
    """
    return [
        _dialogue(row, file.stem)
        for file in sorted(folder.glob("*.yml"))
        for row in read_yaml(file)
    ]


def _dialogue(row: dict[str, Any], kind: str) -> Dialogue:
    name = row.pop("dialogue")
    turns = tuple(_turn(turn, f"{kind}: {name}") for turn in row.pop("turns"))
    ends = {**_ENDS, **row.pop("ends", {})}
    fails = row.pop("fails", None)
    unknown = [*row, *(ends.keys() - _ENDS.keys())]
    if unknown:
        raise ValueError(f"{kind}: {name}: unknown {unknown}")
    return Dialogue(name, kind, turns, ends, fails)


def _turn(row: dict[str, Any], place: str) -> Turn:
    acts = [name for name in _ACTS if name in row]
    if len(acts) != 1:
        raise ValueError(f"{place}: a turn is one of {_ACTS}: {row}")
    what = str(row.pop(acts[0]))
    unknown = row.keys() - set(_EXPECTATIONS)
    if unknown or not row:
        raise ValueError(f"{place}: unknown {sorted(unknown)}, or nothing expected: {what}")
    return Turn(acts[0], what, row)
