"""Which days of the calendar a customer's words mean: "el martes pasado", "8 de junio", "15/03".

The understanding finds the words (`bot/assistant/dates.py`); here they are counted from today, in
the customer's way of writing dates. dateparser reads dates written out; what Spanish speakers say
around them (articles, weekdays, "el 20 del corriente") is worked out first.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import dateparser
from babel import Locale, UnknownLocaleError

_FROM_TODAY = {
    "hoy": 0,
    "ayer": -1,
    "anoche": -1,
    "antier": -2,
    "antiayer": -2,
    "anteayer": -2,
    "antenoche": -2,
    "anteanoche": -2,
    "antes de ayer": -2,
    "antes ayer": -2,
    "manana": 1,
    "pasado manana": 2,
}
_WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_SHORT_WEEKDAYS = {name[:3]: number for number, name in enumerate(_WEEKDAYS)}
_MONTHS = tuple(
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)
_NUMBERS = {
    word: str(number)
    for number, words in enumerate(
        "uno|primero|primer|un|una|1ro|1ero|1o dos tres cuatro cinco seis siete ocho nueve diez once doce "
        "trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos "
        "veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve "
        "treinta".split(),
        start=1,
    )
    for word in words.split("|")
}
_WORDS_OF_NO_WEIGHT = re.compile(
    r"\b(?:como|casi|ya|mas|menos|de menos|unos|unas|aproximadamente|apenas|solo|mismo|dia)\b"
)
_LAST = re.compile(r"\b(?:pasad[oa]|anterior|ultim[oa]|que paso)\b")
_NEXT = re.compile(r"\b(?:proxim[oa]|que viene|que entra|entrante|siguiente)\b")
_AGO = re.compile(
    r"(?:hace |en )?(\d{1,3}) (?:de )?(dia|semana|quincena|mes|ano)(?:s|es)?(?: atras)?"
)
_DAY_NUMBER = re.compile(
    r"(\d{1,2})(?: (?:de|del) (?:(?P<this>este mes|corriente(?: mes)?)|mes (?P<last>pasado|anterior)))?"
)
_LONGEST = 60  # characters; longer words name no day


@dataclass(frozen=True)
class Days:
    """From the first to the last day that words can mean; mostly it is one."""

    first: date
    last: date


def days_meant(words: str, today: date, country: str, *, ahead: bool = False) -> Days | None:
    """Work out which days are meant.

    Args:
        words: A `date` as the understanding found it.
        today: The day on which it was said, where the customer is.
        country: The customer's country (ISO 3166, two letters), for "03/04".
        ahead: The day is still to come (a delivery asked for); else it is past (a purchase).

    Returns:
        The days, or None where the words name none ("31 de febrero").
    """
    plain = _plain(words)
    if not plain or len(plain) > _LONGEST:
        return None
    if plain in _FROM_TODAY:
        return _one(today + timedelta(days=_FROM_TODAY[plain]))
    try:
        return _reckon(plain, today, country, ahead=ahead)
    except (ValueError, OverflowError):
        return None  # "31 de febrero", "hace 999 años"


def _plain(words: str) -> str:
    lowered = unicodedata.normalize("NFKD", words.lower().replace("º", "").replace("ª", ""))
    plain = "".join(character for character in lowered if not unicodedata.combining(character))
    plain = _WORDS_OF_NO_WEIGHT.sub(" ", plain.replace("treinta y uno", "31"))
    plain = re.sub(r"^\W*(?:el|la|lo|este|esta|ese|del|al)\b", " ", " ".join(plain.split()))
    plain = plain.replace("setiembre", "septiembre").replace("un par", "2")
    return " ".join(_NUMBERS.get(word, word) for word in plain.replace(",", " ").split())


def _one(day: date) -> Days:
    return Days(day, day)


def _reckon(plain: str, today: date, country: str, *, ahead: bool) -> Days | None:
    if "ano pasado" in plain or "ano anterior" in plain:
        plain = re.sub(r"\bdel? ano (?:pasado|anterior)", f"de {today.year - 1}", plain)
    plain = re.sub(r"\bde este ano\b", f"de {today.year}", plain)
    for reckoned in (
        _period(plain, today),
        _ago(plain, today),
        _month(plain, today, ahead=ahead),
        _day_number(plain, today, ahead=ahead),
    ):
        if reckoned is not None:
            return reckoned
    weekday = next((_weekday(word) for word in plain.split() if _weekday(word) is not None), None)
    if weekday is None:
        return _written_out(plain, today, country, ahead=ahead)
    rest = " ".join(word for word in plain.split() if _weekday(word) is None)
    rest = _NEXT.sub(" ", _LAST.sub(" ", rest)).strip()
    if any(character.isdigit() for character in rest):
        # "el sábado 14": the number says more than the name.
        return _reckon(rest, today, country, ahead=ahead)
    return _one(_nearest_weekday(plain, weekday, today, ahead=ahead))


def _weekday(word: str) -> int | None:
    return _SHORT_WEEKDAYS.get(word[:3]) if word in {*_WEEKDAYS, *_SHORT_WEEKDAYS} else None


def _nearest_weekday(plain: str, weekday: int, today: date, *, ahead: bool) -> date:
    """The nearest such day before or after today; never today, which would be called so."""
    forward = bool(_NEXT.search(plain)) or (ahead and not _LAST.search(plain))
    distance = (weekday - today.weekday()) % 7 if forward else (today.weekday() - weekday) % 7
    days = timedelta(days=distance or 7)
    return today + days if forward else today - days


def _period(plain: str, today: date) -> Days | None:
    """The last or next week, weekend, month."""
    step = -1 if _LAST.search(plain) else 1 if _NEXT.search(plain) else 0
    if plain.startswith("semana antepasada"):
        step = -2
    if re.search(r"\bfinde\b|fin de semana", plain):
        saturday = today - timedelta(days=(today.weekday() + 2) % 7)
        saturday += timedelta(days=7 if step > 0 else 0)
        return Days(saturday, saturday + timedelta(days=1))
    if not step or re.search(r"\d", plain):
        return None
    if "semana" in plain:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return Days(monday, monday + timedelta(days=6))
    return _whole_month(*_month_from(today, step)) if re.search(r"\bmes\b", plain) else None


def _month_from(today: date, step: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + step
    return months // 12, months % 12 + 1


def _whole_month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _ago(plain: str, today: date) -> Days | None:
    """A distance from today: "hace 2 semanas", "3 días atrás", "dentro de 3 días"."""
    forward = plain.startswith("dentro ")
    match = _AGO.fullmatch(plain.removeprefix("dentro de "))
    if match is None:
        return None
    count, unit = int(match[1]), match[2]
    if unit in {"mes", "ano"}:
        step = count * (12 if unit == "ano" else 1)
        year, month = _month_from(today, step if forward else -step)
        return _one(date(year, month, min(today.day, calendar.monthrange(year, month)[1])))
    days = timedelta(days=count * {"dia": 1, "semana": 7, "quincena": 15}[unit])
    return _one(today + days if forward else today - days)


def _month(plain: str, today: date, *, ahead: bool) -> Days | None:
    """A whole month: "marzo", "diciembre de 2024"."""
    match = re.fullmatch(r"([a-z]+)(?: del? (\d{4}))?", plain)
    if match is None or match[1] not in _MONTHS:
        return None
    month = _MONTHS.index(match[1]) + 1
    year = int(match[2]) if match[2] else today.year
    if not match[2] and (month < today.month if ahead else month > today.month):
        year += 1 if ahead else -1
    return _whole_month(year, month)


def _day_number(plain: str, today: date, *, ahead: bool) -> Days | None:
    """A day without its month: "el 20", "el 20 de este mes", "el 5 del mes pasado"."""
    match = _DAY_NUMBER.fullmatch(plain)
    if match is None:
        return None
    day = int(match[1])
    if match["this"] or match["last"]:
        year, month = _month_from(today, -1 if match["last"] else 0)
        return _one(date(year, month, day))
    # The nearest month that has such a day: no two months in a row lack it.
    for step in range(3):
        year, month = _month_from(today, step if ahead else -step)
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found >= today if ahead else found <= today:
                return _one(found)
    return None


def _written_out(plain: str, today: date, country: str, *, ahead: bool) -> Days | None:
    """A date as it is written: "8 de junio de 2024", "15/03", "junio 8"."""
    found = dateparser.parse(
        plain.replace(" del ", " de "),
        languages=["es"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "PREFER_DATES_FROM": "future" if ahead else "past",
            "DATE_ORDER": _order(country),
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    return _one(found.date()) if found is not None else None


def _order(country: str) -> str:
    """Whether the day or the month comes first where the customer lives."""
    try:
        pattern = str(Locale.parse(f"es_{country}").date_formats["short"].pattern)
    except (UnknownLocaleError, ValueError):
        return "DMY"
    return "MDY" if pattern.startswith("M") else "DMY"
