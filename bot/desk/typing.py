"""The sign that an agent is writing: on while the page says so, and never for ever."""

import asyncio

from bot.adapters.changes import Changes

# The page repeats itself every 3 s while keys are pressed; a closed laptop does not.
SIGN_SECONDS = 6.0


class AgentTyping:
    """Shows and clears the sign; on the event loop."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._ends: dict[str, asyncio.TimerHandle] = {}

    def show(self, conversation_id: str) -> None:
        """An agent is writing now."""
        self._cancel(conversation_id)
        self._changes.set_typing(conversation_id, "agent", on=True)
        loop = asyncio.get_running_loop()
        self._ends[conversation_id] = loop.call_later(SIGN_SECONDS, self.clear, conversation_id)

    def clear(self, conversation_id: str) -> None:
        """The agent stopped, sent, or went away."""
        self._cancel(conversation_id)
        self._changes.set_typing(conversation_id, "agent", on=False)

    def _cancel(self, conversation_id: str) -> None:
        end = self._ends.pop(conversation_id, None)
        if end is not None:
            end.cancel()
