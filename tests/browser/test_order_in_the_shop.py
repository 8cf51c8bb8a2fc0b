"""The first promise, whole: a customer asks in the shop's page and gets the truth, or nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.chat_client import ChatClient
from tests.running_house import RunningHouse

pytestmark = [pytest.mark.assistant, pytest.mark.timeout(240)]

QUESTION = "holaa, donde esta mi pedido #W2611340? soy james"
TRACKING_NUMBER = "357962501027"


@pytest.mark.browser
def test_a_customer_asks_in_the_page_and_learns_where_the_order_is(
    running_house: RunningHouse, page: Page
) -> None:
    page.goto(running_house.address)
    page.locator("posventa-chat button[aria-haspopup=dialog]").click()
    chat = page.get_by_role("log")
    words = page.get_by_role("dialog").get_by_role("textbox")
    words.fill(QUESTION)
    words.press("Enter")
    expect(chat).to_contain_text("código postal")
    expect(chat).not_to_contain_text(TRACKING_NUMBER)
    words.fill("10083")
    words.press("Enter")
    expect(chat).to_contain_text(TRACKING_NUMBER)
    expect(chat).to_contain_text("DHL")
    # Due on the 18th of November 2026 and not delivered: it is told to be late.
    expect(chat).to_contain_text("retraso")


def test_the_same_by_long_poll(customer: ChatClient) -> None:
    assert TRACKING_NUMBER not in customer.ask(QUESTION)["text"]
    answer = customer.ask("james.li4495@example.com")["text"]
    assert TRACKING_NUMBER in answer
    assert "DHL" in answer
    assert "retraso" in answer


@pytest.mark.parametrize("fact", ["noah.brown7922@example.com", "80279"])
def test_an_order_of_somebody_else_is_refused(customer: ChatClient, fact: str) -> None:
    customer.ask(QUESTION)
    answer = customer.ask(fact)["text"]
    assert TRACKING_NUMBER not in answer
    assert "DHL" not in answer


def test_a_refusal_does_not_tell_whether_the_order_exists(
    running_house: RunningHouse, customer: ChatClient
) -> None:
    of_somebody_else = customer.ask(f"{QUESTION} mi correo es nadie@example.com")["text"]
    stranger = ChatClient(running_house.address)
    of_nobody = stranger.ask(
        "holaa, donde esta mi pedido #W9999999? soy james mi correo es nadie@example.com"
    )["text"]
    stranger.close()
    assert of_somebody_else == of_nobody
