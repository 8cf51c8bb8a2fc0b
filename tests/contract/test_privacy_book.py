"""Requests about personal data are registered, seen and moved, on each kind of database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.eligibility import CaseNotMovable
from bot.domain.privacy import PrivacyCase, PrivacyKind, PrivacyRequest, PrivacyStatus

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=60)  # of another year


def register(units: SqlUnits, key: str, now: datetime = NOW) -> PrivacyCase:
    request = PrivacyRequest(PrivacyKind.DELETION, "c1", due_on=date(2026, 12, 20))
    with units.writing() as unit:
        opened = unit.privacy.register(request, key, now)
        unit.commit()
    return opened


def move(units: SqlUnits, folio: str, to: PrivacyStatus, key: str) -> PrivacyCase:
    with units.writing() as unit:
        moved = unit.privacy.move(folio, to, key, "agent Marta", NOW)
        unit.commit()
    return moved


def found(units: SqlUnits, folio: str) -> PrivacyCase | None:
    with units.reading() as unit:
        return unit.privacy.find(folio)


def seen(units: SqlUnits, *, with_closed: bool) -> list[str]:
    with units.reading() as unit:
        return [each.folio for each in unit.privacy.all(with_closed=with_closed)]


def told(units: SqlUnits, folio: str) -> list[tuple[str, str]]:
    with units.reading() as unit:
        return [(each.actor, each.kind) for each in unit.privacy.history(folio)]


@pytest.mark.parametrize("written", ["PRI-2026-000001", "pri 2026 1", "pri-1"])
def test_a_request_is_found_as_it_is_written(written: str, units: SqlUnits) -> None:
    opened = register(units, "k1")
    assert found(units, written) == opened


@pytest.mark.parametrize("written", ["PRI-2026-000009", "DEV-2026-000001", "nothing"])
def test_nothing_else_is_a_request(written: str, units: SqlUnits) -> None:
    register(units, "k1")
    assert found(units, written) is None


def test_a_folio_without_its_year_that_means_two_requests_means_none(units: SqlUnits) -> None:
    register(units, "k1")
    register(units, "k2", LATER)
    assert found(units, "PRI-1") is None


def test_a_moved_request_stands_where_it_was_moved_to(units: SqlUnits) -> None:
    folio = register(units, "k1").folio
    moved = move(units, folio, PrivacyStatus.IN_PROGRESS, "k2")
    assert moved.status is PrivacyStatus.IN_PROGRESS
    assert found(units, folio) == moved


def test_the_same_key_moves_once(units: SqlUnits) -> None:
    folio = register(units, "k1").folio
    for _ in range(2):
        assert move(units, folio, PrivacyStatus.RESOLVED, "k2").status is PrivacyStatus.RESOLVED
    assert told(units, folio) == [
        ("customer via assistant", "privacy_request_opened"),
        ("agent Marta", "privacy_request_resolved"),
    ]


def test_an_answered_request_stays_answered(units: SqlUnits) -> None:
    folio = register(units, "k1").folio
    move(units, folio, PrivacyStatus.REJECTED, "k2")
    with pytest.raises(CaseNotMovable):
        move(units, folio, PrivacyStatus.IN_PROGRESS, "k3")
    assert [kind for _, kind in told(units, folio)][1:] == ["privacy_request_rejected"]


def test_closed_requests_are_seen_when_asked_for(units: SqlUnits) -> None:
    first, second = register(units, "k1").folio, register(units, "k2", LATER).folio
    move(units, first, PrivacyStatus.RESOLVED, "k3")
    assert seen(units, with_closed=False) == [second]
    assert seen(units, with_closed=True) == [first, second]


def test_a_request_registered_twice_is_told_once(units: SqlUnits) -> None:
    folio = register(units, "k1").folio
    register(units, "k1")
    assert told(units, folio) == [("customer via assistant", "privacy_request_opened")]
