"""The entities that have a shape: numbers, codes, addresses, days and scores."""

import itertools
import re
from collections.abc import Iterable, Iterator

from bot.assistant import context_words as ctx
from bot.assistant.dates import find_dates
from bot.assistant.dictation import join_dictated
from bot.assistant.emails import find_emails
from bot.assistant.entities import Entity
from bot.assistant.folding import fold
from bot.assistant.identifiers import IdentifierReader
from bot.assistant.order_numbers import DEFAULT_ORDER_NUMBER_PATTERN, OrderNumberShape
from bot.assistant.ratings import find_ratings
from bot.assistant.tokens import tokenize

__all__ = ["DEFAULT_ORDER_NUMBER_PATTERN", "PatternReader"]

# Typographic hyphens and no-break spaces that keyboards and e-mail programs put into codes.
_TYPED_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u202f\t", " "),
    }
)
# No message is longer at the gateway; whoever parses by other ways is cut here too.
MAX_CHARACTERS = 4000
# Nobody gives so many numbers; a wall of them is read up to here.
_MOST_NUMBERS = 200
_NUMBER = re.compile(r"\d+")
_LONGEST_CORRECTION = 60
_DIGIT = re.compile("[0-9]")
# "es 48009, no 48090": what is denied after what is said.
_SAID_TO_BE = re.compile(r"(?<!\w)(?:es|era|son) (?:el |la )?$")
_LONGEST_SAYING = 10
_DENIAL = re.compile(r",? no (?:el |la )?")


def _one_by_one(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Put entities in order and leave out what overlaps an earlier one."""
    free = 0
    for entity in sorted(entities, key=lambda entity: entity.start):
        if entity.start >= free:
            yield entity
            free = entity.end


def _uncorrected(folded: str, entities: list[Entity]) -> Iterator[Entity]:
    """Leave out what the customer takes back: "A-12040, me he liado, es A-12400"."""
    denied: Entity | None = None
    for entity, following in itertools.zip_longest(entities, entities[1:]):
        alike = following is not None and following.entity == entity.entity
        between = folded[entity.end : following.start] if alike else ""
        if entity is not denied and not _is_a_correction(between):
            yield entity
        before = folded[max(0, entity.start - _LONGEST_SAYING) : entity.start]
        if _DENIAL.fullmatch(between) and _SAID_TO_BE.search(before):
            denied = following


def _is_a_correction(between: str) -> bool:
    """Say whether what stands between two values says that the first was a slip.

    A bare "no" is not enough: "28031, no 28013" takes back the second as well as the first.
    """
    if len(between) > _LONGEST_CORRECTION:
        return False
    words = frozenset(token.text for token in tokenize(between))
    return words <= ctx.BESIDE_A_CORRECTION and not words.isdisjoint(ctx.CORRECTIONS)


def _without_walls(folded: str) -> str:
    """Cut off what stands behind more numbers than anybody gives."""
    beyond = next(itertools.islice(_NUMBER.finditer(folded), _MOST_NUMBERS, None), None)
    return folded if beyond is None else folded[: beyond.start()]


def _without(folded: str, taken: Iterable[Entity]) -> str:
    """Blank out what was already read, keeping every offset."""
    pieces, at = [], 0
    for entity in taken:
        pieces += [folded[at : entity.start], " " * (entity.end - entity.start)]
        at = entity.end
    return "".join([*pieces, folded[at:]])


def _without_addresses(folded: str, emails: Iterable[Entity]) -> str:
    """Blank out e-mail addresses and links."""
    folded = _without(folded, emails)
    for opening in ("http://", "https://", "www."):
        at = folded.find(opening)
        while at >= 0:
            end = at
            while end < len(folded) and not folded[end].isspace():
                end += 1
            folded = folded[:at] + " " * (end - at) + folded[end:]
            at = folded.find(opening, end)
    return folded


class PatternReader:
    """Finds `order_number`, `email`, `postal_code`, `tracking_number`, `case_number`, `date`,
    `rating`.
    """

    def __init__(self, order_pattern: str | None = None) -> None:
        """Take the shop's pattern of a whole order number (a regular expression).

        Raises:
            re.error: The pattern is not a regular expression.
        """
        self._shape = OrderNumberShape(order_pattern or DEFAULT_ORDER_NUMBER_PATTERN)

    def find(self, text: str, requested_slot: str | None = None) -> list[Entity]:
        """Find every entity with a shape.

        Args:
            text: The message as typed.
            requested_slot: What the customer was asked for ("order_number", "second_fact",
                "rating"), which decides what a bare number is.

        Returns:
            The entities in the order of the text; values are normalised, places are as typed.
        """
        folded = _without_walls(fold(text[:MAX_CHARACTERS]).translate(_TYPED_ALIKE))
        emails = list(_one_by_one(find_emails(folded)))
        rest = _without_addresses(folded, emails)
        # A day tells nothing about the numbers around it: they are read as if it were not there.
        tokens = tokenize(rest)
        dates = list(find_dates(rest, tokens))
        if dates:
            rest = _without(rest, dates)
            tokens = tokenize(rest)
        tokens = join_dictated(tokens)
        identifiers = []
        if _DIGIT.search(rest) or any(token.spoken for token in tokens):
            identifiers = IdentifierReader(text, rest, tokens, self._shape, requested_slot).read()
        ratings = [
            rating
            for rating in find_ratings(rest, requested=requested_slot == "rating")
            if not any(other.overlaps(rating.start, rating.end) for other in identifiers)
        ]
        found = sorted([*emails, *dates, *identifiers, *ratings], key=lambda entity: entity.start)
        return list(_uncorrected(folded, found))
