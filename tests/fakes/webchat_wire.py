"""The wire of the web chat as the protocol has it, over a state that a test can look at."""

import asyncio
import json
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.webchat_pages import TEXTS

MAX_TEXT_LENGTH = 4_000
MAX_PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_HEADS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}
HEARTBEAT_SECONDS = 15


@dataclass
class Received:
    """What the fake took from the widget, as a test wants to see it."""

    kind: str  # text, choice or photo
    value: str
    client_message_id: str
    content: bytes = field(default=b"", repr=False)


@dataclass
class Conversation:
    """One session's messages; `accepted` maps the widget's ids to the numbers they got."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    typing: str | None = None
    lost: set[int] = field(default_factory=set)  # stored, but no stream ever shows them


@dataclass
class Fault:
    """How the next requests to one path go wrong; `status` None: stored, but the answer is cut."""

    path: str
    status: int | None
    code: str
    message: str
    times: int


class WebchatWire:
    """Sessions, numbered messages, stream, long poll, photos; everything lives on one loop."""

    def __init__(
        self, *, texts: dict[str, str] | None = None, greeting: str = "", names_own: bool = True
    ) -> None:
        self.texts = TEXTS if texts is None else texts
        self.greeting = greeting
        # Whether a customer's message carries its client_message_id back.
        self.names_own = names_own
        self.assistant = "ready"
        self.streaming = "works"  # or "refused", or "buffered": accepted, but nothing comes through
        self.conversations: dict[str, Conversation] = {}
        self.received: list[Received] = []
        self.typing_reports: list[bool] = []
        self.streams_opened = 0
        self.longest_wait = 0.0  # seconds a long poll asked for
        self.tokens_refused = 0
        self.sessions_opened = 0
        self._faults: list[Fault] = []
        self._photos: dict[str, tuple[bytes, str]] = {}
        self._streams: set[asyncio.Queue[str | None]] = set()
        self._known = threading.Condition()

    def webchat_routes(self) -> list[Route]:
        """All routes below `/webchat`."""
        return [
            Route("/webchat/texts", self._get_texts),
            Route("/webchat/sessions", self._open_session, methods=["POST"]),
            Route("/webchat/messages", self._send, methods=["POST"]),
            Route("/webchat/messages", self._messages),
            Route("/webchat/events", self._events),
            Route("/webchat/attachments", self._attach, methods=["POST"]),
            Route("/webchat/attachments/{photo}", self._photo),
            Route("/webchat/typing", self._typing, methods=["POST"]),
        ]

    # -- Inside

    def _newest(self) -> Conversation:
        return list(self.conversations.values())[-1]

    def _append(
        self,
        conversation: Conversation,
        *,
        ago: timedelta = timedelta(),
        lost: bool = False,
        **message: Any,
    ) -> int:
        seq = len(conversation.messages) + 1
        entry = {
            "seq": seq,
            "author_name": "",
            "text": "",
            "choices": [],
            "attachments": [],
            "sent_at": (datetime.now(UTC) - ago).isoformat(),
            **message,
        }
        conversation.messages.append(entry)
        if lost:
            conversation.lost.add(seq)
        self._wake()
        return seq

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        for stream in self._streams:
            stream.put_nowait("")

    def _publish(self, name: str, data: dict[str, Any]) -> None:
        for stream in self._streams:
            stream.put_nowait(f"event: {name}\ndata: {json.dumps(data)}\n\n")
        self._changed.set()
        self._changed = asyncio.Event()

    def _note(self) -> None:
        with self._known:
            self._known.notify_all()

    def _of(self, request: Request) -> Conversation | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.conversations.get(token)

    def _fault(self, path: str) -> Fault | None:
        for fault in self._faults:
            if fault.path == path:
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
                return fault
        return None

    def _not_valid(self) -> Response:
        self.tokens_refused += 1
        self._note()
        return refusal(401, "unauthorized", "This chat has ended.")

    async def _accept(
        self, request: Request, path: str, take: Callable[[Conversation], Received | Response]
    ) -> Response:
        await self._may_take.wait()
        fault = self._fault(path)
        if fault and fault.status:
            return refusal(fault.status, fault.code, fault.message)
        conversation = self._of(request)
        if conversation is None:
            return self._not_valid()
        taken = take(conversation)
        if isinstance(taken, Response):
            return taken
        seq = conversation.accepted.get(taken.client_message_id)
        if seq is None:
            seq = self._store(conversation, taken)
        self._note()
        await self._may_answer.wait()
        if fault:
            return CutResponse()
        return JSONResponse({"seq": seq}, status_code=202)

    def _store(self, conversation: Conversation, taken: Received) -> int:
        message: dict[str, Any] = {"author": "customer", "text": taken.value}
        if taken.kind == "photo":
            photo = uuid.uuid4().hex
            content_type = next(v for k, v in PHOTO_HEADS.items() if taken.content.startswith(k))
            self._photos[photo] = (taken.content, content_type)
            address = f"/webchat/attachments/{photo}"
            message["text"] = ""
            message["attachments"] = [
                {"url": address, "content_type": content_type, "name": taken.value}
            ]
        elif taken.kind == "choice":
            message["text"] = taken.value.removeprefix("choice:")
        if self.names_own:
            message["client_message_id"] = taken.client_message_id
        seq = self._append(conversation, **message)
        conversation.accepted[taken.client_message_id] = seq
        self.received.append(taken)
        return seq

    # -- The wire

    async def _get_texts(self, request: Request) -> Response:
        return JSONResponse({"texts": self.texts})

    async def _open_session(self, request: Request) -> Response:
        await self._may_take.wait()
        fault = self._fault("sessions")
        if fault and fault.status:
            return refusal(fault.status, fault.code, fault.message)
        token = uuid.uuid4().hex
        self.conversations[token] = Conversation()
        self.sessions_opened += 1
        if self.greeting:
            self._append(self.conversations[token], author="bot", text=self.greeting)
        self._note()
        return JSONResponse({"token": token, "texts": self.texts}, status_code=201)

    async def _send(self, request: Request) -> Response:
        body = await request.json()

        def take(conversation: Conversation) -> Received | Response:
            client_id = body.get("client_message_id") or uuid.uuid4().hex
            if "choice" in body:
                offered = {c["choice"] for m in conversation.messages for c in m["choices"]}
                if body["choice"] not in offered:
                    return refusal(422, "choice_unknown", "That is no longer offered.")
                return Received("choice", body["choice"], client_id)
            if len(body["text"]) > MAX_TEXT_LENGTH:
                return refusal(422, "text_too_long", "Your message is too long.")
            return Received("text", body["text"], client_id)

        return await self._accept(request, "messages", take)

    async def _attach(self, request: Request) -> Response:
        async with request.form() as form:
            upload: Any = form["file"]
            content = await upload.read()
            name, client_id = upload.filename, str(form["client_message_id"])

        def take(conversation: Conversation) -> Received | Response:
            if len(content) > MAX_PHOTO_BYTES:
                return refusal(413, "attachment_refused", "That photo is too large.")
            if not content.startswith(tuple(PHOTO_HEADS)):
                return refusal(422, "attachment_refused", "That file is not a photo.")
            return Received("photo", name, client_id, content)

        return await self._accept(request, "attachments", take)

    async def _photo(self, request: Request) -> Response:
        content, content_type = self._photos[request.path_params["photo"]]
        return Response(content, media_type=content_type)

    async def _typing(self, request: Request) -> Response:
        if self._of(request) is None:
            return self._not_valid()
        self.typing_reports.append((await request.json())["on"])
        self._note()
        return Response(status_code=204)

    async def _messages(self, request: Request) -> Response:
        conversation = self._of(request)
        if conversation is None:
            return self._not_valid()
        after = int(request.query_params.get("after", 0))
        wait = min(float(request.query_params.get("wait", 0)), 30)
        self.longest_wait = max(self.longest_wait, wait)
        self._note()
        if wait and len(conversation.messages) <= after:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), wait)
            if self._of(request) is None:
                return self._not_valid()
        return JSONResponse(
            {
                "messages": conversation.messages[after:],
                "assistant": self.assistant,
                "typing": conversation.typing,
            }
        )

    async def _events(self, request: Request) -> Response:
        self.streams_opened += 1
        self._note()
        conversation = self._of(request)
        if conversation is None:
            return self._not_valid()
        if self.streaming == "refused":
            return refusal(503, "unavailable", "Not now.")
        after = int(request.headers.get("last-event-id") or request.query_params.get("after", 0))
        return StreamingResponse(self._stream(conversation, after), media_type="text/event-stream")

    async def _stream(self, conversation: Conversation, sent: int) -> AsyncIterator[str]:
        stream: asyncio.Queue[str | None] = asyncio.Queue()
        self._streams.add(stream)
        self._note()
        buffered = self.streaming == "buffered"
        try:
            if not buffered:
                yield f'event: assistant\ndata: {{"status": "{self.assistant}"}}\n\n'
            while True:
                while sent < len(conversation.messages) and not buffered:
                    message = conversation.messages[sent]
                    sent += 1
                    if sent not in conversation.lost:
                        yield f"id: {sent}\nevent: message\ndata: {json.dumps(message)}\n\n"
                try:
                    told = await asyncio.wait_for(stream.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    told = ": still here\n\n"
                if told is None:
                    return
                if told and not buffered:
                    yield told
        finally:
            self._streams.discard(stream)
            self._note()


class CutResponse(Response):
    """Announces an answer and hangs up before it comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send only the head; the server then closes the connection."""
        head = [(b"content-type", b"application/json"), (b"content-length", b"400")]
        await send({"type": "http.response.start", "status": 202, "headers": head})


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """A refusal as the protocol has it."""
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
