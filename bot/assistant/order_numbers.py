"""What an order number looks like in this shop."""

import re

# One letter-hyphen shape for shops like ours, "#" shapes of shop engines, country-year shapes and
# bare digits; which bare digits are an order number is decided by the words around them.
DEFAULT_ORDER_NUMBER_PATTERN = (
    r"#?[A-Z]{1,3}-\d{4,10}"
    r"|#?[A-Z]{1,2}\d{5,8}"
    r"|[A-Z]{2}20\d{5,10}"
    r"|[A-Z]\d{4}"
    r"|[A-Z]{2,3}[-/]\d{2,4}[-/]\d{3,8}"
    r"|#\d{3,10}"
    r"|\d{4,10}"
    r"|\d{4,8}-[A-Z]{1,2}"
    r"|\d{2,3}-\d{4,6}-[A-Z]"
)

MAX_IDENTIFIER = 40
_LONG = 7  # digits after a letter that are seldom set apart by a hyphen
_SEPARATOR = re.compile("[-_./]")


def shape_of(code: str) -> str:
    """A code with every digit a 9 and every letter an A: codes of one kind look alike."""
    return "".join("9" if c.isdigit() else "A" if c.isalpha() else c for c in code)


class OrderNumberShape:
    """The shop's own pattern of an order number."""

    def __init__(self, pattern: str = DEFAULT_ORDER_NUMBER_PATTERN) -> None:
        self._pattern = re.compile(pattern, re.IGNORECASE)

    def fits(self, candidate: str) -> bool:
        """Say whether a short candidate is a whole order number."""
        return len(candidate) <= MAX_IDENTIFIER and self._pattern.fullmatch(candidate) is not None

    def compose(self, *parts: str) -> str | None:
        """Join pieces typed apart the way the shop writes them ("a", "1001" is "A-1001").

        Returns:
            The number in upper case, or None where no way of writing it fits.
        """
        parts = tuple(part.upper() for part in parts)
        if len(parts) == 1 and any(character.isalpha() for character in parts[0]):
            parts = tuple(_SEPARATOR.split(parts[0])) if not self.fits(parts[0]) else parts
        together = "".join(parts)
        written = ["-".join(parts), together, "#" + together]
        if len(parts) == 2 and len(parts[1]) >= _LONG:
            written[:2] = together, written[0]  # "w 5530092", but "a 10234" with a hyphen
        for candidate in written:
            if self.fits(candidate):
                return candidate
        return None
