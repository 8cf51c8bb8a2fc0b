"""The report as a person reads it."""

from typing import Any

TITLES = {"greet": "Spoken answer (a greeting)", "order_status": "Order status (custom action)"}

FIGURES = (
    ("turns_per_second", "turns a second"),
    ("p50_ms", "p50, ms"),
    ("p99_ms", "p99, ms"),
    ("cpu_ms_per_turn", "CPU ms a turn"),
)

LABEL_WIDTH = 34
COLUMN_WIDTH = 12


def as_table(report: dict[str, Any]) -> str:
    """Lay out a report of `run_bench` as text."""
    machine, assistants = report["machine"], report["assistants"]
    names = list(assistants)
    lines = [
        " · ".join(
            [
                machine["measured_at"],
                f"{machine['processor']}, {machine['cores']} cores, {machine['memory_mb']} MB",
                f"load before {machine['load_before']:.2f}",
            ]
        ),
        "",
        _row("", names + (["ratio"] if len(names) > 1 else [])),
    ]
    sides = list(assistants.values())
    for label, figures in (
        ("training, s of CPU", [side["training"]["cpu_s"] for side in sides]),
        ("training, s", [side["training"]["wall_s"] for side in sides]),
        ("start to first answer, s", [side["start_up_s"] for side in sides]),
        ("peak memory (PSS), MB", [side["peak_memory_mb"]["pss"] for side in sides]),
        ("peak memory (RSS), MB", [side["peak_memory_mb"]["rss"] for side in sides]),
    ):
        lines.append(_row(label, _with_ratio(figures)))
    cells = {
        (cell["question"], cell["customers"]): [
            _cell_of(side, cell["question"], cell["customers"]) for side in sides
        ]
        for cell in sides[0]["cells"]
    }
    for (question, customers), of_sides in sorted(cells.items()):
        lines += ["", f"{TITLES[question]}, customers at the same time: {customers}"]
        for name, label in FIGURES:
            lines.append(_row(f"  {label}", _with_ratio([each.get(name) for each in of_sides])))
        for name, each in zip(names, of_sides, strict=True):
            lines += _remarks(name, each)
    for name, side in assistants.items():
        lines += _single_turns(name, side["single_turns"])
    return "\n".join(lines)


def _single_turns(name: str, measured: dict[str, Any] | None) -> list[str]:
    if measured is None:
        return []
    lines = ["", f"Single turns with an action, one customer: {name}, {measured['turns']} turns"]
    for figure, label in (("p50_cpu_ms", "p50"), ("p95_cpu_ms", "p95")):
        lines.append(_row(f"  {label}, CPU ms", [measured[figure]]))
    for part, figures in measured["parts"].items():
        share = f"{figures['share']:.0%}"
        lines.append(_row(f"  {part}: p50, share", [figures["p50_cpu_ms"], share]))
    return lines + _remarks(name, measured)


def _cell_of(side: dict[str, Any], question: str, customers: int) -> dict[str, Any]:
    for cell in side["cells"]:
        if (cell["question"], cell["customers"]) == (question, customers):
            found: dict[str, Any] = cell
            return found
    return {}


def _remarks(name: str, cell: dict[str, Any]) -> list[str]:
    """What must be known before a figure is believed."""
    remarks = []
    if cell.get("wrong_answers") or cell.get("failures"):
        remarks.append(
            f"  ! {name}: {cell['wrong_answers']} of {cell['turns']} answers wrong, "
            f"{cell['failures']} turns failed"
        )
    # A tenth of a core taken away by others shows in the figures.
    if cell.get("other_cores", 0) > 0.1:
        remarks.append(f"  ! {name}: other programs kept {cell['other_cores']} cores busy")
    return remarks


def _with_ratio(figures: list[float | None]) -> list[object]:
    ours, *others = figures
    if not others:
        return [ours]
    ratio = f"× {ours / others[0]:.2f}" if ours is not None and others[0] else ""
    return [*figures, ratio]


def _row(label: str, columns: list[Any]) -> str:
    shown = ["–" if column is None else str(column) for column in columns]
    return label.ljust(LABEL_WIDTH) + "".join(column.rjust(COLUMN_WIDTH) for column in shown)
