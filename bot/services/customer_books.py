"""What customers ask and say beside their orders, as Protocols (see `bot.services.ports`)."""

from datetime import date, datetime
from typing import Protocol

from bot.domain.case_history import HistoryEntry
from bot.domain.privacy import PrivacyCase, PrivacyRequest, PrivacyStatus
from bot.domain.ratings import Rating


class PrivacyBook(Protocol):
    """What customers asked about their data."""

    def register(self, request: PrivacyRequest, key: str, now: datetime) -> PrivacyCase:
        """Give a request its folio; under the same key again, what was registered before."""

    def registered(self, key: str) -> PrivacyCase | None:
        """What was registered under a key."""

    def of_conversation(self, conversation_id: str) -> tuple[PrivacyCase, ...]:
        """The requests made in a conversation, the oldest first."""

    def find(self, folio: str) -> PrivacyCase | None:
        """The request with this folio; without its year, if it can mean one request alone."""

    def all(self, *, with_closed: bool) -> tuple[PrivacyCase, ...]:
        """Every request, the oldest first; without `with_closed` the open ones."""

    def move(
        self, folio: str, to: PrivacyStatus, key: str, actor: str, now: datetime
    ) -> PrivacyCase:
        """Move a request on; under the same key again, nothing, and how it stands now.

        Args:
            folio: Exactly the one of a request that there is.
            actor: On whose behalf, as `bot.services.order_backend.Actor` names them.

        Raises:
            CaseNotMovable.
        """

    def history(self, folio: str) -> tuple[HistoryEntry, ...]:
        """What became of the request with exactly this folio, the oldest first."""


class ContactBook(Protocol):
    """Who wants to be written to."""

    def opt_out(self, conversation_id: str, customer_id: str | None, now: datetime) -> None:
        """Note that somebody wants answers only: the customer if proven, else the conversation."""

    def is_opted_out(self, conversation_id: str, customer_id: str | None) -> bool:
        """Whether they have said so."""


class RatingBook(Protocol):
    """Customers' opinions of the service."""

    def keep(self, rating: Rating, given_on: date) -> None:
        """Store an opinion; a second one of the conversation on that day replaces the first."""

    def of_conversation(self, conversation_id: str) -> tuple[Rating, ...]:
        """The opinions given in a conversation, the oldest first."""
