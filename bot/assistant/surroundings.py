"""What the words around a number say about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant import context_words as ctx
from bot.assistant.entities import Entity
from bot.assistant.order_numbers import shape_of
from bot.assistant.tokens import Token


@dataclass(frozen=True)
class Context:
    """The kind named before a number (right before it: `adjacent`) and after it."""

    before: str | None
    adjacent: bool
    after: str | None
    previous: str


class Surroundings:
    """The tokens of a message and what was found in it so far."""

    def __init__(self, folded: str, tokens: Sequence[Token]) -> None:
        self._folded = folded
        self._tokens = tokens
        # Which entity each character belongs to: looking it up keeps a wall of numbers linear.
        self._owner: list[Entity | None] = [None] * len(folded)

    def take(self, entity: Entity) -> None:
        """Note that an entity was found."""
        self._owner[entity.start : entity.end] = [entity] * (entity.end - entity.start)

    def is_taken(self, token: Token) -> bool:
        """Say whether the token belongs to an entity already."""
        return self._owner[token.start] is not None

    def context(self, first: int, last: int) -> Context:
        """What is around the tokens from `first` to `last`."""
        before, adjacent = self.kind_before(first)
        after = self.kind_after(last)
        if after != ctx.OTHER and self._is_a_destination(first):
            before = ctx.POSTAL
        previous = self._tokens[first - 1].text if first else ""
        return Context(before, adjacent, after, previous)

    def gap(self, left: int, right: int) -> str:
        """What stands between two tokens."""
        return self._folded[self._tokens[left].end : self._tokens[right].start]

    def kind_before(self, at: int) -> tuple[str | None, bool]:
        """The kind that the words before a number name, and whether they stand right before it."""
        # Five digits are as easily a postcode: what names them must stand nearer.
        reach = 2 if len(self._tokens[at].text) <= 5 else 4
        distance = 0
        for position in range(at - 1, max(-1, at - 12), -1):
            gap = self.gap(position, position + 1)
            word = self._tokens[position].text
            if any(sign in gap for sign in "?!\n"):
                break
            if ". " in gap and word not in ctx.ABBREVIATIONS:
                break
            earlier = self._owner[self._tokens[position].start]
            if earlier is not None:
                # "los pedidos 100045 y 100046", but not "A-10411 y 28013".
                alike = shape_of(earlier.value) == shape_of(self._tokens[at].text.upper())
                return (earlier.entity, True) if alike and not distance else (None, False)
            if word == "+" or gap.endswith("+"):
                return ctx.OTHER, True
            kind = ctx.BEFORE.get(word)
            if distance == 0 and word in ctx.CITIES and len(self._tokens[at].text) > 4:
                kind = ctx.POSTAL
            if kind is not None:
                return kind, distance == 0 or word in ctx.FOLIO_WORDS
            if word not in ctx.FILLERS and word not in ctx.LINKS:
                distance += 1
                if distance > reach:
                    break
        return None, False

    def kind_after(self, last: int) -> str | None:
        """The kind that the words after a number name."""
        for position in range(last + 1, min(last + 4, len(self._tokens))):
            gap = self.gap(position - 1, position)
            if any(sign in gap for sign in ".?!;\n"):
                return None
            word = self._tokens[position].text
            if position == last + 1 and (word in ctx.AFTER and ctx.AFTER[word] == ctx.OTHER):
                return ctx.OTHER
            if ctx.AFTER.get(word) == ctx.POSTAL:
                # "120934, código postal 760042": the word tells of the number after it.
                following = self._tokens[position + 1 : position + 3]
                return None if any(t.is_number for t in following) else ctx.POSTAL
            if word in ctx.CITIES:
                return ctx.POSTAL
            if word not in ctx.FILLERS:
                return None
        return None

    def _is_a_destination(self, at: int) -> bool:
        """Say whether something is sent to, or somebody lives at, the number at `at`."""
        position = at - 1
        while position >= 0 and self._tokens[position].text in {"el", "la"}:
            position -= 1
        if position < 0 or self._tokens[position].text not in ctx.TOWARDS:
            return False
        earlier = self._tokens[max(0, position - 6) : position]
        return any(token.text.startswith(ctx.DELIVERY_STEMS) for token in earlier)

    def is_decimal(self, token: Token) -> bool:
        """Say whether the token is a part of an amount like 12.345,67."""
        after = self._folded[token.end : token.end + 2]
        before = self._folded[max(0, token.start - 2) : token.start]
        return (len(after) == 2 and after[0] in ",." and after[1].isdigit()) or (
            len(before) == 2 and before[1] in ",." and before[0].isdigit()
        )
