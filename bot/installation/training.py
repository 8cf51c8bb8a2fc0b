"""Trains the assistant when what it learns from has changed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Dict, Iterator, Optional

from bot.installation.console import Console, SetupFailed, run_logged

MODEL_NAME = "posventa"

# Whatever a trained model depends on; folders with everything below them.
SOURCES = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/stories",
    "data/lexicon",
    "bot/assistant",
    "requirements/rasa.txt",
)

ROUGH_SECONDS = 60

QUIET_AND_PRIVATE = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow's remarks about graphics cards that nobody asked for
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONUNBUFFERED": "1",  # progress as it happens
}

CPU_DESCRIPTION = Path("/proc/cpuinfo")
# What OpenBLAS's kernels for wide vectors are made of.
WIDE_VECTORS = frozenset("avx512f avx512bw avx512cd avx512dq avx512vl".split())


def model_is_current(root: Path) -> bool:
    """Tell whether the trained model is there and was made from today's sources."""
    try:
        record = json.loads(_record(root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    trained_from = record.get("fingerprint") if isinstance(record, dict) else None
    return _model(root).is_file() and trained_from == training_fingerprint(root)


def train(root: Path, force: bool = False) -> None:
    """Train the assistant into `models/posventa.tar.gz` unless the one there is current.

    The former model stays in use until the new one is whole.

    Raises:
        SetupFailed: the training did not succeed; the message carries the end of its log.
    """
    if not force and model_is_current(root):
        return
    # Read before the training: what is edited meanwhile must lead to another one.
    fingerprint = training_fingerprint(root)
    started = time.monotonic()
    console = Console(root, steps=1)
    console.step(
        "train", "Training the assistant", ROUGH_SECONDS, lambda: _run_training(root, console)
    )
    record = {"fingerprint": fingerprint, "seconds": round(time.monotonic() - started, 1)}
    _record(root).write_text(json.dumps(record, indent=1), encoding="utf-8")


def training_fingerprint(root: Path) -> str:
    """Return a digest of every file that the model is made from, names included."""
    digest = hashlib.sha256()
    for path in _source_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = root / source
        if path.is_file():
            yield path
        for below in sorted(path.rglob("*")):
            # Leaves out what editors and the interpreter put beside the sources.
            hidden = any(part.startswith((".", "__pycache__")) for part in below.parts[-2:])
            if below.is_file() and not hidden:
                yield below


def _run_training(root: Path, console: Console) -> None:
    # Beside the models, where Rasa does not look for one, and on the same disk for the rename.
    unfinished = root / "models" / ".training"
    shutil.rmtree(str(unfinished), ignore_errors=True)
    unfinished.mkdir(parents=True)
    log = root / "var" / "log" / "train.log"
    if log.exists():
        log.unlink()

    def show(line: str) -> None:
        news = _news(line)
        if news:
            console.progress(news)

    command = [str(root / ".venv-rasa" / "bin" / "python"), "-m", "rasa", "train"]
    # Without --force Rasa reuses what it trained before with another version of the modules that
    # our components call.
    command += ["--force", "--fixed-model-name", MODEL_NAME, "--out", str(unfinished)]
    command += ["--skip-validation"]  # `make check` does that, and fails on warnings
    run_logged(command, log, root, show, {**QUIET_AND_PRIVATE, **quicker_kernels()})
    trained = unfinished / _model(root).name
    if not trained.is_file():
        raise SetupFailed(f"Rasa made no model; see {log.relative_to(root)}.")
    trained.replace(_model(root))
    shutil.rmtree(str(unfinished), ignore_errors=True)


def quicker_kernels(cpu_description: Path = CPU_DESCRIPTION) -> Dict[str, str]:
    """Tell OpenBLAS of a processor that it does not know; nothing where that is not needed.

    The one that comes with Rasa's SciPy is of 2021 and takes later processors with wide vectors
    for old ones without: told so, training takes three quarters of the time.
    """
    if "OPENBLAS_CORETYPE" in os.environ:
        return {}
    try:
        flags = re.search(r"^flags\s*:(.*)$", cpu_description.read_text(), re.MULTILINE)
    except (OSError, UnicodeDecodeError):
        return {}
    wide = flags is not None and WIDE_VECTORS.issubset(flags.group(1).split())
    return {"OPENBLAS_CORETYPE": "SkylakeX"} if wide else {}


def _news(line: str) -> Optional[str]:
    """Return what a line of Rasa's log means to the person who waits, if anything."""
    component = re.search(r"Starting to train component '(\w+)'", line)
    if component:
        return f"learning: {component.group(1)}"
    return None


def _model(root: Path) -> Path:
    return root / "models" / f"{MODEL_NAME}.tar.gz"


def _record(root: Path) -> Path:
    return root / "models" / f"{MODEL_NAME}.json"
