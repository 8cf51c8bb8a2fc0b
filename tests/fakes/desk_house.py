"""The desk with everything real behind it but the customer, the assistant and the words.

A test plays customer and assistant (`write`, `answer`, `ask_for_person`), and opens the desk in
memory (`application`) or over HTTP (`running`, for browsers and streams).
"""

import asyncio
import socket
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from argon2 import PasswordHasher
from sqlalchemy import Engine
from starlette.applications import Starlette

from bot.adapters.attachments import AttachmentStore
from bot.adapters.changes import Changes
from bot.adapters.clock import SystemClock
from bot.adapters.commerce.papers import PdfPapers
from bot.adapters.commerce.pdf_page import SellerIdentity
from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.unit_of_work import SqlUnitOfWork, SqlUnits
from bot.adapters.passwords import Argon2Passwords
from bot.desk.app import desk_routes
from bot.desk.services import DeskServices
from bot.domain.agents import Agent, AgentRole
from bot.domain.carriers import Carriers
from bot.domain.conversations import Conversation, ConversationStatus, HandoffReason
from bot.domain.errors import StorageUnavailable
from bot.domain.messages import (
    Attachment,
    Author,
    Choice,
    InboundMessage,
    MessageDraft,
    MessageKind,
)
from bot.domain.opening_hours import OpeningHours
from bot.domain.turns import AnswerMessage
from bot.services.agents import AgentAccounts
from bot.services.casefile import CaseFile
from bot.services.copy import Copy
from bot.services.documents import Documents
from bot.services.handoff import Handoff
from bot.services.inbox import Inbox
from bot.services.orders_import import OrdersImport
from bot.services.ports import Clock
from bot.services.queue import Queue

PASSWORD = "correct horse battery"
SHOP = SellerIdentity("Casa Olmo")


class FixedClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


class EchoCopy:
    """Says the response's name and facts: a test never depends on the shop's wording."""

    def message(self, response: str, **facts: str) -> AnswerMessage:
        return AnswerMessage(" ".join([f"[{response}]", *facts.values()]))

    def moment(self, instant: datetime, now: datetime) -> str:
        return f"{instant:%H:%M} after {now:%H:%M}"


def quick_hasher() -> Argon2Passwords:
    """Argon2 with parameters that make a test quick and a password cheap to guess."""
    return Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class BreakableUnits:
    """Units of work over a database that a test can take away."""

    def __init__(self, units: SqlUnits) -> None:
        self._units = units
        self.is_away = False
        self.refused = threading.Event()

    def writing(self) -> SqlUnitOfWork:
        return self._unless_away(self._units.writing)

    def reading(self) -> SqlUnitOfWork:
        return self._unless_away(self._units.reading)

    def _unless_away(self, opened: Callable[[], SqlUnitOfWork]) -> SqlUnitOfWork:
        if self.is_away:
            self.refused.set()
            raise StorageUnavailable
        return opened()


