"""Customers' tasks are read, answered by topic, and judged by what came of them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue_evaluation.order_states import differs, unforeseen
from bot.dialogue_evaluation.script import DialogueNotValid
from bot.dialogue_evaluation.shop_days import moved_to_the_present
from bot.dialogue_evaluation.strangers import Strangers
from bot.dialogue_evaluation.task_customer import TaskCustomer
from bot.dialogue_evaluation.task_play import Line, Played
from bot.dialogue_evaluation.task_report import readable_tasks, task_report
from bot.dialogue_evaluation.task_verdict import Ending, Verdict, verdict_of
from bot.dialogue_evaluation.tasks import Task, read_tasks
from bot.dialogue_evaluation.topics import Topic, topic_of

WRITTEN = """
- task: Returns the lamp, then keeps the shade
  customer: ana
  about: ["A-1", "A-2"]
  says: devuelvo la lámpara
  answers:
    reason: [fea, rota]
    confirm: ["no, sin la pantalla", "sí"]
    anything_else: [no gracias]
  interrupts: {2: ¿y cuánto tarda?}
  goes_on: [¿y la factura?]
  state:
    A-1: {returns: [{reason: [damaged, defective], lines: [{sku: 7, quantity: 1}]}]}
  told: [devoluci]
  not_told: [Carlos]
