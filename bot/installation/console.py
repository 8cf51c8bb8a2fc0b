"""What the person who waits gets to see: steps, counts, times, and the log when one fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Mapping, Optional, Sequence

LogLine = Callable[[str], None]

# The tail of the log that is shown when a command fails: enough for a traceback's end.
LINES_SHOWN_ON_FAILURE = 25

# What only a terminal makes sense of: colours, and bars that are drawn over and over.
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
BAR = re.compile(r"\d+%\|.*\|")


class SetupFailed(Exception):
    """The set-up cannot go on; the message tells the person what to do."""


class Console:
    """Announces numbered steps and remembers how long each one took on this machine."""

    def __init__(self, root: Path, steps: int) -> None:
        self._times = root / "var" / "setup-times.json"
        self._steps = steps
        self._done = 0
        self._live = sys.stdout.isatty()

    def step(self, name: str, title: str, rough_seconds: int, work: Callable[[], None]) -> None:
        """Announce one step with the time to expect, do it, and say how long it took."""
        self._done += 1
        last = self._last_times().get(name)
        expected = f"{last:.0f} s last time" if last else f"about {rough_seconds} s"
        print(f"[{self._done}/{self._steps}] {title} ({expected})", flush=True)
        started = time.monotonic()
        try:
            work()
        finally:
            self._wipe()
        seconds = time.monotonic() - started
        print(f"      done in {seconds:.0f} s", flush=True)
        self._remember(name, seconds)

    def progress(self, text: str) -> None:
        """Show where the running step is: in place on a terminal, as a line elsewhere."""
        if self._live:
            print(f"\r\033[K      {text[:70]}", end="", flush=True)
        else:
            print(f"      {text}", flush=True)

    def note(self, text: str) -> None:
        """Say something that stays on the screen."""
        self._wipe()
        print(f"      {text}", flush=True)

    @property
    def live(self) -> bool:
        """Whether a progress line is overwritten by the next one."""
        return self._live

    def _wipe(self) -> None:
        if self._live:
            print("\r\033[K", end="", flush=True)

    def _last_times(self) -> Mapping[str, float]:
        try:
            times = json.loads(self._times.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return times if isinstance(times, dict) else {}

    def _remember(self, name: str, seconds: float) -> None:
        times = {**self._last_times(), name: round(seconds, 1)}
        self._times.parent.mkdir(parents=True, exist_ok=True)
        self._times.write_text(json.dumps(times, indent=1, sort_keys=True), encoding="utf-8")


def run_logged(
    command: Sequence[str],
    log: Path,
    root: Path,
    on_line: Optional[LogLine] = None,
    environment: Optional[Mapping[str, str]] = None,
) -> None:
    """Run a command in `root`, with everything that it prints kept in `log`.

    Raises:
        SetupFailed: it did not succeed; the message carries the end of what it printed.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    printed = []
    with log.open("a", encoding="utf-8") as record:
        record.write("\n$ " + " ".join(command) + "\n")
        try:
            process = subprocess.Popen(
                list(command),
                cwd=str(root),
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise SetupFailed(f"{command[0]} cannot be run: {error}") from error
        with process:
            assert process.stdout is not None
            for raw in process.stdout:
                line = COLOUR.sub("", raw).rstrip()
                if not line or BAR.search(line):
                    continue
                record.write(line + "\n")
                printed.append(line)
                if on_line:
                    on_line(line)
    if process.returncode:
        tail = "\n".join("    " + line for line in printed[-LINES_SHOWN_ON_FAILURE:])
        raise SetupFailed(
            f"{tail}\n\nThe command ended with code {process.returncode}:\n"
            f"    {' '.join(command)}\nThe whole log is in {log.relative_to(root)}."
        )
