"""What a message is in the middle of a journey: an answer, another matter, or none of its business.

Pure but for one look at the order, whose articles a message may name. The classifier has read the
message without knowing what was asked; here its reading is weighed against the question.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from bot.domain.errors import Refusal
from bot.domain.orders import Order
from bot.domain.spoken.consent import (
    asks_what_it_costs,
    asks_when,
    decides_at_once,
    says_no,
    says_yes,
)
from bot.domain.spoken.signs import corrects_itself, is_question, leaves_it
from bot.services.journeys.addresses import ANYWHERE
from bot.services.journeys.journey import Case, Journey, NoSuchOrder, Shop, Talk
from bot.services.journeys.memory import Memory, Remark
from bot.services.journeys.steps import Asking

# Bare facts: they belong to the matter under way, or to none.
INFORM = "inform"
# Never the answer to anything: they are dealt with outside, in every journey alike.
_NEVER_AN_ANSWER = frozenset({"request_human", "stop", "report_danger", "ask_why_asked", "goodbye"})
_NO_CONTENT = frozenset(
    {"greet", "thank", "repeat", "ask_if_human", "ask_capabilities", "send_photo"}
)
# What the classifier says of words that it does not know; they may well be meant for us.
_UNKNOWN_WORDS = frozenset({INFORM, "nlu_fallback", "out_of_scope", "affirm"})
_SMALL_TALK = _NO_CONTENT | {"chitchat", "express_frustration"}
# What proves an order to be theirs is asked before anything else.
IDENTIFYING = frozenset({"order_number", "second_fact"})
# Offered after an answer that stands by itself: whoever goes on with something else has had it.
OFFERS = frozenset({"enquiry"})
_YES_OR_NO = frozenset({"confirmation", "enquiry", "photo", "looked_around", "without_order"})
# Answered in the customer's own words: whatever is written is the answer, small talk aside.
_OWN_WORDS = frozenset({"description", "complaint"})
# Words that we do not know are an answer to these as well, when they are about nothing else.
_ANY_WORDS = frozenset({"reason", "exchange_for"})
# Names of places and people look like nothing else that is known.
_MAY_BE_A_NAME = frozenset(
    {INFORM, "affirm", "nlu_fallback", "out_of_scope", "chitchat", "change_address"}
)
_LONGEST_BARE_NO = 2
_SHORTEST_STORY = 3
# "No, no hace falta, gracias": longer ones that read as a request are one.
_LONGEST_DECISION = 5
# "Me he confundido, el mío es 28013".
_LONGEST_FACT = 6
# "Que me devolváis el dinero" is a request elsewhere, and the answer where that was the question.
_SAYS_AS_REQUEST = {
    ("remedy", "request_return"): "refund",
    ("remedy", "ask_refund_status"): "refund",
    ("remedy", "request_exchange"): "replacement",
    ("resolution", "request_return"): "refund",
    ("resolution", "ask_refund_status"): "refund",
    ("resolution", "request_exchange"): "exchange",
}
# How sure the classifier must be that an answer is no answer but another matter.
_SURELY_ANOTHER = 0.5


class Kind(StrEnum):
    """What a message is to the journey under way."""

    ANSWER = "answer"  # it tells what was asked, or corrects what was told
    QUESTION = "question"  # something is asked in between
    ANOTHER = "another"  # another matter is to be seen to
    NO = "no"  # what was asked is not going to be told
    AGAIN = "again"  # the same request once more
    UNCLEAR = "unclear"  # meant for us, and nothing in it that could be used
    NOT_OURS = "not_ours"  # small talk, a person, danger: answered elsewhere


@dataclass(frozen=True, slots=True)
class Message:
    """A customer's message, and how sure it is what it wants."""

    remark: Remark
    confidence: float = 1.0


