"""One transaction over all books, on SQLite or PostgreSQL."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from bot.adapters.changes import Change
from bot.adapters.database.agents import SqlAgentBook
from bot.adapters.database.case_history import SqlCaseHistory
from bot.adapters.database.cases import SqlCaseBook
from bot.adapters.database.contacts import SqlContactBook
from bot.adapters.database.conversations import SqlConversationBook
from bot.adapters.database.desk import SqlDeskBook
from bot.adapters.database.identities import SqlIdentityBook
from bot.adapters.database.open_cases import SqlOpenCases
from bot.adapters.database.orders import SqlOrderBook
from bot.adapters.database.outbox import SqlOutboxBook
from bot.adapters.database.privacy import SqlPrivacyBook
from bot.adapters.database.ratings import SqlRatingBook
from bot.domain.errors import StorageUnavailable
from bot.services.customer_books import ContactBook, PrivacyBook, RatingBook
from bot.services.ports import (
    AgentBook,
    ConversationBook,
    DeskBook,
    IdentityBook,
    OrderBook,
    OutboxBook,
)

OnChange = Callable[[Change], None]


def _nobody_listens(change: Change) -> None:
    """The listener of processes that show no conversation."""


class SqlUnitOfWork:
    """See `bot.services.ports.UnitOfWork`."""

    def __init__(
        self, engine: Engine, writers: "threading.Lock | None", on_change: OnChange
    ) -> None:
        self._session = Session(engine, expire_on_commit=False, autoflush=False)
        self._writers = writers
        self._on_change = on_change
        self._touched: set[str] = set()
        self.orders: OrderBook = SqlOrderBook(self._session)
        self.identities: IdentityBook = SqlIdentityBook(self._session)
        self.conversations: ConversationBook = SqlConversationBook(self._session, self._touched)
        self.agents: AgentBook = SqlAgentBook(self._session)
        self.desk: DeskBook = SqlDeskBook(self._session)
        outbox = SqlOutboxBook(self._session)
        self._outbox = outbox
        self.outbox: OutboxBook = outbox
        self.privacy: PrivacyBook = SqlPrivacyBook(self._session)
        self.contacts: ContactBook = SqlContactBook(self._session)
        self.ratings: RatingBook = SqlRatingBook(self._session)
        # Not ports: a shop may keep its returns elsewhere (see `bot.services.order_backend`).
        self.cases = SqlCaseBook(self._session)
        self.open_cases = SqlOpenCases(self._session)
        self.case_history = SqlCaseHistory(self._session)

    def __enter__(self) -> Self:
        if self._writers is not None:
            self._writers.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._session.close()
        finally:
            if self._writers is not None:
                self._writers.release()
        if isinstance(error, DBAPIError | PoolTimeout) and _is_outage(error):
            raise StorageUnavailable(type(error).__name__) from error

    def commit(self) -> None:
        """Make everything of this unit durable."""
        self._session.commit()
        if self._touched:
            self._on_change(Change(frozenset(self._touched), self._outbox.has_new))
            self._touched.clear()


class SqlUnits:
    """See `bot.services.ports.Units`.

    SQLite has one writer at a time. Threads of this process take turns on a lock, because
    SQLite's own wait is a poll with growing pauses; other processes' writes are waited for by
    SQLite's busy timeout. `on_change` is told, after each commit, which conversations changed:
    whoever shows them has no other way to miss nothing.
    """

    def __init__(self, engine: Engine, on_change: OnChange = _nobody_listens) -> None:
        self._engine = engine
        self._on_change = on_change
        self._reader = engine.execution_options(read_only=True)
        self._writers = threading.Lock() if engine.dialect.name == "sqlite" else None

    def writing(self) -> SqlUnitOfWork:
        """A unit that may write."""
        return SqlUnitOfWork(self._engine, self._writers, self._on_change)

    def reading(self) -> SqlUnitOfWork:
        """A unit that only reads."""
        return SqlUnitOfWork(self._reader, None, self._on_change)


def _is_outage(error: DBAPIError | PoolTimeout) -> bool:
    """Whether the database, not the statement, is at fault."""
    if isinstance(error, PoolTimeout) or error.connection_invalidated:
        return True
    return type(error).__name__ in ("OperationalError", "InterfaceError", "InternalError")
