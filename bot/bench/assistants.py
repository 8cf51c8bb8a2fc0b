"""An assistant under measurement: how it is trained and started, whoever wrote it."""

import json
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from bot.bench.launches import Launch

# DIET on some thousand phrases, on two cores with company: three quarters of an hour were seen.
TRAINING_LIMIT = 2 * 60 * 60.0


@dataclass(frozen=True, slots=True)
class Training:
    """What training cost when it was last done, on this machine and from these sources."""

    wall_s: float
    cpu_s: float
    trained_at: str
    kept_from_before: bool = False


class Assistant(Protocol):
    """One of the two sides."""

    name: str
    # Which of `bot.bench.customers` talks to it, and where.
    channel: str
    # Whether `bot.bench.journeys` can be played with it.
    has_journeys: bool
    port: int
    # The file with its responses.
    domain: Path
    # How long training takes, in words for whoever waits.
    training_hint: str

    def train(self, again: bool) -> Training:
        """Train it, or tell what its training cost when that was done already.

        Raises:
            BenchFailed: the training failed or did not end.
        """

    def launches(self) -> Sequence[Launch]:
        """The commands that start it, ready to be measured from the first one on."""


def kept_training(record: Path, fingerprint: str) -> Training | None:
    """Read what an earlier training of the same sources cost, if it is known."""
    try:
        kept = json.loads(record.read_text(encoding="utf-8"))
        if kept.pop("fingerprint") != fingerprint:
            return None
        return replace(Training(**kept), kept_from_before=True)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep_training(record: Path, fingerprint: str, training: Training) -> None:
    """Write down what a training cost."""
    record.write_text(json.dumps({**asdict(training), "fingerprint": fingerprint}, indent=1))


def now_in_words() -> str:
    """The moment a figure was taken, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def free_ports(count: int) -> list[int]:
    """Find ports of the loopback address that nobody listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
