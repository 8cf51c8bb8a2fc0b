"""The invoice of an order, or its summary where there is none."""

from bot.domain.orders import Order, OrderStatus
from bot.services.journeys.journey import Case, Journey
from bot.services.journeys.steps import Document, DocumentKind, Step, say
from bot.services.order_backend import NotSupported


class RequestInvoice(Journey):
    """The customer wants the paper of what they bought."""

    begins = frozenset({"request_invoice"})
    is_question = True

    def next(self, case: Case) -> Step:
        """Hand over what there is, and say which of the two it is."""
        if self._wants_other_data(case):
            # Nothing is asked for: whoever may change an invoice has to see the papers for it.
            return Step(says=(say("invoice_not_changed"),), offers_person=True)
        order = case.order()
        why_none = self._why_none(case, order)
        kind = DocumentKind.SUMMARY if why_none else DocumentKind.INVOICE
        return Step(
            says=(say(why_none or "invoice_ready", order_number=order.number),),
            document=Document(kind, order.number),
            asks_if_solved=True,
        )

    def _wants_other_data(self, case: Case) -> bool:
        """Whether the request is about what stands on the invoice, not about having it."""
        spoken = case.shop.spoken
        requests = (each for each in case.memory.remarks if each.intent in self.begins)
        return any(spoken.mentioned("invoice_data", request.text) for request in requests)

    def _why_none(self, case: Case, order: Order) -> str | None:
        """The sentence that says why an order has no invoice; None when it has one."""
        if order.status is OrderStatus.CANCELLED:
            return "invoice_of_cancelled"
        if not order.payment_status.was_paid:
            return "invoice_not_paid"
        try:
            invoice = case.shop.backend.invoice(order.number)
        except NotSupported:
            return "invoice_not_issued"
        return None if invoice.is_invoice else "invoice_not_issued"
