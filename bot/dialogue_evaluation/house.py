"""A house of its own for a test or an evaluation: no shop that is set up here is touched.

Its ports are free ones, its state is in a folder that the caller chooses, and its settings are a
first run's, whatever the environment and the `.env` file of this machine say.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from pydantic import SecretStr

from bot.bench.assistants import free_ports
from bot.bootstrap import House
from bot.dialogue_evaluation.shop_days import moved_to_the_present
from bot.dialogue_evaluation.waiting import eventually
from bot.settings import PROJECT_ROOT, Settings, load_settings

SECRET = "the secret of a house that lives for one session"  # noqa: S105 - guards nothing
# Rasa takes a quarter of a minute to load on a quiet machine, and this may be a busy one.
START_SECONDS = 150.0
# The supervisor gives each part eight.
STOP_SECONDS = 30.0


class HouseNotReady(Exception):
    """The house does not start; says what the parts wrote last."""


def settings_of_a_house(**chosen: object) -> Settings:
    """A first run's settings but for the chosen ones."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    usual = {
        "secret": SecretStr(SECRET),
        "opening_hours": "mon-sun 00:00-23:59",
        "webchat_sessions_per_minute": 100_000,  # all customers here have one address
    }
    return load_settings(_env_file=None, **{**defaults, **usual, **chosen})


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment that leads a process to these settings."""
    told = {name: getattr(settings, name) for name in Settings.model_fields}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("POSVENTA_")},
        **{
            f"POSVENTA_{name.upper()}": value.get_secret_value()
            if isinstance(value, SecretStr)
            else str(value)
            for name, value in told.items()
            if value is not None
        },
    }


def fill(house: House, orders: Path) -> None:
    """Make the database: the demonstration shop, and the orders of a file as of today.

    Raises:
        ImportRefused: the file has mistakes.
        OSError: it cannot be read.
    """
    house.prepare_database()
    house.open_demo_shop()
    document = json.loads(orders.read_text(encoding="utf-8"))
    house.import_orders(moved_to_the_present(document, house.clock.now()))


@contextmanager
def opened_house(state_dir: Path, orders: Path) -> Iterator[Settings]:
    """Run a filled house (`posventa run`) until the end of the block.

    Raises:
        HouseNotReady: it does not start.
    """
    port, rasa_port, actions_port = free_ports(3)
    settings = settings_of_a_house(
        state_dir=state_dir, port=port, rasa_port=rasa_port, actions_port=actions_port
    )
    house = House(settings)
    try:
        fill(house, orders)
    finally:
        house.close()
    log = state_dir / "run.log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"],
            cwd=PROJECT_ROOT,
            env=environment_of(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_ready(running, settings, log)
        yield settings
    finally:
        # The supervisor stops its parts.
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _wait_until_ready(running: subprocess.Popen[bytes], settings: Settings, log: Path) -> None:
    def ready_or_over() -> bool:
        return running.poll() is not None or is_ready(f"http://127.0.0.1:{settings.port}")

    try:
        eventually(ready_or_over, START_SECONDS, pause=0.2)
    except TimeoutError:
        written = log.read_text(encoding="utf-8", errors="replace")[-2_000:]
        raise HouseNotReady(f"not ready within {START_SECONDS:.0f} s:\n{written}") from None
    if running.poll() is not None:
        raise HouseNotReady(log.read_text(encoding="utf-8", errors="replace")[-2_000:])


def is_ready(address: str) -> bool:
    """Whether a customer would be answered now."""
    states = ready_parts(address)
    return bool(states) and all(state == "ready" for state in states.values())


def ready_parts(address: str) -> dict[str, str]:
    """The state of each part as the gateway tells it; empty while it does not answer."""
    try:
        answer = httpx2.get(f"{address}/ready", timeout=10, trust_env=False)
    except httpx2.HTTPError:
        return {}
    parts: dict[str, str] = answer.json()["parts"]
    return parts
