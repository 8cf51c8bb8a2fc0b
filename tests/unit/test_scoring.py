"""The published figures mean what they say."""

import json
from pathlib import Path

import pytest

from bot.assistant.calibration import equal_mass_bins, expected_calibration_error
from bot.assistant.evaluation_text import readable, side_by_side
from bot.assistant.recorded_figures import recordable, setbacks, write_figures
from bot.assistant.scoring import Answer, Line, LineNotValid, percentile, read_lines, score


def summary(*pairs: tuple[Line, Answer]) -> dict[str, object]:
    lines, answers = zip(*pairs, strict=True)
    return score(lines, answers).summary()


def test_strict_counts_the_intent_and_lenient_its_equals() -> None:
    line = Line("x", "report_wrong_item", frozenset({"request_exchange"}))
    figures = summary(
        (line, Answer("report_wrong_item")),
        (line, Answer("request_exchange")),
        (line, Answer("greet")),
    )
    assert figures["strict_accuracy"] == 0.3333
    assert figures["lenient_accuracy"] == 0.6667


def test_out_of_scope_is_recalled_by_either_refusal() -> None:
    line = Line("x", "out_of_scope")
    figures = summary((line, Answer("out_of_scope")), (line, Answer("nlu_fallback")))
    assert figures["out_of_scope_recall"] == 1.0
    assert figures["strict_accuracy"] == 0.5


def test_a_refused_request_costs_out_of_scope_precision() -> None:
    figures = summary(
        (Line("x", "out_of_scope"), Answer("out_of_scope")),
        (Line("y", "greet"), Answer("nlu_fallback")),
    )
    assert figures["out_of_scope_precision"] == 0.5


def test_the_fallback_rate_is_of_requests_in_scope() -> None:
    figures = summary(
        (Line("x", "out_of_scope"), Answer("nlu_fallback")),
        (Line("y", "greet"), Answer("nlu_fallback")),
        (Line("z", "greet"), Answer("greet")),
    )
    assert figures["fallback_rate"] == 0.5


def test_a_code_is_the_same_however_it_is_hyphenated() -> None:
    line = Line("x", "inform", entities=(("order_number", "A-10234"),))
    figures = summary((line, Answer("inform", (("order_number", "#a 10234", "#a 10234"),))))
    assert figures["entity_f1"] == {"order_number": 1.0}


def test_an_invented_entity_costs_as_much_as_a_missed_one() -> None:
    line = Line("x", "inform", entities=(("email", "a@b.es"),))
    invented = Answer("inform", (("email", "a@b.es", ""), ("email", "c@d.es", "")))
    assert summary((line, invented))["entity_f1"] == {"email": 0.6667}


def test_a_product_may_be_labelled_by_the_customers_word() -> None:
    line = Line("mi heladera", "inform", entities=(("product", "heladera"),))
    answer = Answer("inform", (("product", "Nevera Polar 300 L", "heladera"),))
    assert summary((line, answer))["entity_f1"] == {"product": 1.0}


@pytest.mark.parametrize("typed", ["el Miércoles", "MIERCOLES", "miércoles", " al  miércoles"])
def test_a_date_is_the_same_with_and_without_its_article(typed: str) -> None:
    line = Line("llega el miércoles", "inform", entities=(("date", "miércoles"),))
    answer = Answer("inform", (("date", typed, typed),))
    assert summary((line, answer))["entity_f1"] == {"date": 1.0}


def test_an_article_alone_is_no_date() -> None:
    line = Line("x", "inform", entities=(("date", "el"),))
    answer = Answer("inform", (("date", "la", "la"),))
    assert summary((line, answer))["entity_f1"] == {"date": 0.0}


def test_calibration_is_perfect_where_as_many_are_right_as_was_said() -> None:
    judged = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    assert expected_calibration_error(judged, count=1) == 0.0


def test_calibration_counts_what_was_believed_too_much() -> None:
    assert expected_calibration_error([(0.9, False), (0.9, True)], count=1) == pytest.approx(0.4)


