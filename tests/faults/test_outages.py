"""Parts that are away, hang or lie: customers are told, nothing is lost, nobody gets silence."""

from collections.abc import Iterator

import pytest

from tests.chat_client import ChatClient
from tests.running_house import RunningHouse, ready_house

pytestmark = [pytest.mark.assistant, pytest.mark.timeout(420)]

QUESTION = "donde esta mi pedido #W2611340, mi correo es james.li4495@example.com"


@pytest.fixture(scope="module")
def house(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house of this module's own: its parts are going to fail."""
    with ready_house(tmp_path_factory.mktemp("house")) as house:
        yield house


def test_while_rasa_is_away_customers_are_told_and_answered_when_it_is_back(
    house: RunningHouse,
) -> None:
    house.kill("rasa")
    customer = ChatClient(house.address)
    asked = customer.say(QUESTION)
    assert customer.notice(asked)["text"]
    assert not [m for m in customer.transcript if m["author"] == "bot" and m["seq"] > asked]
    house.start("rasa")
    house.wait_until_ready()
    assert "357962501027" in customer.answer(after=asked)["text"]
    customer.close()


def test_a_person_can_be_had_while_rasa_is_away(house: RunningHouse) -> None:
    house.kill("rasa")
    customer = ChatClient(house.address)
    pressed = customer.press("Hablar con una persona")
    assert customer.notice(pressed)["author"] == "system"
    house.start("rasa")
    house.wait_until_ready()
    customer.close()


def test_an_action_server_that_is_gone_ends_in_calm_words_and_a_person(
    house: RunningHouse,
) -> None:
    house.kill("actions")
    customer = ChatClient(house.address)
    answer = customer.ask(QUESTION, seconds=60)
    assert [choice["title"] for choice in answer["choices"]] == ["Hablar con una persona"]
    assert "357962501027" not in answer["text"]
    house.start("actions")
    house.wait_until_ready()
    assert "357962501027" in customer.ask(QUESTION)["text"]
    customer.close()


def test_an_action_server_that_hangs_ends_in_calm_words_and_a_person(house: RunningHouse) -> None:
    house.pause("actions")
    customer = ChatClient(house.address)
    answer = customer.ask(QUESTION, seconds=60)
    assert [choice["title"] for choice in answer["choices"]] == ["Hablar con una persona"]
    house.go_on("actions")
    house.wait_until_ready()
    assert "357962501027" in customer.ask(QUESTION)["text"]
    customer.close()
