"""The web chat's HTTP interface: the widget's, and any other client's.

Bearer tokens only, no cookies: a page of any origin may embed the chat, and none can act in
somebody else's name.
"""

import secrets
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from functools import wraps

import orjson
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.domain.errors import (
    AttachmentRefused,
    ConversationNotFound,
    MessageRefused,
    StorageUnavailable,
    TextTooLong,
    TooManyWaiting,
)
from bot.domain.messages import (
    Author,
    InboundMessage,
    Message,
    MessageKind,
    clean_text,
)
from connectors.base import House
from connectors.webchat.requests import (
    MAX_UPLOAD_BYTES,
    NotValid,
    PostedPhoto,
    read_body,
    read_client_id,
    read_message,
    read_typing,
    whole_number,
)
from connectors.webchat.tokens import DocumentPlace, WebchatTokens

CHANNEL = "webchat"
# Proxies close quiet connections after 30 to 60 s.
HEARTBEAT_SECONDS = 15.0
LONGEST_POLL_SECONDS = 30
_STATUS = {TextTooLong: 422, TooManyWaiting: 429, AttachmentRefused: 415}

Handler = Callable[["WebchatEndpoint", Request], Awaitable[Response]]


def _calmly(handler: Handler) -> Handler:
    """Every refusal is a JSON error with a code and a sentence; nothing else comes out."""

    @wraps(handler)
    async def answered(self: "WebchatEndpoint", request: Request) -> Response:
        try:
            return await handler(self, request)
        except NotValid as error:
            return self.error(error.code, error.status)
        except MessageRefused as refusal:
            return self.error(refusal.code, _STATUS.get(type(refusal), 422))
        except ConversationNotFound:
            return self.error("unauthorized", 401)
        except StorageUnavailable:
            return self.error("storage_unavailable", 503)

    return answered


