"""Rasa's only door: a private HTTP channel for the gateway, behind a shared secret.

Mounted through `credentials.yml`, so `rasa run` serves it as it serves its own channels.
"""

import asyncio
import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.assistant.action_endpoint import ActionFailed
from bot.assistant.repairs import apply_repairs
from bot.assistant.turn_processor import TurnProcessor

logger = logging.getLogger(__name__)

# Shorter than the gateway's own patience with a turn, so that it hears why.
MAX_TURN_SECONDS = 11.0


class PrivateChannel(InputChannel):
    """Turns and parses for the gateway; see `bot/adapters/rasa.py` for the other end."""

    def __init__(self, secret: Text) -> None:
        self._secret = f"Bearer {secret}".encode()
        self._processor: Optional[TurnProcessor] = None

    @classmethod
    def name(cls) -> Text:
        """The path below `/webhooks/`."""
        return "posventa"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "PrivateChannel":
        """Build the channel from `credentials.yml`; without a secret it does not start."""
        secret = (credentials or {}).get("secret") or ""
        if not secret or secret.startswith("$"):
            raise RasaException("the channel posventa needs a secret: set POSVENTA_SECRET")
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Routes `turn`, `parse` and `health`."""
        routes = Blueprint("posventa_private_channel", "posventa")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"ready": self._turns(request) is not None})

        @routes.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self._guarded(request, self._parse)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._guarded(request, self._answer)

        return routes

    async def _guarded(
        self,
        request: Request,
        serve: Callable[[TurnProcessor, Dict[Text, Any]], Awaitable[HTTPResponse]],
    ) -> HTTPResponse:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return response.json({"error": "unauthorized"}, status=401)
        turns = self._turns(request)
        if turns is None:
            return response.json({"error": "not_ready"}, status=409)
        return await serve(turns, request.json)

    async def _parse(self, turns: TurnProcessor, body: Dict[Text, Any]) -> HTTPResponse:
        return response.json(await turns.parse(body["text"], body.get("requested_slot")))

    async def _answer(self, turns: TurnProcessor, body: Dict[Text, Any]) -> HTTPResponse:
        try:
            result = await asyncio.wait_for(
                turns.run_turn(
                    conversation_id=body["conversation_id"],
                    turn_id=body["turn_id"],
                    text=body.get("text"),
                    payload=body.get("payload"),
                    state=body.get("state"),
                    channel=body["channel"],
                ),
                MAX_TURN_SECONDS,
            )
        except ActionFailed as failed:
            logger.warning("action failed in %s: %s", body["conversation_id"], failed)
            return response.json({"error": "action_failed"}, status=503)
        except asyncio.TimeoutError:
            return response.json({"error": "turn_timed_out"}, status=503)
        return response.json(
            {
                "messages": result.messages,
                "state": result.state,
                "handoff": {"reason": result.handoff_reason} if result.handoff_reason else None,
                "outcome": result.outcome,
                "documents": result.documents,
            }
        )

    def _turns(self, request: Request) -> Optional[TurnProcessor]:
        """The processor of the loaded model, or None until one is loaded."""
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or agent.processor is None:
            return None
        if self._processor is None:
            self._processor = TurnProcessor(agent.processor, repaired=apply_repairs())
        return self._processor
