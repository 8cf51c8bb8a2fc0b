"""Returns under way: how they go, where the money is, and taking one back."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.money import Money
from bot.domain.refunds import PaymentMeans
from bot.domain.returns import (
    RequestedLine,
    Resolution,
    Return,
    ReturnBasis,
    ReturnReason,
    ReturnRequest,
    ReturnStatus,
)
from bot.services.order_backend import Actor
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_deliveries import PROOF, delivered, document_with

TEAM = Actor.agent("Bea")
DUE = date(2026, 12, 4)


class House(JourneyHouse):
    """A shop whose customer Ana has sent something back."""

    def __init__(self, units: SqlUnits, *orders: dict[str, Any]) -> None:
        self.time = FixedClock()
        super().__init__(units, self.time, document_with(*(orders or (delivered(),))))

    def returned(self, position: int = 0, number: str = "A-1001", **changes: Any) -> Return:
        """A return of one article, asked for today."""
        values: dict[str, Any] = {
            "order_number": number,
            "lines": (RequestedLine(position, 1),),
            "reason": ReturnReason.CHANGED_MIND,
            "resolution": Resolution.REFUND,
            "basis": ReturnBasis.WITHDRAWAL,
            "return_paid_by": "customer",
            "refund_due": DUE,
        }
        request = ReturnRequest(**{**values, **changes})
        return self.backend.start_return(request, f"open {number} {position}", TEAM)

    def move(self, opened: Return, *steps: ReturnStatus) -> None:
        for step in steps:
            self.backend.move_return(opened.folio, step, f"{opened.folio} {step}", TEAM)

    def ana(self) -> Customer:
        return self.customer().identified("A-1001", PROOF)


@pytest.fixture
def house(units: SqlUnits) -> House:
    return House(units)


# --- how it goes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "answer"),
    [
        ((), ["return_requested", "return_wait_for_answer", "refund_promised"]),
        (
            (ReturnStatus.APPROVED,),
            ["return_approved", "return_instructions", "refund_promised"],
        ),
        ((ReturnStatus.RECEIVED,), ["return_received", "refund_promised"]),
        ((ReturnStatus.RECEIVED, ReturnStatus.CLOSED), ["return_closed", "refund_promised"]),
        ((ReturnStatus.DECLINED,), ["return_declined", "return_declined_why"]),
        ((ReturnStatus.CANCELLED,), ["return_cancelled"]),
    ],
)
def test_each_state_of_a_return_has_its_sentence(
    house: House, steps: tuple[ReturnStatus, ...], answer: list[str]
) -> None:
    house.move(house.returned(), *steps)
    assert house.ana().says("cómo va mi devolución", "ask_return_status") == answer


def test_a_refused_return_offers_a_person(house: House) -> None:
    house.move(house.returned(), ReturnStatus.DECLINED)
    ana = house.ana()
    ana.says("y mi devolución", "ask_return_status")
    assert ana.step is not None
    assert ana.step.offers_person


def test_the_shops_own_instructions_are_passed_on(house: House) -> None:
    house.returned(instructions="deja el paquete en un punto SEUR")
    ana = house.ana()
    assert "return_how_to_send" in ana.says("cómo la envío", "ask_return_status")
    assert ana.facts["instructions"] == "deja el paquete en un punto SEUR"


def test_a_folio_alone_asks_how_its_return_goes_once_it_is_proven(house: House) -> None:
    opened = house.returned()
    someone = house.customer()
    assert someone.says(opened.folio, case_number=opened.folio) == ["question_second_fact"]
    assert someone.says(PROOF, email=PROOF)[0] == "return_requested"


def test_an_unknown_folio_is_answered_like_one_that_is_not_theirs(house: House) -> None:
    opened = house.returned()

    def answers(folio: str) -> list[list[str]]:
        someone = house.customer()
        first = someone.says(folio, "ask_return_status", case_number=folio)
        return [first, someone.says("luis@example.com", email="luis@example.com")]

    assert answers("DEV-2026-999999") == answers(opened.folio)


def test_a_proven_customer_is_told_that_a_folio_is_not_among_their_orders(house: House) -> None:
    ana = house.ana()
    answer = ana.says("DEV-2026-999999", "ask_return_status", case_number="DEV-2026-999999")
    assert answer == ["case_not_found", "question_case_number"]


def test_of_several_returns_the_customer_chooses(house: House) -> None:
    house.returned(0)
    second = house.returned(1)
    ana = house.ana()
    assert ana.says("cómo va la devolución", "ask_return_status") == ["question_which_case"]
    assert ana.chooses(1)[0] == "return_requested"
    assert ana.facts["folio"] == second.folio


def test_the_article_says_which_of_several_returns_is_meant(house: House) -> None:
    house.returned(0)
    second = house.returned(1)
    ana = house.ana()
    ana.says("cómo va la devolución de la taza", "ask_return_status")
    assert ana.facts["folio"] == second.folio


def test_the_order_with_a_return_is_meant_when_none_is_named(units: SqlUnits) -> None:
    house = House(units, delivered(), delivered("A-1002", "2026-11-18"))
    opened = house.returned()
    ana = house.ana()
    ana.in_focus = "A-1002"
    ana.says("qué pasó con mi devolución", "ask_return_status")
    assert ana.facts["folio"] == opened.folio


def test_without_a_return_one_can_be_opened(house: House) -> None:
    ana = house.ana()
    answer = ana.says("cómo va mi devolución", "ask_return_status")
    assert answer == ["no_returns", "return_can_be_opened"]
    assert ana.chooses(1) == ["question_which_line"]


# --- the money ----------------------------------------------------------------------------------


def test_a_pending_refund_has_its_amount_and_its_last_day(house: House) -> None:
    house.move(house.returned(), ReturnStatus.RECEIVED)
    ana = house.ana()
    assert ana.says("cuándo me llega el dinero", "ask_refund_status") == ["refund_promised"]
    assert ana.facts == {"amount": Money(2000, "EUR"), "due_on": DUE}


def test_money_of_an_open_return_is_told_before_there_is_a_refund(house: House) -> None:
    house.returned()
    assert house.ana().says("y mi reembolso", "ask_refund_status") == ["refund_promised"]


def test_an_overdue_refund_is_called_so_and_a_person_is_offered(house: House) -> None:
    house.move(house.returned(), ReturnStatus.RECEIVED)
    ana = house.ana()
    house.time.move(timedelta(days=20))
    assert ana.says("sigo sin mi dinero", "ask_refund_status") == ["refund_overdue"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_a_refund_that_moved_has_its_day(house: House) -> None:
    house.move(house.returned(), ReturnStatus.RECEIVED)
    (refund,) = house.backend.cases("A-1001").refunds
    house.backend.settle_refund(refund.reference, "paid", TEAM, succeeded=True)
    ana = house.ana()
    assert ana.says("ya salió el reembolso?", "ask_refund_status") == [
        "refund_paid_on",
        "refund_went_to",
    ]
    assert ana.facts["paid_on"] == date(2026, 11, 20)
    assert ana.facts["means"] is PaymentMeans.CARD


def test_a_refund_that_failed_goes_to_a_person(house: House) -> None:
    house.move(house.returned(), ReturnStatus.RECEIVED)
    (refund,) = house.backend.cases("A-1001").refunds
    house.backend.settle_refund(refund.reference, "failed", TEAM, succeeded=False)
    ana = house.ana()
    assert ana.says("mi reembolso?", "ask_refund_status") == ["refund_failed"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_without_any_refund_it_is_said(house: House) -> None:
    assert house.ana().says("y mi reembolso?", "ask_refund_status") == ["refund_none"]


def test_a_cancelled_order_without_a_refund_goes_to_a_person(units: SqlUnits) -> None:
    cancelled = delivered(status="cancelled", shipments=[])
    ana = House(units, cancelled).ana()
    assert ana.says("cuándo me devuelven", "ask_refund_status") == ["refund_none_cancelled"]
    assert ana.step is not None
    assert ana.step.offers_person


# --- taking it back -----------------------------------------------------------------------------


def test_a_return_is_cancelled_after_a_yes(house: House) -> None:
    house.returned()
    ana = house.ana()
    summary = ana.says("ya no quiero devolverla", "cancel_return")
    assert summary == ["cancel_return_summary", "question_confirmation"]
    assert house.backend.cases("A-1001").returns[0].status is ReturnStatus.REQUESTED
    assert ana.says("sí", "affirm") == ["return_now_cancelled"]
    assert house.backend.cases("A-1001").returns[0].status is ReturnStatus.CANCELLED


def test_a_no_cancels_nothing(house: House) -> None:
    house.returned()
    ana = house.ana()
    ana.says("anula la devolución", "cancel_return")
    assert ana.says("no", "deny") == ["question_change"]
    assert house.backend.cases("A-1001").returns[0].status is ReturnStatus.REQUESTED


def test_everything_in_one_message_leaves_only_the_yes(house: House) -> None:
    opened = house.returned()
    someone = house.customer()
    answer = someone.says(
        f"anula la {opened.folio}", "cancel_return", case_number=opened.folio, email=PROOF
    )
    assert answer == ["cancel_return_summary", "question_confirmation"]


def test_another_article_in_the_middle_corrects_which_return_is_cancelled(house: House) -> None:
    house.returned(0)
    second = house.returned(1)
    ana = house.ana()
    ana.says("anula la devolución de la cafetera", "cancel_return")
    answer = ana.says("perdón, la de la taza")
    assert answer == ["cancel_return_summary", "question_confirmation"]
    assert ana.facts["folio"] == second.folio


def test_what_the_shop_already_has_is_refused_with_its_reason(house: House) -> None:
    house.move(house.returned(), ReturnStatus.RECEIVED)
    ana = house.ana()
    answer = ana.says("anula la devolución", "cancel_return")
    assert answer == ["refusal_return_not_cancellable"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_the_same_yes_twice_cancels_once(house: House) -> None:
    house.returned()
    ana = house.ana()
    ana.says("ya no quiero devolverla", "cancel_return")
    before = ana.memory
    first = ana.says("sí", "affirm")
    ana.memory = before
    assert ana.says("sí", "affirm") == first
