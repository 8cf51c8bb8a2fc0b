"""The team sees what is most urgent first, and moves cases only where a step leads."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.claims import ClaimKind, ClaimStatus, Remedy, RepairStatus
from bot.domain.privacy import PrivacyKind, PrivacyRequest
from bot.domain.returns import ReturnStatus
from bot.services.case_document import written_sheet
from bot.services.case_moves import CaseMoves, CaseNotMoved
from bot.services.open_cases import CaseKind, CaseNotFound, OpenCases
from bot.services.order_backend import Actor
from bot.services.orders_import import OrdersImport
from tests.contract.order_backend_promises import (
    BY,
    NOW,
    a_claim,
    a_complaint,
    a_refund,
    a_return,
    shop_document,
)
from tests.fixtures_database import emptied_sqlite

MADRID = ZoneInfo("Europe/Madrid")
SHOP = Actor.shop()


class SetClock:
    def __init__(self) -> None:
        self.instant = NOW

    def now(self) -> datetime:
        return self.instant


class Team:
    """The shop's cases, with a clock that can be set."""

    def __init__(self, units: SqlUnits) -> None:
        self.clock = SetClock()
        self.units = units
        self.backend = SqlOrderBackend(units, self.clock)
        self.cases = OpenCases(units, self.backend, self.clock, MADRID)
        self.moves = CaseMoves(units, self.backend, self.clock, self.cases)
        OrdersImport(units, self.clock).run(shop_document())

    def move(self, folio: str, to: str, **what: str) -> str:
        return self.moves.move(folio, to, SHOP, **what).card.status  # type: ignore[arg-type]

    def folios(self, kind: CaseKind | None = None, *, with_closed: bool = False) -> list[str]:
        return [card.folio for card in self.cases.list(kind, with_closed=with_closed)]

    def returned(self, key: str = "k1") -> str:
        return self.backend.start_return(a_return(), key, BY).folio

    def claimed(self, key: str = "k2") -> str:
        return self.backend.open_claim(a_claim(), key, BY).folio

    def complained(self, key: str = "k3") -> str:
        return self.backend.open_complaint(a_complaint(), key, BY).folio

    def owed(self, key: str = "k4") -> str:
        return self.backend.refund(a_refund("5.00"), key, BY).reference

    def asked(self, key: str = "k5", due_on: date | None = None) -> str:
        request = PrivacyRequest(PrivacyKind.ACCESS, "c1", "ana", due_on=due_on)
        with self.units.writing() as unit:
            folio = unit.privacy.register(request, key, self.clock.now()).folio
            unit.commit()
        return folio


@pytest.fixture
def team() -> Team:
    return Team(SqlUnits(emptied_sqlite()))


def refused(move: Callable[[], object]) -> CaseNotMoved:
    with pytest.raises(CaseNotMoved) as caught:
        move()
    return caught.value


# --- the list --------------------------------------------------------------------------------------


def test_what_is_due_first_is_first_and_what_has_no_day_is_last(team: Team) -> None:
    later = team.claimed()  # until the 20th of December
    soon = team.returned()  # until the 4th
    undated = team.owed()
    between = team.complained()  # until the 14th
    assert team.folios() == [soon, between, later, undated]


def test_of_cases_without_a_day_the_oldest_is_first(team: Team) -> None:
    newer = team.asked()
    team.clock.instant -= timedelta(days=1)
    older = team.owed()
    assert team.folios() == [older, newer]


def test_the_list_may_be_of_one_kind(team: Team) -> None:
    of_kind = {
        CaseKind.RETURN: team.returned(),
        CaseKind.CLAIM: team.claimed(),
        CaseKind.COMPLAINT: team.complained(),
        CaseKind.REFUND: team.owed(),
        CaseKind.PRIVACY: team.asked(),
    }
    assert {kind: team.folios(kind) for kind in CaseKind} == {
        kind: [folio] for kind, folio in of_kind.items()
    }


def test_closed_cases_follow_the_open_ones_when_asked_for(team: Team) -> None:
    first, second, waiting = team.returned(), team.complained(), team.claimed()
    team.move(first, "declined")
    team.move(second, "resolved")
    assert team.folios() == [waiting]
    assert team.folios(with_closed=True) == [waiting, second, first]


@pytest.mark.parametrize(
    ("now", "overdue"),
    [
        (datetime(2026, 12, 14, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 14, 23, 1, tzinfo=UTC), True),  # the 15th in Madrid
    ],
)
def test_a_case_is_overdue_from_the_day_after(team: Team, now: datetime, overdue: bool) -> None:
    team.complained()
    team.clock.instant = now
    (card,) = team.cases.list()
    assert card.is_overdue is overdue


