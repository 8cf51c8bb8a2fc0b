"""Measures a trained model on labelled lines: `python -m bot.assistant.evaluation MODEL FILES…`.

Runs in Rasa's environment. With `--json` it prints one JSON object, otherwise a report to read.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Dict, List, Text

from bot.assistant.evaluation_text import readable, side_by_side
from bot.assistant.hostile_texts import hostile_texts
from bot.assistant.intent_names import FALLBACK
from bot.assistant.recorded_figures import write_figures
from bot.assistant.scoring import Answer, Line, LineNotValid, Report, read_lines, score

WARM_UP = "hola, buenas tardes, una consulta sobre mi compra de ayer"


def load_processor(model: Path, *, repaired: bool = True) -> Any:
    """Load a model's understanding.

    Args:
        model: The archive that `rasa train` wrote.
        repaired: Whether it is repaired as ours is in service (`bot.assistant.repairs`), or
            as Rasa does by itself.

    Raises:
        rasa.exceptions.ModelNotFound: There is no model at the path.
    """
    # Rasa's libraries warn about each other, and one of them sets the filters back; nobody who
    # evaluates can do anything about it.
    warnings.showwarning = _say_nothing
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # One message is too little work for a second thread: it would only cost processor time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from rasa.core.lock_store import InMemoryLockStore
    from rasa.core.nlg import TemplatedNaturalLanguageGenerator
    from rasa.core.processor import MessageProcessor
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.utils.log_utils import configure_structlog

    from bot.assistant.repairs import run_directly

    # Unconfigured, Rasa prints every parse, and the printing would be timed too.
    configure_structlog(logging.ERROR)
    processor = MessageProcessor(
        model_path=model,
        tracker_store=InMemoryTrackerStore(Domain.empty()),
        lock_store=InMemoryLockStore(),
        generator=TemplatedNaturalLanguageGenerator({}),
    )
    if repaired:
        run_directly(processor)
    return processor


def _say_nothing(*_: object, **__: object) -> None:
    """What is shown of a warning."""


async def parse(processor: Any, text: Text) -> Dict[Text, Any]:
    """What the model makes of a text, as Rasa reports it."""
    from rasa.core.channels.channel import UserMessage

    return dict(await processor.parse_message(UserMessage(text)))


async def answer_lines(processor: Any, lines: Sequence[Line]) -> List[Answer]:
    """Parse each line by itself, as it would come from a customer, and time it."""
    await parse(processor, WARM_UP)
    answers = []
    for line in lines:
        wall, cpu = time.perf_counter(), time.process_time()
        parsed = await parse(processor, line.text)
        cpu_ms = (time.process_time() - cpu) * 1e3
        wall_ms = (time.perf_counter() - wall) * 1e3
        answers.append(_answer(parsed, cpu_ms, wall_ms))
    return answers


def _answer(parsed: Mapping[Text, Any], cpu_ms: float, wall_ms: float) -> Answer:
    text, intent = parsed["text"], parsed["intent"]
    entities = tuple(
        (entity["entity"], str(entity["value"]), text[entity["start"] : entity["end"]])
        for entity in parsed["entities"]
    )
    # What was likeliest before it was not believed; a model need not tell a ranking.
    ranking = parsed.get("intent_ranking") or [intent]
    likeliest = next((each for each in ranking if each["name"] != FALLBACK), intent)
    return Answer(
        # Rasa has no intent where a text has no words.
        intent["name"] or FALLBACK,
        entities,
        likeliest["confidence"],
        likeliest["name"] or FALLBACK,
        cpu_ms,
        wall_ms,
    )


def measure(
    processor: Any, files: Mapping[str, Sequence[Line]]
) -> tuple[Report, dict[str, Report]]:
    """Measure a model over all lines, and over those of each file.

    Args:
        processor: The loaded model.
        files: The lines of each file, by its name.
    """
    lines = [line for name in files for line in files[name]]
    answers = asyncio.run(answer_lines(processor, lines))
    remaining = iter(answers)
    by_file = {
        name: score(own, [next(remaining) for _ in own]) for name, own in files.items() if own
    }
    return score(lines, answers), by_file


def endure(processor: Any, texts: Iterable[Text]) -> Dict[Text, float]:
    """Parse texts that nobody writes who wants to be understood.

    Returns:
        How many there were, how many raised an exception, and the milliseconds of processor time
        in the middle, at the 95th percentile and at most.
    """
    costs, failed = [], 0
    for text in texts:
        began = time.process_time()
        try:
            asyncio.run(parse(processor, text))
        except Exception:  # noqa: BLE001 (whatever it is, it must be counted)
            failed += 1
        costs.append((time.process_time() - began) * 1e3)
    costs.sort()
    at = {"p50": len(costs) // 2, "p95": int(0.95 * len(costs)), "max": len(costs) - 1}
    figures = {f"cpu_ms_{name}": round(costs[place], 1) for name, place in at.items()}
    return {"texts": len(costs), "failed": failed, **figures}


def main(arguments: Sequence[Text] | None = None) -> int:
    """Run the command; 0 when measured, 2 when a line, a file or a model is not valid."""
    options = _options(arguments)
    try:
        files = {str(path): list(read_lines(path)) for path in options.files}
    except LineNotValid as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    if options.compare and not options.compare.is_file():
        sys.stderr.write(f"{options.compare}: there is no such model\n")
        return 2
    processor = load_processor(options.model)
    report, by_file = measure(processor, files)
    summary = report.summary()
    if options.record:
        write_figures(summary, options.record)
    if options.pictures:
        from bot.assistant.evaluation_pictures import draw_pictures  # needs matplotlib, a second

        draw_pictures(report, options.pictures)
    printed = readable(report, by_file)
    if options.hostile:
        summary["hostile"] = endure(processor, hostile_texts(options.hostile))
        printed = f"{printed}\n\nHostile texts: {summary['hostile']}"
    if options.compare:
        # As its makers run it: what mends Rasa for us is part of ours.
        other, _ = measure(load_processor(options.compare, repaired=False), files)
        summary["compared"] = {"model": str(options.compare), **other.summary()}
        names = [path.name.removesuffix(".tar.gz") for path in (options.model, options.compare)]
        both = list(zip(names, [report, other], strict=True))
        printed = f"{printed}\n\n{side_by_side(both)}"
    sys.stdout.write((json.dumps(summary) if options.json else printed) + "\n")
    return 0


def _options(arguments: Sequence[Text] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--pictures", type=Path, help="folder to draw pictures into")
    parser.add_argument("--record", type=Path, help="file to record the figures in")
    parser.add_argument("--hostile", type=int, default=0, help="so many hostile texts besides")
    parser.add_argument("--compare", type=Path, help="another Rasa model, over the same lines")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
