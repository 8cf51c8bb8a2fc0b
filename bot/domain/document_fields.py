"""Reading an untrusted JSON document: every wrong place is noted, and reading goes on.

A field that is wrong gives a placeholder of its type, so that one mistake hides no other; the
caller throws everything away when there is a problem. A key nobody asked for is a problem too: it
is most often a misspelt one.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from bot.domain.money import Money

# Long enough for any real identifier, short enough for an index of PostgreSQL.
LONGEST_NAME = 200
LONGEST_TEXT = 2_000
# Beyond any price in any currency, and within 64 bits of minor units.
_AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]{1,6})?")
_YEARS = range(1970, 2201)

_PLACEHOLDER = datetime(2000, 1, 1, tzinfo=UTC)

Choice = TypeVar("Choice", bound=StrEnum)


class Problems:
    """What is wrong with a document and where; the first `limit` are kept, all are counted."""

    def __init__(self, limit: int) -> None:
        self.kept: list[tuple[str, str]] = []
        self.count = 0
        self._limit = limit

    def add(self, place: str, problem: str) -> None:
        """Note a problem."""
        self.count += 1
        if len(self.kept) < self._limit:
            self.kept.append((place, problem))


class Fields:
    """One object of the document. `close()` it when all its keys have been asked for."""

    def __init__(self, value: object, place: str, problems: Problems) -> None:
        self.place = place
        self.problems = problems
        self.readable = isinstance(value, dict)
        self._values: dict[object, object] = value if isinstance(value, dict) else {}
        self._asked: set[str] = set()
        if not self.readable:
            problems.add(place or "(document)", f"must be an object, not {_shown(value)}")

    def place_of(self, key: str) -> str:
        """The place of one of its fields."""
        return f"{self.place}.{key}" if self.place else key

    def problem(self, key: str, problem: str) -> None:
        """Note a problem of one of its fields."""
        self.problems.add(self.place_of(key), problem)

    def close(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self._values:
            if not isinstance(key, str) or key not in self._asked:
                self.problem(str(key) if _is_plain(key) else ascii(key)[:60], "unknown key")

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        """A text with something in it, without surrounding space; "" when it is wrong."""
        return self._text_of(key, self._required(key), longest)

    def text_or_none(self, key: str, longest: int = LONGEST_TEXT) -> str | None:
        """The same, when given; blank counts as not given."""
        value = self._optional(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return self._text_of(key, value, longest)

    def shaped(self, key: str, pattern: str, what: str) -> str:
        """A text that matches a pattern whole; `what` names it to the reader."""
        text = self.text(key, LONGEST_NAME)
        if text and not re.fullmatch(pattern, text):
            self.problem(key, f"must be {what}, not {_shown(text)}")
            return ""
        return text

    def web_address_or_none(self, key: str) -> str | None:
        """A link that a customer may be shown, when given: nothing but http(s)."""
        link = self.text_or_none(key)
        if link and not link.startswith(("https://", "http://")):
            self.problem(key, "must be a web address that begins with https://")
        return link

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number between two bounds."""
        return self._whole_of(key, self._required(key), least, most)

    def whole_or_none(self, key: str, least: int, most: int) -> int | None:
        """The same, when given."""
        value = self._optional(key)
        return None if value is None else self._whole_of(key, value, least, most)

    def flag(self, key: str, default: bool) -> bool:
        """True or false, with a default when absent."""
        value = self._optional(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(key, f"must be true or false, not {_shown(value)}")
            return default
        return value

    def one_of(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """A member of an enumeration, by its value; required unless there is a default."""
        value = self._required(key) if default is None else self._optional(key)
        members = list(choices)
        if value is None:
            return default or members[0]
        for member in members:
            if value == member.value:
                return member
        names = ", ".join(member.value for member in members)
        self.problem(key, f"must be one of {names}, not {_shown(value)}")
        return members[0]

    def instant(self, key: str) -> datetime:
        """A time with its offset, in UTC."""
        return self._instant_of(key, self._required(key)) or _PLACEHOLDER

    def instant_or_none(self, key: str) -> datetime | None:
        """The same, when given."""
        return self._instant_of(key, self._optional(key))

    def money(self, key: str, currency: str) -> Money:
        """An amount of zero or more, written as a decimal text."""
        value = self._required(key)
        if value is None:
            return Money(0, currency)
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
            self.problem(key, f'must be an amount in quotes like "12.34", not {_shown(value)}')
            return Money(0, currency)
        return Money.parse(value, currency)

    def texts(self, key: str) -> dict[str, str]:
        """An object of texts; empty when absent."""
        value = self._optional(key)
        if value is None:
            return {}
        inner = Fields(value, self.place_of(key), self.problems)
        return {name: inner.text_or_none(name) or "" for name in inner.names()}

    def names(self) -> list[str]:
        """Its keys, as far as they are fit to be stored."""
        names = [key for key in self._values if isinstance(key, str) and not _unfit(key, 200)]
        for key in self._values.keys() - set(names):
            self.problem(ascii(key)[:60], "this key cannot be stored")
        return names

    def child(self, key: str) -> "Fields":
        """An object inside this one."""
        value = self._required(key)
        if value is None:
            return _unreadable(self.place_of(key))
        return Fields(value, self.place_of(key), self.problems)

    def children(self, key: str, *, optional: bool = False) -> list["Fields"] | None:
        """The objects of a list inside this one; None when there is no readable list."""
        value = self._optional(key) if optional else self._required(key)
        if value is None:
            return [] if optional else None
        if not isinstance(value, list):
            self.problem(key, f"must be a list, not {_shown(value)}")
            return None
        place = self.place_of(key)
        return [Fields(item, f"{place}[{n}]", self.problems) for n, item in enumerate(value)]

    def _optional(self, key: str) -> object:
        self._asked.add(key)
        return self._values.get(key)

    def _required(self, key: str) -> object:
        value = self._optional(key)
        if value is None and self.readable:
            self.problem(key, "must not be null" if key in self._values else "is missing")
        return value

    def _text_of(self, key: str, value: object, longest: int) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(key, f"must be a text, not {_shown(value)}")
            return ""
        text = value.strip()
        if reason := _unfit(text, longest):
            self.problem(key, reason)
            return ""
        return text

    def _whole_of(self, key: str, value: object, least: int, most: int) -> int:
        if value is None:
            return least
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.problem(key, f"must be a whole number from {least} to {most}, not {_shown(value)}")
            return least
        return value

    def _instant_of(self, key: str, value: object) -> datetime | None:
        if value is None:
            return None
        try:
            instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            instant = None
        if instant is None or instant.utcoffset() is None or instant.year not in _YEARS:
            example = "2026-11-13T10:00:00Z"
            self.problem(
                key, f"must be an ISO 8601 time with its offset like {example}, not {_shown(value)}"
            )
            return None
        return instant.astimezone(UTC)


def _unreadable(place: str) -> Fields:
    """Stands for an object that is missing: whatever is read from it is not reported again."""
    fields = Fields({}, place, Problems(0))
    fields.readable = False
    return fields


def _unfit(text: str, longest: int) -> str:
    """Why a text cannot be stored, or ""."""
    if not text:
        return "must not be empty"
    if len(text) > longest:
        return f"must not be longer than {longest} characters"
    if "\0" in text:
        return "contains a null character"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "is not valid Unicode (a lone surrogate)"
    return ""


def _is_plain(key: object) -> bool:
    return isinstance(key, str) and len(key) <= 60 and key.isidentifier() and key.isascii()


def _shown(value: object) -> str:
    """A wrong value as an operator may read it: short, and safe to print."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return ascii(value[:40] + "…" if len(value) > 40 else value)
    if isinstance(value, int) and abs(value) >= 10**18:
        return "a huge number"
    return ascii(value)[:40]
