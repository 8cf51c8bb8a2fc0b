"""The entities that have a shape: numbers, codes, addresses and scores."""

from collections.abc import Iterable

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


def _without_addresses(folded: str, taken: Iterable[Entity]) -> str:
    """Blank out links and what was already read, keeping every offset."""
    for entity in taken:
        folded = folded[: entity.start] + " " * (entity.end - entity.start) + folded[entity.end :]
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
    """Finds `order_number`, `email`, `postal_code`, `tracking_number`, `case_number`, `rating`."""

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
        folded = fold(text[:MAX_CHARACTERS]).translate(_TYPED_ALIKE)
        emails = list(find_emails(folded))
        rest = _without_addresses(folded, emails)
        tokens = join_dictated(tokenize(rest))
        identifiers = IdentifierReader(rest, tokens, self._shape, requested_slot).read()
        ratings = [
            rating
            for rating in find_ratings(rest, requested=requested_slot == "rating")
            if not any(other.overlaps(rating.start, rating.end) for other in identifiers)
        ]
        return sorted([*emails, *identifiers, *ratings], key=lambda entity: entity.start)
