"""What the words around a number say about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.assistant import context_words as ctx
from bot.assistant.entities import Entity
from bot.assistant.order_numbers import shape_of
from bot.assistant.tokens import Token

# Tokens between two numbers of one address: "45, 3º izquierda, colonia Del Valle Norte, 03100".
_ADDRESS_REACH = 9
_INVOICES = frozenset({"factura", "boleta"})


@dataclass(frozen=True)
class Context:
    """The kind named before a number (right before it: `adjacent`) and after it.

    `previous` and `earlier` are the two words before it; it is `apart` when a comma or the
    beginning of the message stands there; `follows` when words and a comma do, and is
    `after_a_name` when the last of them has a capital letter. `a_code` is called just that:
    "el código es 48009".
    """

    before: str | None
    adjacent: bool
    after: str | None
    previous: str = ""
    earlier: str = ""
    apart: bool = False
    follows: bool = False
    after_a_name: bool = False
    a_code: bool = False


class Surroundings:
    """The tokens of a message and what was found in it so far."""

    def __init__(self, typed: str, folded: str, tokens: Sequence[Token]) -> None:
        self._typed = typed
        self._folded = folded
        self._tokens = tokens
        # Which entity each character belongs to: looking it up keeps a wall of numbers linear.
        self._owner: list[Entity | None] = [None] * len(folded)
        self._ends_of_addresses = frozenset(self._find_ends_of_addresses())

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
        if after != ctx.OTHER and self.ends_an_address(first):
            before, adjacent = ctx.POSTAL, False
        previous = self._tokens[first - 1].text if first else ""
        earlier = self._tokens[first - 2].text if first > 1 else ""
        apart = self._is_apart(first)
        follows = apart and bool(earlier)
        named = follows and self._is_capital(first - 1)
        a_code = before is None and self._is_called_a_code(first)
        return Context(before, adjacent, after, previous, earlier, apart, follows, named, a_code)

    def ends_an_address(self, at: int) -> bool:
        """Say whether the number at `at` is the postcode after a street and its house."""
        return at in self._ends_of_addresses

    def _find_ends_of_addresses(self) -> Iterator[int]:
        """Walk through the message once: a street, a house, doors, and then a postcode."""
        left, house = 0, False  # how many more tokens belong to the address
        for at, token in enumerate(self._tokens):
            word = token.text
            if left and self._ends_a_sentence(self._tokens[at - 1].text, self.gap(at - 1, at)):
                left = 0
            left = max(0, left - 1)
            if self._is_a_street(token):
                house = (house and left > 0) or word in ctx.NEIGHBOURHOODS
                left = _ADDRESS_REACH
            elif left and token.has_digit:
                if house and self._can_end_an_address(at):
                    yield at
                    left = 0
                else:
                    house, left = True, _ADDRESS_REACH
            elif (house and word in ctx.AFTER_AN_ADDRESS) or (
                word not in ctx.DOORS and ctx.BEFORE.get(word, ctx.POSTAL) != ctx.POSTAL
            ):
                left = 0  # "calle Luna 14, pedido 55812"

    def _is_a_street(self, token: Token) -> bool:
        if token.text in ctx.STREETS:
            return True
        if token.text == "c":
            return self._folded.startswith("/", token.end)
        return token.text.startswith("c/") and token.text != "c/u"

    def _can_end_an_address(self, at: int) -> bool:
        token = self._tokens[at]
        if not token.is_number or not 4 <= len(token.text) <= 7:
            return False
        previous = self._tokens[at - 1].text
        if previous in ctx.DOORS or previous in ctx.SPOKEN_OF:
            return False
        # Four digits are a door as well: a comma or a town makes them a postcode.
        town = at + 1 < len(self._tokens) and self._is_capital(at + 1)
        return len(token.text) > 4 or self._is_apart(at) or town

    def _is_called_a_code(self, at: int) -> bool:
        """Say whether nothing but fillers stands between "código" and the number."""
        for position in range(at - 1, max(-1, at - 6), -1):
            word = self._tokens[position].text
            if self._ends_a_sentence(word, self.gap(position, position + 1)):
                return False
            if word in {"codigo", "cod"}:
                return True
            if word not in ctx.FILLERS:
                return False
        return False

    def _is_capital(self, at: int) -> bool:
        return self._typed[self._tokens[at].start].isupper()

    def _is_apart(self, at: int) -> bool:
        return at == 0 or any(sign in self.gap(at - 1, at) for sign in ",(")

    def gap(self, left: int, right: int) -> str:
        """What stands between two tokens."""
        return self._folded[self._tokens[left].end : self._tokens[right].start]

    def kind_before(self, at: int) -> tuple[str | None, bool]:
        """The kind that the words before a number name, and whether they stand right before it."""
        # Five digits are as easily a postcode: what names them must stand nearer.
        reach = 2 if len(self._tokens[at].text) <= 5 else 4
        distance = 0
        apart = self._is_apart(at)
        length = len(self._tokens[at].text)
        numbers_between = corrected = False
        spoken_of = at > 0 and self._tokens[at - 1].text in ctx.SPOKEN_OF
        for position in range(at - 1, max(-1, at - 12), -1):
            word = self._tokens[position].text
            gap = self.gap(position, position + 1)
            if self._ends_a_sentence(word, gap):
                break
            earlier = self._owner[self._tokens[position].start]
            if earlier is not None:
                # "los pedidos 100045 y 100046", but not "A-10411 y 28013".
                alike = shape_of(earlier.value) == shape_of(self._tokens[at].text.upper())
                alike = alike or (corrected and earlier.value.isdigit())
                return (earlier.entity, True) if alike and not distance else (None, False)
            if word == "+" or gap.endswith("+"):
                return ctx.OTHER, True
            kind = self._kind_named_at(position, length, distance, apart)
            if word in ctx.ADDRESSES and numbers_between and apart and 4 <= length <= 7:
                return ctx.POSTAL, False  # after the house: "Calle Luna 14, 28004"
            # "calle Luna 14, el 778812": the street has its house already.
            housed = spoken_of and numbers_between and word in ctx.ADDRESSES
            if kind is not None and not housed:
                return kind, distance == 0 or word in ctx.FOLIO_WORDS
            numbers_between = numbers_between or self._tokens[position].has_digit
            corrected = corrected or word in ctx.CORRECTIONS
            passed = ctx.BESIDE_A_CORRECTION if corrected else ctx.FILLERS
            if word not in passed and word not in ctx.LINKS:
                distance += 1
                if distance > reach:
                    break
        return None, False

    def _kind_named_at(self, at: int, length: int, distance: int, apart: bool) -> str | None:
        """The kind that the word at `at` gives to a number of `length` digits after it."""
        word = self._tokens[at].text
        if word.startswith("postal") or self._names_the_place(word, length, distance, apart):
            return ctx.POSTAL
        if word in _INVOICES and self._tokens[at + 1].text == "del":
            return None  # "la factura del 889012" is that order's
        return ctx.BEFORE.get(word)

    @staticmethod
    def _ends_a_sentence(word: str, gap: str) -> bool:
        return any(sign in gap for sign in "?!\n") or (
            ". " in gap and word not in ctx.ABBREVIATIONS
        )

    @staticmethod
    def _names_the_place(word: str, length: int, distance: int, apart: bool) -> bool:
        """Say whether a word is a place where postcodes are that long, and near enough."""
        if word not in ctx.CITIES or length not in ctx.CITIES[word]:
            return False
        # Four digits after a name are a house as well: "Belgrano 1200".
        return (apart and distance <= 1) or (distance == 0 and length > 4)

    def kind_after(self, last: int) -> str | None:
        """The kind that the words after a number name."""
        digits = self._digits(last)
        for position in range(last + 1, min(last + 6, len(self._tokens))):
            gap = self.gap(position - 1, position)
            if any(sign in gap for sign in "?!;\n"):
                return None
            if "." in gap and self._tokens[position - 1].text not in ctx.ABBREVIATIONS:
                return None
            word = self._tokens[position].text
            if position == last + 1 and (word in ctx.AFTER and ctx.AFTER[word] == ctx.OTHER):
                return ctx.OTHER
            if ctx.AFTER.get(word) == ctx.POSTAL:
                # "120934, código postal 760042": the word tells of the number after it.
                return None if self._leads_to_a_number(position) else ctx.POSTAL
            if word in ctx.CITIES and digits in ctx.CITIES[word]:
                return ctx.POSTAL
            if self._begins_a_town(position, digits):
                return ctx.POSTAL
            # "778812 y el cp": what is linked is another thing.
            if word in {"y", "e", "o"} or not (word in ctx.FILLERS or word in ctx.PLACE_WORDS):
                return None
        return None

    def _leads_to_a_number(self, at: int) -> bool:
        """Say whether a number follows the word at `at`, fillers aside."""
        for token in self._tokens[at + 1 : at + 5]:
            if token.is_number:
                return True
            if token.text not in ctx.FILLERS or token.text == "y":
                return False
        return False

    def _begins_a_town(self, at: int, digits: int) -> bool:
        if at + 1 >= len(self._tokens):
            return False
        word, following = self._tokens[at].text, self._tokens[at + 1].text
        if digits in ctx.TOWNS.get((word, following), ()):
            return True
        return word in ctx.SAINTS and digits in ctx.SAINTLY_LENGTHS and following.isalpha()

    def _digits(self, at: int) -> int:
        return sum(character.isdigit() for character in self._tokens[at].text)

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
