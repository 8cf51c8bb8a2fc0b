"""Processor time of single turns: of every thread of a process tree, to the nanosecond.

/proc/PID/stat counts ticks of ten milliseconds, longer than some whole turns take. The scheduler's
own account in /proc/PID/task/TID/schedstat is exact. It is gone with its thread: a thread that ends
takes what it did since the last reading with it, so that this is for spans in which none ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.bench.processes import PROC, tree

# How the parts of `posventa run` are told apart, by words of their command lines.
PARTS = {
    "gateway": ("serve", "gateway"),
    "actions": ("serve", "actions"),
    "rasa": ("-m", "rasa", "run"),
}
SUPERVISOR = "supervisor"


class Thread(NamedTuple):
    """A thread of a process."""

    pid: int
    tid: int


Times = Mapping[Thread, int]


def thread_times(roots: Sequence[int], proc: Path = PROC) -> dict[Thread, int]:
    """Nanoseconds that each living thread of the trees of `roots` has run so far."""
    return {
        thread: time
        for each in tree(roots)
        for thread, time in _times_of(proc / str(each.pid) / "task", each.pid)
    }


def spent(before: Times, after: Times) -> dict[int, int]:
    """Nanoseconds by process between two readings; a thread begun in between counts as a whole."""
    total: dict[int, int] = {}
    for thread, time in after.items():
        total[thread.pid] = total.get(thread.pid, 0) + time - before.get(thread, 0)
    return total


def part_of(pid: int, proc: Path = PROC) -> str:
    """What a process of `posventa run` is called: one of `PARTS`, or the supervisor."""
    try:
        words = (proc / str(pid) / "cmdline").read_text(errors="replace").split("\0")
    except OSError:  # ended meanwhile
        return SUPERVISOR
    return next((name for name, marks in PARTS.items() if _holds(words, marks)), SUPERVISOR)


def _holds(words: Sequence[str], marks: tuple[str, ...]) -> bool:
    length = len(marks)
    return any(tuple(words[at : at + length]) == marks for at in range(len(words)))


def _times_of(tasks: Path, pid: int) -> Iterator[tuple[Thread, int]]:
    try:
        folders = list(tasks.iterdir())
    except OSError:  # ended meanwhile
        return
    for folder in folders:
        try:
            time = int((folder / "schedstat").read_text().split()[0])
        except OSError:
            continue
        yield Thread(pid, int(folder.name)), time
