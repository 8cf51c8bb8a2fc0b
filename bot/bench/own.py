"""This project's assistant, started as its operator starts it: `posventa run`."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.bench.assistants import (
    TRAINING_LIMIT,
    Training,
    free_ports,
    keep_training,
    kept_training,
    now_in_words,
)
from bot.bench.launches import BenchFailed, Launch, run_to_end
from bot.installation.training import QUIET_AND_PRIVATE, model_is_current, training_fingerprint
from bot.settings import Settings


class OwnAssistant:
    """Gateway, Rasa and action server under one supervisor, with the demonstration shop."""

    name = "posventa"
    channel = "webchat"
    has_journeys = True
    training_hint = "a minute or two"

    def __init__(self, root: Path, workshop: Path, state: Path) -> None:
        self.domain = root / "domain.yml"
        self._root = root
        self._workshop = workshop
        self._state = state
        self._log = workshop / "log"
        self.port, self._rasa_port, self._actions_port = free_ports(3)

    @property
    def database(self) -> Path:
        """The database it keeps, orders included, once it has been started."""
        return self._state / "posventa.db"

    def train(self, again: bool) -> Training:
        """Measure its training; the model that results is thrown away, the installed one is used.

        Raises:
            BenchFailed: the installed model is missing or older than its sources.
        """
        if not model_is_current(self._root):
            raise BenchFailed("The installed model is not current: run `posventa train` first.")
        fingerprint = training_fingerprint(self._root)
        record = self._workshop / "posventa-training.json"
        kept = kept_training(record, fingerprint)
        if kept and not again:
            return kept
        models = self._workshop / "posventa-training"
        command = [str(self._root / ".venv-rasa" / "bin" / "python"), "-m", "rasa", "train"]
        command += ["--force", "--out", str(models)]
        environment = {
            **os.environ,
            **QUIET_AND_PRIVATE,
            "RASA_CACHE_DIRECTORY": str(models / "cache"),
        }
        log = self._log / "posventa-training.log"
        try:
            cost = run_to_end(Launch(command, self._root, environment, log), TRAINING_LIMIT)
        finally:
            shutil.rmtree(models, ignore_errors=True)
        training = Training(round(cost.wall_s, 1), round(cost.cpu_s, 1), now_in_words())
        keep_training(record, fingerprint, training)
        return training

    def launches(self) -> Sequence[Launch]:
        """The one command that starts all of it."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("POSVENTA_")}
        environment = {
            **inherited,
            **_settings_of_a_first_run(),
            "POSVENTA_STATE_DIR": str(self._state),
            "POSVENTA_PORT": str(self.port),
            "POSVENTA_RASA_PORT": str(self._rasa_port),
            "POSVENTA_ACTIONS_PORT": str(self._actions_port),
        }
        command = [str(self._root / ".venv" / "bin" / "posventa"), "run"]
        return [Launch(command, self._root, environment, self._log / "posventa.log")]


def _settings_of_a_first_run() -> dict[str, str]:
    """Every setting at its default, said aloud so that the shop's .env file does not count.

    A benchmark must not answer the shop's customers, nor write to its database.
    """
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    return {
        f"POSVENTA_{name.upper()}": str(
            value.get_secret_value() if isinstance(value, SecretStr) else value
        )
        for name, value in defaults.items()
        if value is not None and value is not PydanticUndefined
    }
