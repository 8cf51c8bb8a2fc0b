"""Runs inside Rasa for `test_dialogue_state.py`: conversations with a cut memory and with a whole one.

Each conversation is played twice over the trained rules with the same pressed buttons: once with
the state cut and folded as it travels in earnest, once with all that ever happened. Whatever the
assistant says, asks its actions, or remembers has to be the same. Prints what came out as JSON.
"""

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from bot.assistant import dialogue_state
from bot.assistant.dialogue_state import restore
from bot.assistant.repairs import apply_repairs
from bot.assistant.turn_processor import TurnProcessor

CONVERSATIONS = 40
TURNS = 14
LONG_CONVERSATION = 60
EVERYTHING = 10_000
FORM = "journey_form"
# What happens more often than its share of the intents: the look-up, and answers to its offers.
FREQUENT = ["ask_order_status", "inform", "affirm", "deny", "nlu_fallback", "stop", "repeat"]


class PlayedActions(EndpointConfig):
    """An action server in this process, as far as a look-up goes; notes what it was asked."""

    def __init__(self) -> None:
        super().__init__(url="http://played")
        self.asked: list[Any] = []

    async def request(self, method: str = "post", **kwargs: Any) -> Any:
        """Answer one call."""
        name, tracker = kwargs["json"]["next_action"], kwargs["json"]["tracker"]
        slots = {k: v for k, v in tracker["slots"].items() if k != "session_started_metadata"}
        self.asked.append(
            [name, slots, (tracker["active_loop"] or {}).get("name"), _latest(tracker)]
        )
        return _played(name, slots, tracker)


def _played(name: str, slots: dict[str, Any], tracker: dict[str, Any]) -> dict[str, Any]:
    if name == f"validate_{FORM}":
        return _journey(slots, tracker)
    if name == "action_repeat_last_answer":
        said = [e["text"] for e in tracker["events"] if e["event"] == "bot" and e.get("text")]
        return {"events": [], "responses": [{"text": said[-1] if said else "nothing"}]}
    return {"events": [], "responses": [{"text": name}]}


def _journey(slots: dict[str, Any], tracker: dict[str, Any]) -> dict[str, Any]:
    """A look-up as a journey: it begins, goes on, is asked again, is refused, or is over."""
    since = _since_the_message(tracker)
    begins = any(e["event"] == "active_loop" and e["name"] == FORM for e in since)
    put_again = any(e["event"] == "action_execution_rejected" for e in since)
    latest = tracker["latest_message"]
    said = {e["entity"]: e["value"] for e in latest["entities"]}
    known = {} if begins else dict(slots.get("journey") or {})
    if not begins and not put_again and not said:
        rejected = {"event": "action_execution_rejected", "name": FORM}
        return {"events": [rejected], "responses": []}
    known.update(said)
    number, fact = known.get("order_number"), known.get("email")
    if number is None or fact is None:
        asked = "order_number" if number is None else "second_fact"
        return _goes_on(known, asked, f"{asked}?")
    if number == "A-BAD":
        known.pop("email")
        return _goes_on(known, "second_fact", "refused")
    over = [_set("journey", None), _set("order_in_focus", number), _set("requested_slot", None)]
    if number == "A-LATE":
        over.append({"event": "followup", "name": "utter_offer_person"})
    return {"events": over, "responses": [{"text": f"{number} for {fact}"}]}


def _goes_on(known: dict[str, Any], asked: str, text: str) -> dict[str, Any]:
    events = [_set("journey", known), _set("requested_slot", asked)]
    return {"events": events, "responses": [{"text": text}]}


def _since_the_message(tracker: dict[str, Any]) -> list[Any]:
    events = tracker["events"]
    last = max(place for place, event in enumerate(events) if event["event"] == "user")
    return list(events[last + 1 :])


