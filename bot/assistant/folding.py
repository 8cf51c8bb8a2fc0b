"""Letters as the matchers compare them: lower case, without accents, one character for one."""

import unicodedata
from functools import lru_cache

_COMBINING_TILDE = "\u0303"


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    lowered = character.lower()
    if lowered == "ñ":
        return lowered
    base = unicodedata.normalize("NFKD", lowered)[:1]
    folded = base.lower()
    return folded if len(folded) == 1 else character


@lru_cache(maxsize=16)  # each reader of a message folds it
def fold(text: str) -> str:
    """Lower-case `text` and take its accents off (ñ stays), keeping every offset.

    Args:
        text: Anything a customer can type.

    Returns:
        A string of exactly the same length, so that a match in it can be cut out of `text`.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def plain_letters(text: str) -> str:
    """Lower-case words and phrases of the lexicon the way customers' words are compared.

    Args:
        text: A word or phrase of a data file.

    Returns:
        The folded text in composed form (n + combining tilde is one ñ).
    """
    return fold(unicodedata.normalize("NFC", text).replace("n" + _COMBINING_TILDE, "ñ"))
