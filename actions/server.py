"""The action server: rasa-sdk's executor behind one private, authenticated route.

rasa-sdk's own server opens to every interface and to every caller; this one listens on loopback
and asks for the shared secret.
"""

import hmac
import logging

import orjson
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.base import ServiceAction
from bot.bootstrap import ActionServices

logger = logging.getLogger(__name__)


def create_action_server(services: ActionServices, secret: str) -> Starlette:
    """The application; every action of the package `actions` is served."""
    ServiceAction.services = services
    executor = ActionExecutor()
    executor.register_package("actions")
    expected = f"Bearer {secret}".encode()

    async def health(_request: Request) -> Response:
        return _json({"status": "ok"})

    async def webhook(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, expected):
            return _json({"error": "unauthorized"}, 401)
        call = orjson.loads(await request.body())
        # rasa-sdk 3.21 asks for the domain once and then remembers it; Rasa 3.6 knows nothing of
        # that, and no action of ours reads the domain.
        call.setdefault("domain", {})
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as rejection:
            return _json({"error": rejection.message, "action_name": rejection.action_name}, 400)
        except Exception:
            logger.exception("action %s failed", call.get("next_action"))
            return _json({"error": "action_failed"}, 500)
        return _json(result.model_dump() if result else {})

    return Starlette(
        routes=[Route("/health", health), Route("/webhook", webhook, methods=["POST"])]
    )


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
