"""Why something that a customer asks of an order is not possible now: one type a reason.

The codes are stable: each is the end of a response's name, `utter_refusal_<code>`.
"""

from bot.domain.errors import Refusal


class NotEligible(Refusal):
    """The order, or the case, is not in a state from which this is possible."""

    code = "not_eligible"


class OrderCancelled(NotEligible):
    """The order is cancelled."""

    code = "order_cancelled"


class OrderCompleted(NotEligible):
    """The order is completed: there is nothing left to stop."""

    code = "order_completed"


class AlreadyShipped(NotEligible):
    """A parcel of the order is with the carrier, or was."""

    code = "already_shipped"


class NotDelivered(NotEligible):
    """What is asked about has not arrived yet."""

    code = "not_delivered"


class MoreThanDelivered(NotEligible):
    """More units than have arrived."""

    code = "more_than_delivered"


class AlreadyInReturn(NotEligible):
    """The units are in another return already: `folio` is that one's."""

    code = "already_in_return"

    def __init__(self, folio: str) -> None:
        self.folio = folio
        super().__init__(folio)


class NotAVariant(NotEligible):
    """An article is exchanged only for the same one, in another colour or size perhaps."""

    code = "not_a_variant"


class OutOfStock(NotEligible):
    """There is not enough of the article that was asked for: `sku`."""

    code = "out_of_stock"

    def __init__(self, sku: str) -> None:
        self.sku = sku
        super().__init__(sku)


class ReturnNotCancellable(NotEligible):
    """The return has arrived at the shop, or is over."""

    code = "return_not_cancellable"


class ClaimNotCancellable(NotEligible):
    """The claim is over."""

    code = "claim_not_cancellable"


class AlreadyClaimed(NotEligible):
    """An open claim says the same about the same articles: `folio` is that one's."""

    code = "already_claimed"

    def __init__(self, folio: str) -> None:
        self.folio = folio
        super().__init__(folio)


class AlreadyCompensated(NotEligible):
    """The order was compensated once; there is no second time."""

    code = "already_compensated"


class NotPaid(NotEligible):
    """Nothing was paid, so that nothing can be paid back."""

    code = "not_paid"


class MoreThanPaid(NotEligible):
    """More money than was paid and is not paid back, or on its way back, already."""

    code = "more_than_paid"


class PaidBackUnknown(NotEligible):
    """The shop says that a part was paid back, but not how much: a person has to look."""

    code = "paid_back_unknown"


class CaseNotMovable(NotEligible):
    """No step leads from where the case, or the refund, stands to there."""

    code = "case_not_movable"
