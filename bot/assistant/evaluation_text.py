"""A measurement as an operator reads it: one model in full, or two side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.assistant.calibration import equal_mass_bins
from bot.assistant.scoring import Report

# An intent below this F1 is worth more phrases.
WEAK_BELOW = 0.75
_CONFUSIONS_SHOWN = 25
_COLUMN_WIDTH = 14


def readable(report: Report, files: Mapping[str, Report]) -> str:
    """The whole report: figures, files, entities, intents, confusions, calibration.

    Args:
        report: What was measured over all lines.
        files: What was measured over each file, by its name.
    """
    summary = report.summary()
    parts = [
        [f"{name:<28}{value}" for name, value in summary.items() if name != "entity_f1"],
        ["Files (strict accuracy, lines)", *_files(files)],
        ["Entities (F1)", *(f"  {kind:<26}{f1:.2f}" for kind, f1 in summary["entity_f1"].items())],
        ["Intents (F1, lines)", *_intents(report)],
        ["Confusions (meant, understood as, lines)", *_confusions(report)],
        ["Calibration (lines, mean probability, share understood)", *_calibration(report)],
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def _files(files: Mapping[str, Report]) -> list[str]:
    rows = [(name, report.summary()) for name, report in files.items()]
    width = max((len(name) for name in files), default=0) + 2
    return [f"  {name:<{width}}{of['strict_accuracy']:.3f}{of['n']:>6}" for name, of in rows]


def _intents(report: Report) -> list[str]:
    """From the weakest to the strongest, those below `WEAK_BELOW` marked and counted."""
    judged = sorted((c.f1, name, c.hits + c.missed) for name, c in report.intents.items())
    judged = [row for row in judged if row[2]]
    weak = sum(f1 < WEAK_BELOW for f1, _, _ in judged)
    rows = [f"  {name:<26}{f1:.2f}{n:>6}{'  !' * (f1 < WEAK_BELOW)}" for f1, name, n in judged]
    return [*rows, f"  below {WEAK_BELOW}: {weak} of {len(judged)}"]


def _confusions(report: Report) -> list[str]:
    # Equal counts by name, so that two runs print the same.
    ranked = sorted(report.confusions.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"  {meant:<26}{understood:<26}{count:>4}"
        for (meant, understood), count in ranked[:_CONFUSIONS_SHOWN]
    ]


def _calibration(report: Report) -> list[str]:
    return [
        f"  {each.n:>5}{each.probability:>8.3f}{each.accuracy:>8.3f}"
        for each in equal_mass_bins(report.judged)
    ]


def side_by_side(models: Sequence[tuple[str, Report]]) -> str:
    """The figures of several models over the same lines, a column for each."""
    summaries = [_flat(report.summary()) for _, report in models]
    names = list(dict.fromkeys(name for summary in summaries for name in summary))
    label_width = max(len(name) for name in names) + 2
    head = " " * label_width + "".join(_column(name) for name, _ in models)
    rows = [
        name.ljust(label_width) + "".join(_column(summary.get(name, "–")) for summary in summaries)
        for name in names
    ]
    return "\n".join([head, *rows])


def _flat(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The figures with the entities' in line with the others."""
    flat = {name: value for name, value in summary.items() if name != "entity_f1"}
    return flat | {f"{kind} F1": f1 for kind, f1 in summary["entity_f1"].items()}


def _column(value: object) -> str:
    shown = str(value)
    # The end of a long file name tells more than its beginning.
    return (shown if len(shown) < _COLUMN_WIDTH else f"…{shown[2 - _COLUMN_WIDTH :]}").rjust(
        _COLUMN_WIDTH
    )