def _set(slot: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": slot, "value": value}


def _latest(tracker: dict[str, Any]) -> Any:
    message = tracker["latest_message"]
    entities = [(e["entity"], e["value"]) for e in message["entities"]]
    return [message["intent"].get("name"), entities, message.get("message_id")]


class Player:
    """Plays conversations over one loaded model."""

    def __init__(self, model: str) -> None:
        agent = Agent.load(model)
        assert agent.processor is not None
        self.processor = TurnProcessor(agent.processor, repaired=apply_repairs())
        self.intents = sorted(
            name
            for name in self.processor.domain.intents
            if name not in ("back", "restart", "session_start")
        )

    async def play(self, turns: list[Any], kept: int) -> list[Any]:
        """Everything there is to see of a conversation."""
        dialogue_state.TURNS_KEPT = kept
        actions = self.processor.action_endpoint = PlayedActions()
        state, seen = None, []
        for place, (intent, entities) in enumerate(turns):
            result = await self.processor.run_turn(
                conversation_id="c",
                turn_id=f"c:{place}",
                text=None,
                payload={"intent": intent, "entities": entities},
                state=state,
                channel="webchat",
            )
            state = json.loads(json.dumps(result.state))
            memory = restore(state, "c", self.processor.domain)
            seen.append(
                {
                    "turn": [intent, entities],
                    "messages": result.messages,
                    "handoff": result.handoff_reason,
                    "asked": actions.asked,
                    "slots": memory.current_slot_values(),
                    "form": memory.active_loop_name,
                    "size": len(state),
                }
            )
            actions.asked = []
        return seen

    async def answer_twice(self, turns: list[Any]) -> bool:
        """Whether a turn asked again from the same state gives the same answer and state."""
        dialogue_state.TURNS_KEPT = 3
        self.processor.action_endpoint = PlayedActions()
        state = None
        for place, (intent, entities) in enumerate(turns):
            results = [
                await self.processor.run_turn(
                    "c", f"c:{place}", None, {"intent": intent, "entities": entities}, state, "x"
                )
                for _ in range(2)
            ]
            first, second = ((r.messages, _timeless(r.state), r.handoff_reason) for r in results)
            if first != second:
                return False
            state = results[0].state
        return True


def _timeless(state: list[Any]) -> list[Any]:
    without = ("timestamp", "message_id", "input_channel", "metadata")
    return [{k: v for k, v in event.items() if k not in without} for event in state]


def random_turns(chance: random.Random, intents: list[str], count: int) -> list[Any]:
    """What a customer might press and say, in no order in particular."""
    turns = []
    for _ in range(count):
        intent = chance.choice(FREQUENT if chance.random() < 0.6 else intents)
        entities = {}
        if intent in ("ask_order_status", "inform"):
            if chance.random() < 0.5:
                entities["order_number"] = chance.choice(["A-1", "A-BAD", "A-LATE"])
            if chance.random() < 0.5:
                entities["email"] = chance.choice(["x@example.com", "y@example.com"])
        turns.append((intent, entities))
    return turns


async def probe(model: str) -> dict[str, Any]:
    """All that the tests look at."""
    player = Player(model)
    chance = random.Random(20_261_122)
    keeping = dialogue_state.TURNS_KEPT
    differences, crossed = [], 0
    for _ in range(CONVERSATIONS):
        turns = random_turns(chance, player.intents, TURNS)
        cut, whole = [await player.play(turns, kept) for kept in (keeping, EVERYTHING)]
        for place, (ours, theirs) in enumerate(zip(cut, whole, strict=True)):
            ours_size, theirs_size = ours.pop("size"), theirs.pop("size")
            crossed += ours_size < theirs_size
            if ours != theirs:
                differences.append({"place": place, "cut": ours, "whole": theirs})
                break
    long = await player.play(random_turns(chance, player.intents, LONG_CONVERSATION), keeping)
    return {
        "differences": differences,
        "turns_with_a_cut": crossed,
        "forms_seen": sum(bool(turn["form"]) for turn in long),
        "sizes": [turn["size"] for turn in long],
        "same_again": await player.answer_twice(random_turns(chance, player.intents, 20)),
    }


if __name__ == "__main__":
    found = asyncio.run(probe(str(Path(sys.argv[1]))))
    sys.stdout.write("\n" + json.dumps(found, default=str) + "\n")
