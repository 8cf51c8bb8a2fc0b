"""The desk's JSON interface: the queue, a case, and what an agent does with it."""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.desk import requests, shapes
from bot.desk.access import WRITE_HEADER, Cookies
from bot.desk.feed import DeskFeed
from bot.desk.services import DeskServices
from bot.desk.texts import DeskTexts
from bot.desk.typing import AgentTyping
from bot.domain.agents import Agent
from bot.domain.desk import Box, Tally
from bot.domain.errors import (
    AgentRefused,
    ConversationNotFound,
    MessageRefused,
    Refusal,
    StorageUnavailable,
    TransitionRefused,
)
from bot.services.casefile import Case, CaseHead

# Proxies close a connection that is silent for a minute; some do after thirty seconds.
HEARTBEAT_SECONDS = 15.0
# How soon the browser's own reconnection tries.
RECONNECT_MS = 1000

Operation = Callable[[Request, Agent], Awaitable[Response]]

_STATUS_OF: tuple[tuple[type[Refusal], int], ...] = (
    (ConversationNotFound, 404),
    (TransitionRefused, 409),
    (AgentRefused, 403),
    (MessageRefused, 422),
    (requests.RequestTooLarge, 413),
    (requests.RequestNotValid, 400),
)


class DeskApi:
    """Each route: who asks, what is asked of one service, and its answer as JSON."""

    def __init__(self, services: DeskServices, texts: DeskTexts, cookies: Cookies) -> None:
        self._services = services
        self._texts = texts
        self._cookies = cookies
        self._feed = DeskFeed(services.queue, services.changes)
        self._typing = AgentTyping(services.changes)

    def routes(self) -> list[Route]:
        """The routes, relative to `/desk/api`."""
        case = "/conversations/{conversation_id}"
        return [
            Route("/me", self._reads("me", self._me)),
            Route("/events", self._reads("events", self._events)),
            Route("/conversations", self._reads("list", self._list)),
            Route(case, self._reads("open", self._open)),
            Route(f"{case}/messages", self._reads("messages", self._messages)),
            Route(f"{case}/take", self._writes("take", self._take), methods=["POST"]),
            Route(
                f"{case}/give-back", self._writes("give_back", self._give_back), methods=["POST"]
            ),
            Route(f"{case}/close", self._writes("close", self._close), methods=["POST"]),
            Route(f"{case}/replies", self._writes("reply", self._reply), methods=["POST"]),
            Route(f"{case}/typing", self._writes("typing", self._type), methods=["POST"]),
        ]

    def error(self, status: int, code: str, operation: str = "") -> JSONResponse:
        """An error as every route tells it."""
        message = self._texts.error(code, operation)
        return JSONResponse({"error": {"code": code, "message": message}}, status)

    def _writes(self, name: str, operation: Operation) -> Callable[..., Awaitable[Response]]:
        guarded = self._reads(name, operation)

        async def endpoint(request: Request) -> Response:
            if request.headers.get(WRITE_HEADER) != "1":
                return self.error(403, "header_missing")
            return await guarded(request)

        return endpoint

    def _reads(self, name: str, operation: Operation) -> Callable[..., Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                agent = await self._agent_of(request)
            except AgentRefused:
                return self.error(401, "not_logged_in")
            except StorageUnavailable:
                return self.error(503, "storage_unavailable")
            try:
                return await operation(request, agent)
            except Refusal as refusal:
                status = next((s for kind, s in _STATUS_OF if isinstance(refusal, kind)), 422)
                return self.error(status, refusal.code, name)
            except StorageUnavailable:
                return self.error(503, "storage_unavailable")

        return endpoint

    async def _agent_of(self, request: Request) -> Agent:
        token = self._cookies.session_of(request)
        return await run_in_threadpool(self._services.accounts.agent_of, token)

    # --- reading ------------------------------------------------------------------------------

    async def _me(self, _request: Request, agent: Agent) -> Response:
        return JSONResponse({"agent": shapes.agent_json(agent)})

    async def _list(self, request: Request, agent: Agent) -> Response:
        try:
            box = Box(request.query_params.get("box", Box.WAITING))
        except ValueError:
            raise requests.RequestNotValid from None
        cards = await run_in_threadpool(self._services.queue.cards, box, agent)
        tally = await run_in_threadpool(self._services.queue.tally)
        return JSONResponse({
            "conversations": [shapes.card_json(card, agent.id) for card in cards],
            "counts": shapes.counts_json(tally, agent.id),
        })  # fmt: skip

    async def _open(self, request: Request, agent: Agent) -> Response:
        identity = requests.conversation_id(request)
        case: Case = await run_in_threadpool(self._services.cases.open, identity)
        body = shapes.case_json(case, agent.id, self._services.carriers)
        return JSONResponse(body | {"typing": self._customer_types(identity)})

    async def _messages(self, request: Request, agent: Agent) -> Response:
        identity = requests.conversation_id(request)
        after, before = requests.number(request, "after"), requests.number(request, "before")
        cases = self._services.cases
        if before is not None:
            head, messages = await run_in_threadpool(cases.messages_before, identity, before)
        else:
            head, messages = await run_in_threadpool(cases.messages_after, identity, after or 0)
        return JSONResponse({
            "conversation": shapes.head_json(head, agent.id),
            "messages": shapes.messages_json(messages),
            "typing": self._customer_types(identity),
        })  # fmt: skip

    def _customer_types(self, conversation_id: str) -> bool:
        return "customer" in self._services.changes.typing(conversation_id)

    # --- doing --------------------------------------------------------------------------------

    async def _take(self, request: Request, agent: Agent) -> Response:
        identity = requests.conversation_id(request)
        fields = await requests.json_object(request)
        epoch = requests.typed(fields, "epoch", int) if "epoch" in fields else None
        await run_in_threadpool(self._services.handoff.take, identity, agent, epoch)
        return await self._head(identity, agent)

    async def _give_back(self, request: Request, agent: Agent) -> Response:
        identity = requests.conversation_id(request)
        await run_in_threadpool(self._services.handoff.give_back, identity, agent)
        self._typing.clear(identity)
        return await self._head(identity, agent)

    async def _close(self, request: Request, agent: Agent) -> Response:
        identity = requests.conversation_id(request)
        await run_in_threadpool(self._services.handoff.close, identity, agent)
        self._typing.clear(identity)
        return await self._head(identity, agent)

    async def _reply(self, request: Request, agent: Agent) -> Response:
        identity = requests.conversation_id(request)
        fields = await requests.json_object(request)
        text = requests.typed(fields, "text", str)
        client_id = requests.client_id(fields)
        message = await run_in_threadpool(
            self._services.handoff.reply, identity, agent, text, client_id=client_id
        )
        self._typing.clear(identity)
        return JSONResponse({"message": shapes.message_json(message)}, 201)

    async def _type(self, request: Request, agent: Agent) -> Response:
        identity = requests.conversation_id(request)
        is_on: bool = requests.typed(await requests.json_object(request), "on", bool)
        head: CaseHead = await run_in_threadpool(self._services.cases.head, identity)
        if head.conversation.agent_id != agent.id:
            raise TransitionRefused
        if is_on:
            self._typing.show(identity)
        else:
            self._typing.clear(identity)
        return Response(status_code=204)

    async def _head(self, conversation_id: str, agent: Agent) -> Response:
        head = await run_in_threadpool(self._services.cases.head, conversation_id)
        return JSONResponse({"conversation": shapes.head_json(head, agent.id)})

    # --- telling ------------------------------------------------------------------------------

    async def _events(self, request: Request, agent: Agent) -> Response:
        return StreamingResponse(
            self._stream(agent, self._cookies.session_of(request)),
            media_type="text/event-stream",
            # nginx would hold events back until its buffer is full.
            headers={"X-Accel-Buffering": "no"},
        )

    async def _stream(self, agent: Agent, token: str) -> AsyncIterator[str]:
        with self._feed.listen() as listener:
            # The first word: whatever was missed before it is fetched now.
            tally = await run_in_threadpool(self._services.queue.tally)
            yield f"retry: {RECONNECT_MS}\n" + _queue_event(tally, frozenset(Box), agent)
            checked = time.monotonic()
            while True:
                news = await listener.news(HEARTBEAT_SECONDS)
                if time.monotonic() - checked >= HEARTBEAT_SECONDS:
                    if not await self._is_logged_in(token):
                        yield _event("logged_out", {})
                        return
                    checked = time.monotonic()
                if news is None:
                    # An event and no comment: the page cannot see comments, and a dead line is
                    # told from a quiet one by this.
                    yield _event("heartbeat", {})
                    continue
                changed, boxes = news
                if boxes and listener.tally is not None:
                    yield _queue_event(listener.tally, boxes, agent)
                for conversation_id, typing in changed.items():
                    yield _event("conversation", {"id": conversation_id, "typing": typing})

    async def _is_logged_in(self, token: str) -> bool:
        try:
            await run_in_threadpool(self._services.accounts.agent_of, token)
        except AgentRefused:
            return False
        except StorageUnavailable:
            return True
        return True


def _queue_event(tally: Tally, boxes: frozenset[Box], agent: Agent) -> str:
    counts = shapes.counts_json(tally, agent.id)
    return _event("queue", {"counts": counts, "boxes": sorted(boxes)})


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
