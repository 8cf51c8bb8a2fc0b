"""A customer of the public web chat: says things, presses what is offered, hears what is said."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx2

from bot.dialogue_evaluation.response_names import NOTICES, the_response_names

Said = dict[str, Any]
# A long poll may last thirty.
REQUEST_SECONDS = 40.0


@dataclass(frozen=True)
class Heard:
    """What a customer got for an answer, known by the responses of `domain.yml` it is made of."""

    messages: tuple[Said, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def responses(self) -> list[str]:
        """Names of the responses, in order; a line of none of them is "? " and the line."""
        return [name for message in self.messages for name in responses_of(message)]

    @property
    def titles(self) -> list[str]:
        """The buttons under the last message that has some."""
        offered = [message["choices"] for message in self.messages if message["choices"]]
        return [choice["title"] for choice in offered[-1]] if offered else []


class Customer:
    """One session of the web chat, over a connection that is kept.

    A refused request raises `httpx2.HTTPStatusError`, a house that is away another
    `httpx2.HTTPError`.
    """

    def __init__(self, address: str) -> None:
        # Whatever proxy the machine uses for the world, the house is here.
        self._http = httpx2.Client(base_url=address, timeout=REQUEST_SECONDS, trust_env=False)
        self.token = str(self._request("POST", "/webchat/sessions")["token"])
        self._http.headers["Authorization"] = f"Bearer {self.token}"
        self.transcript: list[Said] = []
        self.fetch()

    def close(self) -> None:
        """Close the connections; the conversation stays."""
        self._http.close()

    def say(self, text: str, client_message_id: str | None = None) -> int:
        """Say something; returns its number once it is accepted."""
        return self._post({"text": text}, client_message_id)

    def press(self, title: str) -> int:
        """Press the newest button of this title.

        Raises:
            LookupError: there is none.
        """
        for message in reversed(self.transcript):
            for choice in message["choices"]:
                if choice["title"] == title:
                    return self._post({"choice": choice["choice"]})
        raise LookupError(f"no button {title!r} was offered")

    def send_photo(self, content: bytes, name: str = "foto.jpg") -> int:
        """Send a photo; returns its number once it is accepted."""
        file = (name, content, "image/jpeg")
        return int(self._request("POST", "/webchat/attachments", files={"file": file})["seq"])

    def fetch(self, wait: int = 0) -> list[Said]:
        """What is new; waits up to `wait` seconds for something."""
        after = self.transcript[-1]["seq"] if self.transcript else 0
        answer = self._request("GET", f"/webchat/messages?after={after}&wait={wait}")
        news: list[Said] = answer["messages"]
        self.transcript += news
        return news

    def hears(self, after: int, seconds: float = 40.0) -> Heard:
        """Everything that follows a message, once it is more than a plea for patience.

        Raises:
            TimeoutError: there is nothing in time.
        """
        deadline = time.monotonic() + seconds
        while True:
            since = [m for m in self.transcript if m["seq"] > after and m["author"] != "customer"]
            heard = tuple(m for m in since if not NOTICES.issuperset(responses_of(m)))
            if heard:
                return Heard(heard)
            self.fetch_before(deadline, f"nothing after {after}")

    def fetch_before(self, deadline: float, lacking: str) -> None:
        """Wait for news until a moment of the monotonic clock.

        Raises:
            TimeoutError: it has passed; says what is lacking.
        """
        if time.monotonic() > deadline:
            raise TimeoutError(f"{lacking}: {self.transcript}")
        self.fetch(wait=min(5, max(1, int(deadline - time.monotonic()))))

    def _post(self, body: dict[str, object], client_message_id: str | None = None) -> int:
        own_id = client_message_id or uuid.uuid4().hex
        message = {**body, "client_message_id": own_id}
        return int(self._request("POST", "/webchat/messages", json=message)["seq"])

    def _request(self, method: str, path: str, **content: Any) -> Any:
        answer = self._http.request(method, path, **content)
        answer.raise_for_status()
        return answer.json()


def responses_of(message: Said) -> list[str]:
    """Names of the responses that a message is made of."""
    return the_response_names().of(message["text"])
