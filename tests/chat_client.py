"""A customer of the public web chat who also tries what a browser would not send."""

import time

import httpx2

from bot.dialogue_evaluation.customer import Customer, Heard, Said, responses_of

__all__ = ["ChatClient", "Heard", "Said"]


class ChatClient(Customer):
    """A session that also shows what a refusal looks like."""

    def post(self, **body: object) -> httpx2.Response:
        """Post a message as it is; no check of the answer."""
        return self._http.post("/webchat/messages", json=body)

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

    def told(self, response: str, seconds: float = 20.0) -> Said:
        """The first message of this session that says a response, pleas for patience included.

        Raises:
            TimeoutError: none in time.
        """
        deadline = time.monotonic() + seconds
        while True:
            for message in self.transcript:
                if response in responses_of(message):
                    return message
            self.fetch_before(deadline, f"not told {response}")

    def ask(self, text: str, seconds: float = 40.0) -> Said:
        """Say something and wait for the answer."""
        return self.answer(seconds, after=self.say(text))

    def _first(self, after: int, authors: tuple[str, ...], seconds: float) -> Said:
        deadline = time.monotonic() + seconds
        while True:
            for message in self.transcript:
                if message["seq"] > after and message["author"] in authors:
                    return message
            self.fetch_before(deadline, f"no {authors} after {after}")
