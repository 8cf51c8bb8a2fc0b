"""`posventa run`: starts the three parts, starts again what dies, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from bot.settings import PROJECT_ROOT, Settings
from tests.chat_client import ChatClient
from tests.polling import eventually
from tests.running_house import START_SECONDS, environment_of, free_ports, settings_of_a_house

pytestmark = [
    pytest.mark.assistant,
    pytest.mark.timeout(420),
    pytest.mark.skipif(
        not Path("/proc/self/task").exists(), reason="looks for children of a process in /proc"
    ),
]

# How a part is known among the supervisor's children.
COMMANDS = {"gateway": "serve gateway", "rasa": "rasa run", "actions": "serve actions"}


class Supervised:
    """`posventa run` as an operator starts it."""

    def __init__(self, folder: Path) -> None:
        port, rasa_port, actions_port = free_ports(3)
        self.settings: Settings = settings_of_a_house(
            state_dir=folder, port=port, rasa_port=rasa_port, actions_port=actions_port
        )
        self.address = f"http://127.0.0.1:{port}"
        self._log = (folder / "run.log").open("wb")
        self.process = subprocess.Popen(
            [str(PROJECT_ROOT / ".venv" / "bin" / "posventa"), "run"],
            cwd=PROJECT_ROOT,
            env=environment_of(self.settings),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def parts(self) -> dict[str, int]:
        """The process of each part that lives."""
        return {
            name: child
            for child in _children(self.process.pid)
            for name, words in COMMANDS.items()
            if words in _command(child)
        }

    def wait_until_ready(self) -> None:
        """Wait until a customer would be answered."""
        eventually(self._is_ready, START_SECONDS, pause=0.2)

    def end(self) -> None:
        """Make sure that nothing of it is left, whatever the test did."""
        parts = self.parts()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        for child in parts.values():
            if _lives(child):
                os.kill(child, signal.SIGKILL)
        self._log.close()

    def _is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.address}/ready", timeout=10).status_code == 200
        except httpx2.HTTPError:
            return False


@pytest.fixture
def supervised(trained_model: None, tmp_path: Path) -> Iterator[Supervised]:
    supervised = Supervised(tmp_path)
    try:
        supervised.wait_until_ready()
        yield supervised
    finally:
        supervised.end()


def test_a_part_that_is_killed_is_started_again_and_answers(supervised: Supervised) -> None:
    customer = ChatClient(supervised.address)
    assert customer.hears(customer.say("hola")).responses == ["utter_greet"]
    for name, before in supervised.parts().items():
        os.kill(before, signal.SIGKILL)
        eventually(lambda n=name, b=before: supervised.parts().get(n, b) != b, START_SECONDS)
        supervised.wait_until_ready()
        assert customer.hears(customer.say("hola")).responses == ["utter_greet"], name
    customer.close()
    # Told to stop, it leaves no process and no port behind.
    parts = supervised.parts()
    assert parts.keys() == COMMANDS.keys()
    supervised.process.send_signal(signal.SIGTERM)
    assert supervised.process.wait(30) == 0
    assert [name for name, child in parts.items() if _lives(child)] == []
    for port in (supervised.settings.port, supervised.settings.rasa_port):
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_the_parts_of_a_supervisor_that_is_killed_do_not_live_on(supervised: Supervised) -> None:
    parts = supervised.parts()
    assert parts.keys() == COMMANDS.keys()
    supervised.process.kill()
    supervised.process.wait(10)
    eventually(lambda: not any(_lives(child) for child in parts.values()), 30)


def _children(process: int) -> list[int]:
    try:
        return [
            int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]
    except OSError:
        return []


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")