class Reception:
    """Weighs messages in the middle of a journey."""

    def __init__(self, shop: Shop, journeys: Mapping[str, Journey]) -> None:
        self._shop = shop
        self._journeys = journeys

    def as_answer(self, remark: Remark, asked: str | None) -> Remark:
        """A request that stands for the answer to what was asked, as that answer."""
        value = _SAYS_AS_REQUEST.get((asked or "", remark.intent))
        if asked is None or value is None or not remark.text or is_question(remark.text):
            return remark
        if self._answers_in_words(asked, remark):
            return remark
        return replace(remark, intent=INFORM, entities={**remark.entities, asked: (value,)})

    def _answers_in_words(self, asked: str, remark: Remark) -> bool:
        spoken = self._shop.spoken
        said = spoken.remedy if asked == "remedy" else spoken.resolution
        return said(remark.text) is not None

    def kind_of(self, message: Message, memory: Memory, talk: Talk) -> Kind:
        """What a message is to the journey that a memory is of."""
        at_once = self._at_once(message.remark, memory.asked, others_wait=bool(memory.then))
        return at_once or self._weighed(message, memory, talk)

    def _at_once(self, remark: Remark, asked: str | None, *, others_wait: bool) -> Kind | None:
        """What a message plainly is; None where it has to be weighed."""
        if asked == "photo" and _has_no_photo(remark, self._shop):
            return Kind.ANSWER
        if asked == "reason" and remark.intent == "stop" and self._is_why(remark):
            return Kind.ANSWER  # "cambié de idea", which is why
        if asked in OFFERS and remark.intent == "stop" and others_wait:
            return Kind.ANSWER  # what was offered is declined; what waits begins
        if remark.intent in _NEVER_AN_ANSWER and not presses(remark):
            return Kind.NOT_OURS
        if asked in ("confirmation", "change") and leaves_it(remark.text):
            return Kind.NO
        if asked in OFFERS and _decides(remark) and not is_question(remark.text):
            return None if self._asks_anew(remark) else Kind.ANSWER
        if asked in IDENTIFYING and _only_identifies(remark):
            return Kind.ANSWER
        return None

    def _asks_anew(self, remark: Remark) -> bool:
        """Whether "no sé nada de mi pedido A-10198" begins with a no and asks for something."""
        found = self._journeys.get(remark.intent)
        is_long = len(remark.text.split()) > _LONGEST_DECISION
        asks = found is not None and remark.intent != INFORM
        return asks and is_long and not decides_at_once(remark.text)

    def _is_why(self, remark: Remark) -> bool:
        """Whether words say why something goes back, and not that it is to be left."""
        return self._shop.spoken.reason(remark.text) is not None and not leaves_it(remark.text)

    def _weighed(self, message: Message, memory: Memory, talk: Talk) -> Kind:
        remark, asked = message.remark, memory.asked
        current = self._journeys[memory.journey]
        answers = self._answers(memory, remark, talk)
        corrects = self._tells_any(current.facts, memory, remark, talk)
        another = self._another(message, current, asked)
        if another is not None and another.is_question:
            if self._leads_on(remark, asked, is_current=another is current):
                return Kind.ANOTHER
            told = answers or corrects or _in_any_words(asked, remark)
            if is_question(remark.text) or not told:
                return Kind.QUESTION
        elif another is not None and self._goes_first(remark, asked, answers=answers):
            corrects_it = asked == "confirmation" and self.tells_of_matter(remark, memory, talk)
            return Kind.ANSWER if corrects_it else Kind.ANOTHER
        if is_question(remark.text) and not answers and remark.intent not in _SMALL_TALK:
            return Kind.QUESTION
        if answers or corrects or (another is None and _in_any_words(asked, remark)):
            return Kind.ANSWER
        return self._without_content(remark, current, asked)

    def tells_of_matter(self, remark: Remark, memory: Memory, talk: Talk) -> bool:
        """Whether a message says anything of the matter itself, beside whose order it is."""
        facts = self._journeys[memory.journey].facts
        of_matter = (fact for fact in facts if fact not in IDENTIFYING)
        return self._tells_any(of_matter, memory, remark, talk)

    def _without_content(self, remark: Remark, current: Journey, asked: str | None) -> Kind:
        """What a message is that tells nothing the journey can use."""
        if _gives_up(remark):
            return Kind.NO
        if self._journeys.get(remark.intent) is current and remark.intent != INFORM:
            return Kind.AGAIN
        unknown = remark.intent in _UNKNOWN_WORDS and asked not in IDENTIFYING
        for_us = unknown or remark.intent in (INFORM, "nlu_fallback")
        if for_us and remark.intent != "affirm":
            return Kind.UNCLEAR
        return Kind.UNCLEAR if remark.intent in self._journeys else Kind.NOT_OURS

    def _another(self, message: Message, current: Journey, asked: str | None) -> Journey | None:
        """The other matter that a message surely is about, if it is."""
        intent = message.remark.intent
        found = self._journeys.get(intent) if intent != INFORM else None
        sure = message.confidence >= _SURELY_ANOTHER
        again = found is current and asked not in OFFERS
        if found is not None and not found.is_question and asks_about_this(message.remark):
            return None
        return found if sure and not again else None

    def _leads_on(self, remark: Remark, asked: str | None, *, is_current: bool) -> bool:
        """Whether a question takes the place of what was asked, and is not put in between.

        Before anything has begun a wish does ("mejor dime dónde está"); what was merely offered
        gives way to the same question put differently, or about another order.
        """
        if asked in IDENTIFYING:
            return not is_question(remark.text)
        if asked not in OFFERS:
            return False
        return is_current or bool({"order_number", "order_reference"} & remark.entities.keys())

    def _goes_first(self, remark: Remark, asked: str | None, *, answers: bool) -> bool:
        """Whether another matter counts more than what a message says of the present one."""
        if asked in IDENTIFYING:
            return True  # nothing has begun yet
        if asked in OFFERS or asked == "confirmation":
            return not says_yes(remark.intent, remark.text)
        return not answers

    # --- answers -----------------------------------------------------------------------------------

    def _answers(self, memory: Memory, remark: Remark, talk: Talk) -> bool:
        """Whether a message answers what was asked."""
        asked = memory.asked
        if asked is None:
            return False
        if remark.photos or presses(remark):
            return True
        if asked in _YES_OR_NO and _decides(remark):
            return True
        if asked in _OWN_WORDS:
            return tells_a_story(remark)
        return self._alone(asked, remark) or self._tells_any((asked,), memory, remark, talk)

    def _alone(self, asked: str, remark: Remark) -> bool:
        """Whether words that would say nothing elsewhere answer what was asked."""
        spoken = self._shop.spoken
        if asked == "quantity":
            return spoken.count(remark.text) is not None and not _decides(remark)
        if asked == "recipient" and remark.intent in _MAY_BE_A_NAME:
            return spoken.recipient(remark.text, asked=True) is not None
        if asked == "new_address" and remark.intent in _MAY_BE_A_NAME:
            numbered = len(remark.text.split()) > 1 and any(map(str.isdigit, remark.text))
            return numbered or spoken.city(remark.text) is not None
        return False

    def _tells_any(self, facts: Iterable[str], memory: Memory, remark: Remark, talk: Talk) -> bool:
        """Whether a message says anything of these facts."""
        tells = _tells(self._shop, cache(lambda: self._order_of(memory, talk)))
        return any(tells[fact](remark) for fact in facts if fact in tells)

    def _order_of(self, memory: Memory, talk: Talk) -> Order | None:
        """The order of the matter, as far as it is known without asking or counting anything."""
        if self._shop.identification.customer_of(talk.conversation_id) is None:
            return None
        current = self._journeys[memory.journey]
        try:
            return Case(self._shop, talk, memory, None, current.fits).order()
        except (Asking, NoSuchOrder, Refusal):
            return None