def test_what_is_closed_is_not_overdue(team: Team) -> None:
    folio = team.complained()
    team.move(folio, "resolved")
    team.clock.instant = NOW + timedelta(days=365)
    assert not team.cases.show(folio).card.is_overdue


def test_a_refund_that_the_shop_lists_as_paid_is_not_open(team: Team) -> None:
    folio = team.owed()
    raw = shop_document()
    order = next(each for each in raw["orders"] if each["number"] == "D-1001")
    paid_back = {"method": "credit_card", "amount": "5.00", "kind": "refund"}
    order["payments"] = [*order["payments"], paid_back | {"at": "2026-11-22T10:00:00Z"}]
    OrdersImport(team.units, team.clock).run(raw)
    assert team.folios() == []
    assert team.cases.show(folio).card.status == "succeeded"


# --- one case --------------------------------------------------------------------------------------


def test_a_case_is_shown_with_who_did_what_and_what_may_follow(team: Team) -> None:
    folio = team.returned()
    team.move(folio, "approved")
    sheet = team.cases.show("dev 1")
    assert (sheet.card.folio, sheet.card.order_number) == (folio, "D-1001")
    assert sheet.customer is not None
    assert sheet.customer.name == "Ana Gil"
    assert [(each.actor, each.kind) for each in sheet.history] == [
        ("customer via assistant", "return_requested"),
        ("shop", "return_approved"),
    ]
    assert sheet.may_become == ("received", "declined", "cancelled")


def test_every_kind_is_shown(team: Team) -> None:
    folios = [team.returned(), team.claimed(), team.complained(), team.owed(), team.asked()]
    assert [team.cases.show(folio).card.folio for folio in folios] == folios


def test_a_repair_is_shown_with_where_it_may_go(team: Team) -> None:
    sheet = team.cases.show(team.claimed())
    assert "awaiting_item" not in sheet.repair_may_become
    assert "repairing" in sheet.repair_may_become


@pytest.mark.parametrize("folio", ["DEV-2026-000009", "RMB-1", "PRI-1", "nothing", ""])
def test_an_unknown_folio_is_no_case(team: Team, folio: str) -> None:
    with pytest.raises(CaseNotFound):
        team.cases.show(folio)
    with pytest.raises(CaseNotFound):
        team.move(folio, "resolved")


def test_a_case_is_written_out_whole(team: Team) -> None:
    folio = team.complained()
    team.move(folio, "resolved", answer="Te lo enviamos hoy.")
    assert written_sheet(team.cases.show(folio)) == {
        "folio": folio,
        "kind": "complaint",
        "status": "resolved",
        "order_number": None,
        "opened_at": "2026-11-20T08:00:00Z",
        "due_on": "2026-12-14",
        "open": False,
        "overdue": False,
        "customer": None,
        "details": {
            "kind": "reclamacion",
            "text": "Llevo tres semanas esperando.",
            "conversation_id": "c1",
            "country": "ES",
            "answer": "Te lo enviamos hoy.",
        },
        "events": [
            {
                "at": "2026-11-20T08:00:00Z",
                "actor": "customer via assistant",
                "kind": "complaint_opened",
                "detail": {"folio": folio, "kind": "reclamacion", "conversation_id": "c1"},
            },
            {
                "at": "2026-11-20T08:00:00Z",
                "actor": "shop",
                "kind": "complaint_resolved",
                "detail": {"folio": folio},
            },
        ],
        "may_become": [],
        "repair_may_become": [],
    }


def test_lines_and_amounts_are_written_out(team: Team) -> None:
    details = written_sheet(team.cases.show(team.returned()))["details"]
    assert details["refund"] == "50.00 EUR"
    assert details["lines"] == [
        {"position": 0, "sku": "ZAP-41", "title": "Zapatillas", "quantity": 1}
    ]


# --- moving ----------------------------------------------------------------------------------------


def test_each_kind_is_moved_through_its_own_step(team: Team) -> None:
    assert team.move(team.returned(), "received") == "received"
    assert team.move(team.claimed(), "in_progress") == "in_progress"
    assert team.move(team.complained(), "rejected") == "rejected"
    assert team.move(team.owed(), "succeeded") == "succeeded"
    assert team.move(team.asked(), "resolved") == "resolved"


def test_the_answer_to_a_complaint_is_kept(team: Team) -> None:
    folio = team.complained()
    team.move(folio, "resolved", answer="Te lo enviamos hoy.")
    (complaint,) = team.backend.complaints_of("c1")
    assert complaint.answer == "Te lo enviamos hoy."


