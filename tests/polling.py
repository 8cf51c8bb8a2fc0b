"""Waiting for what must come: looking again and again until a deadline, never a fixed sleep."""

import asyncio
from collections.abc import Callable

from bot.dialogue_evaluation.waiting import eventually

__all__ = ["eventually", "until"]

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
