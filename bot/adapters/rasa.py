"""The gateway's end of Rasa's private channel (the other end: `bot/assistant/channel.py`).

By aiohttp: a request of httpx costs two milliseconds of processor time with eight customers
talking, a fifth of the whole turn; one of aiohttp 0.3.
"""

from typing import Any

import aiohttp
import orjson

from bot.domain.messages import Document, DocumentKind
from bot.domain.turns import Answer, AnswerChoice, AnswerMessage, Turn

# A turn takes milliseconds; this is how long one may hang before it counts as failed.
TURN_TIMEOUT_SECONDS = 12.0
CONNECT_TIMEOUT_SECONDS = 2.0
MAX_CONNECTIONS = 32


class AssistantUnavailable(Exception):
    """Rasa is absent, restarting or has no model yet: the turn was not begun, ask again later."""


class AssistantLost(AssistantUnavailable):
    """Rasa ended in the middle of the turn: ask again, but not for ever, it may be the reason."""


class TurnFailed(Exception):
    """Rasa took the turn and could not finish it (an action failed, an error, a time-out)."""


class RasaClient:
    """Asks Rasa for answers; one connection pool, opened at its first use, closed by `close()`."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = f"{url}/webhooks/posventa"
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._session: aiohttp.ClientSession | None = None

    async def answer(self, turn: Turn) -> Answer:
        """Run one turn.

        Raises:
            AssistantUnavailable: nothing was done; the same turn may be asked again.
            AssistantLost: the same, but this turn may be what ended Rasa.
            TurnFailed: it failed; asking again re-runs it from the same state.
        """
        state = orjson.loads(turn.state) if turn.state else None
        body = await self._post(
            "/turn",
            {
                "conversation_id": turn.conversation_id,
                "turn_id": turn.turn_id,
                "text": turn.text,
                "payload": turn.payload,
                "channel": turn.channel,
                "state": state,
            },
        )
        try:
            return _answer(body)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise TurnFailed("not an answer") from error

    async def parse(self, text: str) -> dict[str, object]:
        """What Rasa understands of a text.

        Raises:
            AssistantUnavailable, TurnFailed.
        """
        parsed: dict[str, object] = await self._post("/parse", {"text": text})
        return parsed

    async def is_ready(self) -> bool:
        """Whether Rasa answers and has a model."""
        try:
            status, content = await self._exchange("GET", "/health", None, CONNECT_TIMEOUT_SECONDS)
            return status == 200 and bool(orjson.loads(content).get("ready"))
        except (aiohttp.ClientError, TimeoutError, AttributeError, ValueError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, path: str, body: dict[str, object]) -> Any:
        try:
            status, content = await self._exchange(
                "POST", path, orjson.dumps(body), TURN_TIMEOUT_SECONDS
            )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise AssistantUnavailable(type(error).__name__) from error
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            # A time-out while it thinks is one of these by name, but the connection still stands.
            lost = TurnFailed if isinstance(error, TimeoutError) else AssistantLost
            raise lost(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TurnFailed(type(error).__name__) from error
        if status == 409:
            raise AssistantUnavailable("no model loaded")
        if status != 200:
            raise TurnFailed(f"Rasa answered {status}")
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise TurnFailed("not JSON") from error

    async def _exchange(
        self, method: str, path: str, body: bytes | None, seconds: float
    ) -> tuple[int, bytes]:
        """One request on the wire: status and content."""
        if self._session is None:  # which must be made where the event loop runs
            self._session = aiohttp.ClientSession(
                headers=self._headers, connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS)
            )
        limit = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_TIMEOUT_SECONDS)
        async with self._session.request(
            method, f"{self._url}{path}", data=body, timeout=limit, allow_redirects=False
        ) as response:
            return response.status, await response.read()


def _answer(body: Any) -> Answer:
    handoff = body.get("handoff") or {}
    return Answer(
        messages=tuple(_message(message) for message in body["messages"]),
        state=orjson.dumps(body["state"]).decode(),
        handoff_reason=handoff.get("reason"),
        outcome=body.get("outcome"),
        documents=tuple(map(_document, body.get("documents") or ())),
    )


def _document(document: Any) -> Document:
    return Document(DocumentKind(document["kind"]), str(document["reference"]))


def _message(message: Any) -> AnswerMessage:
    choices = message.get("choices") or []
    return AnswerMessage(
        str(message["text"]), tuple(AnswerChoice(c["title"], c["payload"]) for c in choices)
    )
