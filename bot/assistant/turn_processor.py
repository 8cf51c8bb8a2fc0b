"""One turn of a conversation: state and message in, answer and new state out.

A crash anywhere in between leaves no trace: whoever asked still has the old state and asks again.
"""

import json
import re
from typing import Any, Dict, List, NamedTuple, Optional, Set, Text

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, FollowupAction, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.action_endpoint import (
    ActionFailed,
    PooledEndpoint,
    noting_failed_actions,
)
from bot.assistant.components import READABLE
from bot.assistant.dialogue_state import dump, restore
from bot.assistant.feelings import ANGER, LEGAL, SIGNAL, URGENCY, tells_of_danger
from bot.assistant.intent_names import FALLBACK, VENT
from bot.assistant.readings import (
    NEAR_TIE,
    READING,
    WHY_ASKED,
    after_a_no,
    are_two_matters,
    as_near_tie,
    asks_where_it_stands,
    asks_why_asked,
    chosen_reading,
    declines,
    halves,
    is_request_of_its_own,
    is_surely_a_request,
    left_for,
    lodges_complaint,
    near_tie,
    one_for_each_order,
    request_in_a_vent,
    sentences,
    with_shared_facts,
    with_what_was_said_first,
)
from bot.assistant.repairs import run_directly

DENY = "deny"
OFFER_OF_A_PERSON = "utter_offer_person"
COMPLAINT = "file_complaint"
WAITING_REQUEST = "waiting_request"
# Said by a signal, not by the classifier: whatever else the message is about can wait.
REPORT_DANGER = "report_danger"
_READING_NAME = "utter_reading_"
# What a customer's words add to the wish for a person (`bot.domain.conversations.HandoffReason`).
_CUSTOMER_ASKED = "customer_asked"
_TOLD = ((LEGAL, "legal_threat"), (ANGER, "anger"), (URGENCY, "urgency"))
# Said before the answer to a request, the first time that a customer shows it.
_ACKNOWLEDGED = ((ANGER, "utter_acknowledge_anger"), (URGENCY, "utter_acknowledge_urgency"))
# A message that is foremost one of these may still make a request in one of its sentences.
_OF_NO_USE = frozenset({FALLBACK, "out_of_scope", "chitchat"})
# After these a request that waits is not wanted any more, or a person sees to it.
_NO_MORE = frozenset({"stop", "goodbye", "request_human"})

_PAYLOAD = re.compile(r"^/([A-Za-z_]+)(\{.*\})?$", re.DOTALL)


class TurnResult(NamedTuple):
    """What a turn led to."""

    messages: List[Dict[Text, Any]]
    state: List[Dict[Text, Any]]
    handoff_reason: Optional[Text]
    outcome: Optional[Text]  # what the customer says became of the matter: solved, not_solved
    documents: List[Dict[Text, Any]]  # what goes with the answer: `{"kind", "reference"}`


