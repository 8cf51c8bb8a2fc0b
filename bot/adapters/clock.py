"""The real clock."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time, aware, in UTC."""

    def now(self) -> datetime:
        """The current instant."""
        return datetime.now(UTC)