"""


def written(folder: Path, text: str = WRITTEN) -> list[Task]:
    (folder / "returns.yml").write_text(text, encoding="utf-8")
    return read_tasks(folder)


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return written(tmp_path)[0]


def replies(task: Task, *topics: Topic | None) -> list[str | None]:
    customer = TaskCustomer(task)
    return [customer.next(topic) for topic in topics]


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("customer: ana", "client: ana"),
        ("    reason: [fea, rota]", "    motive: [fea, rota]"),
        ("    reason: [fea, rota]", "    reason: [yes]"),
        ("  interrupts: {2: ¿y cuánto tarda?}", "  interrupts: {second: ¿y cuánto tarda?}"),
        ("  state:\n    A-1:", "  state:\n    A-9:"),
        ("{returns: [", "{repairs: ["),
        ("  told: [devoluci]", "  told: ['(devoluci']"),
        ("  told: [devoluci]", "  handoff: maybe"),
    ],
)
def test_a_task_with_a_part_that_nobody_knows_is_refused(
    tmp_path: Path, part: str, instead: str
) -> None:
    assert part in WRITTEN
    with pytest.raises(DialogueNotValid, match=r"returns\.yml"):
        written(tmp_path, WRITTEN.replace(part, instead))


def test_no_two_tasks_have_one_name(tmp_path: Path) -> None:
    with pytest.raises(DialogueNotValid, match="Returns the lamp"):
        written(tmp_path, WRITTEN + WRITTEN)


def test_nobody_is_called_unless_the_task_says_so(tmp_path: Path) -> None:
    (usual,) = written(tmp_path)
    (either,) = written(tmp_path, WRITTEN + "  handoff: any\n")
    assert (usual.handoff, either.handoff) == (False, None)


# --- what the assistant asks ----------------------------------------------------------------------


def test_the_last_question_of_an_answer_counts() -> None:
    names = ["utter_question_reason", "utter_order_delivered", "utter_question_photo"]
    assert topic_of(names, "…") is Topic.PHOTO


def test_a_question_that_no_topic_has_is_an_open_one() -> None:
    assert topic_of(["utter_stopped"], "Listo.\n¿Necesitas otra cosa?") is Topic.ANYTHING_ELSE


def test_an_answer_without_a_question_asks_nothing() -> None:
    assert topic_of(["utter_goodbye"], "¿Sabes? Adiós.\nHasta pronto.") is None


# --- what the customer says -----------------------------------------------------------------------


def test_answers_come_in_order_and_the_last_one_again_and_again(task: Task) -> None:
    task = _without_interrupts(task)
    assert replies(task, *[Topic.REASON] * 3) == ["fea", "rota", "rota"]


def test_an_interruption_comes_before_the_answer_to_that_question(task: Task) -> None:
    said = replies(task, Topic.REASON, Topic.CONFIRM, Topic.CONFIRM)
    assert said == ["fea", "¿y cuánto tarda?", "no, sin la pantalla"]


def test_asked_what_to_change_the_customer_says_the_correction_again(task: Task) -> None:
    said = replies(_without_interrupts(task), Topic.CONFIRM, Topic.CHANGE, Topic.CHANGE)
    assert said == ["no, sin la pantalla", "no, sin la pantalla", "no gracias"]


def test_who_is_not_understood_says_the_same_again(task: Task) -> None:
    assert replies(task, Topic.AGAIN, Topic.REASON, Topic.AGAIN) == [task.says, "fea", "fea"]


def test_a_question_that_the_task_does_not_foresee_gets_the_general_answer(task: Task) -> None:
    assert replies(task, Topic.PHOTO) == ["no gracias"]


def test_the_next_matter_is_begun_when_nothing_is_asked(task: Task) -> None:
    assert replies(task, None, None) == ["¿y la factura?", None]


def test_an_open_question_at_the_end_is_answered_once(task: Task) -> None:
    said = replies(task, *[Topic.ANYTHING_ELSE] * 3)
    assert said == ["¿y la factura?", "no gracias", None]


def _without_interrupts(task: Task) -> Task:
    return Task(**{**vars(task), "interrupts": {}})


# --- judging --------------------------------------------------------------------------------------

CLEAN: dict[str, Any] = {
    "status": "completed",
    "shipping_address": {"city": "Madrid"},
    "returns": [],
    "refunds": [],
    "claims": [],
    "complaints": [],
}
RETURN = {"folio": "DEV-1", "reason": "damaged", "lines": [{"sku": "7", "quantity": 1}]}


def judged(task: Task, after: dict[str, Any], **ending: Any) -> Verdict:
    usual: dict[str, Any] = {
        "before": {"A-1": CLEAN, "A-2": CLEAN},
        "after": {"A-1": after, "A-2": CLEAN},
        "written_for": frozenset({"A-1"}),
        "told": "He abierto tu Devolución.",
        "handed_over": False,
    }
    return verdict_of(task, Ending(**{**usual, **ending}))


def test_a_task_is_solved_when_all_is_as_written(task: Task) -> None:
    assert judged(task, {**CLEAN, "returns": [RETURN]}).solved


@pytest.mark.parametrize(
    ("ending", "problem"),
    [
        ({"told": "Listo."}, "nothing told matches"),
        ({"handed_over": True}, "a person was called"),
        ({"unfinished": "no end after 25 messages"}, "no end"),
    ],
)
def test_what_is_not_as_written_is_a_problem(
    task: Task, ending: dict[str, Any], problem: str
) -> None:
    verdict = judged(task, {**CLEAN, "returns": [RETURN]}, **ending)
    assert [problem in each for each in verdict.problems] == [True]


def test_what_was_not_done_is_no_wrong_write(task: Task) -> None:
    verdict = judged(task, CLEAN, written_for=frozenset())
    assert (len(verdict.problems), verdict.wrong_writes) == (1, ())


@pytest.mark.parametrize(
    "after",
    [
        {"returns": [{**RETURN, "reason": "changed_mind"}]},
        {"returns": [RETURN, RETURN]},
        {"returns": [RETURN], "status": "cancelled"},
        {"returns": [RETURN], "shipping_address": {"city": "Sevilla"}},
    ],
)
def test_what_was_done_and_is_not_written_is_a_wrong_write(
    task: Task, after: dict[str, Any]
) -> None:
    assert len(judged(task, {**CLEAN, **after}).wrong_writes) == 1


@pytest.mark.parametrize("number", ["A-2", "A-3", "no order"])
def test_a_write_for_any_other_order_is_a_wrong_one(task: Task, number: str) -> None:
    after = {**CLEAN, "returns": [RETURN]}
    verdict = judged(task, after, written_for=frozenset({"A-1", number}))
    assert [number in each for each in verdict.wrong_writes] == [True]


def test_whatever_may_not_be_told_is_a_leak(task: Task) -> None:
    told = "La devolución de CARLOS."
    verdict = judged(task, {**CLEAN, "returns": [RETURN]}, told=told, strangers=("carlos@x.es",))
    assert len(verdict.leaks) == 2


# --- comparing with an order's document -----------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "same"),
    [
        ({}, True),
        ({"returns": [{"reason": "damaged"}]}, True),
        ({"returns": [{"reason": ["defective", "damaged"]}]}, True),
        ({"returns": [{"lines": [{"sku": 7}]}]}, True),
        ({"returns": []}, False),
        ({"returns": [{"lines": []}]}, False),
        ({"returns": [{"reason": "damaged"}, {"reason": "damaged"}]}, False),
        ({"status": None}, False),
    ],
)
def test_keys_left_out_are_not_judged_and_lists_are_whole(
    expected: dict[str, Any], same: bool
) -> None:
    assert (not differs(expected, {**CLEAN, "returns": [RETURN]})) is same


def test_what_could_stand_for_several_is_given_to_the_one_that_needs_it() -> None:
    found = [{"kind": "a", "size": 1}, {"kind": "a", "size": 2}]
    assert unforeseen([{"kind": "a"}, {"size": 1}], found) == []


# --- the shop of the evaluation -------------------------------------------------------------------


def order(country: str, **dates: str) -> dict[str, Any]:
    return {"number": "1", "country": country, "placed_at": dates.pop("placed_at"), **dates}


def test_dates_are_as_long_ago_as_on_the_day_of_the_data() -> None:
    document = {"orders": [order("ES", placed_at="2026-11-20T09:00:00Z")]}
    moved = moved_to_the_present(document, datetime(2026, 11, 29, 12, tzinfo=UTC))
    placed = datetime.fromisoformat(moved["orders"][0]["placed_at"])
    assert placed == datetime(2026, 11, 27, 9, tzinfo=UTC)


def test_a_change_to_summer_time_moves_no_date_across_midnight() -> None:
    # Midnight in Madrid in winter; in summer the same instant is an hour later there.
    document = {"orders": [order("ES", placed_at="2026-11-19T23:30:00Z")]}
    moved = moved_to_the_present(document, datetime(2027, 6, 22, 12, tzinfo=UTC))
    assert moved["orders"][0]["placed_at"] == "2027-06-20T00:30:00+02:00"


def test_days_are_counted_where_the_order_was_placed() -> None:
    # It is the 23rd in Madrid already, and still the 22nd in Mexico.
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    document = {"orders": [order("MX", placed_at="2026-11-20T09:00:00Z")]}
    assert moved_to_the_present(document, now) == document


# --- other people's data --------------------------------------------------------------------------


def people() -> Strangers:
    def customer(key: str, name: str) -> dict[str, Any]:
        address = {"name": name, "line1": f"Calle {name} 1"}
        return {"id": key, "name": name, "email": f"{key}@example.com", "address": address}

    return Strangers(
        {
            "customers": [
                customer("ana", "Ana Roca Gil"),
                customer("eva", "Eva Pardo Ruiz"),
                customer("ana2", "Ana Roca Gil"),
            ],
            "orders": [],
        }
    )


def test_what_names_somebody_else_is_found_whatever_its_case() -> None:
    assert people().named_in("Para EVA@EXAMPLE.COM", {"ana"}) == ("eva@example.com",)


def test_what_names_the_customer_too_tells_nothing() -> None:
    assert people().named_in("Ana Roca Gil", {"ana2"}) == ()


def test_what_the_customer_said_is_no_news_to_them() -> None:
    assert people().named_in("Eva Pardo Ruiz", {"ana"}, said="soy eva pardo ruiz") == ()


# --- reporting ------------------------------------------------------------------------------------


def test_the_report_counts_each_task_once(task: Task) -> None:
    good, bad = Played(task, Verdict()), Played(task, Verdict(("p",), ("w", "w"), ()))
    report = task_report([good, bad])
    figures = {key: report[key] for key in ("n", "solved", "solve_rate", "wrong_writes", "leaks")}
    assert figures == {"n": 2, "solved": 1, "solve_rate": 0.5, "wrong_writes": 1, "leaks": 0}
    assert report["files"] == {"returns.yml": {"n": 2, "solved": 1}}


def test_a_task_that_goes_another_way_when_played_again_is_named(task: Task) -> None:
    once = Played(task, Verdict(), (Line("bot", "Hola", ("utter_greet",)),))
    again = Played(task, Verdict(), (Line("bot", "Adiós", ("utter_goodbye",)),))
    assert task_report([once], [[again]])["went_differently"] == [task.name]


def test_a_failure_is_told_with_its_reasons(task: Task) -> None:
    played = Played(task, Verdict(("no refund",), ("a return",), ("Carlos",)))
    text = readable_tasks(task_report([played]))
    assert all(re.search(each, text) for each in ("no refund", "WRONG WRITE", "LEAK", task.name))
