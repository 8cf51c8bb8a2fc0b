"""The days that a customer names: "el martes pasado", "hace dos semanas", "8 de junio", "15/03".

Only the words are found here; which day of the calendar they mean depends on today and on the
country and is worked out where the order is looked up (`bot/adapters/calendar_days.py`).
Parts of a day ("por la mañana"), durations ("llevo 12 días") and opening hours ("de lunes a
viernes") name no day.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.assistant.entities import Entity
from bot.assistant.tokens import Token, tokenize

_MONTHS = frozenset(
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre "
    "diciembre ene feb mar abr may jun jul ago sep sept oct nov dic".split()
)
_LONG_MONTHS = frozenset(month for month in _MONTHS if len(month) > 4)
_WEEKDAYS = frozenset(
    "lunes martes miercoles jueves viernes sabado domingo miercoled juebes biernes savado".split()
)
_SHORT_WEEKDAYS = frozenset("lun mie jue vie sab".split())
_UNITS = frozenset("dia dias semana semanas mes meses quincena quincenas".split())
_YEARS = frozenset({"ano", "anos", "año", "años"})
_AMOUNTS = frozenset(
    "un una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte "
    "treinta par".split()
)
_DAYS_IN_WORDS = _AMOUNTS - {"una", "par"} | frozenset(
    "primero primer 1ro 1ero 1o 1º uno dieciseis diecisiete dieciocho diecinueve veintiuno "
    "veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve".split()
)
_DEMONSTRATIVES = frozenset({"el", "este", "ese", "aquel", "proximo", "pasado"})
_AROUND = frozenset("como unos unas casi ya mas de menos aproximadamente apenas solo".split())
# Whose street, square or saint is called after a day.
_PLACES = frozenset(
    "calle av avda avenida plaza plazoleta barrio pasaje colonia col parque paseo estadio jr jiron "
    "santo san puente linea metro don soy autopista".split()
)
# "llega el 12", "desde el 20": a bare number after these and "el" is a day of the month.
_BEFORE_A_DAY = frozenset(
    "desde hasta para antes dia fecha dias era fue vence vencio llega llego llegaba llegara llegue "
    "entregan entregaron entregaba entregado entregada venia viene compre compramos comprado comprada "
    "pague recibi recibimos devolvi envie enviaron salio sale cobraron pagado tipo prometieron hoy".split()
)
_AFTER_A_DAY = frozenset(
    "y no me nos se lo la ni a por en pero que ya con tampoco recien sin o cuando como segun gracias "
    "porque xq estamos todavia aun".split()
)
_NUMERIC = re.compile(
    r"(?:(?P<day>0?[1-9]|[12]\d|3[01])(?P<sign>[/.-])(?P<month>0?[1-9]|1[0-2])"
    r"(?:(?P=sign)(?P<year>(?:19|20)\d\d|\d\d))?"
    r"|20\d\d(?P<iso>[/-])(?:0?[1-9]|1[0-2])(?P=iso)(?:0?[1-9]|[12]\d|3[01]))"
)
_DAY_AND_MONTH = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[/.-](?P<month>[a-z]{3,10})(?:[/.-](?:20)?\d\d)?"
)
_STOP = re.compile(r"[.?!;] |\n")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_NUMBER = re.compile(r"0?[1-9]|[12]\d|3[01]")
_BEFORE_A_NUMERIC_DATE = (
    frozenset("el del desde hasta fecha dia al compre compra pedi pedido este".split()) | _WEEKDAYS
)
_NO_ONE_DAY_AFTER = frozenset("los cada ese aquel horario feliz buen un lindo bonito".split())
_MORNING_BEFORE = frozenset(
    "la esta una cada toda media buena bella misma otra las unas buenas mañana manana".split()
)
_MORNINGS = frozenset({"mañana", "manana"})
_FAREWELLS = frozenset({"hasta", "vemos", "hablamos", "leemos"})


class _Words:
    """The words of a message, to be read from the left."""

    def __init__(self, folded: str, tokens: Sequence[Token]) -> None:
        self._folded = folded
        self.tokens = tokens
        self.texts = [token.text for token in tokens]

    def word(self, at: int) -> str:
        """The word at a position; beyond the ends there is an empty one."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def ends_at(self, at: int) -> bool:
        """Say whether nothing, or a stop, follows the word at `at`."""
        if at + 1 >= len(self.texts):
            return True
        gap = self._folded[self.tokens[at].end : self.tokens[at + 1].start]
        return any(sign in gap for sign in ",.;!?)\n")

    def close(self, at: int) -> bool:
        """Say whether only a space stands between the words at `at` and `at + 1`."""
        if not 0 <= at < len(self.texts) - 1:
            return False
        return not self._folded[self.tokens[at].end : self.tokens[at + 1].start].strip(" ")


