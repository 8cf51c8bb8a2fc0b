"""What a message carries beside its request: anger, urgency, danger to people, a legal threat.

Words and phrases of `data/lexicon/feelings.yml`. Capital letters alone are no anger: many write so.
A signal never changes what a message is about; it changes the tone, and how soon a person sees it.
"""

import re
from typing import AbstractSet, Iterable, List, Mapping, Pattern, Sequence, Tuple

from bot.assistant.entities import Entity
from bot.assistant.folding import fold, plain_letters
from bot.assistant.intent_names import FALLBACK, OUT_OF_SCOPE, VENT
from bot.assistant.lexicon import Feeling

SIGNAL = "signal"
ANGER, URGENCY, LEGAL = "anger", "urgency", "legal"
SAFETY, EMERGENCY = "safety", "emergency"  # somebody was or may be hurt; it goes on at this moment

# What somebody who is in danger writes about: a thing that harms. Out of scope among them, because
# that is what a cry for help looks like to the classifier (9 of 30 evaluation lines). "Mi mujer
# está en el hospital, lo recoge mi vecino" is a change of address.
_ABOUT_A_THING = frozenset(
    {
        "report_damaged_item",
        "report_wrong_item",
        "report_missing_item",
        "claim_warranty",
        "request_return",
        "request_exchange",
        "ask_product_help",
        "file_complaint",
        "ask_compensation",
        "ask_if_human",
        VENT,
        OUT_OF_SCOPE,
        FALLBACK,
    }
)

# A story is read from both ends; nobody hides a fire in the middle of a novel.
_HEAD, _TAIL = 700, 700


class FeelingReader:
    """Finds the signals of a message."""

    def __init__(self, feelings: Mapping[str, Feeling]) -> None:
        self._patterns: Sequence[Tuple[str, Pattern[str], Pattern[str]]] = [
            (name, _either(feeling.words), _either(feeling.but))
            for name, feeling in feelings.items()
        ]

    def find(self, text: str) -> List[Entity]:
        """The signals of a message, each once, at the words that gave it away."""
        folded = fold(text)
        unread = max(0, len(folded) - _HEAD - _TAIL)
        if unread:
            folded = f"{folded[:_HEAD]}.{folded[1 - _TAIL :]}"
        found = []
        for name, words, but in self._patterns:
            meant = but.sub(_blanks, folded)
            match = words.search(meant)
            if match is not None:
                start, end = (at + unread * (at > _HEAD) for at in match.span())
                found.append(Entity(SIGNAL, name, start, end))
        return found


def tells_of_danger(intent: str, signals: AbstractSet[str]) -> bool:
    """Whether somebody is or may be hurt by something they bought."""
    return EMERGENCY in signals or (SAFETY in signals and intent in _ABOUT_A_THING)


def _either(phrases: Iterable[str]) -> Pattern[str]:
    """One pattern for all phrases.

    A `*` is up to 12 letters more, `...` up to 30 characters of the same sentence, a blank up to
    three: everything is bounded, so that no text takes long.
    """
    alternatives = [
        re.escape(plain_letters(phrase))
        .replace(r"\ \.\.\.\ ", r"\s[^.!?\n]{0,30}?(?<!\w)")
        .replace(r"\*", r"\w{0,12}")
        .replace(r"\ ", r"\s{1,3}")
        for phrase in sorted(phrases, key=len, reverse=True)
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)" if alternatives else r"(?!)")


def _blanks(match: "re.Match[str]") -> str:
    """As long as what it stands for: offsets stay."""
    return " " * len(match.group())
