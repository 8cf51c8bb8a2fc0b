"""What came of a folder of tasks, as programs and people read it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue_evaluation.task_play import Played


def task_report(played: Sequence[Played], again: Sequence[Sequence[Played]] = ()) -> dict[str, Any]:
    """The figures that other programs read.

    Args:
        played: Each task once.
        again: The same tasks in the same order, played again.
    """
    n = len(played)
    solved = sum(each.verdict.solved for each in played)
    unlike = [
        each.task.name
        for place, each in enumerate(played)
        if any(other[place].course != each.course for other in again)
    ]
    return {
        "n": n,
        "solved": solved,
        "solve_rate": round(solved / n, 4) if n else 0.0,
        "wrong_writes": sum(bool(each.verdict.wrong_writes) for each in played),
        "leaks": sum(bool(each.verdict.leaks) for each in played),
        "played": 1 + len(again),
        "went_differently": unlike,
        "files": _by_file(played),
        "failures": [_failure(each) for each in played if not each.verdict.solved],
    }


def _by_file(played: Sequence[Played]) -> dict[str, dict[str, int]]:
    files: dict[str, dict[str, int]] = {}
    for each in played:
        row = files.setdefault(each.task.file.name, {"n": 0, "solved": 0})
        row["n"] += 1
        row["solved"] += each.verdict.solved
    return files


def _failure(each: Played) -> dict[str, Any]:
    return {
        "file": each.task.file.name,
        "task": each.task.name,
        "problems": list(each.verdict.problems),
        "wrong_writes": list(each.verdict.wrong_writes),
        "leaks": list(each.verdict.leaks),
        "transcript": [
            {"author": line.author, "text": line.text}
            | ({"responses": list(line.responses)} if line.responses else {})
            for line in each.transcript
        ],
    }


def readable_tasks(report: Mapping[str, Any]) -> str:
    """The report as an operator reads it: figures, files, then each failure and why."""
    figures = ("n", "solved", "solve_rate", "wrong_writes", "leaks", "played")
    rows = [f"{name:<20}{report[name]}" for name in figures]
    rows += [f"{name:<20}{row['solved']} of {row['n']}" for name, row in report["files"].items()]
    rows += [f"went differently when played again: {name}" for name in report["went_differently"]]
    for failure in report["failures"]:
        rows += ["", f"{failure['file']}: {failure['task']}"]
        rows += [f"  {problem}" for problem in failure["problems"]]
        rows += [f"  WRONG WRITE  {write}" for write in failure["wrong_writes"]]
        rows += [f"  LEAK  {leak}" for leak in failure["leaks"]]
    return "\n".join(rows)
