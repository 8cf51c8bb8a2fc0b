"""Opening hours in words: "de lunes a viernes de 9:00 a 18:00 y el sábado de 10:00 a 14:00"."""

from datetime import time
from itertools import groupby

from babel.dates import format_time, get_day_names
from babel.lists import format_list

from bot.adapters.voice import Voice
from bot.domain.opening_hours import OpeningHours


def opening_words(hours: OpeningHours, voice: Voice) -> str:
    """When the team answers; neighbouring days with the same hours are said together."""
    names = get_day_names("wide", locale="es")
    told: list[str] = []
    for times, group in groupby(enumerate(hours.days), key=lambda day: day[1]):
        if times is None:
            continue
        days = [names[day] for day, _ in group]
        word = "utter_word_hours_range" if len(days) > 1 else "utter_word_hours_day"
        opens, closes = map(_clock, times)
        told.append(
            voice.message(word, first=days[0], last=days[-1], opens=opens, closes=closes).text
        )
    return format_list(told, locale="es")


def _clock(moment: time) -> str:
    return format_time(moment, "H:mm", locale="es")
