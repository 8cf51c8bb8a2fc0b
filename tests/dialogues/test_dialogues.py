"""Spanish conversations reach the right end: responses by name, facts, and the state of the database."""

from pathlib import Path

import pytest

from bot.dialogue_evaluation.play import Play
from bot.dialogue_evaluation.response_names import the_response_names
from bot.dialogue_evaluation.script import Dialogue, read_dialogues
from tests.running_house import RunningHouse

FOLDER = Path(__file__).parent
DIALOGUES = read_dialogues(FOLDER)
KINDS = {
    "correction",
    "digression",
    "handoff",
    "happy",
    "interruption",
    "missing_information",
    "misunderstanding",
    "negation",
    "refusal",
}


def _parameters() -> list[object]:
    return [
        pytest.param(
            dialogue,
            id=f"{dialogue.kind}: {dialogue.name}",
            marks=[pytest.mark.xfail(reason=dialogue.fails, strict=True)] if dialogue.fails else [],
        )
        for dialogue in DIALOGUES
    ]


@pytest.mark.assistant
@pytest.mark.timeout(300)  # the first one starts the house
@pytest.mark.parametrize("dialogue", _parameters())
def test_the_dialogue_goes_as_written(running_house: RunningHouse, dialogue: Dialogue) -> None:
    play = Play(running_house.settings)
    try:
        play.run(dialogue)
    finally:
        play.close()


def test_every_kind_of_difficulty_has_dialogues() -> None:
    assert {file.stem for file in FOLDER.glob("*.yml")} == KINDS
    assert {dialogue.kind for dialogue in DIALOGUES} == KINDS
    assert len(DIALOGUES) >= 120


def test_no_two_dialogues_have_one_name() -> None:
    names = [dialogue.name for dialogue in DIALOGUES]
    assert sorted(set(names)) == sorted(names)


def test_dialogues_speak_of_responses_that_exist() -> None:
    named = {
        name
        for dialogue in DIALOGUES
        for turn in dialogue.turns
        for name in [*turn.expected.get("answer", []), *turn.expected.get("not_answer", [])]
    }
    assert named - the_response_names().names == set()
