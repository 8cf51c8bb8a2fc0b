"""Leads through a customer's matter: Rasa's form is the frame, the journeys are the content."""

from typing import Any

from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, Said, ServiceAction, offer_person
from actions.wording import Wording
from bot.services.journeys.engine import Message, Progress
from bot.services.journeys.journey import Talk
from bot.services.journeys.memory import Memory, Remark
from bot.services.journeys.steps import Step

FORM = "journey_form"
MEMORY = "journey"
REQUESTED = "requested_slot"


class ValidateJourneyForm(ServiceAction):
    """Takes a message in a journey: begins it, goes on with it, or puts its question again.

    Rasa runs it when the form begins, for every message inside it, and after something else was
    answered in between.
    """

    def name(self) -> str:
        return f"validate_{FORM}"

    def answer(self, said: Said, dispatcher: CollectingDispatcher) -> Events:
        talk = Talk(said.conversation_id, said.turn_id, said.slot("order_in_focus"))
        memory = None if said.begins(FORM) else Memory.read(said.value(MEMORY))
        journeys = self.services.journeys
        progress: Progress | None
        if memory is None:
            progress = journeys.begin(_message(said), talk)
        elif said.was_rejected(FORM):
            progress = journeys.ask_again(talk, memory)
        else:
            progress = journeys.hear(_message(said), talk, memory)
        if progress is None:
            return [ActionExecutionRejected(FORM)]
        self._say(progress.step, dispatcher)
        for document in progress.step.documents:
            handed_over = {"kind": document.kind.value, "reference": document.reference}
            dispatcher.utter_message(json_message={"document": handed_over})
        return _events(progress)

    def _say(self, step: Step, dispatcher: CollectingDispatcher) -> None:
        wording = Wording(self.services.voice, step.country, self.services.clock.now())
        says = [*step.says, *([step.question.say] if step.question else [])]
        choices = step.question.choices if step.question else step.choices
        for place, say in enumerate(says, start=1):
            buttons = [wording.button(each) for each in choices] if place == len(says) else []
            facts: dict[str, Any] = wording.facts(say)
            dispatcher.utter_message(response=f"utter_{say.response}", buttons=buttons, **facts)


def _events(progress: Progress) -> list[EventType]:
    step, memory = progress.step, progress.memory
    events: list[EventType] = [SlotSet(MEMORY, memory.written() if memory else None)]
    if step.order_in_focus is not None:
        events.append(SlotSet("order_in_focus", step.order_in_focus))
    events.append(SlotSet(REQUESTED, step.question.fact if step.question else None))
    if step.offers_person:
        events.append(offer_person())
    elif step.asks_if_solved:
        events.append(FollowupAction("utter_ask_if_solved"))
    return events


def _message(said: Said) -> Message:
    remark = Remark(
        intent=said.intent,
        text=said.text,
        entities=said.all_entities(),
        photos=tuple(said.entities("photo")),
    )
    return Message(remark, said.confidence)
