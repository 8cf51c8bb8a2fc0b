"""A customer of the public web chat: says things, presses what is offered, hears what is said."""

import json
import time
import urllib.error
import urllib.request
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.dialogue_evaluation.response_names import NOTICES, the_response_names

Said = dict[str, Any]
# A long poll may last thirty.
REQUEST_SECONDS = 40.0


class NotAccepted(Exception):
    """The gateway refuses a request."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body[:300]}")
        self.status = status


class Photo(NamedTuple):
    """A picture on its way."""

    name: str
    content: bytes


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


class Customer(ABC):
    """One session, over whatever carries requests."""

    def __init__(self) -> None:
        self.token = str(self.request("POST", "/webchat/sessions")["token"])
        self.transcript: list[Said] = []
        self.fetch()

    @abstractmethod
    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        photo: Photo | None = None,
    ) -> Any:
        """Make a request with this session's token, once there is one; returns the JSON answered.

        Raises whatever the implementation raises for a refusal.
        """

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
        answer = self.request("POST", "/webchat/attachments", photo=Photo(name, content))
        return int(answer["seq"])

    def fetch(self, wait: int = 0) -> list[Said]:
        """What is new; waits up to `wait` seconds for something."""
        after = self.transcript[-1]["seq"] if self.transcript else 0
        answer = self.request("GET", f"/webchat/messages?after={after}&wait={wait}")
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
        answer = self.request("POST", "/webchat/messages", {**body, "client_message_id": own_id})
        return int(answer["seq"])


class WebCustomer(Customer):
    """A customer on this machine, a connection for each request."""

    def __init__(self, address: str) -> None:
        self._address = address
        # Whatever proxy the machine uses for the world, the house is here.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.token = ""
        super().__init__()

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        photo: Photo | None = None,
    ) -> Any:
        """Make a request (see `Customer`).

        Raises:
            NotAccepted: the gateway refuses it.
            OSError: nobody answers.
        """
        headers, content = _encoded(body, photo)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(  # noqa: S310 - the address is the house's own
            self._address + path, content, headers, method=method
        )
        try:
            with self._opener.open(request, timeout=REQUEST_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise NotAccepted(error.code, error.read().decode("utf-8", "replace")) from None


def responses_of(message: Said) -> list[str]:
    """Names of the responses that a message is made of."""
    return the_response_names().of(message["text"])


def _encoded(
    body: Mapping[str, object] | None, photo: Photo | None
) -> tuple[dict[str, str], bytes | None]:
    if photo is not None:
        boundary = uuid.uuid4().hex
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{photo.name}"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        content = head.encode() + photo.content + f"\r\n--{boundary}--\r\n".encode()
        return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, content
    if body is not None:
        return {"Content-Type": "application/json"}, json.dumps(body).encode()
    return {}, None
