"""Codes read aloud: "a guion uno cero dos tres cuatro" becomes one token, `a-10234`."""

import re
from collections.abc import Sequence

from bot.assistant.numerals import (
    DIGIT_WORDS,
    LETTER_NAMES,
    NUMBER_WORDS,
    read_spoken_number,
)
from bot.assistant.tokens import Token

_HYPHENS = frozenset({"guion", "raya", "menos"})
_DOUBLED = {("uve", "doble"): "w", ("doble", "uve"): "w", ("doble", "ve"): "w", ("doble", "u"): "w"}
# Letter names that are also words ("a las cinco", "de mil", "te debo"): they need a hyphen after.
_ALSO_WORDS = frozenset({"a", "e", "i", "o", "u", "y", "de", "te", "ese", "ve", "ce", "be", "cu"})
_MIN_DIGITS = 4
_DIGITS = frozenset("0123456789")
_HYPHENATED = re.compile(r"\d(?:-\d){3,}")
_LONGEST_SPELT = 40
# What a dictated code has at least one of, beside number words: a hyphen said, digits by one.
_HAS_SPELT = re.compile(r"guion|raya|menos|doble|\d(?:-|$)")


def _letter(words: Sequence[str], at: int) -> tuple[str, int, bool] | None:
    """Read a letter said at `at`: the letter, the position after it, whether it is surely one."""
    pair = tuple(words[at : at + 2])
    if len(pair) == 2 and pair in _DOUBLED:
        return _DOUBLED[(pair[0], pair[1])], at + 2, True
    letter = LETTER_NAMES.get(words[at])
    if letter is None and len(words[at]) == 1 and words[at].isalpha():
        letter = words[at]
    if letter is None:
        return None
    # "a de avión": the word after "de" spells the letter out.
    if at + 2 < len(words) and words[at + 1] == "de" and words[at + 2].startswith(letter.lower()):
        return letter.lower(), at + 3, True
    return letter.lower(), at + 1, words[at] not in _ALSO_WORDS


def _number(words: Sequence[str], at: int) -> tuple[str, int] | None:
    if at >= len(words):
        return None
    if words[at].isascii() and words[at].isdigit():
        return words[at], at + 1
    spoken = read_spoken_number(words, at)
    return (spoken.digits, spoken.last) if spoken else None


def _digits_said(words: Sequence[str], at: int) -> int:
    """How many digits are said one by one from `at` on, counted as far as it matters."""
    run = words[at : at + _MIN_DIGITS]
    return next((n for n, word in enumerate(run) if word not in DIGIT_WORDS), len(run))


def _spelt(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Read digits typed one by one: "7 7 8 8 1 2", "7-7-8-8-1-2"."""
    if len(words[at]) > 1:
        together = words[at] if len(words[at]) < _LONGEST_SPELT else ""
        return (together.replace("-", ""), at + 1) if _HYPHENATED.fullmatch(together) else None
    after = at
    while after < len(words) and len(words[after]) == 1 and words[after] in _DIGITS:
        after += 1
    return ("".join(words[at:after]), after) if after - at >= _MIN_DIGITS else None


def _code(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Read a dictated code that begins at `at`: its text and the position after it."""
    letters, position, surely = "", at, True
    while position < len(words) and len(letters) < 3:
        read = _letter(words, position)
        if read is None:
            break
        letters, position, surely = letters + read[0], read[1], surely and read[2]
    text, dictated = letters, bool(letters)
    if letters:
        hyphen = position < len(words) and words[position] in _HYPHENS
        # "w dos tres" is dictated, "w 9120034" is typed with a space.
        said = words[at] != letters or (
            words[position : position + 1] and words[position] in NUMBER_WORDS
        )
        spelt = words[at] == "a" and _digits_said(words, position) >= _MIN_DIGITS
        if not hyphen and not (surely and said) and not spelt:
            return None
        text, position = letters + "-" * (hyphen or spelt), position + hyphen
    number = _number(words, position)
    if number is None:
        return None
    dictated = dictated or words[position] in NUMBER_WORDS
    text, position = text + number[0], number[1]
    while position + 1 < len(words) and words[position] in _HYPHENS:
        number = _number(words, position + 1)
        if number is None:
            break
        text, position, dictated = f"{text}-{number[0]}", number[1], True
    digits = sum(character.isdigit() for character in text)
    if not dictated or digits < _MIN_DIGITS or position == at + 1:
        return None
    return text, position


def join_dictated(tokens: Sequence[Token]) -> list[Token]:
    """Put one token in the place of the words of each dictated code.

    Args:
        tokens: The tokens of a folded message.

    Returns:
        The tokens, dictated ones marked `spoken` and spanning all their words.
    """
    words = [token.text for token in tokens]
    if not any(word in NUMBER_WORDS or _HAS_SPELT.match(word) for word in words):
        return list(tokens)
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        code = _spelt(words, at) or _code(words, at)
        if code is None:
            joined.append(tokens[at])
            at += 1
            continue
        text, after = code
        joined.append(Token(text, tokens[at].start, tokens[after - 1].end, spoken=True))
        at = after
    return joined
