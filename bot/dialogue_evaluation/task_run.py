"""The run of the tasks: a house of their own is started, and every task is played in it."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.adapters.database.order_side import Snapshot
from bot.adapters.demo_shop import demo_document
from bot.dialogue_evaluation.house import opened_house
from bot.dialogue_evaluation.run import Tell
from bot.dialogue_evaluation.shop_days import DAY_OF_THE_ORDERS
from bot.dialogue_evaluation.strangers import Strangers
from bot.dialogue_evaluation.task_play import Played, TaskPlay
from bot.dialogue_evaluation.tasks import Task
from bot.settings import Settings


def play_tasks(
    tasks: Sequence[Task], orders: Path, tell: Tell, times: int = 1
) -> list[list[Played]]:
    """Play tasks, each in the shop as it was in the beginning.

    Args:
        tasks: What to play.
        orders: A file of orders (`posventa orders import`), put beside the demonstration shop's.
        tell: Is told what is going on, one line at a time.
        times: How often each task is played, to see whether it always goes the same way.

    Returns:
        For each time, every task in order.

    Raises:
        HouseNotReady: the house does not start.
        ImportRefused, OSError: the orders cannot be read.
    """
    tell("Starting the house: up to half a minute.")
    strangers = strangers_of(orders)
    with (
        tempfile.TemporaryDirectory(prefix="posventa-tasks-") as folder,
        opened_house(Path(folder), orders) as settings,
    ):
        return [play_in(settings, tasks, strangers, tell) for _ in range(times)]


def play_in(
    settings: Settings,
    tasks: Sequence[Task],
    strangers: Strangers,
    tell: Tell,
    shop: Snapshot | None = None,
) -> list[Played]:
    """Play tasks in a house that runs with these settings.

    Args:
        settings: Those of the house.
        tasks: What to play.
        strangers: Everybody whom the shop knows.
        tell: Is told what is going on, one line at a time.
        shop: How the shop stood in the beginning, and will in the end; None when it still does.
    """
    play = TaskPlay(settings, strangers, shop)
    try:
        played = []
        for task in tasks:
            one = play.run(task)
            played.append(one)
            tell(f"{_sign(one)}  {task.file.stem}: {task.name}")
        return played
    finally:
        play.close()


def strangers_of(orders: Path) -> Strangers:
    """Everybody of a file of orders and of the demonstration shop."""
    document = json.loads(orders.read_text(encoding="utf-8"))
    return Strangers(document, demo_document(DAY_OF_THE_ORDERS))


def _sign(played: Played) -> str:
    if played.verdict.leaks:
        return "LEAK  "
    if played.verdict.wrong_writes:
        return "WRONG "
    return "ok    " if played.verdict.solved else "FAILED"
