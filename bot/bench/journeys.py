"""What one customer says turn after turn while the processor time of each turn is read."""

import re
from pathlib import Path
from typing import Any

from bot.adapters.yaml_file import read_yaml
from bot.bench.conversations import Conversations
from bot.bench.load import Question

JOURNEYS = Path(__file__).with_name("journeys.yml")

_GAP = re.compile(r"\{\w+\}")


def journeys(domain: Path) -> Conversations:
    """Conversations in which every turn is answered by an action.

    Args:
        domain: file with the assistant's responses.
    """
    responses = read_yaml(domain)["responses"]
    return tuple(
        tuple(
            Question(
                turn["say"].format(order=each["order"], email=each["email"]),
                wording_of(responses[f"utter_{turn['answered_by']}"]),
            )
            for turn in each["turns"]
        )
        for each in read_yaml(JOURNEYS).values()
    )


def wording_of(variants: list[dict[str, Any]]) -> tuple[str, ...]:
    """What tells each variant of a response in an answer: its longest piece without a gap."""
    return tuple(max(_GAP.split(each["text"]), key=len).strip() for each in variants)
