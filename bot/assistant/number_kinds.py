"""Decides what a code or a bare number is: order number, postcode, tracking or case number."""

import re

from bot.assistant import context_words as ctx
from bot.assistant.order_numbers import OrderNumberShape, shape_of
from bot.assistant.surroundings import Context

YEAR = re.compile(r"(?:19|20)\d\d")
_POSTAL_UNION = re.compile(r"[a-z]{2}\d{9}[a-z]{2}")
_ARGENTINE_POSTCODE = re.compile(r"[a-hj-np-z]\d{4}[a-z]{3}")
_LETTER_AND_FOUR_DIGITS = re.compile(r"[a-hj-np-z]\d{4}")
_SPLIT_POSTCODE = re.compile(r"\d{5}-\d{3}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")

SECOND_FACT_SLOTS = frozenset({"second_fact", "postal_code"})
ORDER_SLOTS = frozenset({"order_number"})


class NumberKinds:
    """The rules for one message; knows the order numbers found in it so far."""

    def __init__(
        self, shape: OrderNumberShape, requested_slot: str | None, *, only_a_number: bool
    ) -> None:
        self._shape = shape
        self._slot = requested_slot
        self._only_a_number = only_a_number
        self._order_shapes: set[str] = set()

    def note_order(self, value: str) -> None:
        """Remember what an order number of this message looks like."""
        self._order_shapes.add(shape_of(value))

    def kind_of(self, text: str, context: Context) -> str | None:
        """The kind of a folded token with digits, or None when it is none of ours."""
        digits = sum(character.isdigit() for character in text)
        if digits < 3 or not text.isascii():
            return None
        if text.isdigit():
            return self._kind_of_number(text, self._as_a_number(text, context))
        if self._is_written_like_a_postcode(text, context):
            return ctx.POSTAL
        if _POSTAL_UNION.fullmatch(text):
            return ctx.TRACKING
        if (context.before == ctx.OTHER and context.adjacent) or _DATE.fullmatch(text):
            return None
        if self._shape.compose(text):
            return ctx.ORDER
        return self._kind_of_code(text, digits, context)

    def _kind_of_code(self, text: str, digits: int, context: Context) -> str | None:
        """Letters and digits that are no order number."""
        if context.before == ctx.TRACKING and digits >= 5 and len(text) >= 8 and text.isalnum():
            return ctx.TRACKING
        if context.before == ctx.CASE and context.adjacent:
            return ctx.CASE
        return ctx.TRACKING if len(text) >= 10 and digits >= 6 and text.isalnum() else None

    def _is_written_like_a_postcode(self, text: str, context: Context) -> bool:
        if _ARGENTINE_POSTCODE.fullmatch(text):
            return True
        if _SPLIT_POSTCODE.fullmatch(text):
            return context.before == ctx.POSTAL
        if not _LETTER_AND_FOUR_DIGITS.fullmatch(text):
            return False
        if ctx.POSTAL in {context.before, context.after}:
            return True
        # "S2000" is a postcode in Argentina; as an order number it would be written "S-2000".
        return not (context.before and context.adjacent) and self._slot not in ORDER_SLOTS

    @staticmethod
    def _as_a_number(text: str, context: Context) -> Context:
        """A bare number after "por" or "casi" is a price or a quantity, unless named otherwise."""
        amount = context.previous in ctx.NOT_BEFORE_AN_ORDER and len(text) < 12
        if context.before is None and context.after is None and amount:
            return Context(ctx.OTHER, context.adjacent, context.after, context.previous)
        return context

    def _kind_of_number(self, text: str, context: Context) -> str | None:
        before, after = context.before, context.after
        if before == ctx.OTHER or (after == ctx.OTHER and before not in {ctx.ORDER, ctx.POSTAL}):
            return None
        if after == ctx.POSTAL and before is None:
            if context.previous not in ctx.BEFORE_A_POSTCODE:
                return None  # a house: "Belgrano 1200, Avellaneda"
            before = ctx.POSTAL
        if before == ctx.ORDER:
            return self._kind_after_order(text, context)
        return self._named(text, before, context) or self._bare(text, before, context.previous)

    def _kind_after_order(self, text: str, context: Context) -> str | None:
        fits = self._shape.compose(text) is not None
        if not fits or context.after == ctx.OTHER:
            return None
        if self._slot in ORDER_SLOTS or context.adjacent:
            return ctx.ORDER
        return ctx.ORDER if len(text) >= 4 and not YEAR.fullmatch(text) else None

    @staticmethod
    def _named(text: str, before: str | None, context: Context) -> str | None:
        """What the words before a number make of it."""
        length = len(text)
        if length >= 12 or (before == ctx.TRACKING and length >= 8):
            return ctx.TRACKING if length <= 34 else None
        if before == ctx.POSTAL and 4 <= length <= 8:
            return ctx.POSTAL
        if before == ctx.CASE and context.adjacent:
            return ctx.CASE
        return None

    def _bare(self, text: str, before: str | None, previous: str) -> str | None:
        """What a number is that nothing names: what was asked for, else what it looks like."""
        length = len(text)
        fits = self._shape.compose(text) is not None
        if self._slot in SECOND_FACT_SLOTS and 4 <= length <= 7:
            return ctx.POSTAL
        if not fits or length > 11:
            return None
        if self._slot in ORDER_SLOTS:
            return ctx.ORDER
        if before not in {None, ctx.TRACKING}:
            return None
        if 6 <= length <= 8:
            # Beside the number of an order another number is its postcode.
            other = self._order_shapes and shape_of(text) not in self._order_shapes
            return ctx.POSTAL if other and length <= 7 else ctx.ORDER
        if length in {4, 5} and not YEAR.fullmatch(text):
            return self._short(text, previous)
        return None

    def _short(self, text: str, previous: str) -> str | None:
        """Four or five digits that nothing names: a postcode when they are all there is."""
        five = len(text) == 5
        if shape_of(text) in self._order_shapes or (five and previous in ctx.NUMBER_SIGNS):
            return ctx.ORDER
        if self._only_a_number or self._order_shapes:
            return ctx.POSTAL
        return ctx.ORDER if five and previous in ctx.FILLERS else None
