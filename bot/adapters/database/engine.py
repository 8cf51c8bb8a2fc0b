"""Engines: SQLite tuned for one machine, PostgreSQL for more; migrations to the newest schema."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

# How long a writer of SQLite waits for another process's write before it is an error.
SQLITE_BUSY_SECONDS = 15
# Statements longer than this on PostgreSQL are a fault, not a wait.
POSTGRESQL_STATEMENT_MS = 15_000


def make_engine(url: str) -> Engine:
    """An engine for a `sqlite:///` or `postgresql+psycopg://` URL; connects on first use."""
    if url.startswith("sqlite"):
        return _sqlite_engine(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        connect_args={
            "connect_timeout": 5,
            "options": f"-c statement_timeout={POSTGRESQL_STATEMENT_MS}",
        },
    )


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision; safe when two processes start at once."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            # Any constant; it names "migrating Posventa" among this database's locks.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7067836)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _sqlite_engine(url: str) -> Engine:
    options: dict[str, Any] = {}
    if url in ("sqlite://", "sqlite:///:memory:"):
        options = {"poolclass": StaticPool}
    else:
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_SECONDS},
        **options,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: `_begin` does, and says which kind.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # An acknowledged message must survive a power cut, not only a crash of the process.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes its lock at once: upgrading a read lock later fails without waiting.
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
