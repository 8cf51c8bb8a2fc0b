"""What the web chat accepts from outside: sizes, shapes, and the errors it answers with."""

from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from starlette.requests import Request

# 4,000 characters of four bytes, escaped in JSON at worst six bytes each, and the rest of a body.
MAX_JSON_BYTES = 64 * 1024
# The picture and the multipart around it.
MAX_UPLOAD_BYTES = 10 * 1024 * 1024 + 64 * 1024

ClientId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\w.:-]+$")]

_CLIENT_ID: TypeAdapter[str] = TypeAdapter(ClientId)


class NotValid(Exception):
    """A request that is not understood; answered with a 4xx and a code."""

    def __init__(self, code: str, status: int) -> None:
        self.code = code
        self.status = status
        super().__init__(code)


class PostedMessage(BaseModel):
    """Body of `POST /webchat/messages`: a text or a pressed choice, never both."""

    model_config = ConfigDict(extra="ignore", strict=True)

    text: str | None = None
    choice: str | None = None
    client_message_id: ClientId | None = None


class PostedPhoto(NamedTuple):
    """Parts of `POST /webchat/attachments`."""

    content: bytes
    name: str
    client_message_id: str | None


class PostedTyping(BaseModel):
    """Body of `POST /webchat/typing`."""

    model_config = ConfigDict(extra="ignore", strict=True)

    on: bool


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, refused as soon as it is longer than `limit` bytes.

    Raises:
        NotValid: `too_large` (413).
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise NotValid("too_large", 413)
    parts = [part async for part in _limited(request.stream(), limit)]
    return b"".join(parts)


async def _limited(stream: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for part in stream:
        size += len(part)
        if size > limit:
            raise NotValid("too_large", 413)
        yield part


async def read_message(request: Request) -> PostedMessage:
    """A posted message.

    Raises:
        NotValid: not JSON, another shape, or neither/both of text and choice.
    """
    try:
        posted = PostedMessage.model_validate_json(await read_body(request, MAX_JSON_BYTES))
    except ValidationError as error:
        raise NotValid("not_valid", 422) from error
    if (posted.text is None) == (posted.choice is None):
        raise NotValid("not_valid", 422)
    return posted


def read_client_id(value: str | None) -> str | None:
    """A client's own id of what it sends; None when it gives none.

    Raises:
        NotValid: another shape.
    """
    try:
        return _CLIENT_ID.validate_python(value) if value is not None else None
    except ValidationError as error:
        raise NotValid("not_valid", 422) from error


async def read_typing(request: Request) -> bool:
    """Whether the customer is typing.

    Raises:
        NotValid: not JSON or another shape.
    """
    try:
        return PostedTyping.model_validate_json(await read_body(request, MAX_JSON_BYTES)).on
    except ValidationError as error:
        raise NotValid("not_valid", 422) from error


def whole_number(value: str | None, highest: int) -> int:
    """A query parameter as a number from 0 to `highest`; 0 when absent.

    Raises:
        NotValid: not a whole number.
    """
    if value is None or value == "":
        return 0
    # int() of a very long string is slow, and of "١٢" is 12.
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise NotValid("not_valid", 422)
    return min(int(value), highest)
