"""Processor time of single turns: one customer in journeys, and the accounts read at every turn."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.bench.connection import ConnectionLost
from bot.bench.conversations import Conversations
from bot.bench.customers import Customer, NotAnswered, customer_of
from bot.bench.launches import BenchFailed
from bot.bench.load import TURN_LIMIT, Question
from bot.bench.thread_times import part_of, spent, thread_times

# After an answer is out its turn is not quite over: something is still written and freed. As long
# is waited before each turn, so that the end of the one before is not this one's.
SETTLE_SECONDS = 0.02

# The first time each sentence meets cold caches; customers of a running assistant do not.
PLAYED_UNMEASURED = 1
PLAYED_MEASURED = 4

NANOSECONDS_PER_MS = 1_000_000


@dataclass(slots=True)
class SingleTurns:
    """What each measured turn cost, in milliseconds of processor time by part of the assistant."""

    cpu_ms: list[Mapping[str, float]] = field(default_factory=list)
    wrong_answers: int = 0
    failures: int = 0
    example_of_trouble: str = ""


def measure_single_turns(
    channel: str, port: int, roots: Sequence[int], conversations: Conversations
) -> SingleTurns:
    """Let one customer play the conversations, some times each, and account for every turn.

    Args:
        channel: as `customer_of` knows it.
        port: where the assistant listens.
        roots: the assistant's processes, whose trees are counted.
        conversations: what is said.

    Raises:
        BenchFailed: the kernel does not tell what threads have run.
    """
    if not any(thread_times(roots).values()):
        raise BenchFailed("This kernel keeps no schedstat; single turns cannot be measured.")
    player = _Player(customer_of(channel, port), roots)
    asyncio.run(player.play(conversations))
    return player.measured


class _Player:
    """Plays the conversations one after the other, and keeps the account."""

    def __init__(self, customer: Customer, roots: Sequence[int]) -> None:
        self._customer = customer
        self._roots = roots
        self.measured = SingleTurns()

    async def play(self, conversations: Conversations) -> None:
        """Play all of them; the first times do not count."""
        for time in range(PLAYED_UNMEASURED + PLAYED_MEASURED):
            for conversation in conversations:
                await self._converse(conversation, counts=time >= PLAYED_UNMEASURED)
        self._customer.leave()

    async def _converse(self, conversation: Sequence[Question], *, counts: bool) -> None:
        try:
            async with asyncio.timeout(TURN_LIMIT):
                await self._customer.begin()
            for question in conversation:
                await self._turn(question, counts=counts)
        except (ConnectionLost, NotAnswered, TimeoutError) as error:
            self.measured.failures += 1
            self.measured.example_of_trouble = f"{type(error).__name__} {error}".strip()

    async def _turn(self, question: Question, *, counts: bool) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        before = thread_times(self._roots)
        async with asyncio.timeout(TURN_LIMIT):
            answer = await self._customer.ask(question.text)
        await asyncio.sleep(SETTLE_SECONDS)
        used = spent(before, thread_times(self._roots))
        if not counts:
            return
        self.measured.cpu_ms.append(by_part(used))
        if not question.is_answered_by(answer):
            self.measured.wrong_answers += 1
            self.measured.example_of_trouble = f"{question.text!r} was answered {answer!r}"


def by_part(used: Mapping[int, int]) -> dict[str, float]:
    """Milliseconds by part of the assistant, of nanoseconds by process."""
    parts: dict[str, float] = {}
    for pid, nanoseconds in used.items():
        part = part_of(pid)
        parts[part] = parts.get(part, 0.0) + nanoseconds / NANOSECONDS_PER_MS
    return parts
