"""The run: a house of its own is started, and every dialogue of a folder is played in it."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.dialogue_evaluation.house import opened_house
from bot.dialogue_evaluation.play import Play, WentOtherwise
from bot.dialogue_evaluation.report import Outcome
from bot.dialogue_evaluation.script import Dialogue
from bot.settings import PROJECT_ROOT, Settings

# What dialogues speak of, beside the demonstration shop.
ORDERS = PROJECT_ROOT / "tests" / "data" / "retail_orders.json"

Tell = Callable[[str], None]


def play_all(dialogues: Sequence[Dialogue], orders: Path, tell: Tell) -> list[Outcome]:
    """Play dialogues one after the other, each as a customer nobody knows yet.

    Args:
        dialogues: What to play.
        orders: A file of orders (`posventa orders import`), put beside the demonstration shop's.
        tell: Is told what is going on, one line at a time.

    Raises:
        HouseNotReady: the house does not start.
        ImportRefused, OSError: the orders cannot be read.
    """
    tell("Starting the house: up to half a minute.")
    with (
        tempfile.TemporaryDirectory(prefix="posventa-dialogues-") as folder,
        opened_house(Path(folder), orders) as settings,
    ):
        outcomes = []
        for dialogue in dialogues:
            outcome = play_one(dialogue, settings)
            outcomes.append(outcome)
            tell(f"{_sign(outcome)}  {dialogue.kind}: {dialogue.name}")
        return outcomes


def play_one(dialogue: Dialogue, settings: Settings) -> Outcome:
    """Play a dialogue in a house that runs with these settings."""
    play = Play(settings)
    try:
        play.run(dialogue)
    except WentOtherwise as otherwise:
        return Outcome(dialogue, otherwise)
    finally:
        play.close()
    return Outcome(dialogue)


def _sign(outcome: Outcome) -> str:
    if outcome.passed:
        return "ok      "
    return "expected" if outcome.expected_failure else "FAILED  "
