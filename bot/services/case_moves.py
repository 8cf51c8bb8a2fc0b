"""The team moves cases on: through the port, once each, and only where a step leads."""

from enum import StrEnum
from typing import TypeVar

from bot.domain.claims import Claim, ClaimStatus, RepairStatus
from bot.domain.complaints import Complaint, ComplaintStatus
from bot.domain.errors import Refusal
from bot.domain.privacy import PrivacyCase, PrivacyStatus
from bot.domain.refunds import Refund, RefundStatus
from bot.domain.returns import Return, ReturnStatus
from bot.services.open_cases import CaseSheet, OpenCases, kind_of
from bot.services.order_backend import Actor, Conflict, OrderBackend
from bot.services.ports import Clock, Units

Status = TypeVar("Status", bound=StrEnum)


class CaseNotMoved(Refusal):
    """The case stays where it is, for a `reason` in words for the team.

    `may_become` is where it may go instead, `repair_may_become` the same of a repair.
    """

    code = "case_not_moved"

    def __init__(self, sheet: CaseSheet, wanted: str, reason: str) -> None:
        self.folio = sheet.card.folio
        self.status = sheet.card.status
        self.reason = reason
        self.may_become = tuple(status for status in sheet.may_become if status != wanted)
        self.repair_may_become = sheet.repair_may_become
        super().__init__(f"{self.folio}: {reason}")


class CaseMoves:
    """Moves any case of the shop."""

    def __init__(
        self, units: Units, backend: OrderBackend, clock: Clock, open_cases: OpenCases
    ) -> None:
        self._units = units
        self._backend = backend
        self._clock = clock
        self._open_cases = open_cases

    def move(
        self,
        folio: str,
        to: str,
        by: Actor,
        *,
        answer: str = "",
        repair: str | None = None,
    ) -> CaseSheet:
        """Move a case on; the same move again changes nothing, and is none that was refused.

        Args:
            folio: However it is written.
            to: The status, by its name.
            answer: What the customer is told of a complaint.
            repair: Where the article under repair is, of a claim.

        Raises:
            CaseNotFound, CaseNotMoved: nothing was written.
        """
        sheet = self._open_cases.show(folio)
        card = sheet.card
        if answer and not isinstance(sheet.case, Complaint):
            raise CaseNotMoved(sheet, "", f"a {kind_of(sheet.case)} has no answer")
        if repair is not None and not isinstance(sheet.case, Claim):
            raise CaseNotMoved(sheet, "", f"a {kind_of(sheet.case)} has no repair")
        if repair is not None and repair not in list(RepairStatus):
            raise CaseNotMoved(sheet, "", f"no repair is {repair!r}")
        if to != card.status and to not in sheet.may_become:
            raise CaseNotMoved(sheet, "", f"no step leads from {card.status} to {to}")
        try:
            self._write(sheet, to, by, answer, repair)
        except Conflict as refusal:
            reason = f"it was moved to {to} before, with something else"
            raise CaseNotMoved(sheet, to, reason) from refusal
        except Refusal as refusal:
            # Somebody may have moved it meanwhile.
            now = self._open_cases.show(card.folio)
            reason = f"{refusal.code.replace('_', ' ')} ({refusal})"
            raise CaseNotMoved(now, to, reason) from refusal
        return self._open_cases.show(card.folio)

    def _write(self, sheet: CaseSheet, to: str, by: Actor, answer: str, repair: str | None) -> None:
        folio = sheet.card.folio
        # A status is reached once in a case's life, so that its name and the folio say which move.
        key = f"shop:{folio}:{to}"
        match sheet.case:
            case Return():
                self._backend.move_return(folio, ReturnStatus(to), key, by)
            case Complaint():
                self._backend.move_complaint(folio, ComplaintStatus(to), key, by, answer)
            case Refund():
                succeeded = RefundStatus(to) is RefundStatus.SUCCEEDED
                self._backend.settle_refund(folio, key, by, succeeded=succeeded)
            case PrivacyCase():
                with self._units.writing() as unit:
                    now = self._clock.now()
                    unit.privacy.move(folio, PrivacyStatus(to), key, by.name, now)
                    unit.commit()
            case Claim() as claim:
                self._move_claim(claim, ClaimStatus(to), key, by, repair, len(sheet.history))

    def _move_claim(
        self, claim: Claim, to: ClaimStatus, key: str, by: Actor, repair: str | None, step: int
    ) -> None:
        if repair is None:
            self._backend.move_claim(claim.folio, key, by, to=to)
            return
        place = RepairStatus(repair)
        if (claim.status, claim.repair) == (to, place):
            return
        # A workshop may look at it again: only the step tells a second time from a repetition.
        self._backend.move_claim(claim.folio, f"{key}:{place}:{step}", by, to=to, repair=place)
