"""A customer in a terminal: the public web chat without a browser."""

import asyncio
import sys
from http import HTTPStatus

import aiohttp


async def talk(address: str) -> int:
    """Chat until the end of input; returns the exit status."""
    limit = aiohttp.ClientTimeout(total=40)
    async with aiohttp.ClientSession(address, timeout=limit) as client:
        try:
            async with client.post("/webchat/sessions") as opened:
                token = (await opened.json())["token"]
        except (aiohttp.ClientError, TimeoutError):
            print(f"Nobody answers at {address}: start `posventa run` first.", file=sys.stderr)
            return 1
        client.headers["Authorization"] = f"Bearer {token}"
        chat = _Chat(client)
        showing = asyncio.create_task(chat.show())
        try:
            while line := await asyncio.to_thread(sys.stdin.readline):
                if line.strip():
                    await chat.say(line.strip())
        finally:
            showing.cancel()
    return 0


class _Chat:
    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client
        self._offered: list[dict[str, str]] = []

    async def say(self, line: str) -> None:
        """Send a line; a bare number presses that button."""
        pressed = line.isdigit() and 0 < int(line) <= len(self._offered)
        body = {"choice": self._offered[int(line) - 1]["choice"]} if pressed else {"text": line}
        async with self._client.post("/webchat/messages", json=body) as answer:
            if answer.status != HTTPStatus.ACCEPTED:
                print(f"  ! {(await answer.json())['error']['message']}")

    async def show(self) -> None:
        """Print what arrives, until cancelled."""
        seq = 0
        while True:
            query = {"after": seq, "wait": 25}
            async with self._client.get("/webchat/messages", params=query) as answer:
                arrived = await answer.json()
            for message in arrived["messages"]:
                seq = message["seq"]
                if message["author"] == "customer":
                    continue
                print(f"  {message['author_name'] or message['author']}: {message['text']}")
                self._offered = message["choices"]
                for place, choice in enumerate(self._offered, start=1):
                    print(f"    {place}. {choice['title']}")
