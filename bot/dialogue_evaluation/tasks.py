"""Customers' tasks as they are written in YAML files: a goal, an identity, a way of answering.

Nothing says how the assistant has to go about it. What counts is what stands in the shop's database
in the end, and what the customer was told:

    - task: Exchanges the T-shirt, then changes her mind about the colour
      customer: ava_moore_2033
      about: ["#W4817420"]             # orders whose state is judged; no other may change
      says: quiero cambiar la camiseta
      answers:                         # by topic (see `topics.py`); the first entry first,
        identity: [ava@example.com]    # the last one again and again
        confirm: ["no, mejor en negro", "sí"]
      interrupts: {2: ¿y cuánto tarda?}     # said instead of the answer to the second question
      goes_on: [y la factura?]              # said when the first matter is done
      state:                                # in the shape of `posventa orders show`
        "#W4817420": {returns: [{reason: does_not_fit, lines: [{sku: "1", quantity: 1}]}]}
      handoff: false                        # whether a person was called in the end, or "any"
      told: [negr]                          # regular expressions, whatever their case
      not_told: [Carlos]

Of an order in `state`, keys left out are not judged; one of `about` that `state` does not name must
be what it was.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue_evaluation.script import DialogueNotValid, order_states, rows_of
from bot.dialogue_evaluation.topics import ANSWERED, Topic

_PARTS = frozenset(
    {
        "task",
        "customer",
        "about",
        "says",
        "answers",
        "interrupts",
        "goes_on",
        "state",
        "handoff",
        "told",
        "not_told",
    }
)
ANY = "any"


@dataclass(frozen=True)
class Task:
    """What a customer wants, what they would answer, and what must come of it.

    Attributes:
        name: A sentence of its own.
        file: Where it is written.
        customer: The id of whoever writes.
        about: Numbers of the orders that are judged.
        says: The first message.
        answers: By topic, in the order in which they are given.
        interrupts: What is said instead of the answer to a question, by its number from 1.
        goes_on: Further matters, in order.
        state: What must be written of the orders.
        handoff: Whether a person must have been called; None when both are right.
        told: What something said must match.
        not_told: What nothing said may match.
    """

    name: str
    file: Path
    customer: str
    about: tuple[str, ...]
    says: str
    answers: Mapping[Topic, tuple[str, ...]]
    interrupts: Mapping[int, str]
    goes_on: tuple[str, ...]
    state: Mapping[str, Mapping[str, Any]]
    handoff: bool | None
    told: tuple[re.Pattern[str], ...]
    not_told: tuple[re.Pattern[str], ...]


def read_tasks(folder: Path) -> list[Task]:
    """All tasks of a folder, in the order in which they are written.

    Raises:
        DialogueNotValid: a file is no YAML, or a task has a part that nobody knows.
        OSError: a file cannot be read.
    """
    tasks = [_task(row, file) for file in sorted(folder.rglob("*.yml")) for row in rows_of(file)]
    names = [task.name for task in tasks]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise DialogueNotValid(f"several tasks have one name: {sorted(twice)}")
    return tasks


def _task(row: dict[str, Any], file: Path) -> Task:
    place = f"{file.name}: {row.get('task')}"
    unknown = row.keys() - _PARTS
    lacking = {"task", "customer", "about", "says", "answers"} - row.keys()
    if unknown or lacking:
        raise DialogueNotValid(f"{place}: unknown {sorted(unknown)}, lacking {sorted(lacking)}")
    state = order_states(row.get("state"), place)
    about = _texts(row["about"], place)
    elsewhere = state.keys() - set(about)
    if elsewhere:
        raise DialogueNotValid(f"{place}: not about {sorted(elsewhere)}")
    handoff = row.get("handoff", False)
    if handoff not in (True, False, ANY):
        raise DialogueNotValid(f"{place}: handoff is true, false or any")
    return Task(
        name=str(row["task"]),
        file=file,
        customer=str(row["customer"]),
        about=about,
        says=_texts([row["says"]], place)[0],
        answers=_answers(row["answers"], place),
        interrupts=_interrupts(row.get("interrupts"), place),
        goes_on=_texts(row.get("goes_on", []), place),
        state=state,
        handoff=None if handoff == ANY else handoff,
        told=_patterns(row.get("told", []), place),
        not_told=_patterns(row.get("not_told", []), place),
    )


def _answers(raw: object, place: str) -> Mapping[Topic, tuple[str, ...]]:
    answers = raw if isinstance(raw, dict) else {}
    known = {topic.value for topic in ANSWERED}
    if not answers or answers.keys() - known or not all(answers.values()):
        raise DialogueNotValid(f"{place}: answers are lists by topic, of {sorted(known)}")
    return {Topic(topic): _texts(texts, place) for topic, texts in answers.items()}


def _interrupts(raw: object, place: str) -> Mapping[int, str]:
    interrupts = raw if raw is not None else {}
    if not isinstance(interrupts, dict) or not all(
        isinstance(place_, int) and place_ > 0 for place_ in interrupts
    ):
        raise DialogueNotValid(f"{place}: interrupts are by the number of the question, from 1")
    return dict(zip(interrupts, _texts(list(interrupts.values()), place), strict=True))


def _texts(raw: object, place: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or any(isinstance(each, bool) or each is None for each in raw):
        raise DialogueNotValid(f"{place}: a list of texts is expected, quoted: {raw}")
    return tuple(str(each) for each in raw)


def _patterns(raw: Sequence[object], place: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(text, re.IGNORECASE) for text in _texts(raw, place))
    except re.error as error:
        raise DialogueNotValid(f"{place}: no regular expression: {error}") from None
