"""Answers conversations: one turn at a time in each, many conversations at once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from bot.adapters.changes import Changes
from bot.adapters.rasa import AssistantLost, AssistantUnavailable, RasaClient, TurnFailed
from bot.domain.errors import StorageUnavailable
from bot.domain.turns import Answer, Turn
from bot.gateway.assistant_link import AssistantLink
from bot.services.turns import Turns

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# Rasa thinks on one core; more turns at once would only queue there.
TURNS_AT_ONCE = 16
# A customer who sees nothing for this long is told that the message has arrived.
PATIENCE_SECONDS = 3.0
# An action server that was killed is back within a few seconds: trying goes on a little longer.
TRYING_SECONDS = 15.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 2.0
STORAGE_PAUSE_SECONDS = 1.0
# A turn during which Rasa ends this often is taken for the reason, and asked no more.
DEATHS_IN_A_TURN = 3


class TurnWorkers:
    """One task per conversation that has something to answer."""

    def __init__(
        self, turns: Turns, rasa: RasaClient, link: AssistantLink, changes: Changes
    ) -> None:
        self._turns = turns
        self._rasa = rasa
        self._link = link
        self._changes = changes
        self._places = asyncio.Semaphore(TURNS_AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._asides: set[asyncio.Task[object]] = set()

    def wake(self, conversation_id: str) -> None:
        """Something of this conversation may be to do."""
        if conversation_id in self._tasks:
            self._woken.add(conversation_id)
            self._settle_aside(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id), name=f"turns {conversation_id}")
        self._tasks[conversation_id] = task
        task.add_done_callback(partial(self._done, conversation_id))

    def look_again(self, conversation_ids: frozenset[str]) -> None:
        """Conversations changed: answers that wait for Rasa may not be wanted any more."""
        if not self._link.is_ready:
            for conversation_id in conversation_ids.intersection(self._tasks):
                self._settle_aside(conversation_id)

    async def resume(self) -> None:
        """Take up what a previous process left unanswered."""
        waiting = await self._until_stored(self._turns.conversations_waiting)
        for conversation_id in waiting:
            self.wake(conversation_id)

    async def stop(self) -> None:
        """Stop; what is unanswered stays in the inbox."""
        tasks = [*self._tasks.values(), *self._asides]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _settle_aside(self, conversation_id: str) -> None:
        """Settle what needs no answer while one is being made, however long that takes.

        Whoever presses the button for a person while Rasa is away has one at once.
        """
        aside: asyncio.Task[object] = asyncio.create_task(self._look_aside(conversation_id))
        self._asides.add(aside)
        aside.add_done_callback(self._asides.discard)

    async def _look_aside(self, conversation_id: str) -> None:
        turn = await self._until_stored(partial(self._turns.next_turn, conversation_id))
        task = self._tasks.get(conversation_id)
        if turn is None and task is not None:
            self._woken.add(conversation_id)  # something may have arrived since the look
            task.cancel()  # the team has the conversation: nobody waits for this answer any more

    def _done(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(conversation_id, None)
        if not task.cancelled() and task.exception() is not None:
            logger.error("turns of %s stopped", conversation_id, exc_info=task.exception())
        if conversation_id in self._woken:
            self._woken.discard(conversation_id)
            self.wake(conversation_id)

    async def _work(self, conversation_id: str) -> None:
        more = True
        while more:
            self._woken.discard(conversation_id)
            turn = await self._until_stored(partial(self._turns.next_turn, conversation_id))
            if turn is None:
                return
            async with self._showing_work(turn):
                answer = await self._answer(turn)
            finish = (
                partial(self._turns.finish_calmly, turn)
                if answer is None
                else partial(self._turns.finish, turn, answer)
            )
            more = await self._until_stored(finish)

    async def _answer(self, turn: Turn) -> Answer | None:
        """The assistant's answer, however long Rasa is away; None when it cannot answer."""
        await self._link.wait_until_ready()
        deadline = asyncio.get_running_loop().time() + TRYING_SECONDS
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                answer = await self._ask(turn)
                if not answer.messages and answer.handoff_reason is None:
                    raise TurnFailed("an empty answer")
                return answer
            except TurnFailed as failure:
                attempts = await self._until_stored(partial(self._turns.count_failure, turn))
                logger.warning("turn %s failed (%s), attempt %d", turn.turn_id, failure, attempts)
            if asyncio.get_running_loop().time() + pause > deadline:
                return None
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _ask(self, turn: Turn) -> Answer:
        deaths = 0
        while True:
            await self._link.wait_until_ready()
            try:
                async with self._places:
                    return await self._rasa.answer(turn)
            except AssistantUnavailable as gone:
                self._link.lost()
                deaths += isinstance(gone, AssistantLost)
            if deaths >= DEATHS_IN_A_TURN:
                raise TurnFailed(f"Rasa ended {deaths} times in the middle of it")

    @asynccontextmanager
    async def _showing_work(self, turn: Turn) -> AsyncIterator[None]:
        """Show the typing sign, and words to a customer who has to wait."""
        self._changes.set_typing(turn.conversation_id, "bot", on=True)
        patience = asyncio.create_task(self._reassure(turn))
        try:
            yield
        finally:
            patience.cancel()
            self._changes.set_typing(turn.conversation_id, "bot", on=False)

    async def _reassure(self, turn: Turn) -> None:
        if turn.attempts:  # told before, by this process or the one before it
            return
        await asyncio.sleep(PATIENCE_SECONDS)
        away = not self._link.is_ready
        response = "utter_assistant_waking_up" if away else "utter_assistant_slow"
        await self._until_stored(partial(self._turns.tell_once, turn, response))

    async def _until_stored(self, call: Callable[[], Result]) -> Result:
        """Call a service in a thread; while the database is away, again and again."""
        while True:
            try:
                return await asyncio.to_thread(call)
            except StorageUnavailable:
                logger.warning("the database is away")
                await asyncio.sleep(STORAGE_PAUSE_SECONDS)
