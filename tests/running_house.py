"""The whole house for tests: gateway, Rasa and action server as `posventa run` starts them.

On free ports of this machine, with a state folder of its own; it stops only what it started.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.adapters.database.order_side import OrderSide, Snapshot
from bot.bench.assistants import free_ports
from bot.bootstrap import House
from bot.dialogue_evaluation.house import (
    START_SECONDS,
    environment_of,
    fill,
    is_ready,
    ready_parts,
    settings_of_a_house,
)
from bot.dialogue_evaluation.run import ORDERS
from bot.parts import parts_of
from bot.processes import Part
from bot.settings import PROJECT_ROOT
from connectors.webchat.tokens import WebchatTokens
from tests.polling import eventually

__all__ = [
    "START_SECONDS",
    "RunningHouse",
    "environment_of",
    "free_ports",
    "ready_house",
    "settings_of_a_house",
]


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
        # How the shop stood before anybody came; known once the database is made.
        self.shop: Snapshot | None = None
        self._state_dir = state_dir
        self._parts: dict[str, Part] = {part.name: part for part in parts_of(self.settings)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._logs = ExitStack()

    def prepare(self) -> None:
        """Make the database: the demonstration shop and the retail orders."""
        house = House(self.settings)
        fill(house, ORDERS)
        self.shop = OrderSide(house.engine).snapshot()
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
        eventually(lambda: is_ready(self.address), START_SECONDS, pause=0.2)

    def ready(self) -> dict[str, str]:
        """The state of each part as the gateway tells it; empty while it does not answer."""
        return ready_parts(self.address)

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
        identity = WebchatTokens(self.settings.shared_secret()).conversation(token)
        assert identity is not None
        return identity


@contextmanager
def ready_house(folder: Path) -> Iterator[RunningHouse]:
    """A house with the demonstration shop and the retail orders, ready until the end of the block."""
    house = RunningHouse(folder)
    house.prepare()
    house.start()
    try:
        house.wait_until_ready()
        yield house
    finally:
        house.stop()
