"""Rasa's private channel as the gateway sees it, without Rasa: answers, fails, hangs or lies as told."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import orjson

from bot.adapters.rasa import RasaClient

Reply = dict[str, Any]


def reply(*texts: str, handoff: str | None = None, buttons: tuple[str, ...] = ()) -> Reply:
    """The body of an answer as Rasa sends it; each button means a greeting."""
    choices = [{"title": t, "payload": {"intent": "greet", "entities": {}}} for t in buttons]
    return {
        "messages": [{"text": text, "choices": choices} for text in texts],
        "state": [{"event": "kept"}],
        "handoff": {"reason": handoff} if handoff else None,
    }


class FakeRasa:
    """Answers each turn with its own text in brackets until a test says otherwise."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.is_there = True
        self.has_model = True
        # What the next turns get instead of an answer, one after the other.
        self.next: list[Callable[[], httpx.Response] | Exception | httpx.Response] = []
        self.answers: Callable[[dict[str, Any]], Reply] = lambda turn: reply(f"[{turn['text']}]")
        # While this is clear, turns hang.
        self.thinks = asyncio.Event()
        self.thinks.set()

    def client(self) -> RasaClient:
        """The gateway's own client, its wire replaced."""
        client = RasaClient("http://rasa.test", "secret")
        client._client = httpx.AsyncClient(
            base_url="http://rasa.test/webhooks/posventa",
            transport=httpx.MockTransport(self._serve),
        )
        return client

    @property
    def texts(self) -> list[str | None]:
        """What was asked, in order, repetitions included."""
        return [turn["text"] for turn in self.turns]

    async def _serve(self, request: httpx.Request) -> httpx.Response:
        if not self.is_there:
            raise httpx.ConnectError("refused")
        if request.url.path.endswith("/health"):
            return httpx.Response(200, json={"ready": self.has_model})
        turn = orjson.loads(request.content)
        self.turns.append(turn)
        if self.next:
            instead = self.next.pop(0)
            if isinstance(instead, Exception):
                raise instead
            return instead if isinstance(instead, httpx.Response) else instead()
        await self.thinks.wait()
        return httpx.Response(200, json=self.answers(turn))


def died_in_the_middle() -> httpx.ReadError:
    """The process was killed while it thought."""
    return httpx.ReadError("connection reset")
