"""Databases for tests: SQLite in memory, and PostgreSQL where a server answers.

`engine` and `units` give every test that asks for them an empty schema on both. The server is the
one of POSVENTA_TEST_POSTGRESQL (default: the database "test" on this machine); each session makes
databases of its own there and drops them. Without a server these tests are skipped, but in CI
they fail: there it has to be started.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from bot.adapters.database.engine import make_engine
from bot.adapters.database.tables import Base
from bot.adapters.database.unit_of_work import SqlUnits

DEFAULT_SERVER = "postgresql+psycopg://127.0.0.1:5432/test"

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    url = make_url(os.environ.get("POSVENTA_TEST_POSTGRESQL") or DEFAULT_SERVER)
    url = url.set(drivername="postgresql+psycopg")
    probe = create_engine(url, connect_args={"connect_timeout": 2})
    try:
        probe.connect().close()
    except OperationalError as error:
        reason = f"no PostgreSQL answers at {url} (POSVENTA_TEST_POSTGRESQL): {error.orig}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    finally:
        probe.dispose()
    return url.render_as_string(hide_password=False)


@contextmanager
def temporary_database(server: str) -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database that is dropped afterwards."""
    name = f"posventa_test_{uuid.uuid4().hex[:12]}"
    operator = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with operator.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            # Nobody needs these data after a power cut.
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            with operator.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        operator.dispose()


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A database of this test session, without a schema."""
    with temporary_database(postgresql_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    engine = make_engine(postgresql_url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@cache
def _empty_schema() -> sqlite3.Connection:
    """Copying it takes a twentieth of building it."""
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    built = engine.raw_connection()
    assert isinstance(built.driver_connection, sqlite3.Connection)
    built.driver_connection.backup(connection)
    built.close()
    engine.dispose()
    return connection


def fill_with_schema(engine: Engine) -> None:
    """Give an empty SQLite database our tables."""
    filled = engine.raw_connection()
    assert isinstance(filled.driver_connection, sqlite3.Connection)
    _empty_schema().backup(filled.driver_connection)
    filled.close()


@cache
def _emptying() -> str:
    """One trip to the server that deletes the rows of all tables."""
    tables = reversed(Base.metadata.sorted_tables)
    return "; ".join(str(table.delete().compile()) for table in tables)


@cache
def _engine_in_memory() -> Engine:
    return make_engine("sqlite://")


def emptied_sqlite() -> Engine:
    """The test session's database in memory, with our tables and nothing in them.

    One engine for all tests: each new one would compile every statement again.
    """
    engine = _engine_in_memory()
    fill_with_schema(engine)
    return engine


@pytest.fixture(scope="session")
def _filed_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def filed_engine(_filed_engine: Engine) -> Engine:
    """The test session's database in a file, empty: several threads can use it at once."""
    fill_with_schema(_filed_engine)
    return _filed_engine


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty schema, on each kind of database in turn."""
    if request.param == "postgresql":
        shared: Engine = request.getfixturevalue("postgresql_engine")
        with shared.begin() as connection:
            # Quicker than TRUNCATE where there is next to nothing.
            connection.exec_driver_sql(_emptying())
        yield shared
        return
    yield emptied_sqlite()


@pytest.fixture(params=BOTH)
def bare_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without any table, on each kind of database in turn."""
    if request.param == "postgresql":
        with temporary_database(request.getfixturevalue("postgresql_server")) as url:
            engine = make_engine(url)
            yield engine
            engine.dispose()
        return
    engine = make_engine("sqlite://")
    yield engine
    engine.dispose()


@pytest.fixture
def units(engine: Engine) -> SqlUnits:
    """Units of work over an empty schema."""
    return SqlUnits(engine)
