"""Starts commands, each in a session of its own, and ends them with all that they started."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from bot.bench.processes import ProcessStat, all_processes, members

# Long enough for a supervisor to end its own processes one after the other.
STOP_SECONDS = 20.0
ORPHANS_STOP_SECONDS = 5.0

PR_SET_PDEATHSIG = 1  # linux/prctl.h


class BenchFailed(Exception):
    """The measurement cannot go on; the message says what happened and where the log is."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A command to start: where, with which environment, and the file that keeps its output."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path


class Running:
    """Started commands, each in a session of its own: Ctrl-C reaches us, and we end them."""

    def __init__(self, launches: Sequence[Launch]) -> None:
        self._launches = launches
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        try:
            for launch in self._launches:
                self._processes.append(start(launch))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def roots(self) -> tuple[int, ...]:
        """The started processes' ids."""
        return tuple(process.pid for process in self._processes)

    def check(self) -> None:
        """Make sure that everything started is alive.

        Raises:
            BenchFailed: one of the commands has ended.
        """
        for launch, process in zip(self._launches, self._processes, strict=True):
            if process.poll() is not None:
                raise BenchFailed(
                    f"{' '.join(launch.command)} ended with code {process.returncode}; "
                    f"see {launch.log}."
                )

    def stop(self) -> None:
        """End everything that was started, and what it started, within bounded time."""
        stop(self._processes)


def start(launch: Launch) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, with its output in its log.

    Raises:
        BenchFailed: the command cannot be run.
    """
    launch.log.parent.mkdir(parents=True, exist_ok=True)
    with launch.log.open("ab") as log:
        try:
            return subprocess.Popen(
                list(launch.command),
                cwd=launch.folder,
                env=dict(launch.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread of ours runs yet
            )
        except OSError as error:
            raise BenchFailed(f"{launch.command[0]} cannot be run: {error}") from error


def _end_with_parent() -> None:
    """Have the kernel end a process when we are killed and can no longer do it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Cost(NamedTuple):
    """What a command took, in seconds."""

    wall_s: float
    cpu_s: float


def run_to_end(launch: Launch, limit: float) -> Cost:
    """Run a command and return its wall and CPU time, its children's included.

    Args:
        launch: the command.
        limit: seconds after which it is ended.

    Raises:
        BenchFailed: it failed or did not end in time.
    """
    started = time.monotonic()
    process = start(launch)
    try:
        while time.monotonic() < started + limit:
            # The kernel's own account of a child that ended; /proc forgets it with the process.
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                if process.returncode:
                    raise BenchFailed(
                        f"{' '.join(launch.command)} ended with code {process.returncode}; "
                        f"see {launch.log}."
                    )
                return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime)
            time.sleep(0.1)
    finally:
        stop([process])
    raise BenchFailed(f"{' '.join(launch.command)} took over {limit:.0f} s; see {launch.log}.")


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End started processes and all that they started: asked first, killed when they do not."""
    roots = [process.pid for process in processes]
    known = {(each.pid, each.started): each for each in members(all_processes(), roots)}

    def wait_for(over: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not over() and time.monotonic() < deadline:
            time.sleep(0.05)

    def all_collected() -> bool:
        return all(process.poll() is not None for process in processes)

    def all_gone() -> bool:
        return all_collected() and not _living(known, roots)

    try:
        for process in processes:
            if process.poll() is None:
                process.terminate()
        wait_for(all_collected, STOP_SECONDS)
        # What a supervisor has left behind when it ended.
        _signal(_living(known, roots), signal.SIGTERM)
        wait_for(all_gone, ORPHANS_STOP_SECONDS)
    except KeyboardInterrupt:
        pass  # somebody in a hurry: no more asking
    _signal(_living(known, roots), signal.SIGKILL)
    wait_for(all_gone, ORPHANS_STOP_SECONDS)


def _signal(processes: Sequence[ProcessStat], number: signal.Signals) -> None:
    for each in processes:
        with contextlib.suppress(OSError):
            os.kill(each.pid, number)


def _living(
    known: Mapping[tuple[int, int], ProcessStat], roots: Sequence[int]
) -> list[ProcessStat]:
    """Which of these, or of their trees, still run; a number taken over by another is not one."""
    processes = all_processes()
    ours = {(each.pid, each.started): each for each in members(processes, roots)}
    now = {(each.pid, each.started) for each in processes if each.runs}
    return [each for key, each in {**known, **ours}.items() if key in now]
