"""The customer's copy, read from `domain.yml`, and facts in words: days, money, lists.

Dates, money and lists are Babel's, in the Spanish of the customer's country.
"""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency

from bot.adapters.yaml_file import read_yaml
from bot.domain.money import Money
from bot.domain.orders import OrderLine
from bot.domain.turns import AnswerChoice, AnswerMessage

# Buttons whose meaning is ours and not Rasa's.
_COMMANDS = frozenset({"back_to_assistant"})
# More names than this are counted instead of listed.
_NAMES_LISTED = 3


class Voice:
    """See `bot.services.copy.Copy`; also puts facts into words."""

    def __init__(self, domain_file: Path, zone: ZoneInfo, shop_name: str) -> None:
        domain = read_yaml(domain_file)
        self._responses: dict[str, dict[str, object]] = {
            name: variants[0] for name, variants in domain["responses"].items()
        }
        self._zone = zone
        self._shop_name = shop_name

    def message(self, response: str, **facts: str) -> AnswerMessage:
        """A response with its facts filled in and its buttons."""
        found = self._responses[response]
        text = str(found.get("text", "")).format(shop_name=self._shop_name, **facts)
        buttons = found.get("buttons", [])
        assert isinstance(buttons, list)
        return AnswerMessage(text, tuple(_choice(button) for button in buttons))

    def texts(self, prefix: str) -> dict[str, str]:
        """All responses whose name begins with a prefix, by the rest of their name.

        Their facts are left open (`{name}`): whoever shows them fills them in.
        """
        return {
            name.removeprefix(prefix): str(found["text"]).replace("{shop_name}", self._shop_name)
            for name, found in self._responses.items()
            if name.startswith(prefix)
        }

    def moment(self, instant: datetime, now: datetime) -> str:
        """A coming instant in the shop's time: "hoy a las 9:00", "el lunes a las 9:00"."""
        local = instant.astimezone(self._zone)
        day = self.day(local.date(), now.astimezone(self._zone).date(), "ES")
        return f"{day} a las {format_time(local, 'H:mm', locale='es')}"

    def day(self, day: date, today: date, country: str) -> str:
        """A day as people say it: "hoy", "mañana", "ayer", "el lunes 23 de noviembre"."""
        near = {-1: "ayer", 0: "hoy", 1: "mañana"}.get((day - today).days)
        if near is not None:
            return near
        pattern = "'el' EEEE d 'de' MMMM"
        if day.year != today.year:
            pattern += " 'de' y"
        return format_date(day, pattern, locale=_locale(country))

    def instant(self, local: datetime, country: str) -> str:
        """A past instant to the minute, for receipts: "22 de noviembre de 2026, 18:40"."""
        day = format_date(local.date(), "d 'de' MMMM 'de' y", locale=_locale(country))
        return f"{day}, {format_time(local, 'H:mm', locale='es')}"

    def short_day(self, day: date, today: date, country: str) -> str:
        """A day for a button: "19 nov", with its year when it is another."""
        pattern = "d MMM" if day.year == today.year else "d MMM y"
        return format_date(day, pattern, locale=_locale(country))

    def items(self, lines: tuple[OrderLine, ...]) -> str:
        """What was bought, as a list in words; many articles are named in part and counted."""
        names = [
            line.title if line.quantity == 1 else f"{line.quantity} × {line.title}"
            for line in lines
        ]
        if len(names) > _NAMES_LISTED + 1:
            names = [*names[:_NAMES_LISTED], f"{len(names) - _NAMES_LISTED} artículos más"]
        return format_list(names, locale="es")

    def country(self, code: str) -> str:
        """A country's name: "España"."""
        return str(Locale.parse("es").territories.get(code, code))

    def money(self, amount: Money, country: str) -> str:
        """An amount in the customer's notation: "12,50 €", "$ 1.299"."""
        return format_currency(amount.amount, amount.currency, locale=_locale(country))


def _locale(country: str) -> Locale:
    try:
        return Locale.parse(f"es_{country}")
    except UnknownLocaleError:
        return Locale.parse("es")


def _choice(button: dict[str, str]) -> AnswerChoice:
    name = button["payload"].removeprefix("/")
    if name in _COMMANDS:
        return AnswerChoice(button["title"], {"command": name})
    return AnswerChoice(button["title"], {"intent": name, "entities": {}})
