"""One turn of a conversation: state and message in, answer and new state out.

A crash anywhere in between leaves no trace: whoever asked still has the old state and asks again.
"""

import json
import logging
import re
from contextvars import ContextVar
from typing import Any, Dict, List, NamedTuple, Optional, Text

import aiohttp
import ujson
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.assistant.dialogue_state import dump, restore
from bot.assistant.repairs import DirectGraphRunner, check_action_result

logger = logging.getLogger(__name__)

# An action answers in milliseconds; the customer should not wait longer for one that hangs.
ACTION_TIMEOUT_SECONDS = 4.0

_PAYLOAD = re.compile(r"^/([A-Za-z_]+)(\{.*\})?$", re.DOTALL)
_failed_actions: ContextVar[Optional[List[Text]]] = ContextVar("failed_actions", default=None)


class ActionFailed(Exception):
    """A custom action could not be run; nothing of the turn may be used."""


class TurnResult(NamedTuple):
    """What a turn led to."""

    messages: List[Dict[Text, Any]]
    state: List[Dict[Text, Any]]
    handoff_reason: Optional[Text]


class CollectedOutput(OutputChannel):
    """Keeps what the assistant says, unsplit and in order; it has no wire and cannot fail."""

    def __init__(self, channel: Text) -> None:
        self._channel = channel
        self.messages: List[Dict[Text, Any]] = []
        self.handoff_reason: Optional[Text] = None

    def name(self) -> Text:
        """The customer's channel: responses may have a variant for it."""
        return self._channel

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Keep one response."""
        custom = message.get("custom") or {}
        if custom.get("handoff"):
            self.handoff_reason = custom["handoff"]
        if message.get("text"):
            choices = [_choice(button) for button in message.get("buttons") or []]
            self.messages.append({"text": message["text"], "choices": choices})


class PooledEndpoint(EndpointConfig):
    """The action server over connections that stay open.

    Rasa opens one per call, and goes on with an empty result when a call fails: here a failure
    is noted, so that the turn can be given up as a whole.
    """

    def __init__(self, configured: EndpointConfig) -> None:
        super().__init__(url=configured.url, headers=dict(configured.headers), **configured.kwargs)
        self._session: Optional[aiohttp.ClientSession] = None

    async def request(self, method: Text = "post", **kwargs: Any) -> Any:
        """Post JSON to the action server and return its JSON."""
        action = kwargs["json"].get("next_action")
        try:
            return await self._post(kwargs["json"])
        except ClientResponseError as error:
            if error.status != 400:  # 400 is an action's deliberate refusal to run
                self._note(action)
            raise
        except Exception:
            self._note(action)
            raise

    async def _post(self, body: Dict[Text, Any]) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={**self.headers, "Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=ACTION_TIMEOUT_SECONDS),
            )
        async with self._session.post(self.url, data=ujson.dumps(body)) as response:
            content = await response.read()
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, content)
            result = ujson.loads(content)
            check_action_result(result)
            return result

    @staticmethod
    def _note(action: Text) -> None:
        failed = _failed_actions.get()
        if failed is not None:
            failed.append(action)


class TurnProcessor(MessageProcessor):
    """Rasa's processor without a memory of its own: shares a loaded processor's model."""

    def __init__(self, loaded: MessageProcessor, repaired: bool) -> None:
        self.__dict__.update(vars(loaded))
        if repaired and isinstance(loaded.graph_runner, DaskGraphRunner):
            self.graph_runner = DirectGraphRunner(loaded.graph_runner)
        if loaded.action_endpoint is not None:
            self.action_endpoint = PooledEndpoint(loaded.action_endpoint)

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
        pressed = None if payload is None else _parsed(payload)
        message = UserMessage(
            text if pressed is None else pressed["text"],
            output,
            conversation_id,
            parse_data=pressed,
            input_channel=channel,
            message_id=turn_id,
            metadata={REQUESTED_SLOT: tracker.get_slot(REQUESTED_SLOT)},
        )
        failed: List[Text] = []
        _failed_actions.set(failed)
        await self._handle_message_with_tracker(message, tracker)
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        if failed:
            raise ActionFailed(", ".join(failed))
        return TurnResult(output.messages, dump(tracker, self.domain), output.handoff_reason)

    async def parse(self, text: Text, requested_slot: Optional[Text] = None) -> Dict[Text, Any]:
        """What the understanding makes of a text."""
        message = UserMessage(text, metadata={REQUESTED_SLOT: requested_slot})
        return await self.parse_message(message)


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
