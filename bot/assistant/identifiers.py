"""Order, tracking and case numbers and postcodes: which number in a message is which."""

import re
from collections.abc import Sequence

from bot.assistant import context_words as ctx
from bot.assistant.entities import Entity
from bot.assistant.number_kinds import ORDER_SLOTS, YEAR, NumberKinds
from bot.assistant.order_numbers import MAX_IDENTIFIER, OrderNumberShape
from bot.assistant.surroundings import Surroundings
from bot.assistant.tokens import Token

CASE_PREFIXES = "dev|gar|rec|cam|cas|que|qja|inc|rma|rep|tic|cmp"
_FOLIO_PREFIXES = frozenset(CASE_PREFIXES.split("|"))
_FOLIO = re.compile(
    rf"(?<![\w#-])(?:(?P<prefix>{CASE_PREFIXES})[ ./_-]?(?:(?P<year>20\d\d)[ ./_-])?(?P<serial>\d{{3,7}})"
    rf"|(?P<year_first>20\d\d)[-/](?P<infix>{CASE_PREFIXES})[-/](?P<serial_last>\d{{3,7}}))(?![\w-]|[.,]\d)"
)
_UPS = re.compile(r"(?<!\w)1z(?: ?[0-9a-z]){16}(?!\w)")


class IdentifierReader:
    """Reads the identifiers of one message."""

    def __init__(
        self,
        folded: str,
        tokens: Sequence[Token],
        shape: OrderNumberShape,
        requested_slot: str | None,
    ) -> None:
        self._folded = folded
        self._tokens = tokens
        self._shape = shape
        self._slot = requested_slot
        self._found: list[Entity] = []
        self._around = Surroundings(folded, tokens)
        content = [t for t in tokens if t.text not in ctx.FILLERS]
        self._only_a_number = 0 < len(content) <= 3 and all(t.has_digit for t in content)
        self._kinds = NumberKinds(shape, requested_slot, only_a_number=self._only_a_number)

    def read(self) -> list[Entity]:
        """Find every identifier, in the order of the message."""
        self._read_codes_with_a_shape_of_their_own()
        at = 0
        while at < len(self._tokens):
            token = self._tokens[at]
            if self._around.is_taken(token):
                at += 1
                continue
            at = self._read_pieces(at) or self._read_token(at)
        return sorted(self._found, key=lambda entity: entity.start)

    def _add(self, kind: str, value: str, start: int, end: int) -> None:
        entity = Entity(kind, value, start, end)
        self._found.append(entity)
        self._around.take(entity)
        if kind == ctx.ORDER:
            self._kinds.note_order(value)

    def _read_codes_with_a_shape_of_their_own(self) -> None:
        for match in _FOLIO.finditer(self._folded):
            if match["prefix"]:
                parts = (match["prefix"], match["year"], match["serial"])
            else:
                parts = (match["year_first"], match["infix"], match["serial_last"])
            value = "-".join(part.upper() for part in parts if part)
            if match["prefix"] in {"que", "tic", "rep", "inc"} and "-" not in match.group():
                continue  # words of the language: "que 1234"
            self._add(ctx.CASE, value, *match.span())
        for match in _UPS.finditer(self._folded):
            self._add(ctx.TRACKING, match.group().replace(" ", "").upper(), *match.span())

    # -- one token ------------------------------------------------------------------------------

    def _read_token(self, at: int) -> int:
        token = self._tokens[at]
        previous = self._tokens[at - 1] if at else None
        if token.spoken and token.is_number and previous and previous.text in _FOLIO_PREFIXES:
            year, serial = token.text[:4], token.text[4:]
            parts = [year, serial] if YEAR.fullmatch(year) and len(serial) >= 3 else [token.text]
            self._add(
                ctx.CASE, "-".join([previous.text.upper(), *parts]), previous.start, token.end
            )
        elif (
            token.has_digit
            and len(token.text) <= MAX_IDENTIFIER
            and not self._around.is_decimal(token)
        ):
            kind = self._kinds.kind_of(token.text, self._around.context(at, at))
            if kind is not None:
                value = token.text.upper()
                if kind == ctx.ORDER:
                    value = self._shape.compose(token.text) or value
                self._add(kind, value, token.start, token.end)
        return at + 1

    # -- pieces typed apart ---------------------------------------------------------------------

    def _read_pieces(self, at: int) -> int | None:
        """Read a code typed with spaces ("a 11042", "778 901"); the position after it."""
        return self._read_prefixed(at) or self._read_groups(at)

    def _joined(self, at: int) -> bool:
        """Say whether the tokens `at` and `at + 1` can be parts of one code."""
        return at + 1 < len(self._tokens) and self._around.gap(at, at + 1).strip(" ") in {"", "-"}

    def _read_prefixed(self, at: int) -> int | None:
        letters = self._tokens[at].text.lstrip("#")
        if not (
            0 < len(letters) <= 3 and letters.isascii() and letters.isalpha() and self._joined(at)
        ):
            return None
        number = self._tokens[at + 1]
        last = at + 1
        parts = [letters, number.text]
        if YEAR.fullmatch(number.text) and self._joined(last) and self._tokens[last + 1].is_number:
            parts.append(self._tokens[last + 1].text)
            last += 1
        if not number.is_number or len(number.text) < 3 or not self._is_prefix(at, len(parts)):
            return None
        value = self._shape.compose(*parts)
        if value is None or self._around.is_decimal(self._tokens[last]):
            return None
        if (
            self._around.kind_after(last) == ctx.OTHER
            and self._around.kind_before(at)[0] != ctx.ORDER
        ):
            return None
        self._add(ctx.ORDER, value, self._tokens[at].start, self._tokens[last].end)
        return last + 1

    def _is_prefix(self, at: int, parts: int) -> bool:
        letters = self._tokens[at].text
        hyphen = "-" in self._around.gap(at, at + 1)
        if letters.startswith("#") or hyphen or letters in ctx.COUNTRY_PREFIXES or parts > 2:
            return True
        before, _ = self._around.kind_before(at)
        if letters in {"a", "e"}:
            # "a" and "e" are also words: they belong to a number that begins the message or
            # follows "pedido", never to "llega a 28013".
            return self._slot in ORDER_SLOTS or before == ctx.ORDER or self._leads(at)
        return letters not in ctx.NOT_A_PREFIX and len(letters) == 1 and before in {None, ctx.ORDER}

    def _leads(self, at: int) -> bool:
        return all(token.text in ctx.FILLERS for token in self._tokens[:at])

    def _read_groups(self, at: int) -> int | None:
        last = at
        while (
            self._joined(last)
            and self._around.gap(last, last + 1) == " "
            and self._tokens[last].is_number
            and self._tokens[last + 1].is_number
            and len(self._tokens[last].text) >= 2
            and len(self._tokens[last + 1].text) >= 2
        ):
            last += 1
        if last == at or self._tokens[at].spoken:
            return None
        text = "".join(token.text for token in self._tokens[at : last + 1])
        before, adjacent = self._around.kind_before(at)
        kind = None
        if (before == ctx.TRACKING and len(text) >= 8) or (before is None and len(text) > 16):
            kind = ctx.TRACKING
        elif (before == ctx.ORDER and adjacent) or (
            self._slot in ORDER_SLOTS or (self._only_a_number and len(text) <= 8)
        ):
            kind = ctx.ORDER if self._shape.compose(text) else None
        if kind is None:
            return None if before != ctx.OTHER else last + 1
        self._add(kind, text, self._tokens[at].start, self._tokens[last].end)
        return last + 1
