"""Help with an article: the shop's own words first, general advice else, and safety always."""

from typing import Any

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_deliveries import PROOF, delivered, document_with

OWN = {"topic": "maintenance", "text": "Usa el programa de limpieza."}


def house_of(units: SqlUnits, **product: Any) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(), document_with(delivered(), **product))


def ana_of(house: JourneyHouse) -> Customer:
    return house.customer().identified("A-1001", PROOF)


def offers_person(customer: Customer) -> bool:
    assert customer.step is not None
    return customer.step.offers_person


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return house_of(units)


def test_nobody_has_to_prove_anything_for_general_advice(house: JourneyHouse) -> None:
    someone = house.customer()
    answer = someone.says("cómo se limpia la tetera", "ask_product_help", product="tetera")
    assert answer == ["product_help", "product_help_is_general"]


def test_an_article_is_known_by_its_regional_name(house: JourneyHouse) -> None:
    someone = house.customer()
    someone.says("cómo conecto la laptop", "ask_product_help")
    assert someone.facts["text"].startswith("Conéctalo a la corriente")


def test_what_is_missing_is_asked_one_thing_at_a_time(house: JourneyHouse) -> None:
    someone = house.customer()
    assert someone.says("necesito ayuda", "ask_product_help") == ["question_which_product"]
    answer = someone.says("con la tetera", product="tetera")
    assert answer == ["question_help_topic"]
    assert someone.chooses(1) == ["product_help", "product_help_is_general"]


def test_another_article_in_the_middle_corrects_the_first(house: JourneyHouse) -> None:
    someone = house.customer()
    someone.says("ayuda con la tetera", "ask_product_help", product="tetera")
    someone.says("perdón, con la mochila", product="mochila")
    someone.says("cómo se lava")
    assert someone.facts["text"].startswith("Límpiala a mano con agua tibia")


def test_the_shops_own_words_about_an_article_of_theirs_go_first(units: SqlUnits) -> None:
    ana = ana_of(house_of(units, help=[OWN]))
    answer = ana.says("cómo limpio la cafetera", "ask_product_help")
    assert answer == ["product_help", "product_manual"]
    assert ana.facts["text"] == OWN["text"]


def test_a_link_of_the_shop_goes_along_with_its_words(units: SqlUnits) -> None:
    linked = OWN | {"url": "https://shop.example.com/limpieza"}
    ana = ana_of(house_of(units, help=[linked]))
    ana.says("cómo limpio la cafetera", "ask_product_help")
    assert ana.facts["link"] == linked["url"]


def test_the_manual_of_a_bought_article_is_handed_over(house: JourneyHouse) -> None:
    ana = ana_of(house)
    answer = ana.says("cómo se usa la cafetera", "ask_product_help")
    assert answer == ["product_help", "product_help_is_general", "product_manual"]
    assert ana.facts["manual_url"] == "https://shop.example.com/caf-1.pdf"


def test_nothing_known_is_said_and_a_person_is_offered(house: JourneyHouse) -> None:
    someone = house.customer()
    answer = someone.says("cómo se usa el telescopio", "ask_product_help", product="telescopio")
    assert answer == ["product_help_none"]
    assert offers_person(someone)


def test_only_a_manual_is_better_than_nothing(units: SqlUnits) -> None:
    ana = ana_of(house_of(units, title="Telescopio"))
    answer = ana.says("cómo se instala el telescopio", "ask_product_help", product="telescopio")
    assert answer == ["product_manual_only"]
    assert offers_person(ana)


def test_what_may_hurt_offers_a_person(house: JourneyHouse) -> None:
    someone = house.customer()
    someone.says("mi hervidor no enciende", "ask_product_help", product="hervidor")
    assert "no lo abras" in someone.facts["text"]
    assert offers_person(someone)


def test_harmless_trouble_leads_to_the_guarantee(house: JourneyHouse) -> None:
    someone = house.customer()
    someone.says("el monopatín hace ruido", "ask_product_help", product="monopatín")
    assert someone.step is not None
    assert [each.intent for each in someone.step.choices] == ["claim_warranty", "request_human"]
