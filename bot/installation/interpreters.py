"""Finds the Python interpreters that the two environments are made with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

# Printed by a candidate that works. A venv's interpreter answers with the one it was made from:
# an environment must not hang on another that may be rebuilt. ssl and sqlite3 are missing from an
# interpreter that was compiled without their headers, which shows only much later otherwise.
PROBE = """
import os, sys, sqlite3, ssl, venv
name = "python%d.%d" % sys.version_info[:2]
base = os.path.join(sys.base_prefix, "bin", name)
print("%d.%d.%d" % sys.version_info[:3])
print(base if sys.prefix != sys.base_prefix and os.path.exists(base) else sys.executable)
"""

# A pyenv shim or a cold disk may take its time; an interpreter that hangs is not usable.
PROBE_SECONDS = 20


class Interpreter(NamedTuple):
    """An interpreter that really runs."""

    path: Path
    version: str


def find_interpreter(minors: Sequence[str]) -> Optional[Interpreter]:
    """Return the first usable interpreter of the wanted versions, or None.

    Args:
        minors: such as ("3.11", "3.12"), the most wanted first.
    """
    for minor in minors:
        for candidate in _candidates(minor):
            interpreter = _probe(candidate)
            if interpreter and _minor(interpreter.version) == minor:
                return interpreter
    for candidate in _on_path("python3"):
        interpreter = _probe(candidate)
        if interpreter and _minor(interpreter.version) in minors:
            return interpreter
    return None


def how_to_get(minors: Sequence[str], purpose: str) -> str:
    """Say in one sentence which interpreter is missing and how to get it on this machine."""
    minor = minors[0]
    wanted = f"Python {minor}" + (" or newer" if len(minors) > 1 else "")
    if shutil.which("uv"):
        advice = f"run `uv python install {minor}`"
    elif _pyenv_root():
        advice = f"run `pyenv install {minor}`"
    elif sys.platform == "darwin":
        advice = f"run `brew install python@{minor}`"
    else:
        advice = (
            f"install python{minor} and python{minor}-venv with your system's package manager, "
            f"or, where it has none, run `pip install uv` and `uv python install {minor}`"
        )
    return f"{wanted} is needed for {purpose} and was not found: {advice}, then start again."


def _candidates(minor: str) -> Iterator[Path]:
    yield from _on_path(f"python{minor}")
    yield from _in_pyenv(minor)
    yield from _known_to_uv(minor)


def _on_path(name: str) -> Iterator[Path]:
    # Every match, not only the first: a pyenv shim stands before the system's interpreter even
    # for a version that pyenv is not set to.
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        candidate = Path(folder) / name
        if folder and candidate.is_file() and os.access(str(candidate), os.X_OK):
            yield candidate


def _pyenv_root() -> Optional[Path]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return root if root.is_dir() else None


def _in_pyenv(minor: str) -> List[Path]:
    root = _pyenv_root()
    if root is None:
        return []
    found = list(root.glob(f"versions/{minor}.*/bin/python{minor}"))
    return sorted(found, key=lambda path: _numbers(path.parents[1].name), reverse=True)


def _known_to_uv(minor: str) -> List[Path]:
    uv = shutil.which("uv")
    if uv is None:
        return []
    found = _output([uv, "python", "find", "--no-project", "--system", minor])
    return [Path(found.strip())] if found else []


def _probe(candidate: Path) -> Optional[Interpreter]:
    answer = _output([str(candidate), "-c", PROBE])
    lines = answer.splitlines() if answer else []
    if len(lines) != 2 or not re.match(r"\d+\.\d+\.\d+$", lines[0]):
        return None
    return Interpreter(Path(lines[1]), lines[0])


def _output(command: Sequence[str]) -> Optional[str]:
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_SECONDS,
            encoding="utf-8",
            errors="replace",
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _numbers(version: str) -> Tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
