"""Which scale a score is named with: "8 de 10", "4/5", "tres estrellas"."""

import re

_OF_TEN = re.compile(r"(?:/|\b(?:de|sobre|al?)) ?(?:10|diez)\b", re.IGNORECASE)
_OF_FIVE = re.compile(
    r"(?:/|\b(?:de|sobre|al?)) ?(?:5|cinco)\b|[⭐🌟★]|\be?stre(?:ll|y|l)\w*", re.IGNORECASE
)


def scale_of(text: str) -> int | None:
    """The scale of a score, 5 or 10; None when none is named."""
    if _OF_TEN.search(text):
        return 10
    return 5 if _OF_FIVE.search(text) else None
