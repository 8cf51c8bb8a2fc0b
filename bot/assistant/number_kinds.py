"""Decides what a code or a bare number is: order number, postcode, tracking or case number."""

import re

from bot.assistant import context_words as ctx
from bot.assistant.order_numbers import OrderNumberShape, shape_of
from bot.assistant.surroundings import Context

YEAR = re.compile(r"(?:19|20)\d\d")
# Nine digits by the standard; carriers who issue their own write ten.
_POSTAL_UNION = re.compile(r"[a-z]{2}\d{9,10}[a-z]{2}")
_ARGENTINE_POSTCODE = re.compile(r"[a-hj-np-z]\d{4}[a-z]{3}")
_LETTER_AND_FOUR_DIGITS = re.compile(r"[a-hj-np-z]\d{4}")
_SPLIT_POSTCODE = re.compile(r"\d{5}-\d{3}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
_EUROPEAN_POSTCODE = re.compile(r"[de]-\d{5}")
_DOTTED_POSTCODE = re.compile(r"\d{2}\.\d{3}")
_TWO_LETTERS_AND_A_LONG_NUMBER = re.compile(r"[a-z]{2}\d{7,}")
_NUMBERED = re.compile(r"#\d{3,10}")
# Magento counts in nine digits, with the shop's view before them; no telephone begins like that in
# the countries whose postcodes are read here.
SHOP_ENGINE_NUMBER = re.compile(r"[0-3]00\d{6}")
_PIECES = re.compile(r"\d{2,8}(?:[-/]\d{2,10}){1,2}")

SECOND_FACT_SLOTS = frozenset({"second_fact", "postal_code"})
ORDER_SLOTS = frozenset({"order_number"})


class NumberKinds:
    """The rules for one message; knows the order numbers found in it so far."""

    def __init__(
        self,
        shape: OrderNumberShape,
        requested_slot: str | None,
        *,
        only_a_number: bool,
        about_orders: bool,
        code_is_postal: bool,
        has_lettered_order: bool,
        names_a_postcode: bool,
    ) -> None:
        """Take what the whole message is like.

        Args:
            shape: What an order number looks like.
            requested_slot: What the customer was asked for.
            only_a_number: The message is a number or two and nothing else.
            about_orders: The message speaks of an order, or of a number.
            code_is_postal: It speaks of an address, or has an order number beside: a number
                called "el código" is the postcode.
            has_lettered_order: An order number with letters stands in it.
            names_a_postcode: A postcode is called by its name: "cp 1424".
        """
        self._shape = shape
        self._slot = requested_slot
        self._only_a_number = only_a_number
        self._about_orders = about_orders
        self._code_is_postal = code_is_postal
        self._has_lettered_order = has_lettered_order
        self._names_a_postcode = names_a_postcode
        self._order_shapes: set[str] = set()
        self._postcode_shapes: set[str] = set()

    def note(self, kind: str, value: str) -> None:
        """Remember what the order numbers and postcodes of this message look like."""
        if kind == ctx.ORDER:
            self._order_shapes.add(shape_of(value))
        elif kind == ctx.POSTAL:
            self._postcode_shapes.add(shape_of(value))

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
        if _PIECES.fullmatch(text) and not _DATE.fullmatch(text):
            return self._kind_of_pieces(digits, context)
        if (context.before == ctx.OTHER and context.adjacent) or _DATE.fullmatch(text):
            return None
        if context.adjacent and self._is_named_otherwise(text, context.before):
            return context.before
        if self._shape.compose(text):
            return ctx.ORDER
        return self._kind_of_code(text, digits, context)

    @staticmethod
    def _is_named_otherwise(text: str, before: str | None) -> bool:
        """Say whether a word tells that what looks like an order number is none."""
        return (before == ctx.CASE and _NUMBERED.fullmatch(text) is not None) or (
            before == ctx.TRACKING and _TWO_LETTERS_AND_A_LONG_NUMBER.fullmatch(text) is not None
        )

    def _kind_of_pieces(self, digits: int, context: Context) -> str | None:
        """Digits with hyphens or slashes: "778-812", "0128/12345678"."""
        if context.before == ctx.TRACKING and digits >= 8:
            return ctx.TRACKING
        if context.after == ctx.OTHER:
            return None
        asked = self._slot in ORDER_SLOTS or (context.before == ctx.ORDER and context.adjacent)
        return ctx.ORDER if asked and 4 <= digits <= 10 else None

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
        if _DOTTED_POSTCODE.fullmatch(text):
            return ctx.POSTAL in {context.before, context.after}
        if _EUROPEAN_POSTCODE.fullmatch(text):
            return context.after == ctx.POSTAL and context.before != ctx.ORDER
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
        if text in ctx.TOLL_FREE or self._is_a_year(text, context):
            return None
        if before == ctx.OTHER and after == ctx.POSTAL and context.apart:
            return ctx.POSTAL  # "Calle Luna 14, 28004 Madrid"
        if before == ctx.OTHER or (after == ctx.OTHER and before not in {ctx.ORDER, ctx.POSTAL}):
            return None
        if after == ctx.POSTAL and before is None:
            if context.previous not in ctx.BEFORE_A_POSTCODE and not context.apart:
                return None  # a house: "Belgrano 1200, Avellaneda"
            before = ctx.POSTAL
        if before == ctx.ORDER:
            return self._kind_after_order(text, context)
        if context.a_code and (self._code_is_postal or self._order_shapes) and len(text) <= 7:
            before = ctx.POSTAL
        return self._named(text, before, context) or self._bare(text, before, context)

    def _is_a_year(self, text: str, context: Context) -> bool:
        asked = self._slot in ORDER_SLOTS | SECOND_FACT_SLOTS
        return (
            YEAR.fullmatch(text) is not None and context.previous in ctx.BEFORE_A_YEAR and not asked
        )

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

    def _bare(self, text: str, before: str | None, context: Context) -> str | None:
        """What a number is that nothing names: what was asked for, else what it looks like."""
        length = len(text)
        fits = self._shape.compose(text) is not None
        if self._slot in SECOND_FACT_SLOTS and 4 <= length <= 7:
            return ctx.POSTAL
        if not fits or length > 11:
            return None
        if self._slot in ORDER_SLOTS:
            # "A-10234 28013": the number that was asked for is there already.
            return ctx.POSTAL if self._has_lettered_order and length <= 7 else ctx.ORDER
        if before not in {None, ctx.TRACKING}:
            return None
        if shape_of(text) in self._postcode_shapes and not self._order_shapes:
            return ctx.POSTAL  # "es 29010, no, 29001"
        if length == 7 and text.endswith("000") and before is None:
            return ctx.POSTAL  # a commune of Chile
        if SHOP_ENGINE_NUMBER.fullmatch(text) and before is None:
            return ctx.ORDER
        if 6 <= length <= 8:
            # Beside the number of an order another number is its postcode.
            other = self._order_shapes and shape_of(text) not in self._order_shapes
            return ctx.POSTAL if other and length <= 7 else ctx.ORDER
        if length in {4, 5} and not YEAR.fullmatch(text):
            return self._short(text, context)
        return None

    def _short(self, text: str, context: Context) -> str | None:
        """Four or five digits that nothing names: a postcode when they are all there is."""
        five, previous = len(text) == 5, context.previous
        if context.earlier.startswith(ctx.CALLED_OFF) and previous in {"el", "la"}:
            return ctx.ORDER
        if shape_of(text) in self._order_shapes or (five and previous in ctx.NUMBER_SIGNS):
            return ctx.ORDER
        beside_an_order = self._order_shapes and not self._names_a_postcode
        if self._only_a_number or beside_an_order or (five and text.startswith("0")):
            return ctx.POSTAL
        if five and (context.after_a_name or (context.follows and not self._about_orders)):
            return ctx.POSTAL  # "Lucía Ferrer, 28015"
        return ctx.ORDER if five and previous in ctx.FILLERS else None
