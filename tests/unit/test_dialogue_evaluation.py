"""The evaluation of dialogues reads what is written and counts what came of it."""

from pathlib import Path

import pytest

from bot.dialogue_evaluation.play import WentOtherwise
from bot.dialogue_evaluation.report import Outcome, readable, report_of
from bot.dialogue_evaluation.script import Dialogue, DialogueNotValid, read_dialogues

WRITTEN = """
- dialogue: A greeting is returned
  turns:
  - customer: hola
    answer: &greeting [utter_greet]
- dialogue: A second greeting too
  fails: it is not heard yet
  turns:
  - customer: hola
    answer: *greeting
  ends: {status: waiting}
"""


def written(folder: Path, text: str = WRITTEN) -> list[Dialogue]:
    (folder / "happy.yml").write_text(text, encoding="utf-8")
    return read_dialogues(folder)


def test_a_dialogue_is_of_the_kind_its_file_is_named_after(tmp_path: Path) -> None:
    assert [dialogue.kind for dialogue in written(tmp_path)] == ["happy", "happy"]


def test_an_end_that_is_left_out_is_the_usual_one(tmp_path: Path) -> None:
    ends = [dialogue.ends["status"] for dialogue in written(tmp_path)]
    assert ends == ["with_bot", "waiting"]


@pytest.mark.parametrize(
    "text",
    [
        "- turns: [",
        "dialogue: no list",
        "- dialogue: no turns",
        "- {dialogue: x, turns: [{customer: hola}]}",
        "- {dialogue: x, turns: [{customer: hola, answers: [utter_greet]}]}",
        "- {dialogue: x, turns: [{customer: hola, team: takes, silence: true}]}",
        "- {dialogue: x, turns: [{customer: hola, silence: true}], ends: {state: closed}}",
        "- {dialogue: x, turns: [{customer: hola, silence: true}], fail: why}",
        "- {dialogue: x, turns: [{customer: no, silence: true}]}",
        "- {dialogue: x, turns: [{customer: hola, silence: true}], ends: {orders: [A-1]}}",
        "- {dialogue: x, turns: [{customer: hola, silence: true}], ends: {orders: {A-1: {x: 1}}}}",
    ],
)
def test_a_dialogue_with_a_part_that_nobody_knows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DialogueNotValid, match=r"happy\.yml"):
        written(tmp_path, text)


CHANGING = """
- dialogue: A cancelled order
  turns:
  - customer: cancela el A-1001
    answer: [utter_cancel_order_summary]
  ends: {orders: {A-1001: {status: cancelled, refunds: [{status: pending}]}}}
"""
READING = """
- dialogue: An order is looked at
  turns:
  - customer: ¿dónde está mi pedido %s?
    answer: [utter_order_preparing]
  ends: {orders: {%s: {refunds: []}}}
"""


def test_an_end_may_say_what_came_of_orders(tmp_path: Path) -> None:
    (dialogue,) = written(tmp_path, CHANGING)
    assert dialogue.orders == {
        "A-1001": {"status": "cancelled", "refunds": [{"status": "pending"}]}
    }


def test_an_order_that_one_dialogue_changes_is_spoken_of_in_no_other(tmp_path: Path) -> None:
    with pytest.raises(DialogueNotValid, match="A-1001"):
        written(tmp_path, CHANGING + READING % ("a 1001", "A-2002"))


def test_orders_that_are_only_looked_at_are_for_all_dialogues(tmp_path: Path) -> None:
    once = READING % ("A-2002", "A-2002")
    assert len(written(tmp_path, CHANGING + once + once)) == 3


def test_every_dialogue_counts_once(tmp_path: Path) -> None:
    plain, marked = written(tmp_path)
    otherwise = WentOtherwise({"answer": ["utter_greet"]}, {"answer": ["utter_thank"]}, 1)
    report = report_of(
        [Outcome(plain), Outcome(plain, otherwise), Outcome(marked, otherwise), Outcome(marked)]
    )
    assert {name: value for name, value in report.items() if name != "failures"} == {
        "n": 4,
        "passed": 1,
        "failed": 2,
        "expected_failures": 1,
        "pass_rate": 0.25,
    }


def test_a_failure_tells_where_what_was_expected_and_what_came(tmp_path: Path) -> None:
    plain, _ = written(tmp_path)
    otherwise = WentOtherwise({"answer": ["utter_greet"]}, {"answer": ["utter_thank"]}, 1)
    assert report_of([Outcome(plain, otherwise)])["failures"] == [
        {
            "file": "happy.yml",
            "name": "A greeting is returned",
            "step": 1,
            "expected": {"answer": ["utter_greet"]},
            "got": {"answer": ["utter_thank"]},
        }
    ]


def test_a_dialogue_marked_as_failing_that_goes_well_is_a_failure(tmp_path: Path) -> None:
    _, marked = written(tmp_path)
    (failure,) = report_of([Outcome(marked)])["failures"]
    assert failure["expected"] == {"fails": "it is not heard yet"}
    assert "marked as failing" in readable(report_of([Outcome(marked)]))


def test_nothing_played_is_no_success() -> None:
    assert report_of([])["pass_rate"] == 0.0
