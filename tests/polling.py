"""Waiting for what must come: looking again and again until a deadline, never a fixed sleep."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

# Shorter than a machine notices, longer than a busy loop.
PAUSE_SECONDS = 0.005


async def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: it does not in time.
    """
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for sends no event
            await asyncio.sleep(PAUSE_SECONDS)


def eventually(look: Callable[[], Found], seconds: float, pause: float = 0.05) -> Found:
    """The first thing found that is true.

    Raises:
        TimeoutError: nothing in time; says what was found last.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s; the last look found {found!r}")
        time.sleep(pause)
