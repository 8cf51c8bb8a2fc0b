"""Tells every open desk what changed: one look at the database for all of them."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from starlette.concurrency import run_in_threadpool

from bot.adapters.changes import EVERYTHING, Changes, Watch
from bot.domain.desk import STATUSES_OF, Box, Holder, Tally
from bot.domain.errors import StorageUnavailable
from bot.services.queue import Queue

log = logging.getLogger(__name__)

# An idle feed looks up from its wait this often; nothing is read then.
IDLE_SECONDS = 60.0
# A busy shop changes many conversations a second: agents' lists move at most ten times in one.
PAUSE_SECONDS = 0.1
# The database is away: how long before the next look.
RETRY_SECONDS = 1.0
# How many conversations' last states are remembered to tell a change from a typing sign.
REMEMBERED = 5_000


class Listener:
    """One open desk's ear: collects what changed until it is asked."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._typing: dict[str, bool] = {}
        self._boxes: set[Box] = set()
        self.tally: Tally | None = None

    def tell(self, typing: dict[str, bool], boxes: frozenset[Box], tally: Tally) -> None:
        """Note changed conversations, and the parts of the queue that they touch."""
        self._typing |= typing
        self._boxes |= boxes
        self.tally = tally
        self._event.set()

    async def news(self, seconds: float) -> tuple[dict[str, bool], frozenset[Box]] | None:
        """Changed conversations (with whether the customer types) and boxes; None: no news."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return None
        self._event.clear()
        typing, boxes = self._typing, frozenset(self._boxes)
        self._typing, self._boxes = {}, set()
        return typing, boxes


class DeskFeed:
    """Watches everything while at least one desk is open."""

    def __init__(self, queue: Queue, changes: Changes) -> None:
        self._queue = queue
        self._changes = changes
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._watching = ExitStack()
        self._last: dict[str, Holder] = {}
        self._customers_typing: set[str] = set()
        self._tally: Tally | None = None

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        """Hear of every change from now on; on the event loop."""
        listener = Listener()
        self._listeners.add(listener)
        if self._task is None:
            # Watched from here and not from the task's first step: nothing may slip between.
            watch = self._watching.enter_context(self._changes.watch(EVERYTHING))
            self._task = asyncio.create_task(self._run(watch))
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners:
                self._stop()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._watching.close()
        self._last.clear()
        self._customers_typing.clear()
        self._tally = None

    async def _run(self, watch: Watch) -> None:
        while True:
            if not await watch.changed(IDLE_SECONDS) or not watch.conversation_ids:
                continue
            try:
                await self._tell(watch.conversation_ids)
            except Exception:  # one bad look must not leave every desk deaf
                log.exception("the desk could not look at what changed")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _tell(self, changed: frozenset[str]) -> None:
        holders, tally = await self._look(changed)
        stored = {h.conversation_id for h in holders if self._last.get(h.conversation_id) != h}
        typing = {i: "customer" in self._changes.typing(i) for i in changed}
        told = {i: on for i, on in typing.items() if self._is_news(i, i in stored, typing=on)}
        boxes = {
            box
            for holder in holders
            if holder.conversation_id in stored
            for box, statuses in STATUSES_OF.items()
            if holder.status in statuses
        }
        boxes |= _differing(self._tally, tally)
        self._remember(holders, tally)
        if told or boxes:
            for listener in self._listeners:
                listener.tell(told, frozenset(boxes), tally)

    async def _look(self, changed: frozenset[str]) -> tuple[tuple[Holder, ...], Tally]:
        while True:
            try:
                return await run_in_threadpool(self._queue.holders, changed)
            except StorageUnavailable:
                await asyncio.sleep(RETRY_SECONDS)

    def _is_news(self, conversation_id: str, is_stored: bool, *, typing: bool) -> bool:
        """The assistant's typing is nobody's news here; the customer's and a message are."""
        typed = conversation_id in self._customers_typing
        if typing:
            self._customers_typing.add(conversation_id)
        else:
            self._customers_typing.discard(conversation_id)
        return is_stored or typing != typed

    def _remember(self, holders: tuple[Holder, ...], tally: Tally) -> None:
        if len(self._last) > REMEMBERED:
            self._last.clear()
        self._last.update({holder.conversation_id: holder for holder in holders})
        self._tally = tally


def _differing(before: Tally | None, after: Tally) -> set[Box]:
    """Boxes whose number changed: something left them, whatever it is now."""
    if before is None:
        return set(Box)
    boxes = {Box.MINE} if before.with_agents != after.with_agents else set()
    for box in (Box.WAITING, Box.OPEN, Box.CLOSED):
        if any(before.by_status.get(s) != after.by_status.get(s) for s in STATUSES_OF[box]):
            boxes.add(box)
    return boxes
