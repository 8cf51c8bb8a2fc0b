"""The fields of a policy document: terms, days, lists of names, citations."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Self, TypeVar

from bot.domain.document_fields import Fields, Problems
from bot.domain.policies import Citation, Validity, category_key
from bot.domain.terms import Term, TermUnit

_TERM = re.compile(r"([1-9][0-9]{0,4}) (business day|day|month|year)s?")
_UNITS = {
    "day": TermUnit.DAYS,
    "business day": TermUnit.BUSINESS_DAYS,
    "month": TermUnit.MONTHS,
    "year": TermUnit.YEARS,
}
_PLACEHOLDER = Term(1, TermUnit.DAYS)

Member = TypeVar("Member", bound=StrEnum)


class PolicyFields(Fields):
    """An object of a policy document."""

    def section(self, key: str) -> Self:
        """An object inside this one; an unreadable one when it is missing."""
        value = self._required(key)
        if value is None:
            missing = type(self)({}, self.place_of(key), Problems(0))
            missing.readable = False
            return missing
        return type(self)(value, self.place_of(key), self.problems)

    def sections(self, key: str) -> list[tuple[str, Self]]:
        """The objects inside an object, by name; none when it is absent, and null ones left out."""
        if self._optional(key) is None:
            return []
        inner = self.section(key)
        return [(name, inner.section(name)) for name in inner.names() if inner.has(name)]

    def dated(self, key: str) -> Iterator[Self]:
        """The rules of a list; none when it is absent."""
        value = self._optional(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.problem(key, "must be an object of fields (in a shipped file: a list of rules)")
            return
        for number, item in enumerate(value):
            yield type(self)(item, f"{self.place_of(key)}[{number}]", self.problems)

    def has(self, key: str) -> bool:
        """Whether a field is given."""
        return self._optional(key) is not None

    def term(self, key: str) -> Term:
        """A length of time like `14 days`, `5 business days`, `3 years`."""
        text = self.text(key)
        match = _TERM.fullmatch(text)
        if match is None:
            if text:
                self.problem(key, f"must be a term like 14 days or 3 years, not {text!a}")
            return _PLACEHOLDER
        return Term(int(match[1]), _UNITS[match[2]])

    def term_or_none(self, key: str) -> Term | None:
        """The same, when given."""
        return self.term(key) if self.has(key) else None

    def day_or_none(self, key: str) -> date | None:
        """A day like `2022-01-01`, when given."""
        text = self.text_or_none(key)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problem(key, f"must be a day like 2022-01-01, not {text!a}")
            return None

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when absent."""
        value = self._optional(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            self.problem(key, "must be a list of texts")
            return ()
        return tuple(value)

    def members(self, key: str, kind: Iterable[Member]) -> tuple[Member, ...]:
        """A list of members of an enumeration, or of some of them, in the order given."""
        known = {member.value: member for member in kind}
        words = self.words(key)
        for word in words:
            if word not in known:
                self.problem(key, f"must be of {', '.join(known)}, not {word!a}")
        return tuple(known[word] for word in words if word in known)

    def categories(self, key: str) -> frozenset[str]:
        """A list of categories, as they compare."""
        return frozenset(map(category_key, self.words(key)))

    def citation(self) -> Citation:
        """Where this rule stands."""
        return Citation(
            self.text_or_none("article") or "",
            self.text_or_none("source") or "",
            self.flag("confirmed", default=False),
        )

    def validity(self) -> Validity:
        """The purchases this rule holds for."""
        return Validity(self.day_or_none("valid_from"), self.day_or_none("valid_to"))
