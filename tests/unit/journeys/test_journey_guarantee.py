"""The guarantee: told to the day, and used after a yes."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.claims import Claim, ClaimKind, ClaimRequest, ClaimStatus, Remedy, RepairStatus
from bot.services.order_backend import Actor
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_deliveries import PROOF, delivered, document_with

TEAM = Actor.agent("Bea")
FAULT = "la cafetera no calienta"


class House(JourneyHouse):
    """A shop whose customer Ana bought a coffee machine some months ago."""

    def __init__(self, units: SqlUnits, *orders: dict[str, Any], **product: Any) -> None:
        self.time = FixedClock()
        bought = orders or (delivered(on="2026-03-02"),)
        super().__init__(units, self.time, document_with(*bought, **product))

    def ana(self) -> Customer:
        ana = self.customer().identified("A-1001", PROOF)
        ana.in_focus = "A-1001"
        return ana

    @property
    def claims(self) -> tuple[Claim, ...]:
        return self.backend.cases("A-1001").claims

    def claim(self, kind: ClaimKind, remedy: Remedy, **changes: Any) -> Claim:
        request = ClaimRequest("A-1001", kind, remedy, **changes)
        return self.backend.open_claim(request, f"{kind} {remedy}", TEAM)


@pytest.fixture
def house(units: SqlUnits) -> House:
    return House(units)


SUMMARY = ["claim_summary", "claim_transport_paid_by_seller", "question_confirmation"]


def offered(customer: Customer) -> list[str]:
    """What the buttons of the last answer give."""
    assert customer.step is not None
    assert customer.step.question is not None
    return [next(iter(each.facts.values()), "") for each in customer.step.question.choices]


def until_the_confirmation(ana: Customer, remedy: str = "que la reparen") -> list[str]:
    ana.says(FAULT, "claim_warranty")
    return ana.says(remedy)


# --- is it covered ------------------------------------------------------------------------------


def test_in_general_the_law_of_the_country_is_told_without_any_proof(house: House) -> None:
    someone = house.customer()
    answer = someone.says("cuánto dura la garantía?", "ask_warranty_coverage")
    assert answer == ["guarantee_by_law", "guarantee_presumed_for", "guarantee_covers"]
    assert someone.memory is None


def test_who_wants_the_exact_day_is_asked_for_the_order(house: House) -> None:
    someone = house.customer()
    someone.says("cuánto dura la garantía?", "ask_warranty_coverage")
    assert someone.chooses(1) == ["question_order_number"]


def test_of_an_article_the_last_day_is_told(house: House) -> None:
    ana = house.ana()
    answer = ana.says("hasta cuándo tiene garantía la cafetera?", "ask_warranty_coverage")
    assert answer == ["guarantee_until_by_law", "guarantee_presumed_until", "guarantee_covers"]
    assert ana.step is not None
    assert ana.step.says[0].facts["until"] == date(2029, 3, 2)


def test_articles_with_the_same_guarantee_are_told_together(house: House) -> None:
    ana = house.ana()
    ana.says("sigue en garantía?", "ask_warranty_coverage")
    assert ana.step is not None
    assert [line.sku for line in ana.step.says[0].facts["items"]] == ["CAF-1", "TAZ-1"]  # type: ignore[union-attr]


def test_a_guarantee_that_ended_is_told_with_its_day_and_a_person(units: SqlUnits) -> None:
    ana = House(units, delivered(on="2023-01-10")).ana()
    assert ana.says("sigue en garantía la taza?", "ask_warranty_coverage") == ["guarantee_ended"]
    assert ana.facts["until"] == date(2026, 1, 10)
    assert ana.step is not None
    assert ana.step.offers_person


def test_a_promise_longer_than_the_law_names_both_days(units: SqlUnits) -> None:
    ana = House(units, delivered(on="2026-03-02"), warranty_months=60).ana()
    answer = ana.says("hasta cuándo tiene garantía la cafetera?", "ask_warranty_coverage")
    assert answer[0] == "guarantee_until_by_both"


# --- using it -----------------------------------------------------------------------------------


def test_a_claim_is_opened_after_a_yes(house: House) -> None:
    ana = house.ana()
    assert ana.says("quiero usar la garantía", "claim_warranty") == ["question_which_fails"]
    assert ana.says("la cafetera") == ["question_description"]
    assert ana.says("pierde agua por debajo") == ["question_remedy"]
    assert ana.says("que la reparen") == SUMMARY
    assert house.claims == ()
    assert ana.says("sí", "affirm") == ["claim_receipt", "claim_next_repair", "case_answer_due"]
    (claim,) = house.claims
    assert (claim.kind, claim.remedy, claim.description, claim.repair) == (
        ClaimKind.WARRANTY,
        Remedy.REPAIR,
        "pierde agua por debajo",
        RepairStatus.AWAITING_ITEM,
    )


def test_what_the_first_message_says_is_not_asked(house: House) -> None:
    someone = house.customer()
    text = f"la cafetera del A-1001 no calienta, que me la reparen, soy {PROOF}"
    answer = someone.says(text, "claim_warranty", order_number="A-1001", email=PROOF)
    assert answer == SUMMARY


def test_the_words_of_a_fault_nobody_has_heard_of_are_a_description(house: House) -> None:
    ana = house.ana()
    text = "la cafetera hace un zumbido agudo y despide olor a plástico caliente"
    assert ana.says(text, "claim_warranty") == ["question_remedy"]


def test_a_photo_goes_along_with_the_claim(house: House) -> None:
    ana = house.ana()
    ana.says(FAULT, "claim_warranty")
    ana.says("que la reparen")
    ana.says("", "send_photo", photos=("roto.webp",))
    ana.says("sí", "affirm")
    assert house.claims[0].evidence == ("roto.webp",)


def test_another_remedy_at_the_end_corrects_the_claim(house: House) -> None:
    ana = house.ana()
    until_the_confirmation(ana)
    answer = ana.says("mejor que me la cambien por otra")
    assert answer[-1] == "question_confirmation"
    ana.says("sí", "affirm")
    assert house.claims[0].remedy is Remedy.REPLACEMENT


def test_a_no_opens_nothing(house: House) -> None:
    ana = house.ana()
    until_the_confirmation(ana)
    assert ana.says("no", "deny") == ["question_change"]
    assert house.claims == ()


def test_the_same_yes_twice_opens_one_claim(house: House) -> None:
    ana = house.ana()
    until_the_confirmation(ana)
    before = ana.memory
    turns = ana.turns
    first = ana.says("sí", "affirm")
    ana.memory, ana.turns = before, turns
    assert ana.says("sí", "affirm") == first
    assert len(house.claims) == 1


def test_money_back_comes_after_the_laws_first_remedies(house: House) -> None:
    ana = house.ana()
    ana.says(FAULT, "claim_warranty")
    answer = ana.says("que me devuelvan el dinero")
    assert answer == ["remedy_comes_later", "question_remedy"]
    assert offered(ana) == ["repair", "replacement"]
    assert ana.says("bueno, entonces que la reparen") == SUMMARY


def test_after_a_repair_that_did_not_help_the_money_may_be_asked_for(house: House) -> None:
    first = house.claim(ClaimKind.WARRANTY, Remedy.REPAIR)
    house.backend.move_claim(first.folio, "done", TEAM, to=ClaimStatus.RESOLVED)
    ana = house.ana()
    ana.says(FAULT, "claim_warranty")
    assert ana.says("que me devuelvan el dinero") == SUMMARY


def test_what_is_new_may_also_go_back(units: SqlUnits) -> None:
    ana = House(units, delivered()).ana()
    assert ana.says(FAULT, "claim_warranty") == ["question_remedy"]
    answer = ana.chooses(3)
    assert answer[0] == "journey_left"
    assert ana.memory is not None
    assert ana.memory["journey"] == "request_return"


def test_an_ended_guarantee_is_refused_with_its_day_and_a_person(units: SqlUnits) -> None:
    ana = House(units, delivered(on="2023-01-10")).ana()
    assert ana.says(FAULT, "claim_warranty") == ["guarantee_ended"]
    assert ana.facts["until"] == date(2026, 1, 10)
    assert ana.step is not None
    assert ana.step.offers_person


def test_what_has_not_arrived_has_no_guarantee_yet(units: SqlUnits) -> None:
    ana = House(units, delivered(shipments=[])).ana()
    answer = ana.says(FAULT, "claim_warranty")
    assert answer == ["guarantee_not_of", "refusal_guarantee_not_delivered"]


def test_an_open_claim_about_the_same_article_is_named_before_anything_is_asked(
    house: House,
) -> None:
    first = house.claim(ClaimKind.WARRANTY, Remedy.REPAIR)
    ana = house.ana()
    assert ana.says("la cafetera, por garantía", "claim_warranty") == ["refusal_already_claimed"]
    assert ana.facts["folio"] == first.folio


def test_a_question_about_the_guarantee_in_between_is_about_the_same_article(house: House) -> None:
    ana = house.ana()
    question = ana.says("la cafetera, por garantía", "claim_warranty")[-1]
    answer = ana.says("pero todavía están en garantía??", "ask_warranty_coverage")
    assert answer[0] == "guarantee_until_by_law"
    assert answer[-1] == question
    assert ana.step is not None
    assert [line.sku for line in ana.step.says[0].facts["items"]] == ["CAF-1"]  # type: ignore[union-attr]


def test_a_question_before_anything_is_proven_does_not_lose_the_claim(house: House) -> None:
    someone = house.customer()
    someone.says(FAULT, "claim_warranty", order_number="A-1001")
    asked = someone.says("pero todavía está en garantía??", "ask_warranty_coverage")
    assert asked == ["first_this", "question_second_fact"]
    assert someone.says(PROOF, email=PROOF)[-1] == "question_remedy"


def test_of_several_pieces_as_many_fail_as_was_said(units: SqlUnits) -> None:
    two = [{"sku": "TAZ-1", "quantity": 2, "unit_price": "4.50"}]
    house = House(units, delivered(on="2026-03-02") | {"lines": two})
    ana = house.ana()
    text = "compré dos tazas y una se ha rajado sola, que me la cambien por la garantía"
    assert ana.says(text, "claim_warranty") == ["question_quantity"]
    ana.says("solo una")
    ana.says("sí", "affirm")
    assert [line.quantity for line in house.claims[0].lines] == [1]


# --- how it goes --------------------------------------------------------------------------------


@pytest.mark.parametrize("repair", RepairStatus)
def test_each_state_of_a_repair_has_its_sentence(house: House, repair: RepairStatus) -> None:
    claim = house.claim(ClaimKind.WARRANTY, Remedy.REPAIR)
    if repair is not RepairStatus.AWAITING_ITEM:
        house.backend.move_claim(claim.folio, "moved", TEAM, repair=repair)
    answer = house.ana().says("cómo va mi reparación", "ask_claim_status")
    assert answer == [f"repair_{repair}"]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [(ClaimKind.WARRANTY, "claim_rejected"), (ClaimKind.MISSING_ITEM, "incident_rejected")],
)
def test_a_claim_that_was_rejected_offers_a_person(
    house: House, kind: ClaimKind, sentence: str
) -> None:
    claim = house.claim(kind, Remedy.REPLACEMENT)
    house.backend.move_claim(claim.folio, "no", TEAM, to=ClaimStatus.REJECTED)
    ana = house.ana()
    assert ana.says("y mi caso?", "ask_claim_status") == [sentence]
    assert ana.step is not None
    assert ana.step.offers_person


def test_an_overdue_claim_offers_a_person(house: House) -> None:
    house.claim(ClaimKind.NOT_RECEIVED, Remedy.RESEND, due_on=date(2026, 11, 25))
    ana = house.ana()
    assert ana.says("y mi caso?", "ask_claim_status") == ["incident_open", "case_answer_due"]
    house.time.move(timedelta(days=6))
    assert ana.says("y mi caso?", "ask_claim_status") == ["incident_open", "case_overdue"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_a_folio_of_a_guarantee_asks_how_the_claim_goes(house: House) -> None:
    claim = house.claim(ClaimKind.WARRANTY, Remedy.REPLACEMENT)
    someone = house.customer()
    assert someone.says(claim.folio, case_number=claim.folio) == ["question_second_fact"]
    assert someone.says(PROOF, email=PROOF) == ["claim_open"]


def test_without_a_claim_one_can_be_opened(house: House) -> None:
    ana = house.ana()
    assert ana.says("cómo va mi reparación", "ask_claim_status") == ["no_claims"]
    assert ana.chooses(1) == ["question_which_fails"]
