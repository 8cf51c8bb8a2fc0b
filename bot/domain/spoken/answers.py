"""What a customer's answer inside a journey means.

One thing is asked at a time, but a text may say several or correct what was said before: each
method reads a raw text for one thing. All of them rather find nothing than something wrong.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from bot.domain.claims import Remedy
from bot.domain.complaints import ComplaintKind
from bot.domain.orders import Address, OrderLine, Product
from bot.domain.privacy import PrivacyKind
from bot.domain.returns import Resolution, ReturnReason
from bot.domain.shop_facts import ShopTopic
from bot.domain.spoken.addresses import AddressReader, place_name
from bot.domain.spoken.lexicon import Lexicon
from bot.domain.spoken.line_index import LineIndex, NamedLine
from bot.domain.spoken.options import OptionWords
from bot.domain.spoken.order_lines import OrderLinesReader
from bot.domain.spoken.phrases import Phrases, meant
from bot.domain.spoken.product_names import ProductNames
from bot.domain.spoken.recipients import RecipientReader
from bot.domain.spoken.said import AddressSaid, DeliveryWish, LinesSaid
from bot.domain.spoken.signs import asks_nothing_in_return, is_going_to
from bot.domain.spoken.variants import VariantsReader
from bot.domain.spoken.words import Reader, Word

# "No me gusta nada" is no less a dislike than without the word.
_AT_ALL = re.compile(r"\b(gust\w+|convenc\w+) nada\b", re.IGNORECASE)
# "Me quedan cortos de batería" is about no size.
_SHORT_OF = re.compile(
    r"\bcort[oa]s? de \w+|\bqueda\w* cort[oa]s?\b(?=.*(?:bater|hora|autonom))"
    r"|(?<=hora).*?\bqueda\w* cort[oa]s?\b",
    re.IGNORECASE | re.DOTALL,
)
# Longer texts are stories: read from both ends.
_HEAD, _TAIL = 700, 700
_LONGEST_NOTHING = 8  # words; who writes more has something to add
_ORDERS_REMEMBERED = 512
_FEWEST_TOLD = 5  # words beyond the wish to complain


class SpokenAnswers:
    """Reads customers' Spanish into codes; built once from the lexicon, its methods are pure."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._reader = Reader(lexicon.abbreviations, lexicon.units)
        self._never = tuple(lexicon.words["never"])
        self._phrases = {
            question: Phrases(codes, self._never) for question, codes in lexicon.codes.items()
        }
        self._request = frozenset(lexicon.words["request"]) | set(lexicon.words["little"])
        self._options = OptionWords(lexicon.options, self._reader)
        self._names = ProductNames(
            lexicon.products, self._reader, lexicon.words["little"], lexicon.words["sets"]
        )
        self._addresses = AddressReader(lexicon.address)
        self._recipients = RecipientReader(lexicon.address["recipient"])
        self._complaint_wish = frozenset(lexicon.words["complaint_wish"])
        self._index = lru_cache(maxsize=_ORDERS_REMEMBERED)(self._build_index)
        self._read = lru_cache(maxsize=32)(self._read_text)
        self._read_all = lru_cache(maxsize=32)(self._read_all_of_text)

    def reason(self, text: str) -> ReturnReason | None:
        """Why something goes back; the most telling reason when several are given."""
        codes = self._codes("reason", _AT_ALL.sub(r"\1", _SHORT_OF.sub(" ", text)))
        by_weight = (code for code in self._phrases["reason"].codes if code in codes)
        code = next(by_weight, None)
        return ReturnReason(code) if code else None

    def resolution(self, text: str) -> Resolution | None:
        """What the customer wants for a return; None when two are named alike."""
        codes = self._codes("resolution", text)
        return Resolution(codes[0]) if len(codes) == 1 else None

    def remedy(self, text: str) -> Remedy | None:
        """What the customer wants for a fault or a loss; None when two are named alike."""
        codes = self._codes("remedy", text)
        return Remedy(codes[0]) if len(codes) == 1 else None

    def cancel_reason(self, text: str) -> str | None:
        """Why an order is cancelled.

        Returns:
            `no_longer_needed`, `ordered_by_mistake`, `found_cheaper`, `takes_too_long`, `payment`,
            `other`, or None.
        """
        codes = self._codes("cancel_reason", text)
        by_weight = (code for code in self._phrases["cancel_reason"].codes if code in codes)
        return next(by_weight, None)

    def mentioned(self, question: str, text: str) -> tuple[str, ...]:
        """The codes of a question that a text speaks of, in the order said, denied or not."""
        found = self._phrases[question].find(self._read_all(text))
        return tuple(dict.fromkeys(match.code for match in found))

    def complaint_kind(self, text: str) -> ComplaintKind | None:
        """Which kind of complaint is named; the one that must be answered, when both are."""
        if asks_nothing_in_return(text):
            return ComplaintKind.QUEJA
        codes = self._codes("complaint_kind", text)
        by_weight = (code for code in self._phrases["complaint_kind"].codes if code in codes)
        code = next(by_weight, None)
        return ComplaintKind(code) if code else None

    def tells_what_happened(self, text: str) -> bool:
        """Whether a message says more than that somebody wants to complain."""
        told = [word for word in self._read_all(text) if word.text not in self._complaint_wish]
        return len([word for word in told if word.text.isalpha()]) >= _FEWEST_TOLD

    def is_without_order(self, text: str) -> bool:
        """Whether the matter is about no order, or about one that the customer cannot name."""
        return bool(self._codes("without_order", text))

    def privacy_kind(self, text: str) -> PrivacyKind | None:
        """What is asked about personal data; None when two things are named alike."""
        codes = self._codes("privacy_kind", text)
        return PrivacyKind(codes[0]) if len(codes) == 1 else None

    def shop_topics(self, text: str) -> tuple[ShopTopic, ...]:
        """What is asked about the shop, in the order of the question."""
        return tuple(map(ShopTopic, self.mentioned("shop_topic", text)))

    def beside_a_request(self, text: str, titles: str = "") -> tuple[str, ...]:
        """The words of a text that say more than what is wanted, and of which article.

        Args:
            text: What the customer wrote.
            titles: Names of the articles that are meant.
        """
        about = {word.text for word in self._read_all(titles)} | self._request
        return tuple(
            word.text
            for word in self._read_all(text)
            if word.text.isalpha() and word.text not in about
        )

    def is_nothing_to_add(self, text: str) -> bool:
        """Whether the customer has nothing to give: "no tengo foto", "nada más", "paso"."""
        words = self._read_all(text)
        if not 0 < len(words) <= _LONGEST_NOTHING:
            return False
        found = self._phrases["nothing_to_add"].find(words)
        return bool(found) and found[0].start <= 2

    def lines(
        self, text: str, lines: Sequence[OrderLine], chosen: Collection[int] = ()
    ) -> LinesSaid:
        """Which lines of an order are meant, and how many of each.

        Args:
            text: What the customer wrote.
            lines: The order's lines; positions are indexes of it.
            chosen: What had been chosen before: "la otra" is none of these.
        """
        index = self._index(
            tuple(
                NamedLine(line.title, line.quantity, tuple(line.options.items())) for line in lines
            )
        )
        return OrderLinesReader(index, self._read(text), chosen).read()

    def variants(
        self, text: str, wanted: OrderLine, variants: Sequence[Product]
    ) -> tuple[Product, ...]:
        """Those variants of an article that fit what the text asks for instead.

        Args:
            text: What the customer wrote.
            wanted: The line that is to be exchanged.
            variants: The articles it may be exchanged for.

        Returns:
            Nothing when the text asks for no option, or for one that no variant has.
        """
        return VariantsReader(self._options, wanted, variants).read(self._read(text))

    def address(self, text: str, current: Address, asked: str | None = None) -> AddressSaid:
        """The address, or the parts of one, that a text holds.

        Args:
            text: What the customer wrote.
            current: The order's address: "la misma calle, número 7", and the shape of a postcode.
            asked: The part that was asked for (a name of `AddressSaid.missing`): "Bilbao" is a
                city, "Gran Vía 12" a street, where that was the question.
        """
        return self._addresses.read(_ends(text), current, asked)

    def city(self, text: str) -> str | None:
        """The city, when just that had been asked."""
        return place_name(_ends(text))

    def count(self, text: str) -> int | None:
        """How many, when just that had been asked: "una", "solo falta una", "las dos"."""
        words = self._read_all(text)
        if len(words) > _LONGEST_NOTHING:
            return None
        return next((word.number for word in words if word.number is not None), None)

    def recipient(self, text: str, *, asked: bool = False) -> str | None:
        """The name of whoever is to receive a parcel.

        Args:
            text: What the customer wrote.
            asked: Whether the name had been asked for, so that it may stand alone.
        """
        return self._recipients.read(_ends(text), asked=asked)

    def delivery_wish(self, text: str) -> DeliveryWish | None:
        """What is wanted of a delivery beside another address."""
        codes = self._codes("delivery", text)
        return DeliveryWish(codes[0]) if codes else None

    def has_looked_around(self, text: str) -> bool:
        """Whether the customer has looked for the parcel already, with neighbours say."""
        return "looked_around" in self._codes("incident", text) and not is_going_to(text)

    def is_empty_parcel(self, text: str) -> bool:
        """Whether a parcel came with nothing inside."""
        return "empty_parcel" in self._codes("incident", text)

    def names_what_came(self, text: str) -> bool:
        """Whether the articles named are those that did come: "solo llegó la taza"."""
        return "only_this_came" in self._codes("incident", text)

    def _codes(self, question: str, text: str) -> list[str]:
        words = self._read_all(text)
        return meant(words, self._phrases[question].find(words))

    def _read_text(self, text: str) -> tuple[Word, ...]:
        return self._reader.read(_ends(text))

    def _read_all_of_text(self, text: str) -> tuple[Word, ...]:
        return self._reader.read_all(_ends(text))

    def _build_index(self, lines: tuple[NamedLine, ...]) -> LineIndex:
        return LineIndex(lines, self._names, self._options, self._never)


def _ends(text: str) -> str:
    if len(text) <= _HEAD + _TAIL:
        return text
    return f"{text[:_HEAD]}. {text[-_TAIL:]}"
