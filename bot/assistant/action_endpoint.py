"""The way to the action server: over connections that stay open, and no failure passes unseen."""

from contextvars import ContextVar
from typing import Any, Dict, List, Optional, Text

import aiohttp
import ujson
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.assistant.repairs import check_action_result

# An action answers in milliseconds; the customer should not wait longer for one that hangs.
ACTION_TIMEOUT_SECONDS = 4.0

_failed_actions: ContextVar[Optional[List[Text]]] = ContextVar("failed_actions", default=None)


class ActionFailed(Exception):
    """A custom action could not be run; nothing of the turn may be used."""


def noting_failed_actions() -> List[Text]:
    """A list in which every action that fails in this turn is written from now on."""
    failed: List[Text] = []
    _failed_actions.set(failed)
    return failed


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
