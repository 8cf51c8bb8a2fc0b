"""What every custom action shares: one service call, refusals turned into responses."""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any, ClassVar, cast

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from bot.bootstrap import ActionServices
from bot.domain.errors import Refusal, StorageUnavailable

logger = logging.getLogger(__name__)

Events = list[EventType]


class ServiceAction(Action, ABC):
    """An action with services.

    The action server makes an instance of every concrete subclass by itself, so the services are
    handed over beforehand, once, by `actions.server`.
    """

    services: ClassVar[ActionServices]

    @abstractmethod
    def answer(self, said: "Said", dispatcher: CollectingDispatcher) -> Events:
        """Read what was said, call one service, say a response by name, return events.

        Runs in a thread. Raises whatever the service raises.
        """

    def refused(self, refusal: Refusal, said: "Said") -> Events:
        """Events after a refusal; by default a refusal changes nothing."""
        return []

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        """Answer; a refusal becomes `utter_refusal_<code>`.

        Raises:
            StorageUnavailable: the whole turn is given up and tried again by the gateway.
        """
        said = Said(tracker)
        try:
            return await asyncio.to_thread(self.answer, said, dispatcher)
        except Refusal as refusal:
            dispatcher.utter_message(response=f"utter_refusal_{refusal.code}")
            return self.refused(refusal, said)
        except StorageUnavailable:
            raise
        except Exception:
            logger.exception("action %s failed in %s", self.name(), tracker.sender_id)
            dispatcher.utter_message(response="utter_technical_problem")
            return []


class Said:
    """What the customer said, as actions need it."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self.conversation_id = str(tracker.sender_id)
        self.turn_id = str(tracker.latest_message.get("message_id") or "")
        self.intent = str(tracker.latest_message.get("intent", {}).get("name") or "")

    def slot(self, name: str) -> str | None:
        """A slot's text, if it is set."""
        value = self._tracker.get_slot(name)
        return str(value) if value else None

    def entity(self, name: str) -> str | None:
        """The first value of an entity in the latest message."""
        return next(iter(self.entities(name)), None)

    def entities(self, name: str) -> list[str]:
        """All values of an entity in the latest message, in order."""
        found = cast(list[dict[str, Any]], self._tracker.latest_message.get("entities", []))
        return [str(entity["value"]) for entity in found if entity["entity"] == name]

    def follows_on(self, action: str) -> bool:
        """Whether an action ran just before, in this turn; else the customer's message did."""
        return bool(self._tracker.latest_action_name == action)

    @property
    def last_answer(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Texts and buttons of the assistant's previous turn, in order."""
        said: list[tuple[str, list[dict[str, Any]]]] = []
        customer_messages = 0
        for event in reversed(self._tracker.events):
            customer_messages += event.get("event") == "user"
            if customer_messages > 1 and said:
                break
            if event.get("event") == "bot" and event.get("text"):
                said.append((event["text"], (event.get("data") or {}).get("buttons") or []))
        return said[::-1]


def offer_person() -> EventType:
    """The event that makes the assistant offer a person next, so that a "sí" means that."""
    return FollowupAction("utter_offer_person")