class CollectedOutput(OutputChannel):
    """Keeps what the assistant says, unsplit and in order; it has no wire and cannot fail."""

    def __init__(self, channel: Text) -> None:
        self._channel = channel
        self.messages: List[Dict[Text, Any]] = []
        self.handoff_reason: Optional[Text] = None
        self.outcome: Optional[Text] = None
        self.documents: List[Dict[Text, Any]] = []

    def name(self) -> Text:
        """The customer's channel: responses may have a variant for it."""
        return self._channel

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Keep one response."""
        custom = message.get("custom") or {}
        if custom.get("handoff"):
            self.handoff_reason = custom["handoff"]
        if custom.get("outcome"):
            self.outcome = custom["outcome"]
        if custom.get("document") and custom["document"] not in self.documents:
            self.documents.append(custom["document"])
        if message.get("text"):
            choices = [_choice(button) for button in message.get("buttons") or []]
            self.messages.append({"text": message["text"], "choices": choices})


class Heard(NamedTuple):
    """What all requests of one message share."""

    conversation_id: Text
    turn_id: Text
    channel: Text
    output: CollectedOutput


class TurnProcessor(MessageProcessor):
    """Rasa's processor without a memory of its own: shares a loaded processor's model."""

    def __init__(self, loaded: MessageProcessor, repaired: bool) -> None:
        self.__dict__.update(vars(loaded))
        if repaired:
            run_directly(self)
        if loaded.action_endpoint is not None:
            self.action_endpoint = PooledEndpoint(loaded.action_endpoint)
        self._askable = {
            name[len(_READING_NAME) :]
            for name in self.domain.responses
            if name.startswith(_READING_NAME)
        }

    async def run_turn(
        self,
        conversation_id: Text,
        turn_id: Text,
        text: Optional[Text],
        payload: Optional[Dict[Text, Any]],
        state: Optional[List[Dict[Text, Any]]],
        channel: Text,
    ) -> TurnResult:
        """Answer one turn.

        Args:
            text: what the customer wrote; None when a button was pressed.
            payload: what the pressed button means: `{"intent", "entities"}`.
            state: the state the previous turn returned; None in a new conversation.
            channel: name of the customer's channel.

        Raises:
            ActionFailed: an action server that is gone, hangs or answers with an error.
        """
        tracker = restore(state, conversation_id, self.domain)
        output = CollectedOutput(channel)
        heard = Heard(conversation_id, turn_id, channel, output)
        failed = noting_failed_actions()
        if payload is None:
            requests = await self._requests(text or "", tracker)
            self._acknowledge_feelings(requests[0], tracker, output)
        else:
            requests = [_parsed(payload)]
        for place, request in enumerate(requests):
            if place > 0 and not _is_free(tracker, output):
                self._let_wait(request, tracker, output)
                break
            tracker = await self._serve(request, tracker, heard)
        tracker = await self._serve_waiting(tracker, heard)
        tracker = await self._offer_person_if_due(tracker, heard.output)
        if failed:
            raise ActionFailed(", ".join(failed))
        messages = _each_once(output.messages)
        reason = _told_reason(output.handoff_reason, tracker)
        return TurnResult(
            messages, dump(tracker, self.domain), reason, output.outcome, output.documents
        )

    async def parse(self, text: Text, requested_slot: Optional[Text] = None) -> Dict[Text, Any]:
        """What the understanding makes of a text."""
        message = UserMessage(text, metadata={REQUESTED_SLOT: requested_slot})
        return await self.parse_message(message)

    async def _requests(self, text: Text, tracker: DialogueStateTracker) -> List[Dict[Text, Any]]:
        """What a message wants: mostly one thing, sometimes two, sometimes one of two."""
        requested_slot = tracker.get_slot(REQUESTED_SLOT)
        parsed = await self.parse(text, requested_slot)
        if tells_of_danger(parsed["intent"]["name"], _signals(parsed["entities"])):
            return [{**parsed, "intent": {"name": REPORT_DANGER, "confidence": 1.0}}]
        instead = left_for(parsed)
        if instead is not None:
            parsed["intent"] = {"name": instead, "confidence": 1.0}
        request = request_in_a_vent(parsed["intent_ranking"], self._askable)
        if request is not None:
            parsed["intent"] = {"name": request, "confidence": 1.0}
        if not parsed[READABLE] and not parsed["entities"]:
            parsed["intent"] = {"name": FALLBACK, "confidence": 1.0}
        if tracker.active_loop_name:
            # The form has asked something: the likeliest reading is taken.
            if asks_why_asked(text):
                parsed["intent"] = {"name": WHY_ASKED, "confidence": 1.0}
            elif requested_slot == "order_number" and asks_where_it_stands(text):
                parsed["intent"] = {"name": "repeat", "confidence": 1.0}
            await self._hear_what_follows_a_no(text, parsed, requested_slot)
            return one_for_each_order(parsed)
        return await self._free_requests(text, parsed, tracker)

    async def _free_requests(
        self, text: Text, parsed: Dict[Text, Any], tracker: DialogueStateTracker
    ) -> List[Dict[Text, Any]]:
        """What a message wants that answers no form."""
        offered = _readings_offered(tracker)
        if offered:
            # Asked once already: not a second time.
            chosen = chosen_reading(parsed, offered)
            latest = tracker.latest_message
            if chosen is None or latest is None:
                return [parsed]
            return [with_what_was_said_first(chosen, latest.text, latest.entities)]
        if _was_offered_person(tracker) and await self._declines(text):
            return [{**parsed, "intent": {"name": DENY, "confidence": 1.0}}]
        await self._hear_the_surest_sentence(text, parsed)
        two = await self._two_requests(text, None)
        if two:
            return [with_shared_facts(request, parsed) for request in two]
        readings = near_tie(parsed["intent_ranking"], self._askable)
        return [as_near_tie(parsed, readings)] if readings else one_for_each_order(parsed)

    async def _declines(self, text: Text) -> bool:
        """Whether an offer is declined, and nothing else is asked for in the same breath."""
        if not declines(text):
            return False
        rest = after_a_no(text)
        if rest is None:
            return True
        wanted = await self.parse(rest)
        # "Ya llamo yo a la tienda" asks nothing, whatever it reminds of.
        asks = wanted["intent"]["name"].startswith("ask_")
        return asks or not is_request_of_its_own(wanted, self._askable)

    async def _hear_the_surest_sentence(self, text: Text, parsed: Dict[Text, Any]) -> None:
        """Take a story of several sentences for the request that one of them surely makes.

        Each sentence of a story pulls another way; the request stands mostly in one.
        """
        intent = parsed["intent"]
        if intent["name"] in self._askable or intent["name"] not in _OF_NO_USE:
            return
        if lodges_complaint(text):
            parsed["intent"] = {"name": COMPLAINT, "confidence": 1.0}
            return
        for sentence in sentences(text):
            alone = await self.parse(sentence)
            if is_surely_a_request(alone, self._askable):
                parsed["intent"] = alone["intent"]
                return

    async def _hear_what_follows_a_no(
        self, text: Text, parsed: Dict[Text, Any], requested_slot: Optional[Text]
    ) -> None:
        """Take "no, mejor cambia la dirección" for the request it ends in."""
        rest = after_a_no(text)
        if rest is None:
            return
        wanted = await self.parse(rest, requested_slot)
        if is_request_of_its_own(wanted, self._askable):
            parsed["intent"] = wanted["intent"]

    async def _two_requests(
        self, text: Text, requested_slot: Optional[Text]
    ) -> List[Dict[Text, Any]]:
        """The two requests of a message; nothing when it has but one."""
        for first_half, second_half in halves(text):
            first = await self.parse(first_half, requested_slot)
            if not is_request_of_its_own(first, self._askable):
                continue
            second = await self.parse(second_half, requested_slot)
            if is_request_of_its_own(second, self._askable) and are_two_matters(first, second):
                return [first, second]
        return []

    def _acknowledge_feelings(
        self, request: Dict[Text, Any], tracker: DialogueStateTracker, output: CollectedOutput
    ) -> None:
        """Show that anger or a hurry was heard, once, before the answer."""
        if request["intent"]["name"] not in self._askable:
            return
        shown = {
            signal
            for event in tracker.events
            if isinstance(event, UserUttered)
            for signal in _signals(event.entities)
        }
        new = _signals(request["entities"]) - shown
        for signal, response in _ACKNOWLEDGED:
            if signal in new:
                output.messages.append(self._said(response))
                return

    def _said(self, response: Text) -> Dict[Text, Any]:
        """A response without facts or buttons."""
        return {"text": self.domain.responses[response][0]["text"], "choices": []}

    async def _serve(
        self, parsed: Dict[Text, Any], tracker: DialogueStateTracker, heard: "Heard"
    ) -> DialogueStateTracker:
        message = UserMessage(
            parsed["text"],
            heard.output,
            heard.conversation_id,
            parse_data=parsed,
            input_channel=heard.channel,
            message_id=heard.turn_id,
        )
        await self._handle_message_with_tracker(message, tracker)
        tracker = await self.run_action_extract_slots(heard.output, tracker)
        await self._run_prediction_loop(heard.output, tracker)
        return tracker

    async def _offer_person_if_due(
        self, tracker: DialogueStateTracker, output: CollectedOutput
    ) -> DialogueStateTracker:
        """Offer a person to whoever threatens with the law, or is angry twice in a row."""
        spoken = [event for event in tracker.events if isinstance(event, UserUttered)][-2:]
        signals = [
            _signals(event.entities) | ({ANGER} if _is_vent(event) else set()) for event in spoken
        ]
        due = bool(signals) and (
            LEGAL in signals[-1] or (len(signals) == 2 and ANGER in signals[0] & signals[1])
        )
        if not due or not _is_free(tracker, output):
            return tracker
        if len(spoken) == 2 and all(map(_is_vent, spoken)):
            # The same regret again would be none: the offer takes its place.
            regret = self._said("utter_express_frustration")["text"]
            output.messages[:] = [each for each in output.messages if each["text"] != regret]
        asks_already = bool(output.messages and output.messages[-1]["choices"])
        if not asks_already:
            tracker.update(FollowupAction("utter_offer_person"))
            await self._run_prediction_loop(output, tracker)
        return tracker

    def _let_wait(
        self, request: Dict[Text, Any], tracker: DialogueStateTracker, output: CollectedOutput
    ) -> None:
        """Keep a second request until the first is done, and say so before its question."""
        if output.handoff_reason is not None:
            return  # a person reads both
        kept = {key: request[key] for key in ("text", "intent", "entities")}
        tracker.update(SlotSet(WAITING_REQUEST, kept))
        output.messages.insert(0, self._said("utter_one_after_the_other"))

    async def _serve_waiting(
        self, tracker: DialogueStateTracker, heard: "Heard"
    ) -> DialogueStateTracker:
        """Serve the request that waited, once the first is done; whoever stops wants neither."""
        waiting = tracker.get_slot(WAITING_REQUEST)
        if waiting is None:
            return tracker
        latest = tracker.latest_message
        last = latest.intent.get("name") if latest is not None else None
        # "No haga nada, era solo la pregunta": a question changes nothing, it is answered.
        only_asks = last == "stop" and waiting["intent"]["name"].startswith("ask_")
        wants_no_more = last in _NO_MORE and not only_asks
        if not wants_no_more and not _is_free(tracker, heard.output):
            return tracker
        tracker.update(SlotSet(WAITING_REQUEST, None))
        if wants_no_more:
            return tracker
        return await self._serve(waiting, tracker, heard)


def _is_free(tracker: DialogueStateTracker, output: CollectedOutput) -> bool:
    """Whether another request can be served: nothing is asked, and no person takes over."""
    return tracker.active_loop_name is None and output.handoff_reason is None


def _signals(entities: List[Dict[Text, Any]]) -> Set[Text]:
    return {entity["value"] for entity in entities if entity["entity"] == SIGNAL}


def _told_reason(reason: Optional[Text], tracker: DialogueStateTracker) -> Optional[Text]:
    """Why a person takes over: whoever asks for one may have told more, the gravest counts."""
    if reason != _CUSTOMER_ASKED:
        return reason
    spoken = [event for event in tracker.events if isinstance(event, UserUttered)]
    told = {signal for event in spoken for signal in _signals(event.entities)}
    return next((name for signal, name in _TOLD if signal in told), reason)


def _is_vent(event: UserUttered) -> bool:
    """Whether a message is nothing but a vent, which is angry whatever its words."""
    return (event.intent or {}).get("name") == VENT


def _was_offered_person(tracker: DialogueStateTracker) -> bool:
    """Whether the last thing that was said to the customer is the offer of a person."""
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            return event.action_name == OFFER_OF_A_PERSON
    return False


def _readings_offered(tracker: DialogueStateTracker) -> List[Text]:
    """The readings that the previous turn asked about; none when it asked something else."""
    latest = tracker.latest_message
    if latest is None or (latest.intent or {}).get("name") != NEAR_TIE:
        return []
    return [entity["value"] for entity in latest.entities if entity["entity"] == READING]


def _each_once(messages: List[Dict[Text, Any]]) -> List[Dict[Text, Any]]:
    """Without what is said again later: two requests may lead to the same question."""
    return [
        message for place, message in enumerate(messages) if message not in messages[place + 1 :]
    ]


def _parsed(payload: Dict[Text, Any]) -> Dict[Text, Any]:
    entities = [
        {"entity": name, "value": value, "start": 0, "end": 0}
        for name, value in (payload.get("entities") or {}).items()
    ]
    intent = {"name": payload["intent"], "confidence": 1.0}
    return {"text": f"/{payload['intent']}", "intent": intent, "entities": entities}


def _choice(button: Dict[Text, Any]) -> Dict[Text, Any]:
    """A button of `domain.yml` (`/intent{"entity": "value"}`) as a choice with its meaning."""
    match = _PAYLOAD.match(button["payload"])
    if match is None:
        raise ValueError(f"not a button's payload: {button['payload']!r}")
    entities = json.loads(match[2]) if match[2] else {}
    return {"title": button["title"], "payload": {"intent": match[1], "entities": entities}}
