"""The three processes of the house under one terminal: started, watched, started again, stopped."""

import asyncio
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

# A process that dies at once is started again after a pause that doubles up to this.
LONGEST_PAUSE_SECONDS = 15.0
# One that lived this long died of something new: the pause begins small again.
HEALTHY_SECONDS = 20.0
# How long a process may take to stop by itself.
GRACE_SECONDS = 8.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Part:
    """One process: its name in the log, its command, and what it adds to the environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """Runs parts until told to stop."""

    def __init__(self, parts: Sequence[Part], log_dir: Path, folder: Path) -> None:
        self._parts = parts
        self._log_dir = log_dir
        self._folder = folder
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Stop every part and return from `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Start all parts and keep them running."""
        self._log_dir.mkdir(parents=True, exist_ok=True)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        await asyncio.gather(*(self._keep_running(part) for part in self._parts))

    async def _keep_running(self, part: Part) -> None:
        pause = 0.5
        while not self._stopping.is_set():
            started = asyncio.get_running_loop().time()
            with (self._log_dir / f"{part.name}.log").open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *part.command,
                    cwd=self._folder,
                    env={**os.environ, **part.environment},
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                )
            await self._wait(process)
            if self._stopping.is_set():
                return
            lived = asyncio.get_running_loop().time() - started
            pause = 0.5 if lived > HEALTHY_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
            logger.warning(
                "%s ended with %s and is started again (see %s)",
                part.name,
                process.returncode,
                self._log_dir / f"{part.name}.log",
            )
            await self._pause(pause)

    async def _wait(self, process: asyncio.subprocess.Process) -> None:
        ended = asyncio.ensure_future(process.wait())
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((ended, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if process.returncode is None and self._stopping.is_set():
            process.terminate()
            try:
                await asyncio.wait_for(asyncio.shield(ended), GRACE_SECONDS)
            except TimeoutError:
                process.kill()
        await ended

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass


def _die_with_parent() -> None:
    """Linux: a part ends with the supervisor, even when that is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
