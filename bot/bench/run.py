"""The run: trains both assistants if need be, then measures them in turn, round after round.

Only one of them runs at a time. They take turns so that whatever else the machine does meanwhile
falls on both, and each round starts them anew, which measures the start as well.
"""

import argparse
import asyncio
import fcntl
import json
import os
import platform
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from bot.bench.assistants import Assistant, Training, now_in_words
from bot.bench.conversations import (
    answers_to_a_greeting,
    greetings,
    order_questions,
    orders_underway,
)
from bot.bench.journeys import journeys
from bot.bench.launches import BenchFailed, Running
from bot.bench.load import Load, Question
from bot.bench.measuring import first_answer, measure
from bot.bench.own import OwnAssistant
from bot.bench.processes import MEGABYTE, MemoryPeak
from bot.bench.report import Round, Sample, build_report
from bot.bench.single_turns import SingleTurns, measure_single_turns
from bot.bench.stock import StockAssistant
from bot.bench.table import as_table
from bot.settings import PROJECT_ROOT

# Until connections, caches and threads have settled; TensorFlow traces its graphs at the first
# few messages.
WARM_UP_SECONDS = 3.0

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What to measure.

    Attributes:
        rounds: how often each assistant is started and measured.
        seconds: measured time of one kind of question with one number of customers.
        customers: how many ask at the same time, one measurement each.
        skip_stock: measure only this project's assistant.
        retrain: measure the training again though it was measured before.
    """

    rounds: int = 3
    seconds: float = 12.0
    customers: tuple[int, ...] = (1, 8, 32)
    skip_stock: bool = False
    retrain: bool = False


def run_bench(options: BenchOptions, tell: Tell = lambda _: None) -> dict[str, Any]:
    """Measure, and return the report (`bot.bench.table` prints it).

    Args:
        options: what to measure.
        tell: is told what is going on, one line at a time.

    Raises:
        BenchFailed: something could not be measured; whatever was started is stopped.
    """
    if not sys.platform.startswith("linux"):
        raise BenchFailed("The benchmark reads Linux's /proc; it cannot measure this system.")
    workshop = PROJECT_ROOT / "var" / "bench"
    workshop.mkdir(parents=True, exist_ok=True)
    with _alone(workshop), _ended_by_signals():
        return _run(options, workshop, tell)


def _run(options: BenchOptions, workshop: Path, tell: Tell) -> dict[str, Any]:
    state = workshop / "state"
    shutil.rmtree(state, ignore_errors=True)
    shutil.rmtree(workshop / "log", ignore_errors=True)
    state.mkdir()
    own = OwnAssistant(PROJECT_ROOT, workshop, state)
    assistants: list[Assistant] = [own]
    if not options.skip_stock:
        assistants.append(StockAssistant(PROJECT_ROOT, workshop, state, own.database))
    machine = {**_machine(), "options": asdict(options)}
    trainings = {each.name: _train(each, options.retrain, tell) for each in assistants}
    rounds = []
    for number in range(1, options.rounds + 1):
        for assistant in assistants:
            tell(f"round {number} of {options.rounds}: {assistant.name}")
            rounds.append(_round(assistant, own.database, options, workshop, tell))
    return build_report(machine, trainings, rounds)


def _train(assistant: Assistant, again: bool, tell: Tell) -> Training:
    tell(f"training {assistant.name} ({assistant.training_hint}, unless it was measured before)")
    training = assistant.train(again)
    kept = ", measured before" if training.kept_from_before else ""
    tell(f"  {training.wall_s:.0f} s, {training.cpu_s:.0f} s of CPU{kept}")
    return training


def _round(
    assistant: Assistant, orders: Path, options: BenchOptions, workshop: Path, tell: Tell
) -> Round:
    """Start an assistant, measure everything once, stop it."""
    started = time.monotonic()
    with Running(assistant.launches()) as running, MemoryPeak(running.roots) as peak:
        first = Question("hola", answers_to_a_greeting(assistant.domain))
        asyncio.run(first_answer(assistant.channel, assistant.port, first, running))
        start_up = round(time.monotonic() - started, 1)
        tell(f"  first answer after {start_up} s")
        # Before the loads: while they last the caches grow, and what they leave behind is not one
        # customer's.
        single_turns = _single_turns(assistant, running, tell)
        samples = []
        asked = {
            "greet": greetings(assistant.domain),
            "order_status": order_questions(orders_underway(orders)),
        }
        for customers in options.customers:
            for question, conversations in asked.items():
                load = Load(
                    assistant.channel,
                    assistant.port,
                    customers,
                    WARM_UP_SECONDS,
                    options.seconds,
                    conversations,
                )
                samples.append(measure(question, load, running, workshop))
                tell(f"  {_in_a_line(samples[-1])}")
        return Round(assistant.name, start_up, peak.megabytes, tuple(samples), single_turns)


def _single_turns(assistant: Assistant, running: Running, tell: Tell) -> SingleTurns | None:
    """Measure turns one by one where there are journeys to play: stock has none."""
    if not assistant.has_journeys:
        return None
    conversations = journeys(assistant.domain)
    measured = measure_single_turns(assistant.channel, assistant.port, running.roots, conversations)
    running.check()
    told = f"  {len(measured.cpu_ms)} single turns"
    if measured.wrong_answers or measured.failures:
        told += f"; {measured.wrong_answers} wrong, {measured.failures} failed"
        told += f" (for one: {measured.example_of_trouble})"
    tell(told)
    return measured


def _in_a_line(sample: Sample) -> str:
    line = (
        f"{sample.question} at {sample.customers}: {sample.turns_per_second} turns/s, "
        f"p50 {sample.p50_ms} ms, p99 {sample.p99_ms} ms, {sample.cpu_ms_per_turn} CPU ms a turn"
    )
    if sample.wrong_answers or sample.failures:
        line += f"; {sample.wrong_answers} wrong, {sample.failures} failed"
        line += f" (for one: {sample.example_of_trouble})"
    return line


def _machine() -> dict[str, Any]:
    processor = "unknown"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
    return {
        "measured_at": now_in_words(),
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }


@contextmanager
def _alone(workshop: Path) -> Iterator[None]:
    """Refuse to run beside another benchmark of this checkout: both would measure each other."""
    with (workshop / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BenchFailed("Another benchmark is running here.") from None
        yield


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let a polite kill or a closed terminal end the run as Ctrl-C does: nothing stays behind."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in ENDING_SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def main(arguments: list[str]) -> int:
    """Run the benchmark from the command line; returns the exit code."""
    parser = argparse.ArgumentParser("posventa bench", description=__doc__)
    parser.add_argument("--rounds", type=_count, default=3, help="starts of each assistant")
    parser.add_argument("--seconds", type=_count, default=12, help="of each measurement")
    parser.add_argument(
        "--customers",
        type=_counts,
        default=(1, 8, 32),
        metavar="N,N,…",
        help="how many at the same time, one measurement each",
    )
    parser.add_argument("--skip-stock", action="store_true", help="measure only our own")
    parser.add_argument("--retrain", action="store_true", help="measure the training again")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    given = parser.parse_args(arguments)
    options = BenchOptions(
        given.rounds, given.seconds, given.customers, given.skip_stock, given.retrain
    )
    try:
        report = run_bench(options, lambda line: print(line, file=sys.stderr, flush=True))
    except BenchFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; everything that was started has been ended.", file=sys.stderr)
        return 130
    print(json.dumps(report, ensure_ascii=False, indent=1) if given.json else as_table(report))
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_count(number) for number in text.split(","))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
