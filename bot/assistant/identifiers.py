"""Order, tracking and case numbers and postcodes: which number in a message is which."""

import itertools
import re
from collections.abc import Sequence

from bot.assistant import context_words as ctx
from bot.assistant.entities import Entity
from bot.assistant.number_kinds import ORDER_SLOTS, SHOP_ENGINE_NUMBER, YEAR, NumberKinds
from bot.assistant.order_numbers import MAX_IDENTIFIER, OrderNumberShape
from bot.assistant.surroundings import Surroundings
from bot.assistant.tokens import Token

CASE_PREFIXES = "dev|gar|rec|cam|cas|que|qja|inc|rma|rep|tic|cmp|pri"
_FOLIO_PREFIXES = frozenset(CASE_PREFIXES.split("|"))
_FOLIO = re.compile(
    rf"(?<![\w#-])(?:(?P<prefix>{CASE_PREFIXES})(?: ?[./_-] ?| ?)"
    r"(?:(?P<year>20\d\d)(?: ?[./_-] ?| |(?=\d{4})))?(?P<serial>\d{3,7}|(?<=-)\d\d)"
    rf"|(?P<year_first>20\d\d)[-/](?P<infix>{CASE_PREFIXES})[-/](?P<serial_last>\d{{3,7}}))(?![\w-]|[.,]\d)"
)
_POSTAL_UNION = re.compile(r"(?<!\w)([a-z]{2}) \d{3} ?\d{3} ?\d{3,4} ?[a-z]{2}(?!\w)")
# "es A 1001", "el a 1001": what follows these is a name, not a direction.
_ARTICLES = frozenset("el la es numero num nro".split())
_UPS = re.compile(r"(?<!\w)1z(?: ?[0-9a-z]){16}(?!\w)")


