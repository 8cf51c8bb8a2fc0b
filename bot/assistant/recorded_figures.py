"""The figures that a change may not worsen: kept in a file, compared with new ones."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# A point: what other training phrases move by chance on some hundred lines.
TOLERANCE = 0.01
_HIGHER_IS_BETTER = (
    "strict_accuracy",
    "lenient_accuracy",
    "macro_f1",
    "out_of_scope_recall",
    "out_of_scope_precision",
)
_LOWER_IS_BETTER = ("fallback_rate",)
_ENTITIES = "entity_f1"


def recordable(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a report's figures that does not depend on the machine."""
    kept = ("n", *_HIGHER_IS_BETTER, *_LOWER_IS_BETTER, _ENTITIES)
    return {name: summary[name] for name in kept}


def write_figures(summary: Mapping[str, Any], file: Path) -> None:
    """Record a report's figures.

    Raises:
        OSError: The file cannot be written.
    """
    file.write_text(json.dumps(recordable(summary), indent=2) + "\n", encoding="utf-8")


def setbacks(
    recorded: Mapping[str, Any], measured: Mapping[str, Any], tolerance: float = TOLERANCE
) -> list[str]:
    """A sentence for each figure that is worse than it was by more than `tolerance`."""
    return [
        f"{name} was {before:.4f} on {recorded['n']} lines and is {now:.4f} on {measured['n']}."
        for name, before, now, loss in _changes(recorded, measured)
        # A hundredth has no exact binary form: a loss of just that is no more than that.
        if loss > tolerance + 1e-9
    ]


def _changes(
    recorded: Mapping[str, Any], measured: Mapping[str, Any]
) -> Iterator[tuple[str, float, float, float]]:
    """Name, value then, value now, and how much worse it is."""
    for name in _HIGHER_IS_BETTER:
        yield name, recorded[name], measured[name], recorded[name] - measured[name]
    for name in _LOWER_IS_BETTER:
        yield name, recorded[name], measured[name], measured[name] - recorded[name]
    for kind, before in recorded[_ENTITIES].items():
        # A kind that no line is labelled with any more was found in none.
        now = measured[_ENTITIES].get(kind, 0.0)
        yield f"{_ENTITIES} of {kind}", before, now, before - now