def test_the_same_move_again_changes_nothing(team: Team) -> None:
    folios = [team.returned(), team.complained(), team.owed(), team.asked()]
    for folio, to in zip(folios, ["received", "resolved", "failed", "resolved"], strict=True):
        team.move(folio, to)
        before = team.cases.show(folio)
        assert team.move(folio, to) == to
        assert team.cases.show(folio) == before


def test_a_step_that_does_not_exist_is_refused_with_what_is_possible(team: Team) -> None:
    folio = team.returned()
    before = team.cases.show(folio)
    for to in ("closed", "requested", "resolved", "nonsense"):
        refusal = refused(lambda to=to: team.move(folio, to))  # type: ignore[misc]
        assert refusal.may_become == ("approved", "received", "declined", "cancelled")
    assert team.cases.show(folio) == before


def test_where_it_was_before_it_cannot_go_again(team: Team) -> None:
    folio = team.returned()
    team.move(folio, "approved")
    team.move(folio, "received")
    assert refused(lambda: team.move(folio, "approved")).status == "received"


def test_a_return_whose_money_has_moved_is_not_declined(team: Team) -> None:
    folio = team.returned()
    team.move(folio, "received")
    team.move("RMB-1", "succeeded")
    refusal = refused(lambda: team.move(folio, "declined"))
    assert "RMB-2026-000001" in refusal.reason
    assert refusal.may_become == ("closed",)


def test_another_answer_does_not_take_the_place_of_the_first(team: Team) -> None:
    folio = team.complained()
    team.move(folio, "resolved", answer="Sí.")
    refused(lambda: team.move(folio, "resolved", answer="No."))
    (complaint,) = team.backend.complaints_of("c1")
    assert complaint.answer == "Sí."


def test_what_does_not_belong_to_the_kind_is_refused(team: Team) -> None:
    folio = team.returned()
    refused(lambda: team.move(folio, "approved", answer="Sí."))
    refused(lambda: team.move(folio, "approved", repair="repairing"))
    assert team.cases.show(folio).card.status == "requested"


def test_a_repair_may_be_looked_at_again_and_each_time_is_told(team: Team) -> None:
    folio = team.claimed()
    for place in ("diagnosing", "repairing", "diagnosing", "diagnosing", "repairing"):
        assert team.move(folio, "in_progress", repair=place) == "in_progress"
    kinds = [each.kind for each in team.cases.show(folio).history]
    assert kinds[1:] == [
        "repair_diagnosing",
        "repair_repairing",
        "repair_diagnosing",
        "repair_repairing",
    ]


def test_a_repaired_article_ends_the_claim_in_one_step(team: Team) -> None:
    folio = team.claimed()
    assert team.move(folio, "resolved", repair="sent_back") == "resolved"
    (claim,) = team.backend.cases("D-1001").claims
    assert (claim.status, claim.repair) == (ClaimStatus.RESOLVED, RepairStatus.SENT_BACK)


@pytest.mark.parametrize("repair", ["nonsense", ""])
def test_a_place_that_no_workshop_has_is_refused(team: Team, repair: str) -> None:
    folio = team.claimed()
    refusal = refused(lambda: team.move(folio, "in_progress", repair=repair))
    assert "repairing" in refusal.repair_may_become
    assert team.cases.show(folio).card.status == "open"


def test_where_nothing_is_to_be_repaired_no_repair_moves(team: Team) -> None:
    missing = a_claim(kind=ClaimKind.MISSING_ITEM, remedy=Remedy.RESEND)
    folio = team.backend.open_claim(missing, "k1", BY).folio
    refused(lambda: team.move(folio, "in_progress", repair="repairing"))
    assert team.cases.show(folio).card.status == "open"


def test_what_a_customer_did_is_no_move_of_the_shops(team: Team) -> None:
    folio = team.returned()
    team.backend.cancel_return(folio, "k9", BY)
    assert refused(lambda: team.move(folio, "cancelled")).may_become == ()


def test_who_moved_it_is_told(team: Team) -> None:
    folio = team.asked()
    team.moves.move(folio, "resolved", Actor.agent("Marta"))
    assert team.cases.show(folio).history[-1].actor == "agent Marta"


# --- what may follow is what the case allows ---------------------------------------------------------


def test_what_may_follow_of_a_return_is_what_it_can_do(team: Team) -> None:
    found = team.backend.case(team.returned())
    assert found is not None
    for status in ReturnStatus:
        standing = replace(found.case, status=status)  # type: ignore[arg-type]
        for to in status.leads_to:
            assert standing.moved(to).status is to  # type: ignore[arg-type]
