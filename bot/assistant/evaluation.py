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
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Dict, List, Text

from bot.assistant.scoring import Answer, Line, LineNotValid, read_lines, readable, score

WARM_UP = "hola, buenas tardes, una consulta sobre mi compra de ayer"


def load_processor(model: Path) -> Any:
    """Load a model's understanding.

    Raises:
        rasa.exceptions.ModelNotFound: There is no model at the path.
    """
    # Rasa's libraries warn about each other; nobody who evaluates can do anything about it.
    warnings.simplefilter("ignore")
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

    from bot.assistant.repairs import DirectGraphRunner

    # Unconfigured, Rasa prints every parse, and the printing would be timed too.
    configure_structlog(logging.ERROR)
    processor = MessageProcessor(
        model_path=model,
        tracker_store=InMemoryTrackerStore(Domain.empty()),
        lock_store=InMemoryLockStore(),
        generator=TemplatedNaturalLanguageGenerator({}),
    )
    processor.graph_runner = DirectGraphRunner(processor.graph_runner)
    return processor


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
        text = parsed["text"]
        entities = tuple(
            (entity["entity"], str(entity["value"]), text[entity["start"] : entity["end"]])
            for entity in parsed["entities"]
        )
        intent = parsed["intent"]
        answers.append(Answer(intent["name"], entities, intent["confidence"], cpu_ms, wall_ms))
    return answers


def main(arguments: Sequence[Text] | None = None) -> int:
    """Run the command; 0 when measured, 2 when a line or a file is not valid."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args(arguments)
    try:
        lines = [line for path in options.files for line in read_lines(path)]
    except LineNotValid as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    processor = load_processor(options.model)
    report = score(lines, asyncio.run(answer_lines(processor, lines)))
    printed = json.dumps(report.summary()) if options.json else readable(report)
    sys.stdout.write(printed + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
