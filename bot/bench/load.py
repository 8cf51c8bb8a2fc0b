"""The load: customers in closed loops, in a process of their own (`python -m bot.bench.load FILE`).

FILE holds a `Load` as JSON. The process prints `begin` and `end` at the edges of the measured time,
so that whoever started it reads the CPU accounts at the same moments, then one JSON line with a
`Measured`.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import uvloop

from bot.bench.connection import ConnectionLost
from bot.bench.customers import Customer, NotAnswered, customer_of

# A turn that takes longer counts as failed: no customer waits that long.
TURN_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class Question:
    """Something to say, and what a true answer contains: one of these."""

    text: str
    expected: tuple[str, ...]

    def is_answered_by(self, answer: str) -> bool:
        """Whether an answer is a true one."""
        return any(words in answer for words in self.expected)


@dataclass(frozen=True, slots=True)
class Load:
    """What the customers do.

    Each customer takes the next of `conversations`, says its questions one after the other, each
    when the one before is answered, then takes another, as a new customer.
    """

    channel: str
    port: int
    customers: int
    warm_up_s: float
    seconds: float
    conversations: tuple[tuple[Question, ...], ...]

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Load":
        """Read it from its JSON."""
        conversations = tuple(
            tuple(Question(each["text"], tuple(each["expected"])) for each in conversation)
            for conversation in raw.pop("conversations")
        )
        return cls(conversations=conversations, **raw)


@dataclass(slots=True)
class Measured:
    """What happened within the measured time; a turn belongs to the moment it ends."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    wrong_answers: int = 0
    failures: int = 0
    example_of_trouble: str = ""
    load_cpu_s: float = 0.0


class Loop:
    """Runs a load and keeps the account."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._conversations: Iterator[tuple[Question, ...]] = cycle(load.conversations)
        self._measured = Measured()
        self._measuring = False
        self._over = asyncio.Event()

    async def run(self) -> Measured:
        """Let the customers talk, warm-up first, and return what was measured."""
        customers = [
            asyncio.create_task(self._live(customer_of(self._load.channel, self._load.port)))
            for _ in range(self._load.customers)
        ]
        await asyncio.sleep(self._load.warm_up_s)
        began, cpu = time.perf_counter(), _own_cpu()
        self._measuring = True
        print("begin", flush=True)
        await asyncio.sleep(self._load.seconds)
        self._measuring = False
        self._measured.seconds = time.perf_counter() - began
        self._measured.load_cpu_s = _own_cpu() - cpu
        print("end", flush=True)
        # Turns under way are waited for, so that the next measurement starts on a quiet assistant.
        self._over.set()
        await asyncio.gather(*customers)
        return self._measured

    async def _live(self, customer: Customer) -> None:
        while not self._over.is_set():
            conversation = next(self._conversations)
            try:
                async with asyncio.timeout(TURN_LIMIT):
                    await customer.begin()
                for question in conversation:
                    if self._over.is_set():
                        break
                    await self._turn(customer, question)
            except (ConnectionLost, NotAnswered, TimeoutError) as error:
                self._note_failure(error)
                await asyncio.sleep(0.1)  # a dead server must not be hammered
        customer.leave()

    async def _turn(self, customer: Customer, question: Question) -> None:
        asked = time.perf_counter()
        async with asyncio.timeout(TURN_LIMIT):
            answer = await customer.ask(question.text)
        if not self._measuring:
            return
        self._measured.latencies_ms.append(round((time.perf_counter() - asked) * 1000, 2))
        if not question.is_answered_by(answer):
            self._measured.wrong_answers += 1
            self._measured.example_of_trouble = f"{question.text!r} was answered {answer!r}"

    def _note_failure(self, error: Exception) -> None:
        # Also outside the measured time: a turn that hangs over its end must not go unseen.
        self._measured.failures += 1
        self._measured.example_of_trouble = f"{type(error).__name__} {error}".strip()


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Run the load of the file named on the command line."""
    load = Load.read(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    measured = uvloop.run(Loop(load).run())
    print(json.dumps(asdict(measured)), flush=True)


if __name__ == "__main__":
    main()
