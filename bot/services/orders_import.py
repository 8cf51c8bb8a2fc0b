"""Taking the shop's orders in, all or nothing."""

from bot.domain.order_import import ImportCounts, read_document
from bot.services.ports import Clock, Units


class OrdersImport:
    """Stores a document of orders; the same document twice changes nothing."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def run(self, raw: object) -> ImportCounts:
        """Check a parsed JSON document and store it in one unit of work.

        Rows that the document does not mention are left alone. A changed order gets an event
        that says what changed.

        Raises:
            ImportRefused: the document has mistakes; nothing was stored.
        """
        document = read_document(raw)
        with self._units.writing() as unit:
            counts = unit.orders.store(document, self._clock.now())
            unit.commit()
        return counts
