"""Runs a script of ours in Rasa's environment, which this one cannot import, and reads its JSON.

Without that environment the test is skipped, but in CI it fails: there it has to be made.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.installation.training import QUIET_AND_PRIVATE
from bot.parts import ONE_THREAD, RASA_PYTHON
from bot.settings import PROJECT_ROOT


def run_in_rasa(script: Path, *arguments: str, seconds: float = 240.0) -> Any:
    """What a script prints as JSON on its last line.

    Raises:
        AssertionError: it fails; says what it wrote to its error output.
    """
    if not RASA_PYTHON.exists():
        reason = f"{RASA_PYTHON.relative_to(PROJECT_ROOT)} is missing: `make setup` makes it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT_ROOT),
        **QUIET_AND_PRIVATE,
        **ONE_THREAD,
    }
    ended = subprocess.run(
        [str(RASA_PYTHON), "-W", "ignore", str(script), *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4_000:]
    return json.loads(ended.stdout.splitlines()[-1])  # before it, Rasa's own log
