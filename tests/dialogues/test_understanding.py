"""Customers are understood no worse than they were."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.recorded_figures import setbacks
from bot.settings import PROJECT_ROOT
from tests.in_rasa import run_in_rasa

pytestmark = pytest.mark.timeout(300)  # Rasa takes a quarter of a minute to load, or more

LINES = sorted((PROJECT_ROOT / "tests" / "understanding").glob("*.jsonl"))
RECORDED = PROJECT_ROOT / "tests" / "understanding" / "recorded.json"
HOW_TO_RECORD = "When that is meant, or to keep better figures: make evaluate RECORD=1"


@pytest.fixture(scope="module")
def measured(trained_model: None) -> Any:
    model = PROJECT_ROOT / "models" / "posventa.tar.gz"
    probe = Path(__file__).with_name("probe_understanding.py")
    return run_in_rasa(probe, str(model), *map(str, LINES), "--hostile", "300", "--json")


@pytest.mark.assistant
def test_no_figure_is_worse_than_recorded(measured: Any) -> None:
    worse = setbacks(json.loads(RECORDED.read_text(encoding="utf-8")), measured)
    assert worse == [], "\n".join([*worse, HOW_TO_RECORD])


@pytest.mark.assistant
def test_whatever_is_typed_is_parsed(measured: Any) -> None:
    assert (measured["hostile"]["texts"], measured["hostile"]["failed"]) == (300, 0)


@pytest.mark.assistant
def test_the_figures_that_other_programs_read_are_there(measured: Any) -> None:
    fixed = {
        "n",
        "strict_accuracy",
        "lenient_accuracy",
        "macro_f1",
        "out_of_scope_recall",
        "out_of_scope_precision",
        "fallback_rate",
        "entity_f1",
        "parse_cpu_ms_p50",
        "parse_ms_p95",
    }
    assert fixed <= set(measured)


def test_the_same_measurement_draws_the_same_pictures(tmp_path: Path) -> None:
    probe = run_in_rasa(Path(__file__).with_name("probe_pictures.py"), str(tmp_path))
    assert probe["names"] == ["understanding_confusion.svg", "understanding_reliability.svg"]
    assert probe["same"] == [True, True]
