"""What came of a folder of dialogues, as programs and people read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue_evaluation.play import WentOtherwise
from bot.dialogue_evaluation.script import Dialogue


@dataclass(frozen=True)
class Outcome:
    """A dialogue that was played, and how it went otherwise, if it did."""

    dialogue: Dialogue
    otherwise: WentOtherwise | None = None

    @property
    def expected_failure(self) -> bool:
        """It is written that it does not hold yet, and so it is."""
        return self.otherwise is not None and self.dialogue.fails is not None

    @property
    def passed(self) -> bool:
        """It went as written, and nothing says that it does not."""
        return self.otherwise is None and self.dialogue.fails is None


def report_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures that other programs read.

    A dialogue marked as failing that goes as written is a failure: its mark is wrong.
    """
    passed = sum(outcome.passed for outcome in outcomes)
    expected = sum(outcome.expected_failure for outcome in outcomes)
    n = len(outcomes)
    return {
        "n": n,
        "passed": passed,
        "failed": n - passed - expected,
        "expected_failures": expected,
        "pass_rate": round(passed / n, 4) if n else 0.0,
        "failures": [
            _failure(outcome)
            for outcome in outcomes
            if not outcome.passed and not outcome.expected_failure
        ],
    }


def _failure(outcome: Outcome) -> dict[str, Any]:
    dialogue, otherwise = outcome.dialogue, outcome.otherwise
    place = {"file": dialogue.file.name, "name": dialogue.name}
    if otherwise is None:
        unmarked = {"expected": {"fails": dialogue.fails}, "got": "it goes as written"}
        return {**place, "step": None, **unmarked}
    return {
        **place,
        "step": otherwise.step,
        "expected": otherwise.expected,
        "got": otherwise.got,
    }


def readable(report: dict[str, Any]) -> str:
    """The report as an operator reads it: figures, then each failure."""
    rows = [f"{name:<20}{value}" for name, value in report.items() if name != "failures"]
    for failure in report["failures"]:
        where = "marked as failing" if failure["step"] is None else f"step {failure['step']}"
        rows += [
            "",
            f"{failure['file']}: {failure['name']} ({where})",
            f"  expected  {_shown(failure['expected'])}",
            f"  got       {_shown(failure['got'])}",
        ]
    return "\n".join(rows)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
