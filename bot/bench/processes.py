"""CPU time and memory of whole process trees, read from /proc.

A tree is a process, its descendants, and whatever lives in a session that one of them leads: a
child whose parent died is still counted.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

PROC = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
MEGABYTE = 1024 * 1024

# States of a process that runs no more: zombie, dead.
DEAD = ("Z", "X")


class ProcessStat(NamedTuple):
    """What /proc/PID/stat tells of one process."""

    pid: int
    state: str
    parent: int
    session: int
    cpu_ticks: int  # its own and that of the children it has waited for
    started: int  # with the pid, tells a process from a later one of the same number

    @property
    def runs(self) -> bool:
        """Whether it is more than a record that its parent has not collected."""
        return self.state not in DEAD


class Memory(NamedTuple):
    """Memory of a tree in bytes: PSS shares each common page among its users, RSS counts it in each."""

    pss: int
    rss: int


def parse_stat(text: str) -> ProcessStat:
    """Read one line of /proc/PID/stat; the command's name may contain anything, even ')'."""
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    return ProcessStat(
        pid=int(head.split(" ", 1)[0]),
        state=fields[0],
        parent=int(fields[1]),
        session=int(fields[3]),
        cpu_ticks=sum(int(ticks) for ticks in fields[11:15]),
        started=int(fields[19]),
    )


def members(processes: Sequence[ProcessStat], roots: Sequence[int]) -> list[ProcessStat]:
    """Return the processes that belong to the trees of `roots`."""
    found: dict[int, ProcessStat] = {each.pid: each for each in processes if each.pid in roots}
    grown = True
    while grown:
        # A session is named after its leader, so a session of ours is one whose name is a member
        # or a root (which may be dead already).
        ours = found.keys() | set(roots)
        new = [
            each
            for each in processes
            if each.pid not in found and (each.parent in found or each.session in ours)
        ]
        found.update((each.pid, each) for each in new)
        grown = bool(new)
    return list(found.values())


def all_processes() -> list[ProcessStat]:
    """Return every process of this machine that has not been forgotten yet."""
    found = []
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                found.append(parse_stat((folder / "stat").read_text(errors="replace")))
            except OSError:  # ended meanwhile
                continue
    return found


def tree(roots: Sequence[int]) -> list[ProcessStat]:
    """Return the living processes of the trees of `roots`."""
    return members(all_processes(), roots)


def cpu_seconds(roots: Sequence[int]) -> float:
    """CPU seconds spent so far by the trees of `roots`, children that ended included."""
    return sum(each.cpu_ticks for each in tree(roots)) / TICKS_PER_SECOND


def machine_cpu_seconds() -> float:
    """CPU seconds this machine has been busy since it started, whoever used them."""
    fields = (PROC / "stat").read_text().splitlines()[0].split()[1:]
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(field) for field in fields[:8])
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND


def memory(roots: Sequence[int]) -> Memory:
    """Memory in use by the trees of `roots` at this moment."""
    pss = rss = 0
    for each in tree(roots):
        try:
            lines = (PROC / str(each.pid) / "smaps_rollup").read_text().splitlines()
        except OSError:  # ended meanwhile
            continue
        sizes = {name: size for name, _, size in (line.partition(":") for line in lines)}
        pss += _kilobytes(sizes.get("Pss"))
        rss += _kilobytes(sizes.get("Rss"))
    return Memory(pss, rss)


class MemoryPeak:
    """Watches trees from a thread and keeps the highest sum of their memory.

    One sample a second: reading a gigabyte's page tables costs some ten milliseconds, which the
    measured assistants would feel if it were done much more often.
    """

    def __init__(self, roots: Sequence[int], interval: float = 1.0) -> None:
        self._roots = roots
        self._interval = interval
        self._peak = Memory(0, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def megabytes(self) -> dict[str, float]:
        """The peaks so far, by kind."""
        peak = self._peak
        return {"pss": round(peak.pss / MEGABYTE), "rss": round(peak.rss / MEGABYTE)}

    def _watch(self) -> None:
        while not self._over.wait(self._interval):
            now = memory(self._roots)
            self._peak = Memory(max(now.pss, self._peak.pss), max(now.rss, self._peak.rss))


def _kilobytes(size: str | None) -> int:
    return int(size.split()[0]) * 1024 if size else 0