class WebchatEndpoint:
    """See `docs/architecture.md`, web chat protocol."""

    def __init__(self, house: House, tokens: WebchatTokens, sessions_per_minute: int) -> None:
        self._house = house
        self._tokens = tokens
        self._sessions_per_minute = sessions_per_minute
        self._opened: dict[str, deque[float]] = {}

    def routes(self) -> list[Route]:
        """All routes below `/webchat`."""
        return [
            Route("/webchat/texts", self.texts, methods=["GET"]),
            Route("/webchat/sessions", self.open_session, methods=["POST"]),
            Route("/webchat/messages", self.post_message, methods=["POST"]),
            Route("/webchat/messages", self.get_messages, methods=["GET"]),
            Route("/webchat/events", self.get_events, methods=["GET"]),
            Route("/webchat/attachments", self.post_attachment, methods=["POST"]),
            Route("/webchat/attachments/{token}", self.get_attachment, methods=["GET"]),
            Route("/webchat/documents/{token}", self.get_document, methods=["GET"]),
            Route("/webchat/typing", self.post_typing, methods=["POST"]),
        ]

    @_calmly
    async def texts(self, request: Request) -> Response:
        """The widget's labels."""
        headers = {"Cache-Control": "public, max-age=300"}
        return _json({"texts": self._house.texts("utter_widget_")}, headers=headers)

    @_calmly
    async def open_session(self, request: Request) -> Response:
        """A new conversation and the token for it."""
        self._count_session(request.client.host if request.client else "")
        conversation_id = await self._house.open_conversation(CHANNEL)
        token = self._tokens.session(conversation_id)
        return _json({"token": token, "texts": self._house.texts("utter_widget_")}, 201)

    @_calmly
    async def post_message(self, request: Request) -> Response:
        """A text or a pressed choice; answered when it is stored."""
        conversation_id = self._session(request)
        posted = await read_message(request)
        # Without a client's own id every post is a message of its own.
        own_id = posted.client_message_id or secrets.token_hex(12)
        kind = MessageKind.TEXT if posted.text is not None else MessageKind.CHOICE
        receipt = await self._house.accept(
            InboundMessage(
                channel=CHANNEL,
                customer_key=conversation_id,
                external_id=f"{conversation_id}:{own_id}",
                kind=kind,
                text=clean_text(posted.text) if posted.text is not None else "",
                choice_token=posted.choice,
                client_id=posted.client_message_id,
            )
        )
        return _json({"seq": receipt.seq}, 202)

    @_calmly
    async def get_messages(self, request: Request) -> Response:
        """Messages after a number; with `wait` it answers as soon as there are some."""
        conversation_id = self._session(request)
        after = whole_number(request.query_params.get("after"), 2**53)
        wait = whole_number(request.query_params.get("wait"), LONGEST_POLL_SECONDS)
        deadline = time.monotonic() + wait
        with self._house.watch(conversation_id) as watch:
            messages = await self._house.messages_after(conversation_id, after)
            _require_known(messages, after)
            while not messages and (left := deadline - time.monotonic()) > 0:
                if not await watch.changed(left):
                    break
                if not watch.has_news:
                    continue
                messages = await self._house.messages_after(conversation_id, after)
        typing = self._house.typing(conversation_id)
        return _json(
            {
                "messages": [self._shown(message) for message in messages],
                "assistant": self._assistant(),
                "typing": next(iter(sorted(typing - {"customer"})), None),
            }
        )

    @_calmly
    async def get_events(self, request: Request) -> Response:
        """The same as a stream of server-sent events."""
        conversation_id = self._session(request)
        resumed = request.headers.get("last-event-id") or request.query_params.get("after")
        after = whole_number(resumed, 2**53)
        # Before the stream begins: a database that is gone is still a 503, not a broken stream.
        _require_known(await self._house.messages_after(conversation_id, after), after)
        return StreamingResponse(
            self._stream(conversation_id, after),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _stream(self, conversation_id: str, after: int) -> AsyncIterator[bytes]:
        shown_typing: frozenset[str] = frozenset()
        shown_assistant = ""
        with self._house.watch(conversation_id) as watch:
            to_read = True
            while True:
                try:
                    messages = (
                        await self._house.messages_after(conversation_id, after) if to_read else ()
                    )
                except StorageUnavailable:
                    return  # the client comes back with the number it has
                for message in messages:
                    yield _event("message", self._shown(message), message.seq)
                    after = message.seq
                typing = self._house.typing(conversation_id) - {"customer"}
                for author in sorted(typing ^ shown_typing):
                    yield _event("typing", {"author": author, "on": author in typing})
                shown_typing = typing
                if self._assistant() != shown_assistant:
                    shown_assistant = self._assistant()
                    yield _event("assistant", {"status": shown_assistant})
                changed = await watch.changed(HEARTBEAT_SECONDS)
                to_read = watch.has_news or not changed
                if not changed:
                    yield b": still here\n\n"

    @_calmly
    async def post_attachment(self, request: Request) -> Response:
        """A photo, as multipart field `file`."""
        conversation_id = self._session(request)
        posted = await _uploaded(request)
        own_id = posted.client_message_id or secrets.token_hex(12)
        attachment = await self._house.keep_attachment(posted.content, posted.name)
        receipt = await self._house.accept(
            InboundMessage(
                channel=CHANNEL,
                customer_key=conversation_id,
                external_id=f"{conversation_id}:{own_id}",
                kind=MessageKind.PHOTO,
                text="",
                attachment=attachment,
                client_id=posted.client_message_id,
            )
        )
        return _json({"seq": receipt.seq}, 202)

    @_calmly
    async def get_attachment(self, request: Request) -> Response:
        """A photo, to whoever was shown its address."""
        identity = self._tokens.attachment(request.path_params["token"])
        file = self._house.attachment_file(identity) if identity else None
        if file is None:
            return self.error("not_valid", 404)
        headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return FileResponse(file, headers=headers, content_disposition_type="inline")

    @_calmly
    async def get_document(self, request: Request) -> Response:
        """A document, to whoever was shown its address: made now, and kept by nobody between."""
        place = self._tokens.document_place(request.path_params["token"])
        file = await self._house.document(*place) if place else None
        if file is None:
            return self.error("document_gone", 404)
        # What is no PDF is not shown as a page of ours, whatever the shop's system calls it.
        shown = "inline" if file.content_type == "application/pdf" else "attachment"
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'{shown}; filename="{file.name}"',
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        }
        return Response(file.content, headers=headers, media_type=file.content_type)

    @_calmly
    async def post_typing(self, request: Request) -> Response:
        """The customer is writing, or no longer."""
        conversation_id = self._session(request)
        self._house.customer_typing(conversation_id, await read_typing(request))
        return Response(status_code=204)

    def error(self, code: str, status: int) -> Response:
        """A refusal, with its sentence for the customer."""
        message = self._house.text(f"utter_error_{code}")
        return _json({"error": {"code": code, "message": message}}, status)

    def _session(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        conversation_id = self._tokens.conversation(token) if scheme == "Bearer" else None
        if conversation_id is None:
            raise NotValid("unauthorized", 401)
        return conversation_id

    def _count_session(self, address: str) -> None:
        """Each session is a row: one address opens only so many a minute."""
        now = time.monotonic()
        opened = self._opened.setdefault(address, deque())
        while opened and opened[0] < now - 60:
            opened.popleft()
        if len(opened) >= self._sessions_per_minute:
            raise NotValid("too_many_sessions", 429)
        opened.append(now)
        if len(self._opened) > 10_000:
            self._opened = {a: times for a, times in self._opened.items() if times[-1] > now - 60}

    def _assistant(self) -> str:
        return "ready" if self._house.assistant_is_ready() else "waking_up"

    def _shown(self, message: Message) -> dict[str, object]:
        return {
            "seq": message.seq,
            "author": message.author.value,
            "author_name": self._author_name(message),
            "text": message.text,
            "choices": [{"title": c.title, "choice": c.token} for c in message.choices],
            "attachments": [
                {
                    "url": self._address(message, place),
                    "content_type": attachment.content_type,
                    "name": attachment.name,
                }
                for place, attachment in enumerate(message.attachments)
            ],
            "sent_at": message.sent_at.isoformat(),
            # An agent's page has ids of its own; they are nobody else's business.
            "client_message_id": message.client_id if message.author is Author.CUSTOMER else None,
        }

    def _address(self, message: Message, place: int) -> str:
        """Where an attachment can be fetched for a while."""
        attachment = message.attachments[place]
        if attachment.document is None:
            return f"/webchat/attachments/{self._tokens.picture(attachment.id)}"
        found = DocumentPlace(message.conversation_id, message.seq, place)
        return f"/webchat/documents/{self._tokens.document(found)}"

    def _author_name(self, message: Message) -> str:
        if message.author is Author.BOT:
            return self._house.text("utter_widget_author_bot")
        return message.author_name


def _require_known(messages: Sequence[Message], after: int) -> None:
    """A conversation always has its first words: one without any is not here (any more)."""
    if not messages and after == 0:
        raise ConversationNotFound


async def _uploaded(request: Request) -> PostedPhoto:
    content = await read_body(request, MAX_UPLOAD_BYTES)

    async def stream() -> AsyncGenerator[bytes, None]:
        yield content

    try:
        form = await MultiPartParser(request.headers, stream(), max_files=1, max_fields=4).parse()
    except (MultiPartException, KeyError, UnicodeError) as error:
        raise NotValid("not_valid", 422) from error
    try:
        file, own_id = form.get("file"), form.get("client_message_id")
        if not isinstance(file, UploadFile) or isinstance(own_id, UploadFile):
            raise NotValid("not_valid", 422)
        return PostedPhoto(await file.read(), file.filename or "", read_client_id(own_id))
    finally:
        await form.close()


def _event(name: str, data: dict[str, object], seq: int | None = None) -> bytes:
    identity = b"id: %d\n" % seq if seq is not None else b""
    return b"%sevent: %s\ndata: %s\n\n" % (identity, name.encode(), orjson.dumps(data))


def _json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, media_type="application/json")
