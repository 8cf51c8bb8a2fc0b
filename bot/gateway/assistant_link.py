"""Knows whether Rasa answers, and wakes those who wait for it."""

import asyncio
import logging
from collections.abc import Callable

from bot.adapters.rasa import RasaClient

logger = logging.getLogger(__name__)

# Rasa takes tens of seconds to load; while it is away it is looked for twice a second.
AWAY_SECONDS = 0.5
# While it answers turns, its absence is noticed by them; this look is for quiet times.
READY_SECONDS = 5.0


class AssistantLink:
    """The state of the line to Rasa."""

    def __init__(self, rasa: RasaClient, on_change: Callable[[], None]) -> None:
        self._rasa = rasa
        self._on_change = on_change
        self._ready = asyncio.Event()
        self._look = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether Rasa answered the last time."""
        return self._ready.is_set()

    def lost(self) -> None:
        """A turn found Rasa gone."""
        self._set(ready=False)
        self._look.set()

    async def wait_until_ready(self) -> None:
        """Wait until Rasa answers again."""
        await self._ready.wait()

    async def watch(self) -> None:
        """Look after Rasa until cancelled."""
        while True:
            self._set(ready=await self._rasa.is_ready())
            self._look.clear()
            pause = READY_SECONDS if self.is_ready else AWAY_SECONDS
            try:
                async with asyncio.timeout(pause):
                    await self._look.wait()
                await asyncio.sleep(AWAY_SECONDS)
            except TimeoutError:
                pass

    def _set(self, *, ready: bool) -> None:
        if ready == self.is_ready:
            return
        logger.info("rasa %s", "answers" if ready else "is away")
        if ready:
            self._ready.set()
        else:
            self._ready.clear()
        self._on_change()
