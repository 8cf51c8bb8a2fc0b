"""The stock assistant: what `rasa init` gives, on this project's phrases, with one custom action.

Its files are in `stock/`; nothing in them is tuned. It is trained once for each state of its
sources, because that takes many minutes, and kept under `var/bench/`.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.bench.assistants import (
    TRAINING_LIMIT,
    Training,
    free_ports,
    keep_training,
    kept_training,
    now_in_words,
)
from bot.bench.launches import BenchFailed, Launch, run_to_end
from bot.installation.training import QUIET_AND_PRIVATE

FILES = Path(__file__).with_name("stock")
MODEL = Path("models") / "stock.tar.gz"
RECORD = "training.json"


class StockAssistant:
    """Rasa's default pipeline and policies, REST channel and SQL tracker store."""

    name = "stock"
    channel = "rest"
    has_journeys = False
    domain = FILES / "domain.yml"
    training_hint = "half an hour"

    def __init__(self, root: Path, workshop: Path, state: Path, orders: Path) -> None:
        self._root = root
        self._state = state
        self._orders = orders
        self._project = workshop / "stock"
        self._log = workshop / "log"
        self.port, self._actions_port = free_ports(2)

    def train(self, again: bool) -> Training:
        """Train it unless a model of these very sources is there."""
        fingerprint = self._fingerprint()
        kept = kept_training(self._project / RECORD, fingerprint)
        if kept and not again and (self._project / MODEL).is_file():
            return kept
        # Built beside the old one and renamed when whole: an interrupted training leaves no half.
        unfinished = self._project.with_name("stock.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(FILES, unfinished, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(self._root / "data" / "nlu", unfinished / "data" / "nlu")
        command = [*self._rasa(), "train", "--force", "--fixed-model-name", MODEL.name[:-7]]
        log = self._log / "stock-training.log"
        cost = run_to_end(
            Launch(command, unfinished, {**os.environ, **QUIET_AND_PRIVATE}, log), TRAINING_LIMIT
        )
        if not (unfinished / MODEL).is_file():
            raise BenchFailed(f"Rasa made no model; see {log}.")
        training = Training(round(cost.wall_s, 1), round(cost.cpu_s, 1), now_in_words())
        keep_training(unfinished / RECORD, fingerprint, training)
        shutil.rmtree(unfinished / ".rasa", ignore_errors=True)  # the cache, larger than the model
        shutil.rmtree(self._project, ignore_errors=True)
        unfinished.rename(self._project)
        return training

    def launches(self) -> Sequence[Launch]:
        """Rasa, and rasa-sdk's action server in the environment of ours."""
        environment = {
            **os.environ,
            **QUIET_AND_PRIVATE,
            "SANIC_HOST": "127.0.0.1",
            "PYTHONDONTWRITEBYTECODE": "1",  # the action is loaded from the project's own files
            "STOCK_ACTIONS_PORT": str(self._actions_port),
            "STOCK_TRACKER_DB": str(self._state / "stock-tracker.db"),
            "STOCK_ORDERS_DB": str(self._orders),
        }
        rasa = [*self._rasa(), "run", "--interface", "127.0.0.1", "--port", str(self.port)]
        rasa += ["--model", str(MODEL), "--endpoints", str(FILES / "endpoints.yml")]
        rasa += ["--credentials", str(FILES / "credentials.yml")]
        actions = [str(self._root / ".venv" / "bin" / "python"), "-m", "rasa_sdk"]
        actions += ["--actions", "order_status_action", "--port", str(self._actions_port)]
        return [
            Launch(actions, FILES, environment, self._log / "stock-actions.log"),
            Launch(rasa, self._project, environment, self._log / "stock-rasa.log"),
        ]

    def _rasa(self) -> list[str]:
        return [str(self._root / ".venv-rasa" / "bin" / "python"), "-m", "rasa"]

    def _fingerprint(self) -> str:
        digest = hashlib.sha256((self._root / "requirements" / "rasa.txt").read_bytes())
        for path in self._sources():
            digest.update(f"{path.name}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        yield from (FILES / "config.yml", FILES / "domain.yml")
        for folder in (FILES / "data", self._root / "data" / "nlu"):
            yield from sorted(folder.rglob("*.yml"))
