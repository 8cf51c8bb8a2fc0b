"""The chat by keyboard, by screen reader, on a phone, in the dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import Chat, bot, own
from tests.browser.seeing import hard_to_read, scrolls_sideways
from tests.fakes.webchat_pages import TEXTS
from tests.fakes.webchat_server import WebchatFake

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture(params=["light", "dark"])
def coloured(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme: Any = request.param
    context = browser.new_context(color_scheme=scheme)
    yield context.new_page()
    context.close()


def talk_about_everything(chat: Chat, fake: WebchatFake) -> None:
    """Bring up every kind of text that the chat can show."""
    chat.open()
    fake.say("See https://carrier.example", choices=["A lamp"])
    chat.button("A lamp").click()
    fake.wait_until(lambda fake: len(fake.received) == 1)
    fake.say("Marta has joined.", author="system")
    fake.say("Which of them?", author="agent", name="Marta", choices=["This one"])
    fake.become("waking_up")
    expect(chat.button("This one")).to_be_visible()


def test_everything_can_be_done_from_the_keyboard(chat: Chat, fake: WebchatFake) -> None:
    keyboard = chat.page.keyboard
    expect(chat.launcher).to_be_visible()
    keyboard.press("Tab")  # the page's own button
    keyboard.press("Tab")
    expect(chat.launcher).to_be_focused()
    keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    keyboard.type("first line")
    keyboard.press("Shift+Enter")
    keyboard.type("second line")
    keyboard.press("Enter")
    fake.wait_until(lambda fake: fake.texts_received() == ["first line\nsecond line"])
    fake.say("Which one?", choices=["The lamp", "The blanket"])
    expect(chat.button("The blanket")).to_be_visible()
    keyboard.press("Shift+Tab")
    expect(chat.button(TEXTS["attach"])).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(chat.button("The blanket")).to_be_focused()
    keyboard.press("Enter")
    fake.wait_until(lambda fake: len(fake.received) == 2)
    expect(chat.input).to_be_focused()
    keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_tab_goes_through_the_chat_in_reading_order(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("Which one?", choices=["The lamp"])
    expect(chat.button("The lamp")).to_be_visible()
    chat.button(TEXTS["close"]).focus()
    for stop in (chat.log, chat.button("The lamp"), chat.button(TEXTS["attach"]), chat.input):
        chat.page.keyboard.press("Tab")
        expect(stop).to_be_focused()


def test_a_screen_reader_finds_its_way(chat: Chat, fake: WebchatFake) -> None:
    expect(chat.launcher).to_have_accessible_name(TEXTS["open"])
    chat.open()
    fake.say("Which one?", choices=["The lamp"])
    expect(chat.panel.get_by_role("heading", name=TEXTS["title"])).to_be_visible()
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.log.get_by_role("group", name=TEXTS["choices"])).to_be_visible()
    for name in (TEXTS["close"], TEXTS["attach"], TEXTS["send"], "The lamp"):
        expect(chat.button(name)).to_be_visible()
    expect(chat.input).to_have_accessible_name(TEXTS["input"])
    expect(chat.page.locator("posventa-chat")).to_have_attribute("lang", TEXTS["language"])


def test_a_reload_is_not_read_out_again(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    for number in range(3):
        fake.say(f"old {number}")
    chat.shows(*(bot(f"old {number}") for number in range(3)))
    chat.page.add_init_script(
        """window.readOut = [];
        const attach = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (options) {
            const root = attach.call(this, options);
            new MutationObserver((changes) => {
                for (const { target, addedNodes } of changes) {
                    if (target.role !== 'log' || target.ariaLive === 'off') continue;
                    for (const node of addedNodes) readOut.push(node.querySelector('.bubble'));
                }
            }).observe(root, { childList: true, subtree: true });
            return root;
        };"""
    )
    chat.page.reload()
    chat.shows(*(bot(f"old {number}") for number in range(3)))
    expect(chat.log).to_have_attribute("aria-live", "polite")
    fake.say("new")
    expect(chat.log.locator(".bubble")).to_have_count(4)
    read_out = chat.page.evaluate("readOut.filter(Boolean).map((bubble) => bubble.textContent)")
    assert read_out == [bot("new")]


def test_failure_is_told_to_those_who_do_not_see_it(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.fail(status=503)
    chat.write("hello?")
    expect(chat.page.get_by_role("status").filter(has_text=TEXTS["failed"])).to_have_count(1)


def test_a_phone_shows_the_chat_as_a_whole_page(phone: Page, fake: WebchatFake) -> None:
    chat = Chat(phone, fake).visit()
    talk_about_everything(chat, fake)
    fake.say("a_word_without_end_" * 20)
    fake.say("https://carrier.example/" + "a" * 300, choices=["choose " * 30])
    chat.write("another_word_without_end_" * 20)
    fake.wait_until(lambda fake: len(fake.received) == 2)
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert not scrolls_sideways(phone)
    assert chat.log.evaluate("(log) => log.scrollWidth <= log.clientWidth")


def test_a_phone_does_not_zoom_into_the_input(phone: Page, fake: WebchatFake) -> None:
    chat = Chat(phone, fake).visit().open()
    assert chat.input.evaluate("(input) => parseFloat(getComputedStyle(input).fontSize)") >= 16


def test_what_is_pressed_is_large_enough_for_a_thumb(phone: Page, fake: WebchatFake) -> None:
    chat = Chat(phone, fake).visit()
    talk_about_everything(chat, fake)
    for name in (TEXTS["close"], TEXTS["attach"], TEXTS["send"], "This one"):
        box = chat.button(name).bounding_box()
        assert box is not None, name
        assert min(box["width"], box["height"]) >= 40, name


def test_all_text_has_contrast(coloured: Page, fake: WebchatFake) -> None:
    chat = Chat(coloured, fake).visit()
    talk_about_everything(chat, fake)
    assert hard_to_read(chat.panel) == []
    fake.fail(status=503)
    chat.write("not sent")
    fake.fail(status=422, message="Refused.")
    expect(chat.button(TEXTS["retry"])).to_be_visible()
    chat.write("refused")
    expect(chat.button(TEXTS["edit"])).to_be_visible()
    assert hard_to_read(chat.panel) == []


def test_the_unread_badge_has_contrast(coloured: Page, fake: WebchatFake) -> None:
    chat = Chat(coloured, fake).visit().open()
    chat.write("hello")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    chat.input.press("Escape")
    fake.say("news")
    expect(chat.launcher).to_have_accessible_name(TEXTS["unread_one"])
    assert hard_to_read(chat.launcher) == []


def test_reading_further_up_is_not_interrupted(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    for number in range(30):
        fake.say(f"message {number}")
    expect(chat.log.locator(".bubble")).to_have_count(30)
    chat.log.evaluate("(log) => log.scrollTo(0, 0)")
    first = chat.log.locator(".bubble").first
    expect(first).to_be_in_viewport()
    fake.say("news")
    chat.button(TEXTS["new_messages"]).click()
    expect(chat.log.locator(".bubble").last).to_be_in_viewport()
    expect(chat.button(TEXTS["new_messages"])).to_be_hidden()


def test_the_keyboard_stays_away_after_a_tapped_choice(phone: Page, fake: WebchatFake) -> None:
    chat = Chat(phone, fake).visit().open()
    fake.say("Which one?", choices=["The lamp"])
    chat.button("The lamp").tap()
    chat.shows(bot("Which one?"), own("The lamp"))
    expect(chat.input).not_to_be_focused()
