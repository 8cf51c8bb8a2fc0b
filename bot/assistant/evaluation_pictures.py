"""Pictures of a measurement, in the house's colours: which intents are confused, what sure means.

The same measurement gives the same bytes, so that a picture in the repository changes only when
the understanding does.
"""

from pathlib import Path
from typing import Any

import yaml

from bot.assistant.calibration import equal_mass_bins, expected_calibration_error
from bot.assistant.intent_names import FALLBACK
from bot.assistant.scoring import Report

CONFUSION = "understanding_confusion.svg"
RELIABILITY = "understanding_reliability.svg"

_DOMAIN = Path(__file__).resolve().parents[2] / "domain.yml"
# As in connectors/webchat/shop.css.
_PAPER, _CARD, _INK, _SOFT, _LINE = "#faf7f1", "#fffdf9", "#232720", "#5c6157", "#e2dccf"
_GREEN, _CLAY = "#2f5d43", "#7d5636"


def draw_pictures(report: Report, folder: Path) -> list[Path]:
    """Draw the confusion matrix and the reliability curve as SVG; returns the files.

    Raises:
        OSError: The folder cannot be written.
    """
    import matplotlib as mpl

    mpl.use("svg")
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_look()):
        return [
            _saved(_confusion(report), folder / CONFUSION),
            _saved(_reliability(report), folder / RELIABILITY),
        ]


def intents_by_journey(names: set[str]) -> list[str]:
    """Intents in the order of `domain.yml`, which is that of the journeys; others at the end."""
    domain = yaml.safe_load(_DOMAIN.read_text(encoding="utf-8"))
    known = [name for name in domain["intents"] if name in names - {FALLBACK}]
    return [*known, *sorted(names - {*known, FALLBACK})]


def _look() -> dict[str, Any]:
    return {
        # Letters become outlines: every reader sees the same. Without a salt, ids are random.
        "svg.fonttype": "path",
        "svg.hashsalt": "posventa",
        "font.family": "DejaVu Sans",
        "font.size": 8,
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "axes.edgecolor": _LINE,
        "axes.facecolor": _CARD,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "axes.titlepad": 14,
        "figure.facecolor": _PAPER,
        "xtick.color": _SOFT,
        "ytick.color": _SOFT,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
    }


def _saved(figure: Any, file: Path) -> Path:
    from matplotlib import pyplot as plt

    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(file, format="svg", bbox_inches="tight", pad_inches=0.25, metadata=nothing)
    plt.close(figure)
    # Lines end without spaces, as everywhere in the repository.
    text = "\n".join(line.rstrip() for line in file.read_text(encoding="utf-8").splitlines())
    file.write_text(text + "\n", encoding="utf-8")
    return file


def _confusion(report: Report) -> Any:
    from matplotlib import pyplot as plt
    from matplotlib.colors import to_rgba

    meant = intents_by_journey({name for name, c in report.intents.items() if c.hits + c.missed})
    understood = [*intents_by_journey({*meant, *(each for _, each in report.confusions)}), FALLBACK]
    figure, axes = plt.subplots(figsize=(12, 11.6))
    for row, name in enumerate(meant):
        counts = {other: report.confusions[name, other] for other in understood}
        counts[name] = report.intents[name].hits
        lines = sum(counts.values())
        for column, other in enumerate(understood):
            if not counts[other]:
                continue
            share = counts[other] / lines
            colour = to_rgba(_GREEN if other == name else _CLAY, 0.12 + 0.88 * share)
            axes.add_patch(plt.Rectangle((column - 0.5, row - 0.5), 1, 1, color=colour, lw=0))
            ink = _CARD if share > 0.55 else _INK
            axes.text(column, row, counts[other], ha="center", va="center", color=ink, size=6.5)
    axes.set_xlim(-0.5, len(understood) - 0.5)
    axes.set_ylim(len(meant) - 0.5, -0.5)
    axes.set_aspect("equal")
    axes.set_xticks(range(len(understood)), understood, rotation=90)
    axes.set_yticks(range(len(meant)), meant)
    _grid(axes, len(understood), len(meant))
    axes.set_xlabel("understood as", labelpad=10)
    axes.set_ylabel("meant", labelpad=10)
    axes.set_title(f"What was meant and what was understood: {report.n} lines apart from training")
    return figure


def _grid(axes: Any, columns: int, rows: int) -> None:
    axes.set_xticks([place - 0.5 for place in range(columns)], minor=True)
    axes.set_yticks([place - 0.5 for place in range(rows)], minor=True)
    axes.grid(which="minor", color=_LINE, lw=0.5)
    axes.tick_params(which="minor", length=0)


def _reliability(report: Report) -> Any:
    from matplotlib import pyplot as plt

    bins = equal_mass_bins(report.judged)
    error = expected_calibration_error(report.judged)
    figure, axes = plt.subplots(figsize=(6, 6))
    axes.plot([0, 1], [0, 1], color=_SOFT, lw=1, ls=(0, (4, 4)), label="as sure as right")
    axes.plot(
        [each.probability for each in bins],
        [each.accuracy for each in bins],
        color=_GREEN,
        lw=1.5,
        marker="o",
        ms=5,
        label=f"{len(bins)} groups of about {report.n // max(1, len(bins))} lines",
    )
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02), aspect="equal")
    axes.grid(color=_LINE, lw=0.5)
    axes.set_xlabel("probability that the assistant gave to its likeliest intent", labelpad=10)
    axes.set_ylabel("share that was meant so", labelpad=10)
    axes.set_title(f"What “sure” means: expected calibration error {error:.3f}")
    axes.legend(frameon=False, loc="upper left")
    return figure
