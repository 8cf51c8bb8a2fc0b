"""One thing found in a customer's message."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """A value and the place it was read from: `text[start:end]` as typed, `value` normalised."""

    entity: str
    value: str
    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Say whether this entity shares a character with `start:end`."""
        return self.start < end and start < self.end
