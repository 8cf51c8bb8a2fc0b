"""General advice about kinds of articles: what holds for any kettle, whatever its make."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.orders import HelpTopic


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said about a topic. `careful`: somebody may get hurt, so that a person is offered."""

    text: str
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Manual:
    """Advice about one kind of article, by topic; the first of its names is the catalogue's."""

    names: tuple[str, ...]
    advice: Mapping[HelpTopic, Advice]


class Manuals:
    """All kinds that there is advice about."""

    def __init__(self, manuals: Iterable[Manual]) -> None:
        named = [(_key(name), manual) for manual in manuals for name in manual.names]
        # "Auriculares inalámbricos" is a kind of its own: the longest name decides.
        self._named = sorted(named, key=lambda each: len(each[0]), reverse=True)

    def about(self, text: str) -> Manual | None:
        """The kind that a title or a customer's words name; None when there is no advice."""
        words = _key(text)
        return next((manual for name, manual in self._named if name and name in words), None)


def _key(text: str) -> str:
    """A text as it compares: its words without case, accents and plural, blanks around each."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return "".join(f" {_singular(word)} " for word in letters.split())


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
