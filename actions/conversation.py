"""What belongs to the conversation itself, beside any journey."""

import json

from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, Said, ServiceAction

# What a customer has given already goes along with the choice.
_KEPT = ("order_number", "email", "postal_code", "product")


class ActionRepeatLastAnswer(ServiceAction):
    """Says the last answer again, buttons included."""

    def name(self) -> str:
        return "action_repeat_last_answer"

    def answer(self, said: Said, dispatcher: CollectingDispatcher) -> Events:
        preface = self.services.voice.message("utter_repeated").text
        answer = [each for each in said.last_answer if each[0] != preface]
        if answer:
            dispatcher.utter_message(response="utter_repeated")
        for text, buttons in answer:
            dispatcher.utter_message(text=text, buttons=buttons)
        if not answer:
            dispatcher.utter_message(response="utter_nothing_to_repeat")
        return []


class ActionAskWhichReading(ServiceAction):
    """Asks which of two readings of a request is meant."""

    def name(self) -> str:
        return "action_ask_which_reading"

    def answer(self, said: Said, dispatcher: CollectingDispatcher) -> Events:
        titles = self.services.voice.texts("utter_reading_")
        facts = {name: value for name in _KEPT if (value := said.entity(name))}
        kept = json.dumps(facts, ensure_ascii=False) if facts else ""
        buttons = [
            {"title": titles[reading], "payload": f"/{reading}{kept}"}
            for reading in said.entities("reading")
        ]
        dispatcher.utter_message(response="utter_which_reading", buttons=buttons)
        return []
