"""All that a shop stands to lose, row by row: to see what a conversation changed, and to undo it.

The conversation side (who said what to whom) is left out; every other table counts, also one that
is added later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, tuple_, update

from bot.adapters.database.tables import Base

_CONVERSATION_SIDE = frozenset(
    {
        "agent_sessions",
        "agents",
        "conversation_events",
        "conversations",
        "identity_links",
        "inbox",
        "lookup_failures",
        "messages",
        "outbox",
    }
)

Row = Mapping[str, Any]
Values = tuple[Any, ...]


@dataclass(frozen=True)
class Snapshot:
    """Every row at one moment: by table, the values by the primary key's."""

    tables: Mapping[str, Mapping[Values, Values]]

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table, by column."""
        return tuple(_by_column(table, values) for values in self.tables[table].values())


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; None where there was none, or is none any more."""

    table: str
    key: Values
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """As it is now, or was at last."""
        row = self.after if self.after is not None else self.before
        assert row is not None
        return row


class OrderSide:
    """The order side of one database, whoever else writes to it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tables = [
            table for table in Base.metadata.sorted_tables if table.name not in _CONVERSATION_SIDE
        ]

    def snapshot(self) -> Snapshot:
        """Every row, by table and primary key."""
        with self._reader() as connection:
            return Snapshot({table.name: _values(connection, table) for table in self._tables})

    def sizes(self) -> dict[str, int]:
        """How many rows each table has: the quick look, since every act of ours adds a row."""
        with self._reader() as connection:
            counts = [select(func.count()).select_from(table) for table in self._tables]
            return {
                table.name: int(connection.execute(count).scalar_one())
                for table, count in zip(self._tables, counts, strict=True)
            }

    def undo(self, changed: Iterable[RowChange]) -> None:
        """Make rows what they were."""
        by_table: dict[str, list[RowChange]] = {}
        for change in changed:
            by_table.setdefault(change.table, []).append(change)
        if by_table:
            with self._engine.begin() as connection:
                self._undo(connection, by_table)

    def _reader(self) -> Connection:
        return self._engine.execution_options(read_only=True).connect()

    def _undo(self, connection: Connection, by_table: Mapping[str, list[RowChange]]) -> None:
        # What refers to a row goes before it, and comes after it.
        for table in self._tables:
            gone = [
                dict(c.before) for c in by_table.get(table.name, []) if c.before and not c.after
            ]
            if gone:
                connection.execute(insert(table), gone)
        for table in self._tables:
            for change in by_table.get(table.name, []):
                if change.before and change.after:
                    here = tuple_(*table.primary_key.columns).in_([change.key])
                    connection.execute(update(table).where(here).values(dict(change.before)))
        for table in reversed(self._tables):
            new = [c.key for c in by_table.get(table.name, []) if not c.before]
            if new:
                connection.execute(delete(table).where(tuple_(*table.primary_key.columns).in_(new)))


def changes(before: Snapshot, after: Snapshot) -> tuple[RowChange, ...]:
    """Rows that differ between two snapshots, table by table."""
    return tuple(
        RowChange(table, key, _row(table, rows, key), _row(table, after.tables[table], key))
        for table, rows in before.tables.items()
        for key in sorted({*rows, *after.tables[table]})
        if rows.get(key) != after.tables[table].get(key)
    )


def _row(table: str, rows: Mapping[Values, Values], key: Values) -> Row | None:
    return _by_column(table, rows[key]) if key in rows else None


def _by_column(table: str, values: Values) -> Row:
    return dict(zip(Base.metadata.tables[table].columns.keys(), values, strict=True))


def _values(connection: Connection, table: Table) -> dict[Values, Values]:
    places = [list(table.columns).index(column) for column in table.primary_key.columns]
    rows = connection.execute(select(table))
    return {tuple(row[place] for place in places): tuple(row) for row in rows}