class DeskHouse:
    """The desk's services over one database."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *,
        clock: Clock | None = None,
        copy: Copy | None = None,
        secure: bool = False,
    ) -> None:
        self.clock = clock or SystemClock()
        self.changes = Changes()
        self._customers: set[str] = set()
        self.units = BreakableUnits(SqlUnits(engine, self.changes.publish))
        hours = OpeningHours.parse("mon-sun 00:00-23:59", ZoneInfo("Europe/Madrid"))
        self.handoff = Handoff(self.units, self.clock, copy or EchoCopy(), hours)
        self.inbox = Inbox(self.units, self.clock)
        self.accounts = AgentAccounts(self.units, self.clock, quick_hasher())
        self.photos = AttachmentStore(folder / "photos")
        self.services = DeskServices(
            accounts=self.accounts,
            queue=Queue(self.units, self.clock),
            cases=CaseFile(self.units, self.clock),
            handoff=self.handoff,
            changes=self.changes,
            carriers=Carriers({"SEUR": "https://seur.example/{number}"}),
            photos=self.photos,
            documents=Documents(
                self.units, SqlOrderBackend(self.units, self.clock, SHOP), PdfPapers(SHOP)
            ),
            shop_name="Casa Olmo",
            secure=secure,
        )

    # --- people -------------------------------------------------------------------------------

    def add_agent(self, name: str = "Marta Ruiz", role: AgentRole = AgentRole.AGENT) -> Agent:
        return self.accounts.add(name, email_of(name), PASSWORD, role)

    def import_orders(self, document: dict[str, Any]) -> None:
        OrdersImport(self.units, self.clock).run(document)

    # --- what customers and the assistant do -----------------------------------------------------

    def write(self, customer: str, text: str, photo: Attachment | None = None) -> str:
        """A customer writes; returns the conversation's id."""
        if customer not in self._customers:
            self._customers.add(customer)
            self._open(customer)
        kind = MessageKind.PHOTO if photo else MessageKind.TEXT
        message = InboundMessage(
            "webchat", customer, uuid.uuid4().hex, kind, text, attachment=photo
        )
        return self.inbox.accept(message).conversation_id

    def _open(self, customer: str) -> None:
        now = self.clock.now()
        identity, status = uuid.uuid4().hex, ConversationStatus.WITH_BOT
        with self.units.writing() as unit:
            unit.conversations.add(
                Conversation(identity, "webchat", customer, status, 0, 0, now, now)
            )
            unit.commit()

    def hand_over(self, customer: str, document: Attachment) -> str:
        """The assistant answers a customer with a document; returns the conversation's id."""
        conversation_id = self.write(customer, "the document, please")
        self.answer(conversation_id, "Here it is.", documents=(document,))
        return conversation_id

    def answer(
        self,
        conversation_id: str,
        text: str,
        *choices: str,
        documents: tuple[Attachment, ...] = (),
    ) -> None:
        """The assistant says something."""
        offered = tuple(Choice(title, uuid.uuid4().hex, {"intent": "x"}) for title in choices)
        with self.units.writing() as unit:
            conversation = unit.conversations.get(conversation_id, for_update=True)
            assert conversation is not None
            draft = MessageDraft(Author.BOT, text, choices=offered, attachments=documents)
            unit.conversations.append(conversation, [draft], self.clock.now())
            unit.commit()

    def ask_for_person(
        self, conversation_id: str, reason: str = HandoffReason.CUSTOMER_ASKED
    ) -> None:
        """The conversation goes to the queue."""
        with self.units.writing() as unit:
            conversation = unit.conversations.get(conversation_id, for_update=True)
            assert conversation is not None
            self.handoff.request_within(unit, conversation, reason, "bot")
            unit.commit()

    def prove(self, conversation_id: str, customer_id: str, proof: str = "email") -> None:
        """The customer proves to be somebody."""
        now = self.clock.now()
        with self.units.writing() as unit:
            unit.identities.link(conversation_id, customer_id, proof, now, now + timedelta(days=30))
            unit.commit()

    def waiting(self, customer: str, text: str = "I want a person") -> str:
        """A customer who waits for the team."""
        conversation_id = self.write(customer, text)
        self.ask_for_person(conversation_id)
        return conversation_id

    def conversation(self, conversation_id: str) -> Conversation:
        """How a conversation is stored now."""
        with self.units.reading() as unit:
            conversation = unit.conversations.get(conversation_id)
        assert conversation is not None
        return conversation

    def said(self, conversation_id: str, author: Author) -> list[str]:
        """What one side has said."""
        with self.units.reading() as unit:
            messages = unit.conversations.messages_after(conversation_id, 0)
        return [message.text for message in messages if message.author is author]

    # --- serving --------------------------------------------------------------------------------

    def application(self) -> Starlette:
        """A gateway with nothing but the desk."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            self.changes.attach(asyncio.get_running_loop())
            yield

        return Starlette(routes=desk_routes(self.services), lifespan=lifespan)

    @contextmanager
    def running(self, port: int = 0) -> Iterator["RunningDesk"]:
        """The desk over HTTP on a loopback port."""
        desk = RunningDesk(self.application(), port)
        desk.start()
        try:
            yield desk
        finally:
            desk.stop()


class RunningDesk:
    """A server in a thread that can be stopped and started again on its port."""

    def __init__(self, application: Starlette, port: int) -> None:
        self._application = application
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        config = uvicorn.Config(
            self._application, log_level="critical", timeout_graceful_shutdown=0, lifespan="on"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, args=(self._server,))
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.005)
            assert self._thread.is_alive(), "the server did not start"

    def stop(self) -> None:
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def start_again(self) -> None:
        """Another process on the same port, after `stop`."""
        self._socket = _listening(self.port)
        self.start()

    def on_loop(self, work: Callable[[], None]) -> None:
        """Do something where the server's coroutines run."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(work)

    def _run(self, server: uvicorn.Server) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await server.serve(sockets=[self._socket])

        asyncio.run(serve())


def email_of(name: str) -> str:
    """An agent's e-mail."""
    return name.lower().replace(" ", ".") + "@example.com"


def _listening(port: int) -> socket.socket:
    listening = socket.create_server(("127.0.0.1", port), reuse_port=False)
    listening.setblocking(False)
    return listening
