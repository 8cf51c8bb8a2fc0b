"""One measurement of a running assistant: its start, or one load against it."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from bot.bench.connection import ConnectionLost
from bot.bench.customers import NotAnswered, customer_of
from bot.bench.launches import BenchFailed, Running
from bot.bench.load import TURN_LIMIT, Load, Measured, Question
from bot.bench.processes import cpu_seconds, machine_cpu_seconds
from bot.bench.report import Sample, sample_of
from bot.settings import PROJECT_ROOT

START_LIMIT = 300.0

# How often an assistant that is starting is spoken to. Often enough to time it, too seldom to
# slow it down.
TRY_AGAIN_SECONDS = 0.1

# What the load process may take to start, and to write down what it saw.
LOAD_MARGIN = 60.0


async def first_answer(channel: str, port: int, first: Question, running: Running) -> None:
    """Return as soon as an assistant that is starting has truly answered a first question.

    Raises:
        BenchFailed: it did not answer in time, or it ended.
    """
    customer = customer_of(channel, port)
    deadline = time.monotonic() + START_LIMIT
    trouble = "nobody listens"
    try:
        while time.monotonic() < deadline:
            running.check()
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await customer.begin()
                    answer = await customer.ask(first.text)
                if first.is_answered_by(answer):
                    return
                trouble = f"it answered {answer!r}"
            except (ConnectionLost, NotAnswered, TimeoutError) as error:
                trouble = str(error) or type(error).__name__
            await asyncio.sleep(TRY_AGAIN_SECONDS)
    finally:
        customer.leave()
    raise BenchFailed(f"No answer within {START_LIMIT:.0f} s of the start ({trouble}).")


def measure(question: str, load: Load, running: Running, workshop: Path) -> Sample:
    """Put a load on a running assistant, from a process of its own, and take the accounts.

    Raises:
        BenchFailed: the assistant or the load process ended, or it took too long.
    """
    spec = workshop / "load.json"
    spec.write_text(json.dumps(asdict(load), ensure_ascii=False), encoding="utf-8")
    with (workshop / "log" / "load.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.bench.load", str(spec)],
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )
    limit = load.warm_up_s + load.seconds + TURN_LIMIT + LOAD_MARGIN
    with process, _killed_after(limit, process):
        assert process.stdout is not None
        accounts = []
        for edge in ("begin", "end"):
            if process.stdout.readline().strip() != edge:
                raise BenchFailed("The load generator ended early; see var/bench/log/load.log.")
            accounts.append((cpu_seconds(running.roots), machine_cpu_seconds()))
        last_line = process.stdout.readline()
    running.check()
    if process.returncode or not last_line:
        raise BenchFailed("The load generator failed; see var/bench/log/load.log.")
    (cpu_before, machine_before), (cpu_after, machine_after) = accounts
    return sample_of(
        question,
        load.customers,
        Measured(**json.loads(last_line)),
        cpu_after - cpu_before,
        machine_after - machine_before,
    )


@contextmanager
def _killed_after(seconds: float, process: "subprocess.Popen[str]") -> Iterator[None]:
    """Bound a process in time, and end it when the block is left early."""
    watchdog = threading.Timer(seconds, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
        if sys.exc_info()[0] is not None:
            process.kill()