def presses(remark: Remark) -> bool:
    """Whether a button was pressed: its meaning is no guess."""
    return not remark.text and remark.intent in ("affirm", "deny", INFORM) and not remark.photos


def _only_identifies(remark: Remark) -> bool:
    """Whether a short message gives a number or an address and little else: "me confundí, es 28013"."""
    facts = {"order_number", "email", "postal_code"} & remark.entities.keys()
    short = len(remark.text.split()) <= _LONGEST_FACT
    return bool(facts) and short and corrects_itself(remark.text)


def tells_a_story(remark: Remark) -> bool:
    """Whether words are what happened, and not a bare yes, no or nothing."""
    told = [word for word in remark.text.split() if any(map(str.isalpha, word))]
    return len(told) >= _SHORTEST_STORY and remark.intent not in _NO_CONTENT


def _has_no_photo(remark: Remark, shop: Shop) -> bool:
    """Whether somebody asked for a photo has none, in whatever words."""
    if not remark.text or is_question(remark.text):
        return False
    declines = remark.intent in ("deny", "thank", "stop") and "foto" in remark.text.casefold()
    return declines or remark.intent == "thank" or shop.spoken.is_nothing_to_add(remark.text)


def _in_any_words(asked: str | None, remark: Remark) -> bool:
    """Whether a question was answered in words that only a person understands."""
    if asked not in _ANY_WORDS or _gives_up(remark) or is_question(remark.text):
        return False
    return len(remark.text.split()) > 1 and remark.intent not in _SMALL_TALK


