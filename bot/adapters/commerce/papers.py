"""The documents of the shop in PDF; see `bot.services.documents.Papers`."""

from dataclasses import replace

from bot.adapters.commerce.invoice_pdf import invoice_of
from bot.adapters.commerce.pdf_page import SellerIdentity
from bot.adapters.commerce.receipt_pdf import receipt_of
from bot.domain.orders import Order
from bot.services.order_backend import Case


class PdfPapers:
    """Writes summaries and receipts in the name of a seller."""

    def __init__(self, seller: SellerIdentity) -> None:
        self._seller = seller

    def summary(self, order: Order) -> bytes:
        """The order's document as one that is no invoice, whoever sells."""
        return invoice_of(order, replace(self._seller, tax_id=None)).content

    def receipt(self, case: Case, order: Order | None) -> bytes:
        """The receipt of a case."""
        return receipt_of(case, order, self._seller)
