"""The published figures mean what they say."""

from pathlib import Path

import pytest

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
