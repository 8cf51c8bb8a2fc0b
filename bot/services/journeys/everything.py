"""All journeys, in the order of the customer's way: order, return, guarantee, complaint, shop."""

from bot.domain.carriers import Carriers
from bot.domain.manuals import Manuals
from bot.services.journeys.addresses import ChangeAddress
from bot.services.journeys.claim_status import TellClaimStatus
from bot.services.journeys.compensation import AskCompensation
from bot.services.journeys.complaints import FileComplaint, TellComplaintStatus
from bot.services.journeys.guarantee import ClaimGuarantee
from bot.services.journeys.guarantee_coverage import TellGuarantee
from bot.services.journeys.incidents import ReportMissingItem, ReportNotReceived
from bot.services.journeys.invoice import RequestInvoice
from bot.services.journeys.journey import Journey
from bot.services.journeys.order_answers import OrderAnswers
from bot.services.journeys.order_journeys import CancelOrder, TellOrderStatus
from bot.services.journeys.privacy import OptOut, RegisterPrivacyRequest
from bot.services.journeys.product_help import HelpWithProduct
from bot.services.journeys.rating import GiveRating
from bot.services.journeys.return_policy import TellReturnPolicy
from bot.services.journeys.return_status import (
    CancelReturn,
    TellRefundStatus,
    TellReturnStatus,
)
from bot.services.journeys.returns import ReturnSomething
from bot.services.journeys.shop_information import TellShopInformation


def all_journeys(carriers: Carriers, manuals: Manuals) -> tuple[Journey, ...]:
    """One of each."""
    return (
        TellOrderStatus(OrderAnswers(carriers)),
        CancelOrder(),
        ReportNotReceived(OrderAnswers(carriers)),
        ReportMissingItem(OrderAnswers(carriers)),
        ChangeAddress(OrderAnswers(carriers)),
        RequestInvoice(),
        ReturnSomething(),
        TellReturnStatus(),
        TellRefundStatus(),
        CancelReturn(),
        TellReturnPolicy(),
        TellGuarantee(),
        ClaimGuarantee(),
        TellClaimStatus(),
        HelpWithProduct(manuals),
        FileComplaint(),
        TellComplaintStatus(),
        AskCompensation(OrderAnswers(carriers)),
        GiveRating(),
        TellShopInformation(),
        RegisterPrivacyRequest(),
        OptOut(),
    )
