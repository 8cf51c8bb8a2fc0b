"""The memory of a conversation between two turns, small and of bounded size.

Rasa keeps nothing itself: a tracker is built from this state when a turn begins and written back
to it when the turn ends. Only the last turns are kept as they happened; what lies before them is
folded into the slots and the active form it led to, so the thousandth message costs what the
fifth one did (a stock tracker re-reads the whole session with every message).
"""

from typing import Any, Dict, List, Optional, Text

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    DEFAULT_SLOT_NAMES,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

# Rules look back over at most two of the customer's turns ("yes" to an offer, the second
# misunderstanding in a row); one more is kept for good measure.
TURNS_KEPT = 3


def restore(
    state: Optional[List[Dict[Text, Any]]], conversation_id: Text, domain: Domain
) -> DialogueStateTracker:
    """The tracker that a state describes; a new conversation's when there is none."""
    events = deserialise_events(state) if state else _opening()
    return DialogueStateTracker.from_events(conversation_id, events, domain.slots, domain=domain)


def dump(tracker: DialogueStateTracker, domain: Domain) -> List[Dict[Text, Any]]:
    """The state of a tracker at the end of a turn."""
    events = list(tracker.events)
    cut = _first_kept(events)
    kept = events[cut:]
    if cut > 0:
        before = DialogueStateTracker.from_events(
            tracker.sender_id, events[:cut], domain.slots, domain=domain
        )
        kept = _folded(before) + kept
    return [_slim(event.as_dict()) for event in kept]


def _opening() -> List[Event]:
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]


def _first_kept(events: List[Event]) -> int:
    """Index of the first of the customer's last `TURNS_KEPT` messages; 0 to keep everything."""
    messages = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    return messages[-TURNS_KEPT] if len(messages) > TURNS_KEPT else 0


def _folded(before: DialogueStateTracker) -> List[Event]:
    """The shortest history with the same slots and the same active form."""
    slots: List[Event] = [
        SlotSet(name, slot.value)
        for name, slot in before.slots.items()
        if slot.value != slot.initial_value
        and (name not in DEFAULT_SLOT_NAMES or name == REQUESTED_SLOT)
    ]
    loop = before.active_loop_name
    forms: List[Event] = [ActiveLoop(loop)] if loop else []
    opening = _opening()
    return opening[:2] + slots + forms + opening[2:]


def _slim(event: Dict[Text, Any]) -> Dict[Text, Any]:
    """An event without what no later turn reads (the ranking and the tokens of the parse)."""
    if event.get("event") == "user":
        parse = event["parse_data"]
        event["parse_data"] = {
            key: parse[key] for key in ("text", "intent", "entities") if key in parse
        }
        event["metadata"] = {}
    return event
