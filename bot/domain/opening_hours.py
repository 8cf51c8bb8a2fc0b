"""When the team answers: weekdays and hours in the shop's own time."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANGE = re.compile(r"^([a-z]{3})(?:-([a-z]{3}))? (\d\d):(\d\d)-(\d\d):(\d\d)$")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening and closing time for each weekday (Monday first); None on a closed day."""

    days: tuple[tuple[time, time] | None, ...]
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str, zone: ZoneInfo) -> "OpeningHours":
        """Read `mon-fri 09:00-18:00, sat 10:00-14:00`.

        Raises:
            ValueError: another shape, an unknown day, or a closing time before the opening.
        """
        days: list[tuple[time, time] | None] = [None] * 7
        for part in text.lower().split(","):
            match = _RANGE.match(part.strip())
            if match is None or match[1] not in _DAYS or (match[2] or match[1]) not in _DAYS:
                raise ValueError(f"not opening hours: {part.strip()!r}")
            opens = time(int(match[3]), int(match[4]))
            closes = time(int(match[5]), int(match[6]))
            first, last = _DAYS.index(match[1]), _DAYS.index(match[2] or match[1])
            if closes <= opens or last < first:
                raise ValueError(f"ends before it begins: {part.strip()!r}")
            for day in range(first, last + 1):
                days[day] = (opens, closes)
        return cls(tuple(days), zone)

    def is_open(self, now: datetime) -> bool:
        """Whether somebody of the team is there."""
        here = now.astimezone(self.zone)
        hours = self.days[here.weekday()]
        return hours is not None and hours[0] <= here.time() < hours[1]

    def next_opening(self, now: datetime) -> datetime:
        """When the team is next there, in the shop's zone; `now` itself while it is open."""
        here = now.astimezone(self.zone)
        if self.is_open(now):
            return here
        for ahead in range(8):
            day = here.date() + timedelta(days=ahead)
            hours = self.days[day.weekday()]
            if hours is None:
                continue
            opening = datetime.combine(day, hours[0], self.zone)
            if opening > here:
                return opening
        raise ValueError("the shop never opens")
