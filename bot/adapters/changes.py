"""Tells whoever watches a conversation that it changed, within this process.

The truth is in the database; a change only says "look again", so a lost or doubled one costs
nothing but a look.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit changed.

    Attributes:
        conversation_ids: Conversations that look otherwise now.
        has_deliveries: Whether something is to be handed over to a platform.
    """

    conversation_ids: frozenset[str]
    has_deliveries: bool = False


class Watch:
    """Waits for changes of what it was opened for."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._coming: set[str] = set()
        self._stored = False
        # Which conversations the last `changed()` woke for.
        self.conversation_ids: frozenset[str] = frozenset()
        # Whether the database has something new, and not only somebody begun to write.
        self.has_news = False

    def notify(
        self, conversation_ids: frozenset[str] = frozenset(), *, stored: bool = True
    ) -> None:
        """Wake the waiter (on the event loop only)."""
        self._coming |= conversation_ids
        self._stored |= stored
        self._event.set()

    async def changed(self, seconds: float) -> bool:
        """Wait until something changed since the last call; False when nothing did in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        self.conversation_ids = frozenset(self._coming)
        self.has_news = self._stored
        self._coming.clear()
        self._stored = False
        return True


class Changes:
    """A bulletin board between the threads that write and the coroutines that show."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watches: dict[str, set[Watch]] = defaultdict(set)
        # Who is typing, per conversation: "bot", "agent" or "customer". Ephemeral by nature.
        self._typing: dict[str, set[str]] = defaultdict(set)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Name the loop on which the watches wait; before that, changes go nowhere."""
        self._loop = loop

    def publish(self, change: Change) -> None:
        """Say what changed; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, change.conversation_ids)

    def publish_to_all(self) -> None:
        """Wake every watcher: something changed that concerns them all; on the event loop."""
        for watches in self._watches.values():
            for watch in watches:
                watch.notify()

    @contextmanager
    def watch(self, conversation_id: str) -> Iterator[Watch]:
        """Watch one conversation, or `EVERYTHING`."""
        watch = Watch()
        self._watches[conversation_id].add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[conversation_id]
            watches.discard(watch)
            if not watches:
                del self._watches[conversation_id]

    def set_typing(self, conversation_id: str, author: str, *, on: bool) -> None:
        """Note that somebody writes, or no longer; on the event loop."""
        typing = self._typing[conversation_id]
        before = author in typing
        if on:
            typing.add(author)
        else:
            typing.discard(author)
        if not typing:
            del self._typing[conversation_id]
        if before != on:
            self._wake(frozenset({conversation_id}), stored=False)

    def typing(self, conversation_id: str) -> frozenset[str]:
        """Who is writing now."""
        return frozenset(self._typing.get(conversation_id, ()))

    def _wake(self, conversation_ids: frozenset[str], *, stored: bool = True) -> None:
        for conversation_id in (*conversation_ids, EVERYTHING):
            for watch in self._watches.get(conversation_id, ()):
                watch.notify(conversation_ids, stored=stored)