class IdentifierReader:
    """Reads the identifiers of one message."""

    def __init__(
        self,
        typed: str,
        folded: str,
        tokens: Sequence[Token],
        shape: OrderNumberShape,
        requested_slot: str | None,
    ) -> None:
        self._typed = typed
        self._shouted = typed.isupper()
        self._folded = folded
        self._tokens = tokens
        self._shape = shape
        self._slot = requested_slot
        self._found: list[Entity] = []
        self._around = Surroundings(typed, folded, tokens)
        content = [t for t in tokens if t.text not in ctx.FILLERS]
        self._only_a_number = 0 < len(content) <= 3 and all(t.has_digit for t in content)
        about_orders = any(
            ctx.BEFORE.get(t.text) == ctx.ORDER or t.text in ctx.NUMBER_WORDS for t in tokens
        )
        has_lettered_order = self._has_an_order_with_letters()
        self._kinds = NumberKinds(
            shape,
            requested_slot,
            only_a_number=self._only_a_number,
            about_orders=about_orders,
            code_is_postal=self._about_an_address() or has_lettered_order,
            has_lettered_order=has_lettered_order,
            names_a_postcode=self._names_a_postcode(),
        )

    def _about_an_address(self) -> bool:
        return any(token.text in ctx.ABOUT_AN_ADDRESS for token in self._tokens)

    def _names_a_postcode(self) -> bool:
        return any(
            ctx.AFTER.get(token.text) == ctx.POSTAL and following.is_number
            for token, following in itertools.pairwise(self._tokens)
        )

    def _has_an_order_with_letters(self) -> bool:
        return any(
            token.has_digit and not token.is_number and self._shape.fits(token.text)
            for token in self._tokens
        )

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
        self._kinds.note(kind, value)

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
        for match in (*_UPS.finditer(self._folded), *_POSTAL_UNION.finditer(self._folded)):
            if match.re is _POSTAL_UNION and match[1] in ctx.NOT_A_PREFIX:
                continue  # "el 778899001 es"
            self._add(ctx.TRACKING, match.group().replace(" ", "").upper(), *match.span())

    # -- one token ------------------------------------------------------------------------------

    def _read_token(self, at: int) -> int:
        token = self._tokens[at]
        previous = self._tokens[at - 1] if at else None
        folio = _FOLIO.fullmatch(token.text) if token.spoken and "-" in token.text else None
        if folio is not None:
            self._add(ctx.CASE, token.text.upper(), token.start, token.end)
        elif token.spoken and token.is_number and previous and previous.text in _FOLIO_PREFIXES:
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
                self._add(kind, self._value(kind, token.text), token.start, token.end)
        return at + 1

    def _value(self, kind: str, text: str) -> str:
        if kind == ctx.ORDER:
            together = "".join(character for character in text if character.isalnum())
            return self._shape.compose(text) or self._shape.compose(together) or text.upper()
        if kind == ctx.POSTAL and text[1:2] == "-":
            return text[2:]  # "E-28013" is how Spain's are written abroad
        return text.replace(".", "").lstrip("#").upper()

    # -- pieces typed apart ---------------------------------------------------------------------

    def _read_pieces(self, at: int) -> int | None:
        """Read a code typed with spaces ("a 11042", "778 901"); the position after it."""
        return self._read_prefixed(at) or self._read_groups(at)

    def _joined(self, at: int) -> bool:
        """Say whether the tokens `at` and `at + 1` can be parts of one code."""
        return at + 1 < len(self._tokens) and self._around.gap(at, at + 1).strip(" ") in {"", "-"}

    def _read_prefixed(self, at: int) -> int | None:
        letters = self._tokens[at].text.lstrip("#")
        if self._around.ends_an_address(at + 1):
            return None  # "3º B 28014"
        if not (
            0 < len(letters) <= 3 and letters.isascii() and letters.isalpha() and self._joined(at)
        ):
            return None
        number = self._tokens[at + 1]
        last = at + 1
        parts = [letters, number.text]
        if len(number.text) in {2, 3} and self._is_thousand(last):
            # "A 10 234"
            parts[1] += self._tokens[last + 1].text
            last += 1
        if YEAR.fullmatch(number.text) and self._joined(last) and self._tokens[last + 1].is_number:
            parts.append(self._tokens[last + 1].text)
            last += 1
        if not number.is_number or len(parts[1]) < 3 or not self._is_prefix(at, len(parts)):
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

    def _is_thousand(self, at: int) -> bool:
        following = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
        return (
            following is not None
            and self._tokens[at].is_number
            and following.is_number
            and len(following.text) == 3
            and self._around.gap(at, at + 1) == " "
        )

    def _is_prefix(self, at: int, parts: int) -> bool:
        letters = self._tokens[at].text
        hyphen = "-" in self._around.gap(at, at + 1)
        if letters.startswith("#") or hyphen or letters in ctx.COUNTRY_PREFIXES or parts > 2:
            return True
        before, _ = self._around.kind_before(at)
        if letters in {"a", "e"}:
            # "a" and "e" are also words: they belong to a number that begins the message or
            # follows "pedido", never to "llega a 28013".
            return (
                self._slot in ORDER_SLOTS
                or before == ctx.ORDER
                or self._leads(at)
                or self._is_capital(at)
                or (at > 0 and self._tokens[at - 1].text in _ARTICLES)
            )
        return letters not in ctx.NOT_A_PREFIX and len(letters) == 1 and before in {None, ctx.ORDER}

    def _is_capital(self, at: int) -> bool:
        """Say whether a letter is written large in a message that is not."""
        return self._typed[self._tokens[at].start].isupper() and not self._shouted

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
        if before == ctx.POSTAL and adjacent and 4 <= len(text) <= 7:
            kind = ctx.POSTAL
        elif (before == ctx.TRACKING and len(text) >= 8) or (before is None and len(text) > 16):
            kind = ctx.TRACKING
        elif (
            (before == ctx.ORDER and adjacent)
            or self._slot in ORDER_SLOTS
            or (self._only_a_number and len(text) <= 8)
            or (before is None and SHOP_ENGINE_NUMBER.fullmatch(text))
        ):
            kind = ctx.ORDER if self._shape.compose(text) else None
        if kind is None:
            return None if before != ctx.OTHER else last + 1
        self._add(kind, text, self._tokens[at].start, self._tokens[last].end)
        return last + 1
