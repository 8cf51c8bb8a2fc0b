"""Journeys are tried on SQLite alone: the contract of the order backend holds on both databases."""

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from tests.fixtures_database import emptied_sqlite


@pytest.fixture
def units() -> SqlUnits:
    return SqlUnits(emptied_sqlite())
