"""What customers say of the service, as a score and in their words."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

# Up to two of five: somebody who deserves a person.
_LOW = Decimal("0.4")
SCALES = (5, 10)


@dataclass(frozen=True, slots=True)
class Score:
    """A score as it was given: "8.5" of 10."""

    value: str
    scale: int

    @classmethod
    def of(cls, value: str, scale: int | None = None) -> "Score | None":
        """A score; without a scale, one above five is of ten. None when it is no score."""
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        most = scale or (SCALES[0] if number <= SCALES[0] else SCALES[1])
        if most not in SCALES or not 0 <= number <= most:
            return None
        return cls(value, most)

    @property
    def is_low(self) -> bool:
        """Whether it says that something went wrong."""
        return Decimal(self.value) / self.scale <= _LOW


@dataclass(frozen=True, slots=True)
class Rating:
    """A customer's opinion; `score` None when they gave words alone."""

    conversation_id: str
    at: datetime
    score: Score | None
    comment: str = ""
    order_number: str | None = None
