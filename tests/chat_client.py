"""A customer of the public web chat, over real HTTP."""

import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.response_names import NOTICES, the_response_names

Said = dict[str, Any]


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
        return [name for message in self.messages for name in _responses(message)]

    @property
    def titles(self) -> list[str]:
        """The buttons under the last message that has some."""
        offered = [message["choices"] for message in self.messages if message["choices"]]
        return [choice["title"] for choice in offered[-1]] if offered else []


class ChatClient:
    """One session: says things, presses what is offered, waits for what is said."""

    def __init__(self, address: str) -> None:
        self._http = httpx2.Client(base_url=address, timeout=40, trust_env=False)
        opened = self._http.post("/webchat/sessions")
        opened.raise_for_status()
        self.token = str(opened.json()["token"])
        self._http.headers["Authorization"] = f"Bearer {self.token}"
        self.transcript: list[Said] = []
        self.fetch()

    def close(self) -> None:
        """Close the connections; the conversation stays."""
        self._http.close()

    def post(self, **body: object) -> httpx2.Response:
        """Post a message as it is; no check of the answer."""
        return self._http.post("/webchat/messages", json=body)

    def say(self, text: str, client_message_id: str | None = None) -> int:
        """Say something; returns its number once it is accepted."""
        own_id = client_message_id or uuid.uuid4().hex
        answer = self.post(text=text, client_message_id=own_id)
        answer.raise_for_status()
        return int(answer.json()["seq"])

    def press(self, title: str) -> int:
        """Press the newest button of this title."""
        for message in reversed(self.transcript):
            for choice in message["choices"]:
                if choice["title"] == title:
                    answer = self.post(choice=choice["choice"], client_message_id=uuid.uuid4().hex)
                    answer.raise_for_status()
                    return int(answer.json()["seq"])
        raise AssertionError(f"no button {title!r} was offered")

    def fetch(self, wait: int = 0) -> list[Said]:
        """What is new; waits up to `wait` seconds for something."""
        after = self.transcript[-1]["seq"] if self.transcript else 0
        answer = self._http.get("/webchat/messages", params={"after": after, "wait": wait})
        answer.raise_for_status()
        news: list[Said] = answer.json()["messages"]
        self.transcript += news
        return news

    def answer(self, seconds: float = 40.0, *, after: int | None = None) -> Said:
        """The first words of the assistant or an agent after a message (default: the last sent).

        Raises:
            TimeoutError: nobody answers in time.
        """
        seq = after or self.transcript[-1]["seq"]
        return self._first(seq, ("bot", "agent"), seconds)

    def notice(self, after: int, seconds: float = 20.0) -> Said:
        """The first words of the house itself after a message.

        Raises:
            TimeoutError: nothing in time.
        """
        return self._first(after, ("system",), seconds)

    def hears(self, after: int, seconds: float = 40.0) -> Heard:
        """Everything that follows a message, once it is more than a plea for patience.

        Raises:
            TimeoutError: there is nothing in time.
        """
        deadline = time.monotonic() + seconds
        while True:
            since = [m for m in self.transcript if m["seq"] > after and m["author"] != "customer"]
            heard = tuple(m for m in since if not NOTICES.issuperset(_responses(m)))
            if heard:
                return Heard(heard)
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing after {after}: {self.transcript}")
            self.fetch(wait=min(5, max(1, int(deadline - time.monotonic()))))

    def told(self, response: str, seconds: float = 20.0) -> Said:
        """The first message of this session that says a response, pleas for patience included.

        Raises:
            TimeoutError: none in time.
        """
        deadline = time.monotonic() + seconds
        while True:
            for message in self.transcript:
                if response in _responses(message):
                    return message
            if time.monotonic() > deadline:
                raise TimeoutError(f"not told {response}: {self.transcript}")
            self.fetch(wait=min(5, max(1, int(deadline - time.monotonic()))))

    def send_photo(self, content: bytes, name: str = "foto.jpg") -> int:
        """Send a photo; returns its number once it is accepted."""
        files = {"file": (name, content, "image/jpeg")}
        answer = self._http.post("/webchat/attachments", files=files)
        answer.raise_for_status()
        return int(answer.json()["seq"])

    def ask(self, text: str, seconds: float = 40.0) -> Said:
        """Say something and wait for the answer."""
        return self.answer(seconds, after=self.say(text))

    def _first(self, after: int, authors: tuple[str, ...], seconds: float) -> Said:
        deadline = time.monotonic() + seconds
        while True:
            for message in self.transcript:
                if message["seq"] > after and message["author"] in authors:
                    return message
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {authors} after {after}: {self.transcript}")
            self.fetch(wait=min(5, max(1, int(deadline - time.monotonic()))))


def _responses(message: Said) -> list[str]:
    return the_response_names().of(message["text"])
