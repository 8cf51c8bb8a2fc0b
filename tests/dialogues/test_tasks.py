"""Customers with tasks reach their end: judged by the shop's database and by what they were told."""

from pathlib import Path

import pytest

from bot.dialogue_evaluation.run import ORDERS
from bot.dialogue_evaluation.task_play import Played
from bot.dialogue_evaluation.task_report import readable_tasks, task_report
from bot.dialogue_evaluation.task_run import play_in, strangers_of
from bot.dialogue_evaluation.tasks import read_tasks
from bot.settings import PROJECT_ROOT
from tests.running_house import RunningHouse

FOLDER = PROJECT_ROOT / "tests" / "tasks"
TASKS = read_tasks(FOLDER)
SOLVED = 0.85


def quiet(line: str) -> None:
    """The report says it all."""


@pytest.fixture(scope="module")
def played(running_house: RunningHouse) -> list[Played]:
    """Every task, once, in the shop as it was before anybody came."""
    strangers = strangers_of(ORDERS)
    return play_in(running_house.settings, TASKS, strangers, quiet, running_house.shop)


@pytest.mark.assistant
@pytest.mark.timeout(600)  # the first one plays them all, and may have to start the house
def test_most_tasks_are_solved(played: list[Played]) -> None:
    report = task_report(played)
    if report["solve_rate"] < SOLVED:
        pytest.fail(readable_tasks(report), pytrace=False)


@pytest.mark.assistant
@pytest.mark.timeout(600)
def test_nothing_is_written_that_the_customer_did_not_want(played: list[Played]) -> None:
    _none([f"{p.task.name}: {write}" for p in played for write in p.verdict.wrong_writes])


@pytest.mark.assistant
@pytest.mark.timeout(600)
def test_nobody_is_told_what_they_may_not_know(played: list[Played]) -> None:
    _none([f"{p.task.name}: {leak}" for p in played for leak in p.verdict.leaks])


def _none(found: list[str]) -> None:
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_every_order_of_a_task_is_in_the_shop() -> None:
    orders = ORDERS.read_text(encoding="utf-8")
    lacking = [n for task in TASKS for n in task.about if f'"number": "{n}"' not in orders]
    assert lacking == []


def test_there_are_tasks_of_every_kind() -> None:
    assert {task.file for task in TASKS} == set(Path(FOLDER).rglob("*.yml"))
    assert len(TASKS) >= 180
