"""The words, codes and signs of a message."""

import re
from dataclasses import dataclass

# A separator inside a code stands between two of its characters, so this cannot backtrack.
_TOKEN = re.compile(r"#?[^\W_]+(?:[-/_.][^\W_]+)*|[$€£%]")


@dataclass(frozen=True)
class Token:
    """A word or number of the folded message; `spoken` digits were dictated in words."""

    text: str
    start: int
    end: int
    spoken: bool = False

    @property
    def is_number(self) -> bool:
        return self.text.isascii() and self.text.isdigit()

    @property
    def has_digit(self) -> bool:
        return any("0" <= character <= "9" for character in self.text)


def tokenize(folded: str) -> list[Token]:
    """Cut a folded message into words, codes and signs."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(folded)]
