"""Puts what a journey says into words: every type of fact has one way to be written."""

import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.adapters.opening_words import opening_words
from bot.adapters.voice import Voice
from bot.domain.money import Money
from bot.domain.opening_hours import OpeningHours
from bot.domain.orders import zone_of
from bot.domain.terms import Term
from bot.services.journeys.steps import Choice, Country, Fact, Matter, Say


class Wording:
    """The words of one answer, in one country's notation."""

    def __init__(self, voice: Voice, country: str, now: datetime) -> None:
        self._voice = voice
        self._country = country
        self._zone = zone_of(country)
        self._today = now.astimezone(self._zone).date()

    def facts(self, say: Say) -> dict[str, str]:
        """The facts of a sentence, in words."""
        return {name: self.fact(fact) for name, fact in say.facts.items()}

    def fact(self, fact: Fact) -> str:
        """One fact in words.

        Raises:
            TypeError: nobody has said how such a fact is written.
        """
        match fact:
            case StrEnum():
                return self._word(f"{_snake(type(fact).__name__)}_{fact.value}")
            case str() | int():
                return str(fact)
            case date():  # an instant is one too
                return self._day(fact)
            case Money():
                return self._voice.money(fact, self._country)
            case Term():
                one = "_one" if fact.amount == 1 else ""
                return self._word(f"term_{fact.unit}{one}", amount=str(fact.amount))
            case tuple():
                return self._voice.items(fact)
            case Matter():
                return self._voice.message(f"utter_reading_{fact.intent}").text
            case Country():
                return self._voice.country(fact.code)
            case OpeningHours():
                return opening_words(fact, self._voice)
        raise TypeError(f"no way to write {fact!r}")

    def _word(self, code: str, **facts: str) -> str:
        """The words for a code of ours, as they stand in `domain.yml`."""
        return self._voice.message(f"utter_word_{code}", **facts).text

    def _day(self, fact: date) -> str:
        """A day as people say it; an instant to the minute, for receipts."""
        if isinstance(fact, datetime):
            return self._voice.instant(fact.astimezone(self._zone), self._country)
        return self._voice.day(fact, self._today, self._country)

    def button(self, choice: Choice) -> dict[str, Any]:
        """A button as Rasa takes it."""
        title = self._voice.message(f"utter_{choice.title.response}", **self._short(choice.title))
        facts = json.dumps(dict(choice.facts), ensure_ascii=False) if choice.facts else ""
        return {"title": title.text, "payload": f"/{choice.intent}{facts}"}

    def _short(self, say: Say) -> dict[str, str]:
        """The facts of a button: days without their weekday."""
        return {
            name: self._voice.short_day(_day(fact), self._today, self._country)
            if isinstance(fact, date)
            else self.fact(fact)
            for name, fact in say.facts.items()
        }


def _day(fact: date) -> date:
    return fact.date() if isinstance(fact, datetime) else fact


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
