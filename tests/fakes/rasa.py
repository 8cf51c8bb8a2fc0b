"""Rasa's private channel as the gateway sees it, without Rasa: answers, fails, hangs or lies as told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from bot.adapters.rasa import RasaClient

Reply = dict[str, Any]
_NOWHERE = aiohttp.client_reqrep.ConnectionKey("rasa.test", 80, False, True, None, None, None)


def reply(
    *texts: str,
    handoff: str | None = None,
    buttons: tuple[str, ...] = (),
    documents: tuple[tuple[str, str], ...] = (),
) -> Reply:
    """The body of an answer as Rasa sends it; each button means a greeting.

    A document is its kind and its reference.
    """
    choices = [{"title": t, "payload": {"intent": "greet", "entities": {}}} for t in buttons]
    return {
        "messages": [{"text": text, "choices": choices} for text in texts],
        "state": [{"event": "kept"}],
        "handoff": {"reason": handoff} if handoff else None,
        "documents": [{"kind": kind, "reference": each} for kind, each in documents],
    }


@dataclass(frozen=True, slots=True)
class Said:
    """What comes over the wire."""

    status: int
    text: str

    @classmethod
    def json(cls, status: int, content: object) -> "Said":
        """An answer in JSON."""
        return cls(status, orjson.dumps(content).decode())


class FakeRasa:
    """Answers each turn with its own text in brackets until a test says otherwise."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.is_there = True
        self.has_model = True
        # What the next turns get instead of an answer, one after the other.
        self.next: list[Exception | Said] = []
        self.next_health: list[Said] = []
        self.answers: Callable[[dict[str, Any]], Reply] = lambda turn: reply(f"[{turn['text']}]")
        # While this is clear, turns hang.
        self.thinks = asyncio.Event()
        self.thinks.set()

    def client(self) -> RasaClient:
        """The gateway's own client with this Rasa at the other end of its wire."""
        return _Wired(self)

    @property
    def texts(self) -> list[str | None]:
        """What was asked, in order, repetitions included."""
        return [turn["text"] for turn in self.turns]

    async def serve(self, path: str, body: bytes | None) -> Said:
        """Answer a request, or raise what the client's library raises."""
        if not self.is_there:
            raise refused()
        if path == "/health":
            if self.next_health:
                return self.next_health.pop(0)
            return Said.json(200, {"ready": self.has_model})
        turn = orjson.loads(body or b"")
        self.turns.append(turn)
        if self.next:
            instead = self.next.pop(0)
            if isinstance(instead, Exception):
                raise instead
            return instead
        await self.thinks.wait()
        return Said.json(200, self.answers(turn))


class _Wired(RasaClient):
    def __init__(self, rasa: FakeRasa) -> None:
        super().__init__("http://rasa.test", "secret")
        self._rasa = rasa

    async def _exchange(
        self, method: str, path: str, body: bytes | None, seconds: float
    ) -> tuple[int, bytes]:
        said = await self._rasa.serve(path, body)
        return said.status, said.text.encode()


def refused() -> aiohttp.ClientConnectorError:
    """Nobody listens (tests/contract/test_rasa_client.py has it from a real socket)."""
    return aiohttp.ClientConnectorError(_NOWHERE, ConnectionRefusedError("refused"))


def died_in_the_middle() -> aiohttp.ServerDisconnectedError:
    """The process was killed while it thought."""
    return aiohttp.ServerDisconnectedError()
