"""The gateway's end of Rasa's private channel (the other end: `bot/assistant/channel.py`)."""

from typing import Any

import httpx
import orjson

from bot.domain.turns import Answer, AnswerChoice, AnswerMessage, Turn

# A turn takes milliseconds; this is how long one may hang before it counts as failed.
TURN_TIMEOUT_SECONDS = 12.0
CONNECT_TIMEOUT_SECONDS = 2.0


class AssistantUnavailable(Exception):
    """Rasa is absent, restarting or has no model yet: the turn was not begun, ask again later."""


class AssistantLost(AssistantUnavailable):
    """Rasa ended in the middle of the turn: ask again, but not for ever, it may be the reason."""


class TurnFailed(Exception):
    """Rasa took the turn and could not finish it (an action failed, an error, a time-out)."""


class RasaClient:
    """Asks Rasa for answers; one connection pool, closed by `close()`."""

    def __init__(self, url: str, secret: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"{url}/webhooks/posventa",
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
            timeout=httpx.Timeout(TURN_TIMEOUT_SECONDS, connect=CONNECT_TIMEOUT_SECONDS),
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
            trust_env=False,
        )

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
            response = await self._client.get("/health", timeout=CONNECT_TIMEOUT_SECONDS)
            return response.status_code == 200 and bool(response.json().get("ready"))
        except (httpx.HTTPError, AttributeError, ValueError):
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(self, path: str, body: dict[str, object]) -> Any:
        try:
            response = await self._client.post(path, content=orjson.dumps(body))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise AssistantUnavailable(type(error).__name__) from error
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            raise AssistantLost(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise TurnFailed(type(error).__name__) from error
        if response.status_code == 409:
            raise AssistantUnavailable("no model loaded")
        if response.status_code != 200:
            raise TurnFailed(f"Rasa answered {response.status_code}")
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            raise TurnFailed("not JSON") from error


def _answer(body: Any) -> Answer:
    handoff = body.get("handoff") or {}
    return Answer(
        messages=tuple(_message(message) for message in body["messages"]),
        state=orjson.dumps(body["state"]).decode(),
        handoff_reason=handoff.get("reason"),
    )


def _message(message: Any) -> AnswerMessage:
    choices = message.get("choices") or []
    return AnswerMessage(
        str(message["text"]), tuple(AnswerChoice(c["title"], c["payload"]) for c in choices)
    )
