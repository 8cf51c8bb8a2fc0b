"""Lengths of time as laws and shops write them: "14 days", "5 business days", "3 years"."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.business_days import BusinessDays


class TermUnit(StrEnum):
    """What a term is counted in."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time as a law writes it."""

    amount: int
    unit: TermUnit

    def after(self, day: date, calendar: BusinessDays) -> date:
        """The last day of the term, itself included; the day it starts on is not counted.

        Months and years end on the same day of the month, or on its last one where there is none.
        """
        match self.unit:
            case TermUnit.DAYS:
                return day + timedelta(days=self.amount)
            case TermUnit.BUSINESS_DAYS:
                return calendar.add(day, self.amount)
            case TermUnit.MONTHS:
                return _months_after(day, self.amount)
            case TermUnit.YEARS:
                return _months_after(day, 12 * self.amount)

    def never_shorter_than(self, other: "Term") -> bool:
        """Whether this term ends no earlier than the other, whatever day both start on."""
        mine, theirs = self.in_months, other.in_months
        if mine is not None and theirs is not None:
            return mine >= theirs
        if self.unit is other.unit:
            return self.amount >= other.amount
        return self.fewest_days >= other.most_days

    @property
    def in_months(self) -> int | None:
        """Its months; None when it is counted in days."""
        return {TermUnit.MONTHS: self.amount, TermUnit.YEARS: 12 * self.amount}.get(self.unit)

    @property
    def fewest_days(self) -> int:
        """It never has fewer days than these."""
        months = self.in_months
        if months is None:
            return self.amount
        return 365 * (months // 12) + 28 * (months % 12)

    @property
    def most_days(self) -> int:
        """It never has more days than these."""
        if self.unit is TermUnit.BUSINESS_DAYS:
            # A week for each five begun and one more, and as many holidays as a year may have.
            return 7 * (self.amount // 5 + 2) + 25 * (self.amount // 250 + 1)
        months = self.in_months
        if months is None:
            return self.amount
        return 366 * (months // 12) + 31 * (months % 12)

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