def _gives_up(remark: Remark) -> bool:
    """Whether somebody does not want to give what was asked."""
    if "foto" in remark.text.casefold():
        return False  # "no tengo foto" is no refusal to go on
    bare = len(remark.text.split()) <= _LONGEST_BARE_NO
    return says_no(remark.intent, remark.text) and (remark.intent == "deny" or bare)


def asks_about_this(remark: Remark) -> bool:
    """Whether somebody asks when or how much: that begins nothing else."""
    return asks_when(remark.text) or asks_what_it_costs(remark.text)


def _decides(remark: Remark) -> bool:
    return says_yes(remark.intent, remark.text) or says_no(remark.intent, remark.text)


def _tells(shop: Shop, order: Callable[[], Order | None]) -> Mapping[str, Callable[[Remark], bool]]:
    """For each fact, whether a message says anything of it."""
    spoken = shop.spoken

    def names_lines(remark: Remark) -> bool:
        found = order()
        if found is None:
            return "product" in remark.entities
        said = spoken.lines(remark.text, found.lines, ())
        return bool(said.chosen or said.ambiguous)

    def names_place(remark: Remark) -> bool:
        found = order()
        return not spoken.address(remark.text, found.shipping_address if found else ANYWHERE).empty

    def how_many(remark: Remark) -> bool:
        return any(c.isdigit() for c in remark.text) or names_lines(remark)

    def has(*names: str) -> Callable[[Remark], bool]:
        return lambda remark: any(name in remark.entities for name in names)

    return {
        "order_number": has("order_number", "order_reference", "product", "email", "postal_code"),
        "second_fact": has("email", "postal_code", "order_number"),
        "case_number": has("case_number"),
        "line": names_lines,
        "quantity": how_many,
        "reason": lambda remark: spoken.reason(remark.text) is not None,
        "resolution": lambda remark: (
            "resolution" in remark.entities or spoken.resolution(remark.text) is not None
        ),
        "remedy": lambda remark: (
            "remedy" in remark.entities or spoken.remedy(remark.text) is not None
        ),
        "rating": has("rating"),
        "complaint": lambda remark: spoken.tells_what_happened(remark.text),
        "complaint_kind": lambda remark: spoken.complaint_kind(remark.text) is not None,
        "privacy_kind": lambda remark: spoken.privacy_kind(remark.text) is not None,
        "without_order": lambda remark: spoken.is_without_order(remark.text),
        "new_address": names_place,
        "recipient": lambda remark: spoken.recipient(remark.text) is not None,
        "looked_around": lambda remark: spoken.has_looked_around(remark.text),
        "product": has("product"),
        "topic": lambda remark: bool(spoken.mentioned("help_topic", remark.text)),
    }