def _relative(words: _Words, at: int) -> int | None:
    """Today, yesterday and their neighbours."""
    word, after = words.word(at), words.word(at + 1)
    if word == "hoy":
        idle = (after == "por" and words.word(at + 2) == "hoy") or (
            after == "en" and words.word(at + 2) == "dia"
        )
        return None if idle or words.word(at - 2) == "hoy" else at + 1
    if word in {"ayer", "antier", "antiayer", "anteayer", "anoche", "antenoche", "anteanoche"}:
        return at + 1
    if word in {"antes", "ante", "avant"}:
        skip = 1 if after == "de" else 0
        return at + 2 + skip if words.word(at + 1 + skip) == "ayer" else None
    if word == "pasado" and after in _MORNINGS:
        return at + 2
    return at + 1 if word in _MORNINGS and _is_tomorrow(words, at) else None


def _is_tomorrow(words: _Words, at: int) -> bool:
    previous, earlier = words.word(at - 1), words.word(at - 2)
    if previous in _MORNING_BEFORE or (previous == "el" and earlier == "por"):
        return False
    if previous == "de" and earlier in {"muy", *_WEEKDAYS, "hoy", "ayer"}:
        return False  # "el martes de mañana": in the morning
    if previous in {"en", "por"} and earlier != "de":
        return False
    # "hasta mañana", "nos vemos mañana" say goodbye.
    return not (previous in _FAREWELLS and words.ends_at(at))


def _skip_year(words: _Words, at: int) -> int:
    """The position after "de 2024" or "del año pasado", or `at`."""
    word, after = words.word(at), words.word(at + 1)
    if _YEAR.fullmatch(word) and words.close(at - 1):
        return at + 1
    if word in {"de", "del"}:
        if _YEAR.fullmatch(after):
            return at + 2
        article = after == "este"
        if after in _YEARS or (article and words.word(at + 2) in _YEARS):
            if article:
                return at + 3
            return at + 3 if words.word(at + 2) in {"pasado", "anterior"} else at
    return at


def _is_day(word: str) -> bool:
    return _DAY_NUMBER.fullmatch(word) is not None or word in _DAYS_IN_WORDS


def _day_of_month(words: _Words, at: int) -> int | None:
    """A day with its month: "8 de junio [de 2024]", "junio 8", "23 nov"."""
    word = words.word(at)
    if _is_day(word):
        position = at + 1 + (words.word(at + 1) in {"de", "del", "d"})
        if word == "treinta" and words.word(at + 1) == "y":
            position = at + 3 + (words.word(at + 3) == "de")
        if words.word(position) == "mes":  # "el 5 del mes pasado"
            return position + 2 if words.word(position + 1) in {"pasado", "anterior"} else None
        if words.word(position) in {"este", "corriente"}:
            return position + 1 + (words.word(position + 1) == "mes")
        if words.word(position) in _MONTHS and (position > at + 1 or words.close(at)):
            return _after_month(words, position)
    elif word in _LONG_MONTHS and _DAY_NUMBER.fullmatch(words.word(at + 1)) and words.close(at):
        return _skip_year(words, at + 2)
    return None


def _after_month(words: _Words, month: int) -> int | None:
    after = _skip_year(words, month + 1)
    # "25 de Mayo 1350" is a street.
    house = after == month + 1 and words.close(month) and words.word(after).isdigit()
    return None if house else after


def _weekday(words: _Words, at: int) -> int | None:
    """A day of the week with what tells which one: "pasado", "que viene", "14", "3 de junio"."""
    word, previous = words.word(at), words.word(at - 1)
    if word not in _WEEKDAYS and not (word in _SHORT_WEEKDAYS and previous in {"el", "este"}):
        return None
    return _which_weekday(words, at + 1) if _is_one_day(words, at) else None


