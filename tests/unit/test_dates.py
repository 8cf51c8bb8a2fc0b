"""A customer's words for a day are found, and counted from today."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.calendar_days import Days, days_meant
from bot.assistant.dates import find_dates
from bot.assistant.folding import fold
from bot.assistant.patterns import PatternReader

TODAY = date(2026, 11, 18)  # a Wednesday


def found(text: str) -> list[str]:
    return [text[entity.start : entity.end] for entity in find_dates(fold(text))]


def meant(words: str, country: str = "ES", *, ahead: bool = False) -> Days | None:
    return days_meant(words, TODAY, country, ahead=ahead)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lo compré el martes pasado", "el martes pasado"),
        ("hace dos semanas lo devolví", "hace dos semanas"),
        ("la compra del 8 de junio", "8 de junio"),
        ("el ocho de junio del año pasado", "el ocho de junio del año pasado"),
        ("ayer por la tarde", "ayer"),
        ("el lunes por la mañana", "el lunes"),
        ("desde el 15/03", "el 15/03"),
        ("antier lo recibí", "antier"),
        ("¿me lo traen mañana por la mañana?", "mañana"),
        ("pasado mañana viajo", "pasado mañana"),
        ("el viernes que viene", "el viernes que viene"),
        ("llegaba el 12 y nada", "el 12"),
        ("era para el día 20", "el día 20"),
        ("lunes 3 de junio", "lunes 3 de junio"),
        ("el pasado jueves", "el pasado jueves"),
        ("lo compré en marzo", "marzo"),
        ("el 2 del corriente", "el 2 del corriente"),
    ],
)
def test_a_day_is_the_words_the_customer_uses_for_it(text: str, words: str) -> None:
    assert found(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "por la mañana no estoy",
        "buenos días",
        "llevo 12 días esperando",
        "abren de lunes a viernes?",
        "los domingos no trabajo",
        "hasta mañana!",
        "hoy en día nadie atiende",
        "el otro día llamé",
        "vivo en la calle 25 de Mayo 1350",
        "un 4/5 le pongo",
        "atienden 24/7",
        "hace media hora",
        "quiero el 12 en azul",
        "hasta las ocho. Este año no",
    ],
)
def test_parts_of_a_day_durations_and_habits_name_no_day(text: str) -> None:
    assert found(text) == []


def test_a_day_does_not_hide_the_number_beside_it() -> None:
    entities = PatternReader().find("mi pedido del 12 de marzo es el 55190")
    assert [(e.entity, e.value) for e in entities] == [
        ("date", "12 de marzo"),
        ("order_number", "55190"),
    ]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("hoy", date(2026, 11, 18)),
        ("ayer", date(2026, 11, 17)),
        ("antier", date(2026, 11, 16)),
        ("antes de ayer", date(2026, 11, 16)),
        ("anoche", date(2026, 11, 17)),
        ("mañana", date(2026, 11, 19)),
        ("pasado mañana", date(2026, 11, 20)),
        ("el lunes", date(2026, 11, 16)),
        ("el miércoles", date(2026, 11, 11)),
        ("el martes pasado", date(2026, 11, 17)),
        ("el pasado jueves", date(2026, 11, 12)),
        ("el próximo viernes", date(2026, 11, 20)),
        ("el viernes que viene", date(2026, 11, 20)),
        ("hace dos semanas", date(2026, 11, 4)),
        ("hace como 10 días", date(2026, 11, 8)),
        ("hace un mes", date(2026, 10, 18)),
        ("tres días atrás", date(2026, 11, 15)),
        ("dentro de tres días", date(2026, 11, 21)),
        ("8 de junio", date(2026, 6, 8)),
        ("el ocho de junio", date(2026, 6, 8)),
        ("el 8 de junio de 2024", date(2024, 6, 8)),
        ("el ocho de junio del año pasado", date(2025, 6, 8)),
        ("el primero de mayo", date(2026, 5, 1)),
        ("el 1º de mayo", date(2026, 5, 1)),
        ("junio 8", date(2026, 6, 8)),
        ("23 de diciembre", date(2025, 12, 23)),
        ("23/nov", date(2025, 11, 23)),
        ("15/03", date(2026, 3, 15)),
        ("15-03-2024", date(2024, 3, 15)),
        ("2024-03-15", date(2024, 3, 15)),
        ("el 12", date(2026, 11, 12)),
        ("el día 20", date(2026, 10, 20)),
        ("el 20 de este mes", date(2026, 11, 20)),
        ("el 5 del mes pasado", date(2026, 10, 5)),
        ("el sábado 14", date(2026, 11, 14)),
        ("lunes 8 de junio", date(2026, 6, 8)),
    ],
)
def test_words_mean_a_day_counted_from_today(words: str, day: date) -> None:
    assert meant(words) == Days(day, day)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("el lunes", date(2026, 11, 23)),
        ("el 12", date(2026, 12, 12)),
        ("8 de junio", date(2027, 6, 8)),
        ("el lunes pasado", date(2026, 11, 16)),
    ],
)
def test_a_day_ahead_is_the_next_one_unless_it_says_otherwise(words: str, day: date) -> None:
    assert meant(words, ahead=True) == Days(day, day)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("la semana pasada", date(2026, 11, 9), date(2026, 11, 15)),
        ("la semana que viene", date(2026, 11, 23), date(2026, 11, 29)),
        ("el fin de semana pasado", date(2026, 11, 14), date(2026, 11, 15)),
        ("el mes pasado", date(2026, 10, 1), date(2026, 10, 31)),
        ("marzo", date(2026, 3, 1), date(2026, 3, 31)),
        ("diciembre del año pasado", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_week_and_a_month_are_all_their_days(words: str, first: date, last: date) -> None:
    assert meant(words) == Days(first, last)


def test_the_month_comes_first_where_the_customers_country_writes_it_so() -> None:
    assert meant("03/04/2026", "MX") == Days(date(2026, 4, 3), date(2026, 4, 3))
    assert meant("03/04/2026", "PR") == Days(date(2026, 3, 4), date(2026, 3, 4))


@pytest.mark.parametrize("words", ["", "31 de febrero", "el sofá", "el 45", "99/99", "x" * 5000])
def test_what_names_no_day_means_none(words: str) -> None:
    assert meant(words) is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_no_words_stop_it(words: str) -> None:
    days = meant(words)
    assert days is None or days.last - days.first <= timedelta(days=31)
