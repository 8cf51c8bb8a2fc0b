"""The words, codes and signs of a message."""

import re
from typing import NamedTuple

# A separator inside a code stands between two of its characters, so this cannot backtrack.
_DIGIT = re.compile("[0-9]")
_TOKEN = re.compile(r"#?[^\W_]+(?:[-/_.][^\W_]+)*|[$€£%]")
# "28013-Madrid" and "cp28013" are two words each.
_GLUED = re.compile(r"(\d{4,8})[-/_.]([^\W\d_]{4,})|(c\.?p)[.-]?(\d{4,7})")
_LONGEST_GLUED = 40
# "c p", "C. P."
_INSIDE_CP = frozenset({" ", ".", ",", ". "})


class Token(NamedTuple):
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
        return _DIGIT.search(self.text) is not None


def tokenize(folded: str) -> list[Token]:
    """Cut a folded message into words, codes and signs."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(folded):
        text, start = match.group(), match.start()
        glued = _GLUED.fullmatch(text) if len(text) <= _LONGEST_GLUED else None
        if glued is not None:
            left, right = (1, 2) if glued[1] else (3, 4)
            tokens.append(Token(glued[left], start, start + len(glued[left])))
            tokens.append(Token(glued[right], start + glued.start(right), match.end()))
        elif (
            text == "p"
            and tokens
            and tokens[-1].text == "c"
            and folded[tokens[-1].end : start] in _INSIDE_CP
        ):
            tokens[-1] = Token("cp", tokens[-1].start, match.end())
        else:
            tokens.append(Token(text, start, match.end()))
    return tokens
