"""Hands the outbox's messages to the platforms, in order, again until they are taken."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain.errors import StorageUnavailable
from bot.domain.messages import Delivery, DeliveryFailed
from bot.services.outbox import Outbox
from connectors.base import PushConnector

logger = logging.getLogger(__name__)

# A message that becomes due is sent at once (`wake`); this is for what was due before a start.
LONGEST_SLEEP_SECONDS = 30.0
STORAGE_PAUSE_SECONDS = 1.0


class OutboxWorker:
    """One per process."""

    def __init__(self, outbox: Outbox, connectors: Mapping[str, PushConnector]) -> None:
        self._outbox = outbox
        self._connectors = connectors
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to deliver."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            self._woken.clear()
            try:
                delivered = await self.deliver_due()
                pause = 0.0 if delivered else await self._pause()
            except StorageUnavailable:
                logger.warning("the database is away")
                pause = STORAGE_PAUSE_SECONDS
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def deliver_due(self) -> int:
        """Try everything that is due once; returns how many messages that were."""
        due = await asyncio.to_thread(self._outbox.due)
        await asyncio.gather(*(self._deliver(delivery) for delivery in due))
        return len(due)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            connector = self._connectors[delivery.channel]
            external_id = await connector.deliver(delivery)
        except DeliveryFailed as failure:
            logger.warning("delivery %d failed: %s", delivery.id, failure)
            await asyncio.to_thread(self._outbox.failed, delivery, failure)
        except Exception as mistake:  # of one connector: the others' messages go on
            logger.exception("delivery %d broke its connector", delivery.id)
            broken = DeliveryFailed(type(mistake).__name__)
            await asyncio.to_thread(self._outbox.failed, delivery, broken)
        else:
            await asyncio.to_thread(self._outbox.delivered, delivery, external_id)

    async def _pause(self) -> float:
        next_due = await asyncio.to_thread(self._outbox.next_due)
        if next_due is None:
            return LONGEST_SLEEP_SECONDS
        seconds = (next_due - datetime.now(UTC)).total_seconds()
        return min(max(seconds, 0.05), LONGEST_SLEEP_SECONDS)
