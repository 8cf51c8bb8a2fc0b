"""What every custom action shares: one service call, refusals turned into responses."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
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
        latest = tracker.latest_message
        intent = latest.get("intent") or {}
        self.conversation_id = str(tracker.sender_id)
        self.turn_id = str(latest.get("message_id") or "")
        self.intent = str(intent.get("name") or "")
        self.confidence = float(intent.get("confidence") or 0.0)
        written = str(latest.get("text") or "")
        # A pressed button has no text but its payload.
        self.text = "" if written == f"/{self.intent}" else written

    def slot(self, name: str) -> str | None:
        """A slot's text, if it is set."""
        value = self._tracker.get_slot(name)
        return str(value) if value else None

    def value(self, name: str) -> Any:
        """What a slot of any type holds."""
        return self._tracker.get_slot(name)

    def entity(self, name: str) -> str | None:
        """The first value of an entity in the latest message."""
        return next(iter(self.entities(name)), None)

    def entities(self, name: str) -> list[str]:
        """All values of an entity in the latest message, in order."""
        return list(self.all_entities().get(name, ()))

    def all_entities(self) -> dict[str, tuple[str, ...]]:
        """All values in the latest message by the entity's name, in order."""
        found = cast(list[dict[str, Any]], self._tracker.latest_message.get("entities") or [])
        values: dict[str, tuple[str, ...]] = {}
        for entity in found:
            name = str(entity["entity"])
            values[name] = (*values.get(name, ()), str(entity["value"]))
        return values

    def begins(self, form: str) -> bool:
        """Whether a form has just begun, with the latest message."""
        return any(
            event.get("event") == "active_loop" and event.get("name") == form
            for event in self._since_the_message()
        )

    def was_rejected(self, form: str) -> bool:
        """Whether the latest message turned out to be no answer to what a form had asked."""
        return any(
            event.get("event") == "action_execution_rejected" and event.get("name") == form
            for event in self._since_the_message()
        )

    def _since_the_message(self) -> Iterator[dict[str, Any]]:
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                return
            yield event

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
