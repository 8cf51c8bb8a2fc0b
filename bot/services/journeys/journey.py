"""What all journeys share: the shop they act in, and the case they work on."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, TypeVar

from bot.domain.eligibility import AlreadyClaimed, AlreadyInReturn
from bot.domain.errors import Refusal
from bot.domain.orders import Order, OrderLine, Product
from bot.domain.policies import Policies, Policy
from bot.domain.shop_facts import ShopFacts
from bot.domain.spoken import SpokenAnswers
from bot.domain.spoken.consent import agrees, says_no, says_yes
from bot.services.identification import (
    FactMissing,
    Fits,
    Identification,
    Identified,
    NoOrders,
    OrderFound,
    OrderQuestion,
    OrdersToChoose,
)
from bot.services.journeys.articles import Articles, articles_said
from bot.services.journeys.memory import Memory, Remark
from bot.services.journeys.naming import Words, told_apart
from bot.services.journeys.steps import Asking, Choice, Question, Say, Step, say
from bot.services.order_backend import OrderBackend
from bot.services.ports import Clock, Units

T = TypeVar("T")

_IN_ANOTHER_CASE = (AlreadyInReturn, AlreadyClaimed)

YES_OR_NO = (Choice(say("button_yes"), intent="affirm"), Choice(say("button_no"), intent="deny"))
# What is looked up.
_IDENTIFYING = frozenset({"order_number", "email", "postal_code"})
# Buttons for a number of units; more are written.
_MOST_COUNTED = 5


@dataclass(frozen=True)
class Shop:
    """What journeys act with."""

    units: Units
    backend: OrderBackend
    identification: Identification
    policies: Policies
    spoken: SpokenAnswers
    option_words: Words
    clock: Clock
    country: str = "ES"  # whose rules are told to somebody who names no order
    facts: ShopFacts = field(default_factory=ShopFacts)


@dataclass(frozen=True, slots=True)
class Talk:
    """In which conversation and turn a journey is under way, and the order talked about before.

    A message is weighed several times before it is answered: `found` keeps what was looked up for
    it, until something is written.
    """

    conversation_id: str
    turn_id: str
    in_focus: str | None = None
    found: dict[object, Identified] = field(default_factory=dict, compare=False, repr=False)


class NoSuchOrder(Exception):
    """The proven customer has no (other) order."""


class Case:
    """A journey under way, as far as the customer's remarks tell.

    Everything is read from the remarks, the last word counts. `heard` is the message that is
    answered now; None when the question is put again.
    """

    def __init__(
        self, shop: Shop, talk: Talk, memory: Memory, heard: Remark | None, fits: Fits
    ) -> None:
        self.shop = shop
        self.talk = talk
        self.memory = memory
        self.heard = heard
        self.order_found: Order | None = None
        self._fits = fits
        self._number: str | None = None

    @property
    def key(self) -> str:
        """Names this procedure: what is written for it is written once."""
        return self.memory.key

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.shop.clock.now()

    def today(self, order: Order) -> date:
        """The present day where the order was placed."""
        return self.now.astimezone(order.zone).date()

    def policy(self, order: Order) -> Policy:
        """The rules that hold for an order."""
        return self.shop.policies.of(order.country)

    # --- what was said ----------------------------------------------------------------------------

    def said(self, name: str) -> str | None:
        """The last value of a fact that was named as such: an entity, or a button's."""
        values = (remark.value(name) for remark in reversed(self.memory.remarks))
        return next((value for value in values if value is not None), None)

    def read(
        self,
        name: str,
        kind: Callable[[str], T],
        reader: Callable[[str], T | None],
        not_in: str | None = None,
    ) -> T | None:
        """The last value of a fact that stands in a button or in the customer's words.

        Args:
            name: The fact.
            kind: Makes the value of a button's text.
            reader: Finds the value in what somebody wrote.
            not_in: The fact whose answers are about something else, though they sound like it.
        """
        for remark in reversed(self.memory.remarks):
            pressed = remark.value(name)
            if pressed is not None:
                return kind(pressed)
            other = not_in is not None and remark.answers == not_in
            found = reader(remark.text) if remark.text and not other else None
            if found is not None:
                return found
        return None

    def answer_to(self, name: str) -> str | None:
        """What was written when a fact was asked for, word by word."""
        for remark in reversed(self.memory.remarks):
            if remark.answers == name and remark.text:
                return remark.text
        return None

    @property
    def photos(self) -> tuple[str, ...]:
        """All photos that came with the matter, each once."""
        sent = (photo for remark in self.memory.remarks for photo in remark.photos)
        return tuple(dict.fromkeys(sent))

    def agrees_to(self, fact: str) -> bool | None:
        """The answer to a question of yes or no; None when it was not answered."""
        for remark in reversed(self.memory.remarks):
            if remark.answers == fact:
                if says_yes(remark.intent, remark.text):
                    return True
                if says_no(remark.intent, remark.text):
                    return False
        return None

    # --- the order ---------------------------------------------------------------------------------

    def order(self, number: str | None = None, fits: Fits | None = None) -> Order:
        """The order that the matter is about, proven to be the customer's.

        Args:
            number: The order's number where the customer named it otherwise (by a folio).
            fits: Chooses among several orders better than `Journey.fits` can.

        Raises:
            Asking: number or second fact are missing, or several orders may be meant.
            NoSuchOrder, OrderNotIdentified, RepeatedlyNotIdentified, LookupLocked.
        """
        if self.order_found is None:
            self._number = number
            self.order_found = self._find_order(fits or self._fits)
        return self.order_found

    def _find_order(self, fits: Fits) -> Order:
        number, second_fact = self.identifying_facts()
        # After something else nothing is looked up; the same facts given again fail again.
        given = self.heard is not None and bool(_IDENTIFYING & self.heard.entities.keys())
        if not given and self.memory.refused == (number, second_fact):
            raise Asking(self._question_for("second_fact"))
        question = OrderQuestion(
            conversation_id=self.talk.conversation_id,
            turn_id=self.talk.turn_id,
            order_number=number or None,
            second_fact=second_fact or None,
            product=self.said("product"),
            reference=self.said("order_reference"),
            in_focus=self.talk.in_focus,
        )
        found = self.talk.found.get((question, fits))
        if found is None:
            found = self.shop.identification.find(question, fits)
            self.talk.found[question, fits] = found
        match found:
            case OrderFound(order):
                return order
            case FactMissing(slot):
                raise Asking(self._question_for(slot))
            case OrdersToChoose(headlines):
                choices = tuple(
                    Choice(
                        say("button_order", items=each.lines, placed_on=each.placed_at),
                        {"order_number": each.number},
                    )
                    for each in headlines
                )
                raise Asking(Question("order_number", say("question_which_order"), choices))
            case NoOrders():
                raise NoSuchOrder

    def _second_fact(self) -> str | None:
        for remark in reversed(self.memory.remarks):
            if remark.answers == "new_address":
                continue  # where it shall go proves nothing
            fact = remark.value("email") or remark.value("postal_code")
            if fact is not None:
                return fact
        return None

    def identifying_facts(self) -> tuple[str, str]:
        """Number and second fact as they stand; empty as long as nobody said them."""
        number, second_fact = self._number or self.said("order_number"), self._second_fact()
        if number is not None and number == second_fact:
            number = None  # a postcode said before anything was asked for
        return number or "", second_fact or ""

    def _question_for(self, slot: str) -> Question:
        return Question(slot, say(f"question_{slot}"))

    # --- its lines ---------------------------------------------------------------------------------

    def lines(self, order: Order, candidates: Collection[int], question: str) -> dict[int, int]:
        """The articles that are meant: position in the order → how many.

        Args:
            order: The order.
            candidates: Positions that the matter can be about, for the buttons.
            question: The response that asks which.

        Raises:
            Asking: it was not said, or not clearly enough.
        """
        said = self.articles(order)
        if said.uncounted:
            raise Asking(self.how_many(order, said.uncounted[0]))
        if said.chosen:
            return said.chosen
        offered = said.ambiguous or tuple(candidates) or tuple(range(len(order.lines)))
        choices = [
            Choice(say("button_line", items=(self.named(order, place),)), {"line": str(place)})
            for place in offered
        ]
        if len(offered) > 1 and not said.ambiguous:
            choices.append(Choice(say("button_all_lines"), {"line": "all"}))
        raise Asking(Question("line", Say(question), tuple(choices)))

    def articles(self, order: Order) -> Articles:
        """What the remarks say of the articles of an order; its only one is meant unsaid."""
        only = len(order.lines) == 1
        first = (Remark("inform", entities={"line": ("0",)}),) if only else ()
        return articles_said((*first, *self.memory.remarks), order, self.shop.spoken)

    def how_many(self, order: Order, place: int) -> Question:
        """The question how many units of an article are meant."""
        units = order.lines[place].quantity
        choices = tuple(
            Choice(say("button_quantity", count=count), {"quantity": str(count)})
            for count in range(1, min(units, _MOST_COUNTED) + 1)
        )
        return Question("quantity", say("question_quantity", count=units), choices)

    def named(self, order: Order, place: int) -> OrderLine:
        """A line of an order under a name that tells it from the others."""
        return told_apart(order.lines[place], order.lines, self.shop.option_words)

    def product(self, sku: str) -> Product | None:
        """The article as the catalogue has it."""
        return self.shop.backend.products([sku]).get(sku)

    def offer_photo(self) -> None:
        """A photo helps, and is nobody's duty.

        Raises:
            Asking: none came, and nobody has said that there is none.
        """
        answered = any(remark.answers == "photo" for remark in self.memory.remarks)
        if self.photos or answered:
            return
        without = Choice(say("button_no_photo"), intent="deny")
        raise Asking(Question("photo", say("question_photo"), (without,)))

    # --- agreeing ----------------------------------------------------------------------------------

    @property
    def is_agreeing(self) -> bool:
        """Whether the customer has just said yes to a summary.

        What was possible when it was shown is not looked at again before it is done: a turn that
        runs a second time finds it done already, and the backend gives the first result again.
        """
        heard = self.heard
        return (
            heard is not None
            and self.memory.asked == "confirmation"
            and agrees(heard.intent, heard.text)
        )

    def confirm(self, *summary: Say, of: object) -> None:
        """Go on only if the customer has just said yes to exactly this.

        Args:
            summary: What will be done.
            of: Everything that the yes is about; when any of it changes, it is asked again.

        Raises:
            Asking: they have not, or something has changed since.
        """
        text = json.dumps([self.memory.journey, of], default=str, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        same = self.memory.agreed == digest
        heard, asked = self.heard, self.memory.asked
        if same and asked == "confirmation" and heard and agrees(heard.intent, heard.text):
            return
        said_no = heard and asked == "confirmation" and says_no(heard.intent, heard.text)
        if same and said_no and heard and heard.tells:
            # "No, mejor el reembolso", which it is: the same summary says so.
            question = Question("confirmation", say("question_confirmation"), YES_OR_NO)
            raise Asking(question, say("already_so"), *summary, agreed=digest)
        if same and (said_no or asked == "change"):
            leave = Choice(say("button_leave_it"), intent="stop")
            raise Asking(Question("change", say("question_change"), (leave,)), agreed=digest)
        question = Question("confirmation", say("question_confirmation"), YES_OR_NO)
        raise Asking(question, *summary, agreed=digest)


class Journey(ABC):
    """One of the matters that customers come with.

    `next` is run from the beginning for every message, and reads top-down: what it needs to know
    it asks the case for, which raises `Asking` as long as nobody has said it.
    """

    # The requests that begin it.
    begins: ClassVar[frozenset[str]]
    # What an answer inside it may tell, beside the fact that was asked for.
    facts: ClassVar[tuple[str, ...]] = ("order_number", "second_fact")
    # Whether it only tells: it can be answered in the middle of another.
    is_question: ClassVar[bool] = False

    @abstractmethod
    def next(self, case: Case) -> Step:
        """Go as far as what was said allows.

        Raises:
            Asking: something has to be asked.
            Refusal: it cannot be done; the reason has a name.
        """

    def fits(self, order: Order) -> bool:
        """Whether the matter can be about such an order at all, to choose among several."""
        return True

    def rather(self, remark: Remark, shop: Shop) -> Remark:
        """The message as what it rather asks for, once its words are looked at closely."""
        return remark

    def aside(self, remark: Remark, case: Case) -> tuple[Say, ...]:
        """What this matter itself says to a question asked in the middle of it.

        "¿Y cuánto tarda el dinero?" in a return is about the refund that is not opened yet.

        Returns:
            Nothing when the question is better answered by its own journey.

        Raises:
            Asking, Refusal: as `next`; the question is then answered by its own journey.
        """
        return ()

    def refused(self, refusal: Refusal, case: Case) -> Step:
        """What is said when it cannot be done: why, and a person as the next step."""
        facts = {"folio": refusal.folio} if isinstance(refusal, _IN_ANOTHER_CASE) else {}
        return Step(says=(Say(f"refusal_{refusal.code}", facts),), offers_person=not facts)
