"""Complaining: heard in the customer's words, registered once, and told to nobody else."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.complaints import Complaint, ComplaintKind, ComplaintStatus
from bot.domain.messages import Document, DocumentKind
from bot.services.order_backend import Actor
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import SPOKEN, Customer, JourneyHouse
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
ANA = "ana.gil@example.com"
STORY = "el repartidor tiró el paquete por encima de la valla y se marchó sin llamar al timbre"
RECEIPT = [
    "complaint_receipt",
    "complaint_due",
    "complaint_answered_within",
    "complaint_official_form_unconfirmed",
]


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(NOW), sample_document())


def made_by(house: JourneyHouse, customer: Customer) -> tuple[Complaint, ...]:
    return house.backend.complaints_of(customer.conversation_id)


def complained(house: JourneyHouse, customer: Customer) -> Complaint:
    """Somebody who has complained about no order."""
    customer.says("quiero poner una reclamación", "file_complaint")
    customer.says(STORY)
    customer.presses(without_order="yes")
    customer.presses("affirm")
    return made_by(house, customer)[-1]


# --- complaining --------------------------------------------------------------------------------


def test_a_complaint_is_led_through_to_its_folio(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("quiero poner una reclamación", "file_complaint") == ["question_complaint"]
    assert ana.says(STORY) == ["question_about_order"]
    assert ana.says("A-1001", order_number="A-1001") == ["question_second_fact"]
    summary = ana.says(ANA, email=ANA)
    assert summary == ["complaint_summary_order", "complaint_due", "question_confirmation"]
    assert ana.presses("affirm") == RECEIPT
    (complaint,) = made_by(house, ana)
    assert (complaint.kind, complaint.order_number) == (ComplaintKind.RECLAMACION, "A-1001")
    assert complaint.text == STORY


def test_all_in_one_message_needs_nothing_but_a_yes(house: JourneyHouse) -> None:
    ana = house.customer()
    said = f"Reclamación por mi pedido A-1001: {STORY}. Soy {ANA}"
    summary = ana.says(said, "file_complaint", order_number="A-1001", email=ANA)
    assert summary == ["complaint_summary_order", "complaint_due", "question_confirmation"]


def test_the_receipt_goes_with_the_folio(house: JourneyHouse) -> None:
    ana = house.customer()
    complaint = complained(house, ana)
    assert ana.step is not None
    assert ana.step.documents == (Document(DocumentKind.RECEIPT, complaint.folio),)


def test_it_is_answered_within_the_term_of_the_country(house: JourneyHouse) -> None:
    ana = house.customer()
    complaint = complained(house, ana)
    assert complaint.due_on == date(2026, 12, 1)  # 15 business days
    assert ana.facts["due_on"] == complaint.due_on


def test_the_official_form_of_the_region_is_told(house: JourneyHouse) -> None:
    ana = house.customer()
    said = f"Reclamación por mi pedido A-1001: {STORY}"
    ana.says(said, "file_complaint", order_number="A-1001", email=ANA)
    ana.presses("affirm")
    assert "Comunidad de Madrid" in ana.facts["where"]


def test_nobody_has_to_name_an_order_to_complain(house: JourneyHouse) -> None:
    somebody = house.customer()
    assert complained(house, somebody).order_number is None


@pytest.mark.parametrize("words", ["no lo tengo", "no tengo el número", "no"])
def test_whoever_has_no_number_goes_on_without(house: JourneyHouse, words: str) -> None:
    somebody = house.customer()
    somebody.says(f"pongo una queja: {STORY}", "file_complaint")
    assert somebody.says(words, "deny")[0] == "complaint_summary"


def test_a_wrong_second_fact_does_not_stop_a_complaint(house: JourneyHouse) -> None:
    somebody = house.customer()
    said = f"Reclamación por mi pedido A-1001: {STORY}"
    refused = somebody.says(said, "file_complaint", order_number="A-1001", email="x@example.com")
    assert refused == ["refusal_order_not_identified", "question_second_fact"]
    assert somebody.chooses(1)[0] == "complaint_summary"


def test_a_second_fact_that_was_refused_is_counted_once(house: JourneyHouse) -> None:
    somebody = house.customer()
    said = f"Reclamación por mi pedido A-1001: {STORY}"
    somebody.says(said, "file_complaint", order_number="A-1001", email="x@example.com")
    somebody.chooses(1)
    somebody.presses("affirm")
    with house.units.reading() as unit:
        since = NOW - timedelta(hours=1)
        assert unit.identities.failures_since(somebody.conversation_id, since) == 1


def test_a_complaint_that_nobody_can_prove_is_registered_all_the_same(house: JourneyHouse) -> None:
    somebody = house.customer()
    said = f"Reclamación por mi pedido A-1001: {STORY}"
    somebody.says(said, "file_complaint", order_number="A-1001", email="x@example.com")
    somebody.says("y@example.com", email="y@example.com")
    assert somebody.says("z@example.com", email="z@example.com")[0] == "complaint_summary"
    assert somebody.presses("affirm")[0] == "complaint_receipt"


def test_the_order_talked_about_is_attached_to_a_proven_customers_complaint(
    house: JourneyHouse,
) -> None:
    ana = house.customer()
    ana.says("mi pedido", "ask_order_status", order_number="A-1001", email=ANA)
    ana.memory = None
    assert ana.says(f"Reclamación: {STORY}", "file_complaint")[0] == "complaint_summary_order"


def test_which_kind_it_is_is_asked_when_nothing_says_it(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says(f"{STORY}, apúntalo", "file_complaint") == ["question_complaint_kind"]
    ana.chooses(1)
    ana.presses(without_order="yes")
    assert ana.facts["kind"] is ComplaintKind.QUEJA


def test_the_kind_can_be_corrected_before_the_yes(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says(f"Queja: {STORY}", "file_complaint")
    ana.presses(without_order="yes")
    assert ana.says("no, una reclamación", "deny")[0] == "complaint_summary"
    assert ana.facts["kind"] is ComplaintKind.RECLAMACION


def test_what_is_told_later_belongs_to_it(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says(f"Queja: {STORY}", "file_complaint")
    ana.presses(without_order="yes")
    more = "añade que mi vecina lo vio todo desde su ventana"
    assert ana.says(more)[0] == "complaint_summary"
    ana.presses("affirm")
    assert made_by(house, ana)[0].text.endswith(more)


def test_a_no_registers_nothing(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says(f"Queja: {STORY}", "file_complaint")
    ana.presses(without_order="yes")
    assert ana.presses("deny") == ["question_change"]
    assert made_by(house, ana) == ()


def test_the_same_yes_twice_registers_one_complaint(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says(f"Queja: {STORY}", "file_complaint")
    ana.presses(without_order="yes")
    before = ana.memory
    first = ana.presses("affirm")
    ana.memory = before
    assert ana.presses("affirm") == first
    assert len(made_by(house, ana)) == 1


# --- what became of it --------------------------------------------------------------------------


def test_a_complaint_of_this_conversation_needs_no_proof(house: JourneyHouse) -> None:
    somebody = house.customer()
    complaint = complained(house, somebody)
    told = somebody.says("y mi reclamación", "ask_complaint_status", case_number=complaint.folio)
    assert told == ["complaint_open", "complaint_due"]


def test_without_a_folio_the_complaints_made_here_are_told(house: JourneyHouse) -> None:
    somebody = house.customer()
    complained(house, somebody)
    told = somebody.says("cómo va mi reclamación", "ask_complaint_status")
    assert told == ["complaint_open", "complaint_due"]


def test_the_shops_answer_is_told_in_its_words(house: JourneyHouse) -> None:
    somebody = house.customer()
    folio = complained(house, somebody).folio
    team = Actor.agent("Marta")
    house.backend.move_complaint(folio, ComplaintStatus.RESOLVED, "k1", team, "Hemos cambiado.")
    told = somebody.says("y mi reclamación", "ask_complaint_status", case_number=folio)
    assert told == ["complaint_resolved_answer"]
    assert somebody.facts["answer"] == "Hemos cambiado."


def test_an_overdue_complaint_is_a_matter_for_a_person(
    house: JourneyHouse,
) -> None:
    somebody = house.customer()
    folio = complained(house, somebody).folio
    house.clock.move(timedelta(days=40))
    told = somebody.says("y mi reclamación", "ask_complaint_status", case_number=folio)
    assert told == ["complaint_overdue"]
    assert somebody.step is not None
    assert somebody.step.offers_person


def test_a_complaint_about_an_order_is_told_to_its_proven_owner(house: JourneyHouse) -> None:
    ana = house.customer()
    said = f"Reclamación por mi pedido A-1001: {STORY}"
    ana.says(said, "file_complaint", order_number="A-1001", email=ANA)
    ana.presses("affirm")
    elsewhere = house.customer().identified("A-1001", ANA)
    told = elsewhere.says("y mi reclamación", "ask_complaint_status")
    assert told == ["complaint_open", "complaint_due"]


def test_a_folio_of_somebody_else_and_an_unknown_one_are_refused_alike(
    house: JourneyHouse,
) -> None:
    folio = complained(house, house.customer()).folio
    luis = house.customer().identified("#W2-7", "luis@example.com")
    theirs = luis.says("reclamación", "ask_complaint_status", case_number=folio)
    unknown = luis.says("reclamación", "ask_complaint_status", case_number="REC-2026-009999")
    assert theirs == unknown == ["refusal_complaint_not_found"]


def test_a_stranger_with_a_folio_is_asked_for_proof_whether_it_exists_or_not(
    house: JourneyHouse,
) -> None:
    folio = complained(house, house.customer()).folio
    theirs = house.customer().says("qué hay", "ask_complaint_status", case_number=folio)
    unknown = house.customer().says("qué hay", "ask_complaint_status", case_number="REC-2026-9999")
    assert theirs == unknown == ["question_order_number"]


def test_whoever_has_none_can_make_one(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    assert ana.says("cómo va mi queja", "ask_complaint_status") == ["no_complaints"]
    assert ana.chooses(1) == ["question_complaint"]


# --- what is read in customers' words ------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("vengo a por la hoja de reclamaciones", ComplaintKind.RECLAMACION),
        ("pásenme el libro de reclamaciones ps", ComplaintKind.RECLAMACION),
        ("q me tomen el reclamo", ComplaintKind.RECLAMACION),
        ("os voy a denunciar", ComplaintKind.RECLAMACION),
        ("me voy a consumo", ComplaintKind.RECLAMACION),
        ("quiero meter una queja por el trato", ComplaintKind.QUEJA),
        ("una queja formal", ComplaintKind.RECLAMACION),
        ("no quiero reclamación, solo una queja", ComplaintKind.QUEJA),
        ("vengo a contarte lo del técnico", None),
    ],
)
def test_the_kind_is_read_in_the_words(words: str, kind: ComplaintKind | None) -> None:
    assert SPOKEN.complaint_kind(words) is kind


@pytest.mark.parametrize(
    ("words", "tells"),
    [
        ("hola, buenas tardes, quiero poner una hoja de reclamaciones por favor", False),
        ("cómo pongo un reclamo con ustedes", False),
        ("reclamo por el pedido A-1001, soy ana@example.com", False),
        ("me cobraron dos veces el mismo pedido y nadie contesta", True),
        (STORY, True),
    ],
)
def test_a_mere_wish_is_not_taken_for_what_happened(words: str, tells: bool) -> None:
    assert SPOKEN.tells_what_happened(words) is tells
