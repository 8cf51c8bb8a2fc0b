"""Where is my order."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, Said, ServiceAction, offer_person
from actions.order_answers import OrderAnswers, needs_a_person
from bot.domain.errors import LookupLocked, Refusal, RepeatedlyNotIdentified
from bot.services.order_status import (
    FactMissing,
    NoOrders,
    OrderFound,
    OrderHeadline,
    OrderQuestion,
    OrdersToChoose,
)

FORM = "order_lookup_form"


class ActionShowOrderStatus(ServiceAction):
    """Tells where an order stands, or starts to ask for what is missing."""

    def name(self) -> str:
        return "action_show_order_status"

    def answer(self, said: Said, dispatcher: CollectingDispatcher) -> Events:
        if not _is_about_an_order(said):
            dispatcher.utter_message(response="utter_inform")
            return []
        number, second_fact = _facts(said)
        answer = self.services.order_status.answer(_question(said, number, second_fact))
        match answer:
            case FactMissing():
                return [*_remember_facts(number, second_fact), FollowupAction(FORM)]
            case NoOrders():
                dispatcher.utter_message(response="utter_no_orders")
                return _forget_facts()
            case OrdersToChoose(headlines):
                buttons = [self._button(headline) for headline in headlines]
                dispatcher.utter_message(response="utter_order_to_choose", buttons=buttons)
                return _forget_facts()
            case OrderFound(summary):
                now = self.services.clock.now()
                facet = said.entity("order_facet")
                answers = OrderAnswers(self.services.voice, self.services.carriers)
                for name, facts in answers.responses(summary, facet, now):
                    dispatcher.utter_message(response=name, **dict[str, Any](facts))
                then = [offer_person()] if needs_a_person(summary) else []
                return [*_forget_facts(), SlotSet("order_in_focus", summary.number), *then]

    def refused(self, refusal: Refusal, said: Said) -> Events:
        if isinstance(refusal, RepeatedlyNotIdentified | LookupLocked):
            return [*_forget_facts(), offer_person()]
        number, second_fact = _facts(said)
        return [
            *_remember_facts(number, None),
            SlotSet("refused_second_fact", second_fact),
            # Not by FollowupAction: activating a form reads the refused fact from the message again.
            ActiveLoop(FORM),
        ]

    def _button(self, headline: OrderHeadline) -> dict[str, str]:
        voice = self.services.voice
        today = self.services.clock.now().date()
        day = voice.short_day(headline.placed_at.date(), today, headline.country)
        payload = f'/inform{{"order_number": "{headline.number}"}}'
        return {"title": f"{voice.items(headline.lines)} · {day}", "payload": payload}


class ValidateOrderLookupForm(FormValidationAction):
    """Checks nothing but shape; whether the facts are true is the service's to say."""

    def name(self) -> str:
        return "validate_order_lookup_form"

    def domain_slots(self, domain: Any) -> list[str]:
        """The form's slots, known here: the domain need not travel with each call."""
        return ["order_number", "second_fact"]

    def validate_second_fact(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """An e-mail or a postcode as it was understood; the service compares it."""
        return {"second_fact": value, "refused_second_fact": None}

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """A corrected number takes the second fact along that was refused with the old one."""
        kept = tracker.get_slot("second_fact") or tracker.get_slot("refused_second_fact")
        return {"order_number": value, "second_fact": kept, "refused_second_fact": None}


def _is_about_an_order(said: Said) -> bool:
    """Whether there is anything to look up; bare data may be about nothing we know."""
    if said.intent != "inform":
        return True
    facts = ("order_number", "email", "postal_code", "product", "order_reference")
    return said.follows_on(FORM) or any(said.entity(name) for name in facts)


def _facts(said: Said) -> tuple[str | None, str | None]:
    """Number and second fact: what the look-up gathered, or what a new question itself says.

    A new question takes nothing from a look-up that was left: it may be about another order. Bare
    data may be what the look-up had asked for.
    """
    if said.follows_on(FORM) or said.intent == "inform":
        return said.slot("order_number"), said.slot("second_fact")
    return said.entity("order_number"), said.entity("email") or said.entity("postal_code")


def _question(said: Said, number: str | None, second_fact: str | None) -> OrderQuestion:
    return OrderQuestion(
        conversation_id=said.conversation_id,
        turn_id=said.turn_id,
        order_number=number,
        second_fact=second_fact,
        product=said.entity("product"),
        reference=said.entity("order_reference"),
        in_focus=said.slot("order_in_focus"),
    )


def _remember_facts(number: str | None, second_fact: str | None) -> list[EventType]:
    return [SlotSet("order_number", number), SlotSet("second_fact", second_fact)]


def _forget_facts() -> list[EventType]:
    """The facts have served; the next question starts from the proven identity."""
    return [*_remember_facts(None, None), SlotSet("refused_second_fact", None)]
