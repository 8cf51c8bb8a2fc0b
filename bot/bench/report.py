"""The figures: from what was measured to medians, ratios, JSON and a table."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bot.bench.assistants import Training
from bot.bench.load import Measured
from bot.bench.single_turns import SingleTurns


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one kind of question with one number of customers."""

    question: str
    customers: int
    turns: int
    turns_per_second: float
    p50_ms: float | None
    p99_ms: float | None
    # All processes of the assistant together.
    cpu_ms_per_turn: float | None
    # Cores kept busy meanwhile by the load generator, and by everything else on the machine.
    load_cores: float
    other_cores: float
    wrong_answers: int
    failures: int
    example_of_trouble: str


@dataclass(frozen=True, slots=True)
class Round:
    """One start of one assistant and everything measured before it was stopped."""

    assistant: str
    start_up_s: float
    peak_memory_mb: dict[str, float]
    samples: tuple[Sample, ...]
    # Only of the assistant that has journeys.
    single_turns: SingleTurns | None = None


def sample_of(
    question: str, customers: int, measured: Measured, cpu_s: float, machine_cpu_s: float
) -> Sample:
    """Turn one measurement into its figures.

    Args:
        question: kind of question.
        customers: how many asked at the same time.
        measured: what the load generator saw.
        cpu_s: CPU seconds of the assistant's processes in the measured time.
        machine_cpu_s: CPU seconds of the whole machine in the measured time.
    """
    turns = len(measured.latencies_ms)
    other = max(0.0, machine_cpu_s - cpu_s - measured.load_cpu_s)
    return Sample(
        question=question,
        customers=customers,
        turns=turns,
        turns_per_second=round(turns / measured.seconds, 1),
        p50_ms=percentile(measured.latencies_ms, 0.50),
        p99_ms=percentile(measured.latencies_ms, 0.99),
        cpu_ms_per_turn=round(cpu_s * 1000 / turns, 1) if turns else None,
        load_cores=round(measured.load_cpu_s / measured.seconds, 2),
        other_cores=round(other / measured.seconds, 2),
        wrong_answers=measured.wrong_answers,
        failures=measured.failures,
        example_of_trouble=measured.example_of_trouble,
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of all values do not exceed; None of nothing."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def build_report(
    machine: dict[str, Any], trainings: dict[str, Training], rounds: Sequence[Round]
) -> dict[str, Any]:
    """Put everything together: medians over the rounds, each round's own figures, the ratios."""
    assistants = {
        name: _assistant(training, [each for each in rounds if each.assistant == name])
        for name, training in trainings.items()
    }
    return {"machine": machine, "assistants": assistants, "compared": _compared(assistants)}


def _assistant(training: Training, rounds: Sequence[Round]) -> dict[str, Any]:
    samples = [sample for each in rounds for sample in each.samples]
    cells = dict.fromkeys((sample.question, sample.customers) for sample in samples)
    return {
        "training": asdict(training),
        "start_up_s": _median([each.start_up_s for each in rounds]),
        "start_up_s_of_rounds": [each.start_up_s for each in rounds],
        "peak_memory_mb": {
            kind: max(each.peak_memory_mb[kind] for each in rounds) for kind in ("pss", "rss")
        },
        "cells": [
            _cell([each for each in samples if (each.question, each.customers) == cell])
            for cell in cells
        ],
        "single_turns": _single_turns([each.single_turns for each in rounds if each.single_turns]),
    }


def _single_turns(rounds: Sequence[SingleTurns]) -> dict[str, Any] | None:
    """What one turn with an action costs; None where it was not measured."""
    turns = [turn for each in rounds for turn in each.cpu_ms]
    if not turns:
        return None
    totals = [[sum(turn.values()) for turn in each.cpu_ms] for each in rounds]
    everything = sum(map(sum, totals))
    by_part = {
        part: [turn.get(part, 0.0) for turn in turns]
        for part in dict.fromkeys(part for turn in turns for part in turn)
    }
    return {
        "turns": len(turns),
        "p50_cpu_ms": _median([percentile(each, 0.50) for each in totals]),
        "p95_cpu_ms": _median([percentile(each, 0.95) for each in totals]),
        "parts": {
            part: {
                "p50_cpu_ms": _median([percentile(spent, 0.50)]),
                "share": round(sum(spent) / everything, 3),
            }
            for part, spent in by_part.items()
        },
        "wrong_answers": sum(each.wrong_answers for each in rounds),
        "failures": sum(each.failures for each in rounds),
        "examples_of_trouble": [
            each.example_of_trouble for each in rounds if each.example_of_trouble
        ],
        "p50_cpu_ms_of_rounds": [_median([percentile(each, 0.50)]) for each in totals],
    }


def _cell(samples: Sequence[Sample]) -> dict[str, Any]:
    figures = ("turns_per_second", "p50_ms", "p99_ms", "cpu_ms_per_turn", "load_cores")
    counts = ("turns", "wrong_answers", "failures")
    return {
        "question": samples[0].question,
        "customers": samples[0].customers,
        **{name: _median([getattr(sample, name) for sample in samples]) for name in figures},
        "other_cores": max(sample.other_cores for sample in samples),
        **{name: sum(getattr(sample, name) for sample in samples) for name in counts},
        "rounds": [asdict(sample) for sample in samples],
    }


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 2) if known else None


def _compared(assistants: dict[str, Any]) -> dict[str, Any] | None:
    """How ours stands to stock; None when there is nothing to compare."""
    if not {"posventa", "stock"} <= assistants.keys():
        return None
    ours, stock = assistants["posventa"], assistants["stock"]
    cells = {
        name: {(cell["question"], cell["customers"]): cell for cell in assistant["cells"]}
        for name, assistant in (("ours", ours), ("stock", stock))
    }
    ratios = {
        f"{question} at {customers}": {
            figure: _ratio(cell[figure], cells["stock"].get((question, customers), {}).get(figure))
            for figure in ("turns_per_second", "p50_ms", "p99_ms", "cpu_ms_per_turn")
        }
        for (question, customers), cell in cells["ours"].items()
    }
    return {
        **ratios,
        "peak_memory_pss": _ratio(ours["peak_memory_mb"]["pss"], stock["peak_memory_mb"]["pss"]),
        "start_up": _ratio(ours["start_up_s"], stock["start_up_s"]),
        "training_cpu": _ratio(ours["training"]["cpu_s"], stock["training"]["cpu_s"]),
    }


def _ratio(ours: float | None, stock: float | None) -> float | None:
    return round(ours / stock, 3) if ours is not None and stock else None
