"""What needs the libraries of Rasa's environment: spaCy, NumPy, the sentence encoder."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


@pytest.fixture(scope="module")
def probe() -> dict[str, Any]:
    if not PYTHON.exists():
        pytest.skip("Rasa's environment is missing: make setup")
    finished = subprocess.run(
        [PYTHON, "-W", "ignore", Path(__file__).with_name("probe_inside_rasa.py")],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_word_features_are_those_of_scikit_learn(probe: dict[str, Any]) -> None:
    assert probe["words"] < 1e-7


def test_letter_features_are_those_of_scikit_learn(probe: dict[str, Any]) -> None:
    assert probe["letters"] < 1e-7


def test_leave_one_out_is_what_training_without_the_phrase_gives(probe: dict[str, Any]) -> None:
    assert probe["leave_one_out"] == 0


def test_a_few_judged_phrases_get_the_scores_that_all_would_get(probe: dict[str, Any]) -> None:
    assert probe["judged"] < 1e-3


def test_phrases_are_compared_by_all_their_words_common_and_rare(probe: dict[str, Any]) -> None:
    assert probe["linear_kernel"] < 1e-5


def test_our_pass_through_the_encoder_gives_the_vectors_of_the_package(
    probe: dict[str, Any],
) -> None:
    assert probe["encoder"]["together"] < 1e-5


def test_an_encoder_that_forgets_gives_the_same_vectors(probe: dict[str, Any]) -> None:
    assert probe["encoder"]["alone"] < 1e-5


def test_leaning_towards_out_of_scope_costs_what_it_may_in_scope(probe: dict[str, Any]) -> None:
    assert probe["leaning"]["lost"] == pytest.approx(0.05, abs=0.005)


def test_leaning_towards_out_of_scope_finds_more_of_it(probe: dict[str, Any]) -> None:
    assert probe["leaning"]["found"] > probe["leaning"]["found_before"]


def test_the_classifier_tells_what_a_message_wants(probe: dict[str, Any]) -> None:
    assert probe["classifier"]["best"] == "request_invoice"
    assert probe["classifier"]["sum"] == pytest.approx(1.0)


def test_a_stored_model_answers_like_the_trained_one(probe: dict[str, Any]) -> None:
    assert probe["classifier"]["restored"]


def test_training_twice_gives_the_same_model(probe: dict[str, Any]) -> None:
    assert probe["classifier"]["deterministic"]


def test_a_message_in_another_spelling_is_remembered(probe: dict[str, Any]) -> None:
    assert probe["classifier"]["asked_again"] == 0


def test_a_message_with_nothing_to_read_has_no_intent(probe: dict[str, Any]) -> None:
    assert probe["classifier"]["nothing"] == []


def test_without_a_catalogue_regional_names_are_found(probe: dict[str, Any]) -> None:
    assert probe["catalogue"]["missing"] == [["nevera", "HELADERA"], ["silla", "sillas"]]


def test_a_new_catalogue_is_used_without_training(probe: dict[str, Any]) -> None:
    assert probe["catalogue"]["present"][0] == ["Nevera Polar 300 L", "HELADERA"]
    assert probe["catalogue"]["changed"][0] == ["Heladera Sur", "HELADERA"]


def test_a_broken_catalogue_leaves_the_regional_names(probe: dict[str, Any]) -> None:
    assert probe["catalogue"]["broken"] == probe["catalogue"]["missing"]


def test_strange_words_are_not_kept_in_memory(probe: dict[str, Any]) -> None:
    assert probe["catalogue"]["learnt_words"] == 0
