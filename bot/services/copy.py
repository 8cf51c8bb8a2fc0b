"""The customer's copy, as the services need it: by response name, with facts filled in."""

from datetime import datetime
from typing import Protocol

from bot.domain.turns import AnswerMessage


class Copy(Protocol):
    """Responses of `domain.yml`, for the sentences that are ours and not Rasa's."""

    def message(self, response: str, **facts: str) -> AnswerMessage:
        """A response with its facts filled in and its buttons.

        Raises:
            KeyError: there is no such response, or a fact it names is missing.
        """

    def moment(self, instant: datetime, now: datetime) -> str:
        """A coming instant in words, in the shop's time ("el lunes a las 9:00")."""
