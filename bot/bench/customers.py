"""How a customer talks to each assistant: over its own public HTTP interface, waiting for answers."""

import uuid
from collections.abc import Iterator
from itertools import product
from typing import Protocol

from bot.bench.connection import Connection

# The longest long poll the web chat grants is 30 s; asking again is cheap.
POLL_SECONDS = 20


def _addresses() -> Iterator[str]:
    while True:
        for parts in product(range(1, 255), repeat=3):
            yield "127.{}.{}.{}".format(*parts)


# Each customer calls from an address of their own, as in life: servers may limit what one address
# is allowed. All of 127.0.0.0/8 is this machine.
ADDRESSES = _addresses()


class NotAnswered(Exception):
    """The assistant refused the message or answered nothing."""


class Customer(Protocol):
    """Someone in front of a chat window."""

    async def begin(self) -> None:
        """Start a new conversation.

        Raises:
            NotAnswered: the assistant refuses to talk.
            ConnectionLost: it cannot be reached.
        """

    async def ask(self, text: str) -> str:
        """Say something and wait for what is answered.

        Raises:
            NotAnswered: there was no answer.
            ConnectionLost: it cannot be reached.
        """

    def leave(self) -> None:
        """Close the window."""


class WebChatCustomer:
    """A customer of this project's web chat: posts a message, then long-polls for the answer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = Connection(port)
        self._token = ""

    async def begin(self) -> None:
        """Open a session."""
        self._connection.close()
        self._connection = Connection(self._port, next(ADDRESSES))
        status, answer = await self._connection.request("POST", "/webchat/sessions", {})
        if status != 201:
            raise NotAnswered(f"no session: {status} {answer}")
        self._token = answer["token"]

    async def ask(self, text: str) -> str:
        """Post a message and poll until the assistant has answered it."""
        message = {"text": text, "client_message_id": uuid.uuid4().hex}
        status, answer = await self._connection.request(
            "POST", "/webchat/messages", message, self._token
        )
        if status != 202:
            raise NotAnswered(f"not accepted: {status} {answer}")
        after = answer["seq"]
        while True:
            path = f"/webchat/messages?after={after}&wait={POLL_SECONDS}"
            status, answer = await self._connection.request("GET", path, token=self._token)
            if status != 200:
                raise NotAnswered(f"not fetched: {status} {answer}")
            # What the house says meanwhile ("waking up") is not the answer.
            said = [each["text"] for each in answer["messages"] if each["author"] == "bot"]
            if said:
                return "\n".join(said)
            after = max([after, *(each["seq"] for each in answer["messages"])])

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()


class RestCustomer:
    """A customer of Rasa's own REST channel, which answers in the response to the message."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = Connection(port)
        self._sender = ""

    async def begin(self) -> None:
        """Become somebody the assistant has not met."""
        self._connection.close()
        self._connection = Connection(self._port, next(ADDRESSES))
        self._sender = uuid.uuid4().hex

    async def ask(self, text: str) -> str:
        """Post a message and take the answer from the response."""
        message = {"sender": self._sender, "message": text}
        status, answer = await self._connection.request("POST", "/webhooks/rest/webhook", message)
        said = [each.get("text", "") for each in answer] if status == 200 and answer else []
        if not any(said):
            raise NotAnswered(f"no answer: {status} {answer}")
        return "\n".join(said)

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()


def customer_of(channel: str, port: int) -> Customer:
    """Return a customer for a channel: "webchat" or "rest"."""
    return WebChatCustomer(port) if channel == "webchat" else RestCustomer(port)