def test_calibration_bins_hold_the_same_number_of_lines() -> None:
    judged = [(place / 100, True) for place in range(100)]
    assert {each.n for each in equal_mass_bins(judged, 15)} == {6, 7}
    assert sum(each.n for each in equal_mass_bins(judged, 15)) == 100


def test_calibration_of_nothing_is_no_error() -> None:
    assert expected_calibration_error([]) == 0.0


def test_calibration_judges_the_intent_that_was_likeliest_though_not_believed() -> None:
    figures = summary((Line("x", "greet"), Answer("nlu_fallback", (), 0.4, "greet")))
    assert figures["expected_calibration_error"] == 0.6
    assert figures["strict_accuracy"] == 0.0


RECORDED = recordable(
    score(
        [Line("x", "inform", entities=(("email", "a@b.es"),)), Line("y", "out_of_scope")],
        [Answer("inform", (("email", "a@b.es", ""),)), Answer("out_of_scope")],
    ).summary()
)


def test_the_same_figures_are_no_setback() -> None:
    assert setbacks(RECORDED, RECORDED) == []


@pytest.mark.parametrize(
    ("figure", "worse"),
    [("strict_accuracy", 0.98), ("out_of_scope_precision", 0.5), ("fallback_rate", 0.02)],
)
def test_a_figure_that_is_worse_by_more_than_a_point_is_named(figure: str, worse: float) -> None:
    (sentence,) = setbacks(RECORDED, {**RECORDED, figure: worse})
    assert sentence.startswith(f"{figure} was ")


def test_a_point_is_tolerated() -> None:
    assert setbacks(RECORDED, {**RECORDED, "macro_f1": 0.99, "fallback_rate": 0.01}) == []


def test_a_kind_of_entity_that_is_no_longer_found_is_a_setback() -> None:
    (sentence,) = setbacks(RECORDED, {**RECORDED, "entity_f1": {}})
    assert sentence.startswith("entity_f1 of email was 1.0")


def test_what_is_recorded_does_not_depend_on_the_machine(tmp_path: Path) -> None:
    figures = summary((Line("x", "greet"), Answer("greet", (), 0.9, "greet", 1.5, 2.5)))
    write_figures(figures, tmp_path / "recorded.json")
    recorded = json.loads((tmp_path / "recorded.json").read_text())
    assert not [name for name in recorded if "_ms" in name or "second" in name]


def test_the_report_to_read_tells_each_file_and_the_weak_intents() -> None:
    lines = [Line("x", "greet"), Line("y", "thank")]
    report = score(lines, [Answer("greet", (), 1.0), Answer("greet", (), 1.0)])
    printed = readable(report, {"hard.jsonl": report})
    assert "  hard.jsonl  0.500     2" in printed
    assert "below 0.75: 2 of 2" in printed


def test_models_stand_side_by_side() -> None:
    with_entities = score(
        [Line("x", "inform", entities=(("email", "a@b.es"),))],
        [Answer("inform", (("email", "a@b.es", ""),))],
    )
    without = score([Line("x", "inform")], [Answer("greet")])
    rows = side_by_side([("ours", with_entities), ("stock", without)]).splitlines()
    assert rows[0].split() == ["ours", "stock"]
    assert ["strict_accuracy", "1.0", "0.0"] in [row.split() for row in rows]
    assert ["email", "F1", "1.0", "–"] in [row.split() for row in rows]


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([], 95) == 0.0


@pytest.mark.parametrize(
    "raw",
    [
        "no es json",
        "[]",
        '{"intent": "greet"}',
        '{"text": " ", "intent": "greet"}',
        '{"text": "hola"}',
        '{"text": "hola", "intent": "saludo"}',
        '{"text": "hola", "intent": "greet", "also": "thank"}',
        '{"text": "hola", "intent": "greet", "entities": [{"value": "x"}]}',
    ],
)
def test_a_malformed_line_is_refused_with_file_and_line(tmp_path: Path, raw: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"text": "hola", "intent": "greet"}\n\n' + raw + "\n", encoding="utf-8")
    with pytest.raises(LineNotValid) as refusal:
        list(read_lines(path, ["greet", "thank"]))
    assert refusal.value.place == f"{path}:3"
