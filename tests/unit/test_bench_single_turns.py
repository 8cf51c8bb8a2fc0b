"""Single turns are accounted for thread by thread, and played with orders that the demo shop has."""

import os
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from bot.adapters.demo_shop import demo_document
from bot.adapters.yaml_file import read_yaml
from bot.bench.journeys import JOURNEYS, journeys, wording_of
from bot.bench.single_turns import by_part, measure_single_turns
from bot.bench.thread_times import SUPERVISOR, Thread, part_of, spent, thread_times
from bot.settings import PROJECT_ROOT

ME = os.getpid()
LITTLE_WORK_NS = 3_000_000  # less than a tick of /proc/PID/stat

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")


def work(nanoseconds: int) -> None:
    until = time.thread_time_ns() + nanoseconds
    while time.thread_time_ns() < until:
        pass


@needs_proc
def test_less_than_a_tick_is_seen_in_the_thread_that_did_it():
    begun, may_end = threading.Event(), threading.Event()

    def worker() -> None:
        begun.wait()
        work(LITTLE_WORK_NS)
        done.set()
        may_end.wait()

    done = threading.Event()
    thread = threading.Thread(target=worker)
    thread.start()
    before = thread_times([ME])
    begun.set()
    done.wait()
    after = thread_times([ME])
    may_end.set()
    thread.join()
    worked = Thread(ME, thread.native_id or 0)
    # The running thread's account is brought up to date at the scheduler's next look.
    assert after[worked] - before[worked] > LITTLE_WORK_NS / 2


def test_a_thread_begun_in_between_counts_as_a_whole_and_each_process_for_itself():
    before = {Thread(1, 1): 100, Thread(2, 2): 50}
    after = {Thread(1, 1): 130, Thread(1, 9): 7, Thread(2, 2): 50}
    assert spent(before, after) == {1: 37, 2: 0}


def test_a_thread_that_has_ended_takes_nothing_from_the_others():
    assert spent({Thread(1, 1): 100, Thread(1, 2): 900}, {Thread(1, 1): 130}) == {1: 30}


@pytest.mark.parametrize(
    ("command", "part"),
    [
        ("python -m bot.cli serve gateway", "gateway"),
        ("python -m bot.cli serve actions", "actions"),
        ("/x/.venv-rasa/bin/python -m rasa run --port 1", "rasa"),
        ("/x/.venv/bin/posventa run", SUPERVISOR),
    ],
)
def test_a_process_is_called_by_its_part(tmp_path: Path, command: str, part: str):
    folder = tmp_path / "7"
    folder.mkdir()
    (folder / "cmdline").write_text("\0".join(command.split()) + "\0")
    assert part_of(7, tmp_path) == part


@needs_proc
def test_time_is_told_in_milliseconds():
    assert by_part({ME: 2_500_000}) == {SUPERVISOR: 2.5}


@needs_proc
def test_a_house_that_cannot_be_reached_is_a_failure_and_no_figure():
    conversations = journeys(PROJECT_ROOT / "domain.yml")[:1]
    measured = measure_single_turns("webchat", 1, [ME], conversations)
    assert (measured.cpu_ms, measured.wrong_answers) == ([], 0)
    assert measured.failures > 0
    assert measured.example_of_trouble


# --- what is said ----------------------------------------------------------------------------------


def test_every_journey_is_about_an_order_of_the_demonstration_shop_and_its_customer():
    shop = demo_document(date(2026, 11, 22))
    emails = {each["id"]: each["email"] for each in shop["customers"]}
    owners = {each["number"]: emails[each["customer_id"]] for each in shop["orders"]}
    asked = {each["order"]: each["email"] for each in read_yaml(JOURNEYS).values()}
    assert asked.items() <= owners.items()


def test_every_answer_expected_is_a_response_of_the_domain():
    for conversation in journeys(PROJECT_ROOT / "domain.yml"):
        for question in conversation:
            assert "{" not in question.text
            assert all(question.expected)


def test_a_response_is_known_by_its_longest_piece_without_a_gap():
    assert wording_of([{"text": "Tu {what} va con {carrier}, que ya lo tiene."}]) == (
        ", que ya lo tiene.",
    )
