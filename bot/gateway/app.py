"""The gateway's application: the pages, the web chat, the desk, and the workers behind them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

import aiohttp
import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.adapters.changes import Change, Changes
from bot.bootstrap import House
from bot.desk.app import DeskServices, desk_routes
from bot.domain.errors import StorageUnavailable
from bot.gateway.assistant_link import AssistantLink
from bot.gateway.body_limit import BodyLimit
from bot.gateway.house import GatewayHouse
from bot.gateway.outbox_worker import OutboxWorker
from bot.gateway.shop_page import shop_routes
from bot.gateway.turn_worker import TurnWorkers
from bot.settings import Settings
from connectors.base import PushConnector
from connectors.webchat.endpoint import WebchatEndpoint
from connectors.webchat.tokens import WebchatTokens

logger = logging.getLogger(__name__)

# Database calls are short and share one interpreter lock: more threads only take turns on it.
DATABASE_THREADS = 4


class Gateway:
    """The only public process, assembled."""

    def __init__(
        self, settings: Settings, connectors: dict[str, PushConnector] | None = None
    ) -> None:
        self.changes = Changes()
        self.house = House(settings, on_change=self._changed)
        self.rasa = self.house.rasa()
        self.link = AssistantLink(self.rasa, self._line_changed)
        self.workers = TurnWorkers(self.house.turns, self.rasa, self.link, self.changes)
        self.outbox = OutboxWorker(self.house.outbox, connectors or {})
        self._loop: asyncio.AbstractEventLoop | None = None

    def application(self) -> Starlette:
        """The ASGI application."""
        settings = self.house.settings
        origins = [origin.strip() for origin in settings.webchat_origins.split(",")]
        return Starlette(
            routes=self._routes(),
            lifespan=self._lifespan,
            middleware=[
                Middleware(BodyLimit),
                Middleware(
                    CORSMiddleware,
                    allow_origins=origins,
                    allow_methods=["GET", "POST"],
                    allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
                    max_age=86_400,
                ),
            ],
        )

    def _routes(self) -> list[BaseRoute]:
        house = self.house
        seen_by_connectors = GatewayHouse(house, self.changes, self.link, self.workers.wake)
        secret = house.settings.shared_secret()
        webchat = WebchatEndpoint(
            seen_by_connectors, WebchatTokens(secret), house.settings.webchat_sessions_per_minute
        )
        desk = DeskServices(
            accounts=house.agents,
            queue=house.queue,
            cases=house.casefile,
            handoff=house.handoff,
            changes=self.changes,
            carriers=house.carriers,
            photos=house.attachments,
            documents=house.documents,
            shop_name=house.settings.shop_name,
            secure=house.settings.public_url.startswith("https:"),
        )
        return [
            Route("/health", self.health),
            Route("/ready", self.ready),
            *webchat.routes(),
            *desk_routes(desk),
            *shop_routes(house.voice, house.settings.shop_name),
        ]

    async def health(self, request: Request) -> Response:
        """This process lives."""
        return _json({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """The state of each part; 200 when a customer would be answered now, else 503."""
        parts = {
            "database": "ready" if await asyncio.to_thread(self._database_answers) else "away",
            "assistant": "ready" if self.link.is_ready else "waking_up",
            "actions": "ready" if await self._actions_answer() else "away",
        }
        ready = all(state == "ready" for state in parts.values())
        return _json({"ready": ready, "parts": parts}, 200 if ready else 503)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self.changes.attach(self._loop)
        self._loop.set_default_executor(ThreadPoolExecutor(DATABASE_THREADS, "database"))
        tasks = [
            asyncio.create_task(self.link.watch(), name="assistant link"),
            asyncio.create_task(self.workers.resume(), name="unanswered messages"),
            asyncio.create_task(self.outbox.run(), name="outbox"),
        ]
        for task in tasks:
            task.add_done_callback(_log_death)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await self.workers.stop()
            await self.rasa.close()
            self.house.close()

    def _changed(self, change: Change) -> None:
        self.changes.publish(change)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_workers, change)

    def _wake_workers(self, change: Change) -> None:
        if change.has_deliveries:
            self.outbox.wake()
        self.workers.look_again(change.conversation_ids)

    def _line_changed(self) -> None:
        self.changes.publish_to_all()

    def _database_answers(self) -> bool:
        try:
            with self.house.units.reading() as unit:
                unit.orders.is_empty()
        except StorageUnavailable:
            return False
        return True

    async def _actions_answer(self) -> bool:
        limit = aiohttp.ClientTimeout(total=2.0)
        url = f"{self.house.settings.actions}/health"
        try:
            async with aiohttp.ClientSession(timeout=limit) as client, client.get(url) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


def _log_death(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("%s stopped", task.get_name(), exc_info=task.exception())


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
