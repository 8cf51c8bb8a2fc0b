"""No request is read further than a limit: the first door, before any route."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The largest thing anybody may send is a photo in a multipart body.
MAX_BODY_BYTES = 11 * 1024 * 1024


class BodyTooLarge(Exception):
    """The client sent more than it may."""


class BodyLimit:
    """ASGI middleware: 413 for a body that is, or turns out to be, too large."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what is read of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        size = 0
        begun = False

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._limit:
                raise BodyTooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except BodyTooLarge:
            if begun:
                raise
            await send(
                {
                    "type": "http.response.start",
                    "status": 413,
                    "headers": [(b"content-length", b"0"), (b"connection", b"close")],
                }
            )
            await send({"type": "http.response.body", "body": b""})
