"""Documents in the chat: a customer asks for the invoice and opens it, and so can an agent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from bot.domain.messages import Attachment, DocumentKind
from tests.browser.chat import Chat, bot
from tests.fakes.desk_house import PASSWORD, DeskHouse, RunningDesk, email_of
from tests.fakes.webchat_pages import TEXTS
from tests.fakes.webchat_server import WebchatFake
from tests.running_house import RunningHouse
from tests.sample_orders import sample_document

pytestmark = pytest.mark.browser

PDF = "application/pdf"
NAME = "factura-A-1001.pdf"
MARTA = "Marta Ruiz"


def test_a_document_is_a_link_with_its_name_that_leaves_the_chat_open(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.open()
    address = "/webchat/documents/signed"
    fake.say("Here it is.", attachments=[{"url": address, "content_type": PDF, "name": NAME}])
    label = TEXTS["document"].format(name=NAME)
    chat.shows(bot(f"Here it is.{label}"))
    link = chat.log.get_by_role("link", name=label, exact=True)
    with chat.page.expect_popup() as opened:
        link.press("Enter")
    expect(opened.value).to_have_url(f"{fake.url}webchat/documents/signed")
    expect(chat.panel).to_be_visible()


def test_a_document_of_another_scheme_is_no_link(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say(
        "Here.", attachments=[{"url": "javascript:alert(1)", "content_type": PDF, "name": NAME}]
    )
    chat.shows(bot(f"Here.{NAME}"))
    expect(chat.log.get_by_role("link")).to_have_count(0)


@pytest.fixture
def house(filed_engine: Engine, tmp_path: Path) -> DeskHouse:
    house = DeskHouse(filed_engine, tmp_path)
    house.add_agent(MARTA)
    house.import_orders(sample_document())
    return house


@pytest.fixture
def desk(house: DeskHouse) -> Iterator[RunningDesk]:
    with house.running() as desk:
        yield desk


def test_an_agent_sees_what_was_handed_over_and_can_open_it(
    house: DeskHouse, desk: RunningDesk, page: Page
) -> None:
    document = Attachment("A-1001", PDF, NAME, DocumentKind.SUMMARY)
    conversation = house.hand_over("ana", document)
    house.ask_for_person(conversation)
    page.goto(f"{desk.url}/desk")
    page.get_by_role("textbox").nth(0).fill(email_of(MARTA))
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.locator(f'[data-id="{conversation}"]').click()
    link = page.get_by_role("log").get_by_role("link", name=re.compile(NAME))
    address = link.get_attribute("href")
    assert address is not None
    opened = page.request.get(f"{desk.url}{address}")
    assert (opened.status, opened.headers["content-type"]) == (200, PDF)
    assert opened.body().startswith(b"%PDF-")


@pytest.mark.assistant
@pytest.mark.timeout(240)
def test_a_customer_asks_for_the_invoice_and_opens_it(
    running_house: RunningHouse, page: Page
) -> None:
    page.goto(running_house.address)
    page.locator("posventa-chat button[aria-haspopup=dialog]").click()
    log = page.get_by_role("log")
    words = page.get_by_role("dialog").get_by_role("textbox")
    words.fill("hola, necesito la factura del pedido #W2611340")
    words.press("Enter")
    expect(log).to_contain_text("código postal")
    expect(log.get_by_role("link")).to_have_count(0)
    words.fill("10083")
    words.press("Enter")
    # The house has no tax number: it is a summary.
    link = log.get_by_role("link", name="resumen-W2611340.pdf")
    expect(link).to_be_visible()
    address = link.get_attribute("href")
    assert address is not None
    opened = page.request.get(address)
    assert (opened.status, opened.headers["content-type"]) == (200, PDF)
    assert 'filename="resumen-W2611340.pdf"' in opened.headers["content-disposition"]
    assert opened.body().startswith(b"%PDF-")
    assert page.request.get(f"{address}x").status == 404
