"""Waiting for what must come: looking again and again until a deadline, never a fixed sleep."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], seconds: float, pause: float = 0.05) -> Found:
    """The first thing found that is true.

    Raises:
        TimeoutError: nothing in time; says what was found last.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s; the last look found {found!r}")
        time.sleep(pause)
