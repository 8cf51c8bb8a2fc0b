"""Nothing is lost and nothing comes twice, whatever happens to the connection."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import Chat, bot, own
from tests.fakes.webchat_pages import TEXTS
from tests.fakes.webchat_server import WebchatFake

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("torn", [False, True], ids=["between events", "in the middle of one"])
def test_a_dropped_stream_resumes_without_loss_or_doubles(
    chat: Chat, fake: WebchatFake, torn: bool
) -> None:
    chat.open()
    fake.say("one")
    chat.shows(bot("one"))
    fake.drop_streams(torn)
    fake.say("two")
    fake.say("three")
    chat.shows(bot("one"), bot("two"), bot("three"))
    fake.say("four")
    chat.shows(bot("one"), bot("two"), bot("three"), bot("four"))


def test_a_message_that_the_stream_skipped_is_asked_for(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("one")
    fake.say("two", lost=True)
    fake.say("three")
    chat.shows(bot("one"), bot("two"), bot("three"))


def test_a_gateway_that_was_down_is_waited_for_and_nothing_is_lost(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.open()
    fake.say("before")
    chat.shows(bot("before"))
    fake.stop()
    chat.write("are you there?")
    expect(chat.banner).to_have_text(TEXTS["unreachable"])
    fake.start()
    expect(chat.banner).to_be_hidden()
    fake.wait_until(lambda fake: fake.texts_received() == ["are you there?"])
    fake.say("now I am")
    chat.shows(bot("before"), own("are you there?"), bot("now I am"))


def test_a_failed_message_can_be_sent_again_and_arrives_once(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.fail(status=503)
    chat.write("hello?")
    expect(chat.log.get_by_text(TEXTS["failed"])).to_be_visible()
    assert fake.received == []
    chat.button(TEXTS["retry"]).click()
    fake.wait_until(lambda fake: fake.texts_received() == ["hello?"])
    expect(chat.button(TEXTS["retry"])).to_be_hidden()
    chat.shows(own("hello?"))


def test_too_many_messages_at_once_may_be_sent_again(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.fail(status=429, code="too_many_waiting", message="One after the other, please.")
    chat.write("again")
    chat.button(TEXTS["retry"]).click()
    fake.wait_until(lambda fake: fake.texts_received() == ["again"])


@pytest.mark.parametrize(
    "names_own", [True, False], ids=["named by the gateway", "known by number"]
)
def test_a_message_whose_answer_got_lost_is_not_sent_twice(
    page: Page, fake: WebchatFake, names_own: bool
) -> None:
    fake.names_own = names_own
    chat = Chat(page, fake).visit().open()
    fake.lose_answer()
    chat.write("only once")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    fake.say("got it")
    chat.shows(own("only once"), bot("got it"))
    expect(chat.button(TEXTS["retry"])).to_be_hidden()
    chat.page.reload()
    chat.shows(own("only once"), bot("got it"))
    assert fake.texts_received() == ["only once"]


@pytest.mark.parametrize(
    "names_own", [True, False], ids=["named by the gateway", "known by number"]
)
def test_a_message_that_comes_back_before_its_answer_is_shown_once(
    page: Page, fake: WebchatFake, names_own: bool
) -> None:
    fake.names_own = names_own
    chat = Chat(page, fake).visit().open()
    with fake.late():
        chat.write("quick")
        fake.wait_until(lambda fake: len(fake.received) == 1)
        fake.say("quicker")
        expect(chat.log.locator(".bubble").filter(has_text="quicker")).to_be_visible()
    expect(chat.log.get_by_text(TEXTS["sent"])).to_have_count(1)
    chat.shows(own("quick"), bot("quicker"))


def test_a_refused_message_says_why_and_can_be_edited(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    long = "a" * 4_001
    chat.write(long)
    expect(chat.log.get_by_text("Your message is too long.")).to_be_visible()
    expect(chat.button(TEXTS["retry"])).to_be_hidden()
    chat.button(TEXTS["edit"]).click()
    expect(chat.input).to_have_value(long)
    expect(chat.input).to_be_focused()
    chat.shows()


def test_a_message_on_its_way_survives_a_reload_and_arrives_once(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.open()
    with fake.slow():
        chat.write("do not forget me")
        chat.shows(own("do not forget me"))
        chat.page.reload()
        chat.shows(own("do not forget me"))
    expect(chat.log.get_by_text(TEXTS["sent"])).to_be_visible()
    chat.shows(own("do not forget me"))
    assert fake.texts_received() == ["do not forget me"]


def test_a_photo_on_its_way_survives_a_reload(chat: Chat, fake: WebchatFake) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000a49444154789c6300010000050001"
    )
    chat.open()
    fake.fail("attachments", status=503)
    chat.photos.set_input_files([{"name": "p.png", "mimeType": "image/png", "buffer": pixel}])
    expect(chat.button(TEXTS["retry"])).to_be_visible()
    chat.page.reload()
    fake.wait_until(lambda fake: len(fake.received) == 1)
    assert fake.received[0].content == pixel


def test_messages_arrive_in_the_order_in_which_they_were_written(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.open()
    with fake.slow():
        for text in ("one", "two", "three"):
            chat.write(text)
        chat.shows(own("one"), own("two"), own("three"))
    fake.wait_until(lambda fake: fake.texts_received() == ["one", "two", "three"])
    chat.shows(own("one"), own("two"), own("three"))


def test_a_token_that_is_no_longer_good_is_renewed_and_the_message_sent(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.open().write("before")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    fake.forget_sessions()
    chat.write("after")
    fake.wait_until(lambda fake: fake.texts_received() == ["before", "after"])
    fake.say("a new start")
    chat.shows(own("after"), bot("a new start"))


def test_two_tabs_renew_the_token_once(
    chat: Chat, fake: WebchatFake, context: BrowserContext
) -> None:
    chat.open()
    other = Chat(context.new_page(), fake).visit()
    expect(other.panel).to_be_visible()
    fake.wait_until(lambda fake: fake.open_streams == 2)
    fake.forget_sessions()
    fake.wait_until(lambda fake: fake.streams_opened > 3 and fake.sessions_opened == 2)
    fake.say("to both")
    for tab in (chat, other):
        tab.shows(bot("to both"))
    assert fake.sessions_opened == 2


def test_an_old_token_opens_no_session_for_somebody_who_walks_past(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.open()
    chat.button(TEXTS["close"]).click()
    fake.forget_sessions()
    chat.page.reload()
    fake.wait_until(lambda fake: fake.tokens_refused > 0)
    expect(chat.launcher).to_be_visible()
    assert fake.sessions_opened == 1


def test_without_streams_it_falls_back_to_long_poll(chat: Chat, fake: WebchatFake) -> None:
    fake.streaming = "refused"
    chat.open()
    fake.wait_until(lambda fake: fake.longest_wait >= 20)
    fake.say("by post")
    chat.shows(bot("by post"))
    expect(chat.banner).to_be_hidden()


def test_a_stream_that_a_proxy_holds_back_is_given_up_for_long_poll(
    chat: Chat, fake: WebchatFake
) -> None:
    fake.streaming = "buffered"
    chat.page.clock.install()
    chat.visit().open()
    fake.wait_until(lambda fake: fake.open_streams == 1)
    chat.page.clock.fast_forward(7_000)
    fake.wait_until(lambda fake: fake.streams_opened == 2 and fake.open_streams == 1)
    chat.page.clock.fast_forward(7_000)
    fake.wait_until(lambda fake: fake.longest_wait >= 20)
    fake.say("by post")
    chat.shows(bot("by post"))


def test_a_tab_in_the_background_gives_its_connection_back_and_catches_up(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.page.clock.install()
    chat.visit().open()
    fake.wait_until(lambda fake: fake.open_streams == 1)
    hide = """(hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    chat.page.evaluate(hide, True)
    chat.page.clock.fast_forward(61_000)
    fake.wait_until(lambda fake: fake.open_streams == 0)
    fake.say("meanwhile")
    chat.page.evaluate(hide, False)
    chat.shows(bot("meanwhile"))


def test_being_offline_is_said_and_mended(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    chat.page.context.set_offline(True)
    expect(chat.banner).to_have_text(TEXTS["offline"])
    chat.write("from the tunnel")
    expect(chat.button(TEXTS["retry"])).to_be_visible()
    chat.page.context.set_offline(False)
    fake.wait_until(lambda fake: fake.texts_received() == ["from the tunnel"])
    expect(chat.banner).to_be_hidden()
    chat.shows(own("from the tunnel"))


def test_a_page_whose_gateway_is_down_is_not_disturbed(page: Page, fake: WebchatFake) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route(re.compile("/webchat/"), lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(fake.url + "bare")
    expect(page.get_by_role("heading")).to_be_visible()
    expect(page.locator("posventa-chat button:visible")).to_have_count(0)
    assert problems == []


def test_a_gateway_that_comes_back_brings_the_launcher(page: Page, fake: WebchatFake) -> None:
    page.route(re.compile("/webchat/"), lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(fake.url + "bare")
    page.unroute_all()
    expect(Chat(page, fake).launcher).to_be_visible()


@pytest.mark.parametrize(
    "path", ["strict", "elsewhere/localhost"], ids=["strict page", "other host"]
)
def test_it_works_on_other_peoples_pages(page: Page, fake: WebchatFake, path: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    chat = Chat(page, fake).visit(path).open()
    chat.write("hello")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    fake.say("hello")
    chat.shows(own("hello"), bot("hello"))
    expect(chat.panel).to_have_css("position", "fixed")  # its style sheet was let in
    assert complaints == []
