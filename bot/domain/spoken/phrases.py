"""Phrases of the lexicon found in a text, and which of several meanings a customer stands by.

In a phrase `word*` is any word that begins so, `a|b` one of several, `word?` may be left out and
`...` stands for up to three words of the same clause.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.spoken.words import Spelling, Word, fold

# Phrases that only look like one of the others.
NONE = "none"
_PREFIX = 3  # letters by which a word with a `*` is looked up
_LONGEST_GAP = 3
_NO = frozenset({"no", "ni", "tampoco", "sin"})
# What may stand between a "no" and what it denies.
_LIGHT = frozenset(
    "es era fue sea esta estaba que quiero queremos quisiera prefiero necesito busco pido deseo el la los "
    "las lo un una uno me nos se te le de del por mi mis ha he han hayan haya hagan "
    "hagas den des dan dar vine vino interesa gusta gustaria mas tanto a al una otra otro ningun "
    "ninguna".split()
)
_INSTEAD = frozenset({"vez", "lugar"})  # "en vez de"
_CORRECTION = (
    ("mejor",),
    ("sino",),
    ("perdon",),
    ("en", "realidad"),
    ("prefiero",),
    ("mas", "bien"),
)
_FALLBACK = (
    ("si", "no"),
    ("o", "si"),
    ("en", "caso"),
    ("de", "lo", "contrario"),
    ("y", "si"),
    ("antes", "que"),
    ("que", "el"),
    ("que", "un"),
)


@dataclass(frozen=True, slots=True)
class _Part:
    words: frozenset[str]
    prefixes: tuple[str, ...]
    optional: bool
    gap: bool

    def fits(self, word: str) -> bool:
        return word in self.words or (bool(self.prefixes) and word.startswith(self.prefixes))


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a text: what it means, where it stands, whether it is denied."""

    code: str
    start: int
    end: int
    denied: bool


def _part(written: str) -> _Part:
    gap = written == "..."
    optional = written.endswith("?")
    choices = [] if gap else written.rstrip("?").split("|")
    return _Part(
        words=frozenset(choice for choice in choices if not choice.endswith("*")),
        prefixes=tuple(choice[:-1] for choice in choices if choice.endswith("*")),
        optional=optional,
        gap=gap,
    )


class Phrases:
    """The phrases of one question, looked up by their first word."""

    def __init__(self, codes: Mapping[str, Sequence[str]], never: Sequence[str] = ()) -> None:
        self.codes = tuple(code for code in codes if code != NONE)
        self._first: dict[str, list[tuple[tuple[_Part, ...], str]]] = {}
        known: set[str] = set()
        for code, phrases in codes.items():
            for phrase in phrases:
                parts = tuple(_part(written) for written in fold(phrase).split())
                for part in parts:
                    known |= part.words
                    known.update(prefix for prefix in part.prefixes if len(prefix) > 5)
                self._look_up(parts, code)
                if parts[0].optional:
                    self._look_up(parts[1:], code)
        self._beginnings = tuple(
            {
                prefix
                for phrases in self._first.values()
                for parts, _ in phrases
                for part in parts
                for prefix in part.prefixes
            }
        )
        self._spelling = Spelling(known, never)

    def _look_up(self, parts: tuple[_Part, ...], code: str) -> None:
        for word in parts[0].words:
            self._first.setdefault(word, []).append((parts, code))
        for prefix in parts[0].prefixes:
            self._first.setdefault(f"{prefix[:_PREFIX]}*", []).append((parts, code))

    def find(self, words: Sequence[Word]) -> list[Found]:
        """The phrases of a text from left to right, at each place the longest."""
        texts = [
            word.text if word.text.startswith(self._beginnings) else self._spelling.meant(word.text)
            for word in words
        ]
        found = []
        at = 0
        while at < len(texts):
            best = max(self._at(words, texts, at), default=None, key=_weight)
            if best is None:
                at += 1
                continue
            end, code = best
            if code != NONE:
                found.append(Found(code, at, end, _denied(words, at, end)))
            at = end
        return found

    def _at(
        self, words: Sequence[Word], texts: Sequence[str], at: int
    ) -> Iterator[tuple[int, str]]:
        for key in (texts[at], f"{texts[at][:_PREFIX]}*"):
            for parts, code in self._first.get(key, ()):
                end = _match(parts, words, texts, at)
                if end:
                    yield end, code


def _weight(match: tuple[int, str]) -> tuple[int, bool]:
    """The longer phrase counts; of two alike the one that only looks like an answer."""
    return match[0], match[1] == NONE


def _match(parts: Sequence[_Part], words: Sequence[Word], texts: Sequence[str], at: int) -> int:
    """Where a phrase that begins at a place ends; 0 when it does not stand there."""
    if not parts:
        return at
    part, rest = parts[0], parts[1:]
    if part.gap:
        for skipped in range(_LONGEST_GAP + 1):
            if skipped and (at + skipped > len(words) or words[at + skipped - 1].pause == "."):
                break
            end = _match(rest, words, texts, at + skipped)
            if end:
                return end
        return 0
    if at < len(texts) and part.fits(texts[at]):
        end = _match(rest, words, texts, at + 1)
        if end:
            return end
    return _match(rest, words, texts, at) if part.optional else 0


def _denied(words: Sequence[Word], start: int, end: int) -> bool:
    if words[start].text in _NO:
        return False
    follows = words[end].text if end < len(words) else ""
    if follows == "no" and not words[end].pause and (end + 1 == len(words) or words[end + 1].pause):
        return True
    at = start
    while at > 0 and not words[at].pause and start - at < 5:
        at -= 1
        if words[at].text in _NO:
            return True
        if words[at].text in _INSTEAD:
            return at > 0 and words[at - 1].text == "en"
        if words[at].text not in _LIGHT:
            return False
    return False


def _starts(words: Sequence[Word], signs: Sequence[tuple[str, ...]]) -> Iterator[int]:
    texts = tuple(word.text for word in words)
    for at in range(len(texts)):
        if any(texts[at : at + len(sign)] == sign for sign in signs):
            yield at


def meant(words: Sequence[Word], found: Sequence[Found]) -> list[str]:
    """The meanings that a customer stands by, in the order said, each once.

    What is denied is left out; what follows a correction ("mejor…", "sino…") counts alone; what
    is wanted only "si no hay" gives way to what was said before.
    """
    said = [match for match in found if not match.denied]
    for at in _starts(words, _CORRECTION):
        after = [match for match in said if match.start >= at]
        said = after or said
    for at in _starts(words, _FALLBACK):
        before = [match for match in said if match.end <= at]
        said = before or said
    return list(dict.fromkeys(match.code for match in said))
