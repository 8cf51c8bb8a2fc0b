"""The memory that travels with each turn: small for ever, and as good as the whole history."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings import PROJECT_ROOT
from tests.in_rasa import run_in_rasa

pytestmark = [pytest.mark.assistant, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def probe(trained_model: None) -> Any:
    model = PROJECT_ROOT / "models" / "posventa.tar.gz"
    return run_in_rasa(Path(__file__).with_name("probe_dialogue_state.py"), str(model))


def test_a_cut_memory_answers_like_a_whole_one(probe: Any) -> None:
    assert probe["turns_with_a_cut"] > 200  # or nothing was proven
    assert probe["differences"] == []


def test_the_memory_does_not_grow_with_the_conversation(probe: Any) -> None:
    sizes = probe["sizes"]
    assert max(sizes[30:]) <= 1.5 * max(sizes[:30])
    assert max(sizes) < 120


def test_a_turn_asked_again_from_the_same_memory_is_answered_the_same(probe: Any) -> None:
    assert probe["same_again"]
