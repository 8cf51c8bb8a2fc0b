"""A customer's opinion is kept as it was given, once a day."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.ratings import Rating, Score
from bot.domain.spoken.scales import scale_of
from bot.services.journeys.journey import Talk
from bot.services.journeys.memory import Memory
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture
def house(units: SqlUnits) -> JourneyHouse:
    return JourneyHouse(units, FixedClock(NOW), sample_document())


def kept(house: JourneyHouse, customer: Customer) -> tuple[Rating, ...]:
    with house.units.reading() as unit:
        return unit.ratings.of_conversation(customer.conversation_id)


def test_a_score_is_kept_with_the_words_around_it(house: JourneyHouse) -> None:
    ana = house.customer()
    words = "un 4, me ayudaste rápido"
    assert ana.says(words, "give_rating", rating="4") == ["rating_noted"]
    (rating,) = kept(house, ana)
    assert (rating.score, rating.comment) == (Score("4", 5), words)


def test_a_low_score_offers_a_person(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("2 de 5", "give_rating", rating="2") == ["rating_low"]
    assert ana.step is not None
    assert ana.step.offers_person


def test_the_order_talked_about_is_kept_with_it(house: JourneyHouse) -> None:
    ana = house.customer().identified("A-1001", "ana.gil@example.com")
    ana.says("mi pedido A-1001", "ask_order_status", order_number="A-1001")
    ana.says("un 5", "give_rating", rating="5")
    assert kept(house, ana)[0].order_number == "A-1001"


def test_an_opinion_without_a_score_is_asked_for_one(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("una atención estupenda", "give_rating") == ["question_rating"]
    assert ana.chooses(5) == ["rating_noted"]
    assert kept(house, ana)[0].score == Score("5", 5)
    assert kept(house, ana)[0].comment == "una atención estupenda"


def test_words_without_a_score_are_asked_about_once_and_kept(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says("una atención estupenda", "give_rating")
    memory = Memory.read(ana.memory)
    assert memory is not None
    progress = house.journeys.ask_again(Talk(ana.conversation_id, "t2"), memory)
    assert [each.response for each in progress.step.says] == ["rating_without_score"]
    assert [each.comment for each in kept(house, ana)] == ["una atención estupenda"]


def test_a_second_opinion_of_the_day_replaces_the_first(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says("un 2", "give_rating", rating="2")
    ana.says("mejor un 4", "give_rating", rating="4")
    assert [each.score for each in kept(house, ana)] == [Score("4", 5)]


def test_an_opinion_of_another_day_is_another_one(house: JourneyHouse) -> None:
    ana = house.customer()
    ana.says("un 2", "give_rating", rating="2")
    house.clock.move(timedelta(days=1))
    ana.says("un 4", "give_rating", rating="4")
    assert [each.score for each in kept(house, ana)] == [Score("2", 5), Score("4", 5)]


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("8 de 10", 10),
        ("10/10", 10),
        ("del 1 al 10, un 4", 10),
        ("tres de cinco", 5),
        ("cuatro estrellas", 5),
        ("un 4", None),
    ],
)
def test_the_scale_is_read_in_the_words(text: str, scale: int | None) -> None:
    assert scale_of(text) == scale


@pytest.mark.parametrize(
    ("value", "scale", "score"),
    [
        ("8.5", None, Score("8.5", 10)),
        ("0", None, Score("0", 5)),
        ("4", 10, Score("4", 10)),
        ("11", None, None),
        ("7", 5, None),
        ("muy bien", None, None),
    ],
)
def test_only_what_fits_its_scale_is_a_score(
    value: str, scale: int | None, score: Score | None
) -> None:
    assert Score.of(value, scale) == score


@pytest.mark.parametrize(
    ("score", "low"), [(Score("2", 5), True), (Score("3", 5), False), (Score("4", 10), True)]
)
def test_two_of_five_is_low(score: Score, low: bool) -> None:
    assert score.is_low is low
