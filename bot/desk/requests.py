"""What an agent's page sends, read and checked; anything else is `RequestNotValid`."""

import json
import re
from typing import Any

from starlette.requests import Request

from bot.domain.errors import ConversationNotFound, Refusal

# A reply has at most 4,000 characters; in JSON each may take twelve bytes (two escapes).
MAX_BODY_BYTES = 64 * 1024
# The largest number that both databases take for a place in a transcript.
MAX_SEQ = 2**31 - 1
_CONVERSATION_ID = re.compile(r"[0-9a-f]{32}")
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestNotValid(Refusal):
    """A body or a parameter that our page would not send."""

    code = "request_not_valid"


class RequestTooLarge(Refusal):
    """A body larger than any message may be."""

    code = "request_too_large"


def conversation_id(request: Request) -> str:
    """The conversation in the path.

    Raises:
        ConversationNotFound: nothing that could be one of our ids.
    """
    identity: str = request.path_params["conversation_id"]
    if not _CONVERSATION_ID.fullmatch(identity):
        raise ConversationNotFound
    return identity


def number(request: Request, name: str) -> int | None:
    """A whole number of the query; None when it is not there.

    Raises:
        RequestNotValid: something else than a number from 0 to `MAX_SEQ`.
    """
    raw = request.query_params.get(name)
    return None if raw is None else _whole_number(raw)


def document_place(request: Request) -> tuple[str, int, int]:
    """The document in the path: conversation, message, and place among its attachments.

    Raises:
        ConversationNotFound, RequestNotValid: nothing that could be one.
    """
    seq, place = (_whole_number(request.path_params[name]) for name in ("seq", "place"))
    return conversation_id(request), seq, place


def _whole_number(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 10 or int(raw) > MAX_SEQ:
        raise RequestNotValid
    return int(raw)


def client_id(fields: dict[str, Any]) -> str:
    """The page's own id of a message.

    Raises:
        RequestNotValid: it is missing or has another shape.
    """
    identity = fields.get("client_message_id")
    if not isinstance(identity, str) or not _CLIENT_ID.fullmatch(identity):
        raise RequestNotValid
    return identity


def typed(fields: dict[str, Any], name: str, kind: type) -> Any:
    """A field of exactly this type (True is no number here).

    Raises:
        RequestNotValid: it is missing or of another type.
    """
    value = fields.get(name)
    if type(value) is not kind:
        raise RequestNotValid
    return value


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty one.

    Raises:
        RequestTooLarge: more than `MAX_BODY_BYTES`.
        RequestNotValid: not JSON, or no object.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise RequestTooLarge
    if not body:
        return {}
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestNotValid from None
    if not isinstance(fields, dict):
        raise RequestNotValid
    return fields
