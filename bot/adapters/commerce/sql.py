"""The order backend of a shop whose orders are imported into our own tables."""

from collections.abc import Iterable, Mapping

from bot.adapters.commerce.invoice_pdf import SellerIdentity, invoice_of
from bot.adapters.commerce.sql_claims import SqlClaims
from bot.adapters.commerce.sql_money import SqlMoney
from bot.adapters.commerce.sql_returns import SqlReturns
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.case_history import HistoryEntry
from bot.domain.complaints import Complaint
from bot.domain.orders import Order, Product
from bot.domain.refunds import Refund
from bot.services.order_backend import (
    Capability,
    FoundCase,
    Invoice,
    NotFound,
    NotSupported,
    OrderCases,
)
from bot.services.ports import Clock


class SqlOrderBackend(SqlReturns, SqlMoney, SqlClaims):
    """See `bot.services.order_backend.OrderBackend`; without a seller it issues no documents."""

    def __init__(self, units: SqlUnits, clock: Clock, seller: SellerIdentity | None = None) -> None:
        super().__init__(units, clock)
        self._seller = seller

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this backend can do."""
        everything = frozenset(Capability)
        return everything if self._seller else everything - {Capability.INVOICES}

    def find_orders(self, number: str) -> tuple[Order, ...]:
        """All orders that a number written by a customer may mean."""
        with self._units.reading() as unit:
            return unit.orders.by_number(number)

    def orders_of(self, customer_id: str) -> tuple[Order, ...]:
        """All orders of a customer, the newest first."""
        with self._units.reading() as unit:
            return unit.orders.of_customer(customer_id)

    def order(self, number: str) -> Order:
        """The order with exactly this number."""
        for order in self.find_orders(number):
            if order.number == number:
                return order
        raise NotFound(number)

    def products(self, skus: Iterable[str]) -> Mapping[str, Product]:
        """The articles with these SKUs, as far as the shop has them."""
        with self._units.reading() as unit:
            return unit.cases.products(skus)

    def variants(self, sku: str) -> tuple[Product, ...]:
        """The same article in other colours or sizes, by SKU."""
        with self._units.reading() as unit:
            return unit.cases.variants(sku)

    def cases(self, number: str) -> OrderCases:
        """What happened to the order with exactly this number."""
        with self._units.reading() as unit:
            return unit.cases.of_order(number)

    def case(self, folio: str) -> FoundCase | None:
        """The return, claim or complaint with this folio, as a customer writes it."""
        with self._units.reading() as unit:
            return unit.cases.find(folio)

    def find_refund(self, reference: str) -> Refund | None:
        """The refund that our house opened under this reference."""
        with self._units.reading() as unit:
            return unit.open_cases.find_refund(reference)

    def all_cases(self, *, with_closed: bool) -> OrderCases:
        """Every case of the shop, or every open one."""
        with self._units.reading() as unit:
            return unit.open_cases.all_cases(with_closed=with_closed)

    def history(self, folio: str) -> tuple[HistoryEntry, ...]:
        """What became of the case, or the refund, with exactly this folio."""
        with self._units.reading() as unit:
            found = unit.cases.find(folio) or unit.cases.refund(folio)
            if found is None:
                return ()
            if found.order_number is None:
                return unit.case_history.of_case(folio)
            return unit.case_history.of_order(found.order_number, folio)

    def complaints_of(self, conversation_id: str) -> tuple[Complaint, ...]:
        """The complaints made in a conversation, the oldest first."""
        with self._units.reading() as unit:
            return unit.cases.complaints_of(conversation_id)

    def invoice(self, number: str) -> Invoice:
        """The document of an order, in Spanish."""
        if self._seller is None:
            raise NotSupported("invoices")
        return invoice_of(self.order(number), self._seller)
