"""The benchmark's figures say what was measured, and say when they are not to be trusted."""

import json
from dataclasses import replace

import pytest

from bot.bench.assistants import Training
from bot.bench.load import Measured
from bot.bench.report import Round, Sample, build_report, percentile, sample_of
from bot.bench.single_turns import SingleTurns
from bot.bench.table import as_table

MACHINE = {
    "measured_at": "2026-01-01T00:00:00Z",
    "processor": "a processor",
    "cores": 2,
    "memory_mb": 8000,
    "load_before": 0.1,
}
TRAINING = Training(wall_s=60.0, cpu_s=40.0, trained_at="2026-01-01T00:00:00Z")
SAMPLE = Sample(
    question="order_status",
    customers=8,
    turns=100,
    turns_per_second=10.0,
    p50_ms=100.0,
    p99_ms=200.0,
    cpu_ms_per_turn=50.0,
    load_cores=0.05,
    other_cores=0.01,
    wrong_answers=0,
    failures=0,
    example_of_trouble="",
)


def a_round(assistant: str, *samples: Sample, memory: float = 1000.0, start: float = 30.0) -> Round:
    return Round(assistant, start, {"pss": memory, "rss": memory * 2}, samples)


def report_of(*rounds: Round) -> dict:
    names = dict.fromkeys(each.assistant for each in rounds)
    return build_report(MACHINE, dict.fromkeys(names, TRAINING), rounds)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7.0], 0.99, 7.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        (list(range(1, 101)), 0.99, 99),
        (list(range(1, 101)), 0.5, 50),
    ],
)
def test_a_percentile_is_a_measured_value(values, share, expected):
    assert percentile(values, share) == expected


def test_cpu_a_turn_counts_the_assistant_and_neither_the_load_nor_others():
    measured = Measured(seconds=10.0, latencies_ms=[5.0] * 100, load_cpu_s=1.0)
    sample = sample_of("greet", 8, measured, cpu_s=4.0, machine_cpu_s=8.0)
    assert sample.cpu_ms_per_turn == 40.0
    assert sample.load_cores == 0.1
    assert sample.other_cores == 0.3
    assert sample.turns_per_second == 10.0


def test_an_assistant_that_answers_nothing_has_no_figures_but_is_reported():
    sample = sample_of("greet", 8, Measured(seconds=10.0, failures=8), 0.0, 0.0)
    report = report_of(a_round("posventa", sample), a_round("stock", replace(SAMPLE)))
    assert (sample.p50_ms, sample.cpu_ms_per_turn) == (None, None)
    assert "8 turns failed" in as_table(report)


def test_a_figure_is_the_median_of_its_rounds():
    rounds = [
        a_round("posventa", replace(SAMPLE, turns_per_second=speed, p99_ms=slow))
        for speed, slow in ((10.0, 900.0), (30.0, 100.0), (20.0, 300.0))
    ]
    (cell,) = report_of(*rounds)["assistants"]["posventa"]["cells"]
    assert cell["turns_per_second"] == 20.0
    assert cell["p99_ms"] == 300.0
    assert [each["turns_per_second"] for each in cell["rounds"]] == [10.0, 30.0, 20.0]


def test_peak_memory_is_the_highest_of_all_rounds():
    rounds = [a_round("posventa", SAMPLE, memory=memory) for memory in (900.0, 1200.0, 1000.0)]
    assert report_of(*rounds)["assistants"]["posventa"]["peak_memory_mb"]["pss"] == 1200.0


def test_ratios_compare_like_with_like():
    ours = replace(SAMPLE, turns_per_second=50.0, p99_ms=50.0)
    spoken = replace(SAMPLE, question="greet", turns_per_second=80.0)
    report = report_of(
        a_round("posventa", spoken, ours, memory=600.0), a_round("stock", SAMPLE, spoken)
    )
    compared = report["compared"]
    assert compared["order_status at 8"]["turns_per_second"] == 5.0
    assert compared["order_status at 8"]["p99_ms"] == 0.25
    assert compared["greet at 8"]["turns_per_second"] == 1.0
    assert compared["peak_memory_pss"] == 0.6


def test_without_stock_nothing_is_compared():
    report = report_of(a_round("posventa", SAMPLE))
    assert report["compared"] is None
    assert "ratio" not in as_table(report)


def test_wrong_answers_of_all_rounds_are_counted_and_shown():
    wrong = replace(SAMPLE, wrong_answers=3)
    report = report_of(a_round("posventa", wrong), a_round("posventa", wrong))
    assert report["assistants"]["posventa"]["cells"][0]["wrong_answers"] == 6
    assert "6 of 200 answers wrong" in as_table(report)


def test_company_on_the_machine_is_shown_beside_the_figures_it_spoils():
    report = report_of(a_round("posventa", replace(SAMPLE, other_cores=0.7)))
    assert "0.7 cores" in as_table(report)


def test_a_single_turn_is_told_by_its_median_its_slowest_and_who_spent_it():
    cheap, dear = {"gateway": 5.0, "rasa": 5.0}, {"gateway": 10.0, "rasa": 30.0}
    turns = SingleTurns(cpu_ms=[cheap] * 18 + [dear] * 2)
    ours = replace(a_round("posventa", SAMPLE), single_turns=turns)
    report = report_of(ours, a_round("stock", SAMPLE))
    measured = report["assistants"]["posventa"]["single_turns"]
    assert (measured["turns"], measured["p50_cpu_ms"], measured["p95_cpu_ms"]) == (20, 10.0, 40.0)
    assert measured["parts"]["gateway"] == {"p50_cpu_ms": 5.0, "share": 0.423}
    assert report["assistants"]["stock"]["single_turns"] is None
    assert "Single turns with an action, one customer: posventa, 20 turns" in as_table(report)


def test_wrong_answers_in_single_turns_are_shown():
    turns = SingleTurns(cpu_ms=[{"gateway": 5.0}] * 4, wrong_answers=2)
    report = report_of(replace(a_round("posventa", SAMPLE), single_turns=turns))
    assert "2 of 4 answers wrong" in as_table(report)


def test_a_report_is_json():
    report = report_of(a_round("posventa", SAMPLE), a_round("stock", SAMPLE))
    assert json.loads(json.dumps(report)) == report
