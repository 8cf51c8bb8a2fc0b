"""Deliveries to platforms that must be called: what is due, and what became of an attempt."""

from datetime import datetime, timedelta

from bot.domain.messages import Delivery, DeliveryFailed
from bot.services.ports import Clock, Units

# 1 s, 2 s, 4 s … up to five minutes: a platform that is down for an hour is asked twenty times.
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
# After about two hours of trying, somebody must look.
MOST_ATTEMPTS = 30


class Outbox:
    """Keeps the order of each conversation: a message waits for the one before it."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def due(self) -> tuple[Delivery, ...]:
        """Messages to hand over now, at most one of each conversation."""
        with self._units.reading() as unit:
            return unit.outbox.due(self._clock.now())

    def next_due(self) -> datetime | None:
        """When there is next something to do."""
        with self._units.reading() as unit:
            return unit.outbox.next_due()

    def delivered(self, delivery: Delivery, external_id: str | None) -> None:
        """The platform took it."""
        with self._units.writing() as unit:
            unit.outbox.mark(delivery.id, "sent", external_id=external_id)
            unit.commit()

    def failed(self, delivery: Delivery, failure: DeliveryFailed) -> None:
        """The platform did not take it: try again later, or give up for good."""
        give_up = failure.permanent or delivery.attempts + 1 >= MOST_ATTEMPTS
        with self._units.writing() as unit:
            unit.outbox.mark(
                delivery.id,
                "failed" if give_up else "pending",
                due_at=self._clock.now() + self._pause(delivery, failure),
                error=str(failure),
            )
            unit.commit()

    @staticmethod
    def _pause(delivery: Delivery, failure: DeliveryFailed) -> timedelta:
        if failure.retry_after is not None:
            return timedelta(seconds=failure.retry_after)
        doubled: timedelta = FIRST_PAUSE * (2 ** min(delivery.attempts, 20))
        return min(doubled, LONGEST_PAUSE)