def _is_one_day(words: _Words, at: int) -> bool:
    """Say whether a day of the week is one of them, and not a habit or opening hours."""
    previous, following = words.word(at - 1), words.word(at + 1)
    if previous in _NO_ONE_DAY_AFTER or previous in _PLACES:
        return False
    if following in {"negro", "santo"} or words.word(at - 2) == "horario":
        return False
    if previous in {"ayer", "hoy", "anoche"}:
        return False  # "ayer domingo" is yesterday
    if previous == "y" and words.word(at - 3) == "los":
        return False
    # "de lunes a viernes"
    begins = following in {"a", "hasta"} and words.word(at + 2) in _WEEKDAYS
    ends = previous in {"a", "hasta", "al"} and words.word(at - 2) in _WEEKDAYS
    return not (begins or ends)


def _which_weekday(words: _Words, after: int) -> int:
    """The position after what tells which of these days is meant."""
    following = words.word(after)
    if following in {"pasado", "proximo", "siguiente", "anterior", "ultimo"}:
        return after + 1
    if following == "que" and words.word(after + 1) in {"viene", "paso"}:
        return after + 2
    if [words.word(after + ahead) for ahead in range(3)] == ["de", "la", "semana"]:
        return after + 4 if words.word(after + 3) in {"pasada", "proxima"} else after
    dated = _day_of_month(words, after)
    if dated is not None:
        return dated
    numbered = _DAY_NUMBER.fullmatch(following) and words.close(after - 1)
    return after + 1 if numbered or _NUMERIC.fullmatch(following) else after


def _ago(words: _Words, at: int) -> int | None:
    """A distance from today: "hace dos semanas", "dentro de tres días"."""
    word = words.word(at)
    position = at + 1
    if words.word(at - 1) == "desde":
        return None  # "desde hace un mes": how long, not when
    if word == "dentro":
        if words.word(position) != "de":
            return None
    elif word not in {"hace", "ase", "ace", "hase"}:
        return None
    for _ in range(4):
        if words.word(position) in _AROUND:
            position += 1
    amount = words.word(position)
    if not (amount in _AMOUNTS or (amount.isdigit() and len(amount) <= 3)):
        return None
    position += 1
    if amount in {"un", "una"} and words.word(position) == "par":
        position += 1
    position += words.word(position) == "de"
    unit = words.word(position)
    if unit in _UNITS or (unit in _YEARS and amount in {"un", "1"}):
        return position + 1
    return None


def _before_now(words: _Words, at: int) -> int | None:
    """The same said backwards: "tres días atrás"."""
    amount = words.word(at)
    if not (amount in _AMOUNTS or (amount.isdigit() and len(amount) <= 3)):
        return None
    return at + 3 if words.word(at + 1) in _UNITS and words.word(at + 2) == "atras" else None


def _period(words: _Words, at: int) -> int | None:
    """The last or next week, month or weekend."""
    word, after = words.word(at), words.word(at + 1)
    if word in {"proxima", "proximo", "pasada", "pasado"} and words.word(at - 1) in {"la", "el"}:
        return at + 2 if after in {"semana", "mes", "finde"} else None
    if word == "fin" and after == "de" and words.word(at + 2) == "semana":
        return _which(words, at + 3)
    if word in {"semana", "mes", "finde"} and words.word(at - 1) in {"la", "el"}:
        return _which(words, at + 1)
    return None


def _which(words: _Words, at: int) -> int | None:
    if words.word(at) in {
        "pasada",
        "pasado",
        "proxima",
        "proximo",
        "anterior",
        "entrante",
        "antepasada",
    }:
        return at + 1
    if words.word(at) == "que" and words.word(at + 1) in {"viene", "paso", "entra"}:
        return at + 2
    return None


def _month(words: _Words, at: int) -> int | None:
    """A month by itself, after a word that makes it a time."""
    word, previous = words.word(at), words.word(at - 1)
    if word not in _LONG_MONTHS or previous not in {"en", "desde", "hasta", "de", "para"}:
        return None
    if previous == "de" and (word == "julio" or words.word(at - 2) in _PLACES):
        return None
    return _skip_year(words, at + 1)


