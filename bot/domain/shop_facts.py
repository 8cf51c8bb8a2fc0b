"""What the shop tells of itself: when it answers, and how else it can be reached."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.opening_hours import OpeningHours


class ShopTopic(StrEnum):
    """What may be asked of the shop."""

    HOURS = "hours"
    HOLIDAYS = "holidays"  # whether the hours hold on a holiday
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    LEGAL = "legal"  # who sells, in law
    OTHER_CHANNEL = "other_channel"  # social networks, messengers: never known


_NEVER = OpeningHours((None,) * 7, ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """The operator's settings about the shop; None for what was not set."""

    hours: OpeningHours = _NEVER
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    returns_address: str | None = None
    tax_id: str | None = None
