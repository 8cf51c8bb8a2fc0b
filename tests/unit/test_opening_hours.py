"""When the team answers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.opening_hours import OpeningHours

MADRID = ZoneInfo("Europe/Madrid")
YEAR_2026 = datetime(2026, 1, 1, tzinfo=UTC)
OFFICE = OpeningHours.parse("mon-fri 09:00-18:00, sat 10:00-14:00", MADRID)


def here(text: str, zone: ZoneInfo = MADRID) -> datetime:
    """An instant as the clock on the shop's wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T09:00", True),  # a Monday
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T17:59:59", True),
        ("2026-11-23T18:00", False),
        ("2026-11-28T13:00", True),  # Saturday
        ("2026-11-28T15:00", False),
        ("2026-11-29T12:00", False),  # Sunday
    ],
)
def test_the_team_is_there_from_opening_to_closing(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(here(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T07:00", "2026-11-23T09:00"),  # before opening, the same day
        ("2026-11-23T19:00", "2026-11-24T09:00"),  # after closing, the next day
        ("2026-11-27T19:00", "2026-11-28T10:00"),  # Friday evening: Saturday has hours of its own
        ("2026-11-28T14:00", "2026-11-30T09:00"),  # Saturday at closing: over Sunday
        ("2026-11-24T11:30", "2026-11-24T11:30"),  # open: now
    ],
)
def test_the_next_opening_is_the_first_that_comes(moment: str, opens: str) -> None:
    assert OFFICE.next_opening(here(moment)) == here(opens)


def test_the_hours_are_the_shops_whatever_the_clock_of_the_server() -> None:
    mexico = OpeningHours.parse("mon-fri 09:00-18:00", ZoneInfo("America/Mexico_City"))
    assert not mexico.is_open(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    assert mexico.is_open(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))


def test_the_door_opens_by_the_wall_clock_on_the_day_the_clocks_change() -> None:
    every_day = OpeningHours.parse("mon-sun 09:00-18:00", MADRID)
    eve = here("2026-10-24T20:00")  # at night, 3 o'clock becomes 2 o'clock
    opening = every_day.next_opening(eve)
    assert opening == here("2026-10-25T09:00")
    assert opening.astimezone(UTC) - eve.astimezone(UTC) == timedelta(hours=14)


def test_one_open_day_a_week_is_found_from_right_after_it() -> None:
    mondays = OpeningHours.parse("mon 09:00-10:00", MADRID)
    assert mondays.next_opening(here("2026-11-23T10:00")) == here("2026-11-30T09:00")


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: YEAR_2026 + timedelta(minutes=minutes)),
    st.sampled_from(["mon-fri 09:00-18:00", "sat 10:00-14:00", "mon-sun 00:00-23:59"]),
)
def test_the_next_opening_is_open_and_never_past(now: datetime, hours: str) -> None:
    opening_hours = OpeningHours.parse(hours, MADRID)
    opening = opening_hours.next_opening(now)
    assert opening >= now
    assert opening_hours.is_open(opening)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "always",
        "mon-fri",
        "mon-fri 9:00-18:00",
        "lun-vie 09:00-18:00",
        "fri-mon 09:00-18:00",
        "mon 18:00-09:00",
        "mon 09:00-09:00",
        "mon 09:00-25:00",
        "mon 09:00-18:00;tue 09:00-18:00",
    ],
)
def test_what_are_not_opening_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not opening hours|ends before|must be in"):
        OpeningHours.parse(text, MADRID)
