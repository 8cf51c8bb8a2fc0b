"""Shows what a model makes of a text: `python -m bot.assistant.parse MODEL TEXT`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Text

from bot.assistant.evaluation import load_processor, parse


def main(arguments: Sequence[Text] | None = None) -> int:
    """Print Rasa's parse of the text as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("text")
    options = parser.parse_args(arguments)
    parsed = asyncio.run(parse(load_processor(options.model), options.text))
    sys.stdout.write(json.dumps(parsed, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
