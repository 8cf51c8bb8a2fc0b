"""Figures on how well labelled lines are understood; pure arithmetic."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.assistant.calibration import Judged, expected_calibration_error
from bot.assistant.folding import fold
from bot.assistant.intent_names import FALLBACK, OUT_OF_SCOPE

REFUSED = frozenset({OUT_OF_SCOPE, FALLBACK})
# The kinds whose value is a code: written with or without hyphens it is the same.
_CODES = frozenset({"order_number", "tracking_number", "case_number", "postal_code"})
# "el lunes" is the day "lunes"; "del" and "al" hold the article too.
_ARTICLES = frozenset("el la los las un una del al".split())
_NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez".split()
    )
}


class LineNotValid(ValueError):
    """An evaluation line is not as it should be; says file, line and reason."""

    code = "line_not_valid"

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place


@dataclass(frozen=True)
class Line:
    """One labelled message."""

    text: str
    intent: str
    also: frozenset[str] = frozenset()
    entities: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the understanding made of a line."""

    intent: str
    # Kind, value, text as typed.
    entities: tuple[tuple[str, str, str], ...] = ()
    # Of the likeliest intent, which is `intent` unless none was believed.
    confidence: float = 0.0
    likeliest: str = ""
    cpu_ms: float = 0.0
    wall_ms: float = 0.0


@dataclass
class Counts:
    """Hits and misses of one kind."""

    hits: int = 0
    missed: int = 0
    invented: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where there is nothing."""
        total = 2 * self.hits + self.missed + self.invented
        return 2 * self.hits / total if total else 0.0


@dataclass
class Report:
    """Everything measured; `summary()` are the published figures."""

    n: int = 0
    strict: int = 0
    lenient: int = 0
    in_scope: int = 0
    in_scope_fallback: int = 0
    refused: int = 0
    refused_rightly: int = 0
    out_of_scope: int = 0
    intents: dict[str, Counts] = field(default_factory=dict)
    entities: dict[str, Counts] = field(default_factory=dict)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: list[Judged] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """The figures that other programs read."""
        # An intent that is only ever predicted has no line to be right about.
        judged = [c.f1 for c in self.intents.values() if c.hits + c.missed]
        return {
            "n": self.n,
            "strict_accuracy": _share(self.strict, self.n),
            "lenient_accuracy": _share(self.lenient, self.n),
            "macro_f1": round(sum(judged) / len(judged), 4) if judged else 0.0,
            "out_of_scope_recall": _share(self.refused_rightly, self.out_of_scope),
            "out_of_scope_precision": _share(self.refused_rightly, self.refused),
            "fallback_rate": _share(self.in_scope_fallback, self.in_scope),
            "entity_f1": {
                kind: round(counts.f1, 4)
                for kind, counts in sorted(self.entities.items())
                if counts.hits + counts.missed
            },
            "parse_cpu_ms_p50": percentile(self.cpu_ms, 50),
            "parse_ms_p95": percentile(self.wall_ms, 95),
            "expected_calibration_error": round(expected_calibration_error(self.judged), 4),
            "parses_per_second": self.parses_per_second,
        }

    @property
    def parses_per_second(self) -> float:
        """How many messages one core reads in a second, one after the other, and nothing else."""
        seconds = sum(self.wall_ms) / 1e3
        return round(len(self.wall_ms) / seconds, 1) if seconds else 0.0


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of the values lie, to a hundredth."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))], 2)


def read_lines(path: Path, intents: Iterable[str] | None = None) -> Iterator[Line]:
    """Read a file of labelled lines.

    Args:
        path: One JSON object a line; empty lines are skipped.
        intents: The intents that may stand there; None allows any.

    Raises:
        LineNotValid: A line is not such an object.
    """
    allowed = None if intents is None else frozenset(intents)
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if raw.strip():
            yield _line(raw, f"{path}:{number}", allowed)


def _line(raw: str, place: str, allowed: frozenset[str] | None) -> Line:
    try:
        content = json.loads(raw)
    except json.JSONDecodeError as error:
        raise LineNotValid(place, f"not JSON: {error.msg}") from None
    if not isinstance(content, dict):
        raise LineNotValid(place, "an object is expected")
    text, intent = content.get("text"), content.get("intent")
    also, entities = content.get("also") or [], content.get("entities") or []
    if not isinstance(text, str) or not text.strip():
        raise LineNotValid(place, "text is missing")
    if not isinstance(intent, str) or not intent:
        raise LineNotValid(place, "intent is missing")
    if not isinstance(also, list) or not all(isinstance(name, str) for name in also):
        raise LineNotValid(place, "also must be a list of intents")
    for name in (intent, *also):
        if allowed is not None and name not in allowed:
            raise LineNotValid(place, f"there is no intent {name}")
    if not isinstance(entities, list):
        raise LineNotValid(place, "entities must be a list")
    return Line(text, intent, frozenset(also), tuple(_entity(e, place) for e in entities))


def _entity(entity: object, place: str) -> tuple[str, str]:
    if not isinstance(entity, dict) or not isinstance(entity.get("entity"), str):
        raise LineNotValid(place, "an entity needs a name")
    value = entity.get("value")
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise LineNotValid(place, "an entity needs a value")
    return entity["entity"], str(value)


def same_value(kind: str, value: str) -> str:
    """A value in the form in which values of its kind are compared."""
    plain = fold(value).strip()
    if kind in _CODES:
        return "".join(character for character in plain if character.isalnum())
    if kind == "rating":
        first = plain.replace(",", ".").split("/")[0].split(" ")[0]
        stars = plain.count("⭐") or plain.count("★")
        return str(stars) if stars else _NUMBER_WORDS.get(first, first.removesuffix(".0"))
    words = plain.split()
    if kind == "date" and len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def score(lines: Sequence[Line], answers: Sequence[Answer]) -> Report:
    """Compare answers with labels."""
    report = Report()
    for line, answer in zip(lines, answers, strict=True):
        _score_intent(report, line, answer)
        _score_entities(report, line, answer)
        report.cpu_ms.append(answer.cpu_ms)
        report.wall_ms.append(answer.wall_ms)
        likeliest = answer.likeliest or answer.intent
        report.judged.append((answer.confidence, likeliest == line.intent))
    return report


def _score_intent(report: Report, line: Line, answer: Answer) -> None:
    report.n += 1
    if answer.intent == line.intent:
        report.strict += 1
        report.intents.setdefault(line.intent, Counts()).hits += 1
    else:
        report.confusions[line.intent, answer.intent] += 1
        report.intents.setdefault(line.intent, Counts()).missed += 1
        report.intents.setdefault(answer.intent, Counts()).invented += 1
    report.lenient += answer.intent == line.intent or answer.intent in line.also
    refused = answer.intent in REFUSED
    report.refused += refused
    if line.intent == OUT_OF_SCOPE:
        report.out_of_scope += 1
        report.refused_rightly += refused
    else:
        report.in_scope += 1
        report.in_scope_fallback += answer.intent == FALLBACK


def _score_entities(report: Report, line: Line, answer: Answer) -> None:
    wanted = [(kind, same_value(kind, value)) for kind, value in line.entities]
    for kind, value, typed in answer.entities:
        counts = report.entities.setdefault(kind, Counts())
        # A product may be labelled by the customer's word or by the shop's title.
        spellings = {same_value(kind, value), same_value(kind, typed)}
        match = next((w for w in wanted if w[0] == kind and w[1] in spellings), None)
        if match is None:
            counts.invented += 1
        else:
            wanted.remove(match)
            counts.hits += 1
    for kind, _ in wanted:
        report.entities.setdefault(kind, Counts()).missed += 1