def _numeric(words: _Words, at: int) -> int | None:
    """Digits: "15/03", "15-03-2024", "23/nov"; a fraction or a score ("4/5") is none."""
    word = words.word(at)
    named = _DAY_AND_MONTH.fullmatch(word)
    if named is not None:
        return at + 1 if named["month"] in _MONTHS else None
    match = _NUMERIC.fullmatch(word)
    if match is None:
        return None
    if match["iso"] or match["year"]:
        return at + 1
    if match["sign"] != "/":
        return None
    if words.word(at - 1) in _BEFORE_A_NUMERIC_DATE:
        return at + 1
    sure = match["month"].startswith("0") or match["day"].startswith("0")
    return at + 1 if (sure or int(match["day"]) > 12) and word != "24/7" else None


def _bare_day(words: _Words, at: int) -> int | None:
    """A day without its month: "el 12" after "llega", "el día 20"."""
    if not _DAY_NUMBER.fullmatch(words.word(at)):
        return None
    if words.word(at - 1) == "dia" and words.word(at - 2) in {"el", "del", "al", "para"}:
        return at + 1
    earlier = [words.word(at - back) for back in (2, 3)]
    if words.word(at - 1) not in {"el", "del", "al"} or not words.close(at - 1):
        return None
    if words.word(at - 1) == "del" and earlier[0] not in {"antes", "entrega", "compra"}:
        return None
    named = earlier[0] in _BEFORE_A_DAY or earlier[1] in _BEFORE_A_DAY
    free = words.ends_at(at) or words.word(at + 1) in _AFTER_A_DAY
    between = words.word(at + 1) == "y" and words.word(at + 2) == "el" and "entre" in earlier
    return at + 1 if (named and free) or between else None


_Reader = Callable[[_Words, int], "int | None"]
_READERS: tuple[_Reader, ...] = (
    _ago,
    _relative,
    _weekday,
    _day_of_month,
    _before_now,
    _period,
    _month,
    _numeric,
    _bare_day,
)
# Every reader looks for one of these, or for a digit, where it begins.
_BEGINNINGS = frozenset().union(
    "hace ase ace hase dentro antes ante avant pasado pasada proxima proximo fin semana mes finde "
    "hoy ayer antier antiayer anteayer anoche antenoche anteanoche".split(),
    _MORNINGS,
    _WEEKDAYS,
    _SHORT_WEEKDAYS,
    _LONG_MONTHS,
    _AMOUNTS,
    _DAYS_IN_WORDS,
)


def _first_word(words: _Words, at: int) -> int:
    """Take the article and the like that stand before: "el lunes", "el pasado jueves"."""
    first = at
    word = words.word(at)
    if word in {"hace", "dentro", "hoy", "ayer"}:
        return first
    if words.word(first - 1) == "dia" and words.word(first - 2) == "el":
        return first - 2
    if words.word(first - 1) == "dia":
        first -= 1
    if words.word(first - 1) in {"pasado", "proximo", "mismo", "ultimo"} and words.word(
        first - 2
    ) in {"el", "del", "este"}:
        first -= 1
    if words.word(first - 1) in {"el", "este", "la"} and word not in _MORNINGS:
        first -= 1
    return first


def _read(words: _Words, at: int) -> int | None:
    """The position after the day that begins at `at`, if one does."""
    word = words.texts[at]
    if word not in _BEGINNINGS and not word[0].isdigit():
        return None
    return next((end for read in _READERS if (end := read(words, at)) is not None), None)


def find_dates(folded: str, tokens: Sequence[Token] | None = None) -> Iterator[Entity]:
    """Find the days of a message.

    Args:
        folded: The message as `folding.fold` returns it.
        tokens: Its tokens, where they are known.

    Yields:
        `date` entities: the words for the day with a separate article ("el lunes"), without a
        contracted one ("del 8 de junio" gives "8 de junio").
    """
    words = _Words(folded, tokenize(folded) if tokens is None else tokens)
    at = free = 0
    while at < len(words.texts):
        after = _read(words, at)
        if after is None:
            at += 1
            continue
        start = words.tokens[max(free, _first_word(words, at))].start
        end = words.tokens[after - 1].end
        if _STOP.search(folded, start, end):
            at += 1
            continue
        yield Entity("date", " ".join(folded[start:end].split()), start, end)
        at = free = after
