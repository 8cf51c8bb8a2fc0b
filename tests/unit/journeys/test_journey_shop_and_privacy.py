"""What the shop says of itself, and what customers may ask about their data."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.opening_words import opening_words
from bot.domain.opening_hours import OpeningHours
from bot.domain.privacy import PrivacyCase, PrivacyKind
from bot.domain.shop_facts import ShopFacts
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import SPOKEN, Customer, JourneyHouse
from tests.fakes.service_house import the_voice
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)  # a Tuesday, 13:00 in Madrid
NIGHT = datetime(2026, 11, 10, 22, tzinfo=UTC)
ANA = "ana.gil@example.com"
MADRID = ZoneInfo("Europe/Madrid")
FACTS = ShopFacts(hours=OpeningHours.parse("mon-fri 09:00-18:00", MADRID), phone="+34 910 000 000")


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(NOW), sample_document(), facts=FACTS)


def requests(house: JourneyHouse, customer: Customer) -> tuple[PrivacyCase, ...]:
    with house.units.reading() as unit:
        return unit.privacy.of_conversation(customer.conversation_id)


def is_known(house: JourneyHouse, customer: Customer) -> bool:
    with house.units.reading() as unit:
        return unit.identities.linked_customer(customer.conversation_id, NOW) is not None


def offers_person(customer: Customer) -> bool:
    assert customer.step is not None
    return customer.step.offers_person


# --- the shop -------------------------------------------------------------------------------------


def test_the_hours_are_the_settings(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("¿qué horario tienen?", "ask_store_info") == ["shop_hours"]
    assert ana.facts["hours"] == FACTS.hours


def test_out_of_hours_the_next_day_is_told(units: SqlUnits) -> None:
    house = JourneyHouse(units, FixedClock(NIGHT), sample_document(), facts=FACTS)
    ana = house.customer()
    assert ana.says("¿están abiertos?", "ask_store_info") == ["shop_hours", "shop_closed_now"]
    assert ana.facts["day"] == date(2026, 11, 11)


def test_what_is_not_known_is_said_not_to_be_and_a_person_is_offered(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("¿cuál es el correo?", "ask_store_info") == ["shop_email_unknown"]
    assert offers_person(ana)


def test_two_things_asked_are_both_told(house: JourneyHouse) -> None:
    ana = house.customer()
    says = ana.says("¿hasta qué hora contestan el teléfono?", "ask_store_info")
    assert says == ["shop_hours", "shop_phone"]


def test_asked_in_general_all_that_is_known_is_told(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("datos de la empresa", "ask_store_info") == ["shop_hours", "shop_phone"]
    assert not offers_person(ana)


def test_a_question_about_the_shop_leaves_the_matter_under_way_where_it_was(
    house: JourneyHouse,
) -> None:
    ana = house.customer()
    ana.says(
        "pongo una queja: el repartidor me gritó en la puerta delante de mi hija", "file_complaint"
    )
    says = ana.says("¿qué horario tienen?", "ask_store_info")
    assert says == ["shop_hours", "question_about_order"]


def test_a_return_at_the_customers_cost_goes_to_the_address_of_the_settings(
    units: SqlUnits,
) -> None:
    document = sample_document()
    document["orders"][0]["shipments"][0].update(
        status="delivered", delivered_at="2026-11-05T09:00:00Z", lines=[]
    )
    facts = replace(FACTS, returns_address="Calle del Olmo 3, Madrid")
    ana = JourneyHouse(units, FixedClock(NOW), document, facts=facts).customer()
    ana.identified("A-1001", ANA)
    wish = "quiero devolver la cafetera, me arrepentí, quiero el reembolso"
    ana.says(wish, "request_return", order_number="A-1001")
    assert "return_instructions_to" in ana.presses("affirm")
    assert ana.facts["address"] == facts.returns_address


def test_hours_are_said_as_people_say_them() -> None:
    hours = OpeningHours.parse("mon-fri 09:00-18:00, sat 10:00-14:30", MADRID)
    said = opening_words(hours, the_voice())
    assert said == "de lunes a viernes de 9:00 a 18:00 y el sábado de 10:00 a 14:30"


def test_days_of_different_hours_are_said_apart() -> None:
    hours = OpeningHours.parse("mon 09:00-18:00", MADRID)
    days = (*hours.days[:1], (time(8), time(12)), *hours.days[2:])
    said = opening_words(replace(hours, days=days), the_voice())
    assert said == "el lunes de 9:00 a 18:00 y el martes de 8:00 a 12:00"


# --- their data -----------------------------------------------------------------------------------


def test_a_deletion_is_registered_after_a_yes_and_ends_the_recognition(
    house: JourneyHouse,
) -> None:
    ana = house.customer().identified("A-1001", ANA)
    summary = ana.says("borren mis datos", "delete_my_data")
    assert summary == ["privacy_summary_deletion", "privacy_due", "question_confirmation"]
    assert ana.presses("affirm") == ["privacy_receipt", "privacy_due", "privacy_unlinked"]
    (request,) = requests(house, ana)
    assert request.folio == "PRI-2026-000001"
    assert (request.request.kind, request.request.customer_id) == (PrivacyKind.DELETION, "ana")
    assert not is_known(house, ana)


def test_it_is_answered_within_a_month(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    ana.says("borren mis datos", "delete_my_data")
    assert ana.facts["due_on"] == date(2026, 12, 10)


def test_the_folio_tells_what_was_registered(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    ana.says("quiero copia de todos mis datos", "delete_my_data")
    told = ana.presses("affirm")
    assert ana.says("y PRI-2026-000001?", case_number="PRI-2026-000001") == told


def test_a_folio_of_another_conversation_is_not_told(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    ana.says("quiero copia de todos mis datos", "delete_my_data")
    ana.presses("affirm")
    refused = house.customer().says("PRI-2026-000001", case_number="PRI-2026-000001")
    assert refused == ["refusal_privacy_request_not_found"]


def test_where_no_term_is_confirmed_none_is_told(units: SqlUnits) -> None:
    house = JourneyHouse(units, FixedClock(NOW), sample_document(), country="CO")
    luis = house.customer().identified("#W2-7", "luis@example.com")
    assert "privacy_due_unknown" in luis.says("borren mis datos", "delete_my_data")


def test_whoever_asks_about_their_data_proves_who_they_are(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("borren mis datos", "delete_my_data") == ["question_order_number"]
    assert ana.says("A-1001", order_number="A-1001") == ["question_second_fact"]
    assert ana.says(ANA, email=ANA)[0] == "privacy_summary_deletion"


def test_without_an_order_it_is_about_the_conversation(house: JourneyHouse) -> None:
    somebody = house.customer()
    somebody.says("borra esta conversación", "delete_my_data")
    assert somebody.chooses(1)[0] == "privacy_summary_deletion_conversation"
    somebody.presses("affirm")
    assert requests(house, somebody)[0].request.customer_id is None


def test_access_leaves_the_customer_known(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    ana.says("quiero copia de todos mis datos", "delete_my_data")
    ana.presses("affirm")
    assert requests(house, ana)[0].request.kind is PrivacyKind.ACCESS
    assert is_known(house, ana)


def test_what_is_to_be_corrected_is_kept_in_their_words(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    assert ana.says("rectifiquen mis datos", "delete_my_data") == ["question_correction"]
    ana.says("mi apellido es Gil, no Gol")
    ana.presses("affirm")
    assert requests(house, ana)[0].request.text == "mi apellido es Gil, no Gol"


def test_what_is_asked_can_be_corrected_before_the_yes(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    ana.says("borren mis datos", "delete_my_data")
    assert ana.says("mejor una copia de mis datos")[0] == "privacy_summary_access"


def test_which_request_it_is_is_asked_when_nothing_says_it(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    assert ana.says("derechos ARCO", "delete_my_data") == ["question_privacy_kind"]
    assert ana.presses(privacy_kind="objection")[0] == "privacy_summary_objection"


def test_a_no_registers_nothing(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    ana.says("borren mis datos", "delete_my_data")
    assert ana.presses("deny") == ["question_change"]
    assert requests(house, ana) == ()
    assert is_known(house, ana)


def test_the_same_yes_twice_registers_one_request(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    ana.says("borren mis datos", "delete_my_data")
    before = ana.memory
    first = ana.presses("affirm")
    ana.memory = before
    assert ana.presses("affirm") == first
    assert len(requests(house, ana)) == 1


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("bórrenme de su base", PrivacyKind.DELETION),
        ("quiero ver qué datos tienen de mí", PrivacyKind.ACCESS),
        ("me opongo a que usen mis datos", PrivacyKind.OBJECTION),
        ("corrijan mi nombre", PrivacyKind.RECTIFICATION),
        ("protección de datos", None),
    ],
)
def test_what_is_asked_about_data_is_read_in_the_words(
    words: str, kind: PrivacyKind | None
) -> None:
    assert SPOKEN.privacy_kind(words) is kind


# --- no more messages -------------------------------------------------------------------------------


def test_no_more_messages_holds_for_a_proven_customer_everywhere(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", ANA)
    assert ana.says("no me escriban más", "opt_out") == ["opted_out", "opted_out_lists"]
    with house.units.reading() as unit:
        assert unit.contacts.is_opted_out("another conversation", "ana")


def test_somebody_unknown_opts_out_in_their_conversation(house: JourneyHouse) -> None:
    somebody, other = house.customer(), house.customer()
    somebody.says("baja", "opt_out")
    with house.units.reading() as unit:
        assert unit.contacts.is_opted_out(somebody.conversation_id, None)
        assert not unit.contacts.is_opted_out(other.conversation_id, None)


def test_opting_out_twice_is_the_same(house: JourneyHouse) -> None:
    somebody = house.customer()
    first = somebody.says("baja", "opt_out")
    assert somebody.says("baja", "opt_out") == first
