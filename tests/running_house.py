"""The whole house for tests: gateway, Rasa and action server as `posventa run` starts them.

On free ports of this machine, with a state folder of its own; it stops only what it started.
"""

import json
import os
import signal
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import httpx2
from pydantic import SecretStr

from bot.bootstrap import House
from bot.parts import parts_of
from bot.processes import Part
from bot.settings import PROJECT_ROOT, Settings, load_settings
from connectors.webchat.tokens import WebchatTokens
from tests.polling import eventually

RETAIL = PROJECT_ROOT / "tests" / "data" / "retail_orders.json"
# Rasa takes a quarter of a minute to load on a quiet machine, and tests may share a busy one.
START_SECONDS = 150.0
SECRET = "the secret of a house that lives for one test session"


class RunningHouse:
    """Three processes that can be killed and started again, one by one."""

    def __init__(self, state_dir: Path, **settings: object) -> None:
        port, rasa_port, actions_port = free_ports(3)
        self.settings = settings_of_a_house(
            state_dir=state_dir,
            port=port,
            rasa_port=rasa_port,
            actions_port=actions_port,
            **settings,
        )
        self.address = f"http://127.0.0.1:{port}"
        self._state_dir = state_dir
        self._parts: dict[str, Part] = {part.name: part for part in parts_of(self.settings)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._logs = ExitStack()

    def prepare(self) -> None:
        """Make the database: the demonstration shop and the retail orders."""
        house = House(self.settings)
        house.prepare_database()
        house.open_demo_shop()
        house.import_orders(json.loads(RETAIL.read_text(encoding="utf-8")))
        house.close()

    def start(self, *names: str) -> None:
        """Start parts (all of them when none is named) without waiting for them."""
        for name in names or tuple(self._parts):
            part = self._parts[name]
            log = self._logs.enter_context((self._state_dir / f"{name}.log").open("ab"))
            self._processes[name] = subprocess.Popen(
                part.command,
                cwd=PROJECT_ROOT,
                env={**environment_of(self.settings), **part.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait until a customer would be answered.

        Raises:
            TimeoutError: the parts do not get ready; says which state they were in.
        """
        eventually(self.is_ready, START_SECONDS, pause=0.2)

    def ready(self) -> dict[str, str]:
        """The state of each part as the gateway tells it; empty while it does not answer."""
        try:
            parts: dict[str, str] = httpx2.get(f"{self.address}/ready", timeout=10).json()["parts"]
        except httpx2.HTTPError:
            return {}
        return parts

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End a part without warning."""
        process = self._processes.pop(name)
        os.killpg(process.pid, number)
        process.wait(timeout=30)

    def pause(self, name: str) -> None:
        """Make a part hang."""
        os.kill(self._processes[name].pid, signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        """End a hang."""
        os.kill(self._processes[name].pid, signal.SIGCONT)

    def stop(self) -> None:
        """End everything that was started."""
        for name in list(self._processes):
            if self._processes[name].poll() is None:
                self.kill(name)
        self._logs.close()

    def house(self) -> House:
        """The services over the same database, for looking at what is stored."""
        return House(self.settings)

    def log(self, name: str) -> str:
        """What a part has logged."""
        return (self._state_dir / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def conversation_of(self, token: str) -> str:
        """The id of the conversation that a customer's session is for."""
        identity = WebchatTokens(SECRET).conversation(token)
        assert identity is not None
        return identity

    def is_ready(self) -> bool:
        """Whether a customer would be answered now."""
        states = self.ready()
        return bool(states) and all(state == "ready" for state in states.values())


def settings_of_a_house(**chosen: object) -> Settings:
    """A first run's settings, whatever the environment and the `.env` file of this machine say.

    A test must not write to the database of a shop that happens to be set up here.
    """
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
        },
    }


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
