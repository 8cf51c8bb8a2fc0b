"""What a customer can do in the web chat, and what it shows."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import Chat, agent, bot, own
from tests.fakes.webchat_pages import TEXTS
from tests.fakes.webchat_server import WebchatFake

pytestmark = pytest.mark.browser


def picture(kind: str, width: int = 60, height: int = 40) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#b98a5e").save(content, kind)
    return content.getvalue()


def file(name: str, content_type: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": content_type, "buffer": content}


def test_a_message_and_its_answer_are_shown(chat: Chat, fake: WebchatFake) -> None:
    chat.open().write("where is my order?")
    fake.wait_until(lambda fake: fake.texts_received() == ["where is my order?"])
    fake.say("On its way.")
    chat.shows(own("where is my order?"), bot("On its way."))


def test_history_is_there_after_a_reload(chat: Chat, fake: WebchatFake) -> None:
    chat.open().write("hello")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    fake.say("Hello, I am the automatic assistant.")
    chat.shows(own("hello"), bot("Hello, I am the automatic assistant."))
    chat.page.reload()
    expect(chat.panel).to_be_visible()  # it was open, and a shop is walked through page by page
    chat.shows(own("hello"), bot("Hello, I am the automatic assistant."))
    assert fake.sessions_opened == 1


def test_nobody_gets_a_session_who_only_reads_the_page(chat: Chat, fake: WebchatFake) -> None:
    expect(chat.launcher).to_be_visible()
    assert fake.sessions_opened == 0


def test_each_message_says_who_wrote_it(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("I am a machine.")
    fake.say("Marta has joined.", author="system")
    fake.say("I am not.", author="agent", name="Marta")
    chat.shows(bot("I am a machine."), agent("Marta", "I am not."))
    expect(chat.log.get_by_text("Marta has joined.")).to_be_visible()
    expect(chat.panel.get_by_text(TEXTS["with_agent"].format(name="Marta"))).to_be_visible()


def test_days_and_authors_head_the_messages_they_belong_to(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("yesterday", ago=timedelta(days=1))
    fake.say("now")
    fake.say("and now")
    chat.shows(bot("yesterday"), bot("now"), bot("and now"))
    expect(chat.log.locator(".day")).to_have_count(2)
    expect(chat.log.locator(".who:visible")).to_have_count(2)


def test_markup_is_shown_as_the_text_that_it_is(chat: Chat, fake: WebchatFake) -> None:
    attack = (
        '<img src=x onerror="document.title=1"><script>document.title=2</script> &amp; *_[]<>ñ¿'
    )
    chat.open().write(attack)
    fake.wait_until(lambda fake: fake.texts_received() == [attack])
    fake.say(attack, choices=[attack])
    chat.shows(own(attack), bot(attack))
    expect(chat.button(attack)).to_be_visible()
    assert chat.log.locator(".bubble img, .bubble script").count() == 0
    assert chat.page.title() == "Bare"


def test_addresses_become_links_and_nothing_else_does(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say(
        "See https://carrier.example/track?id=1&x=<b>, or (http://b.example).\njavascript:alert(1)"
    )
    links = chat.log.get_by_role("link")
    expect(links).to_have_count(2)
    expect(links.first).to_have_attribute("href", "https://carrier.example/track?id=1&x=")
    expect(links.last).to_have_attribute("href", "http://b.example")
    expect(links.first).to_have_attribute("rel", re.compile("noopener"))


def test_line_breaks_are_kept(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("one\ntwo\n\nthree")
    chat.shows(bot("one two three"))  # the comparison ignores what kind of white space it is
    assert chat.log.locator(".bubble").inner_text().endswith("one\ntwo\n\nthree")


def test_a_pressed_choice_arrives_as_its_choice(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("Which one?", choices=["The lamp", "The blanket"])
    chat.button("The blanket").click()
    fake.wait_until(lambda fake: len(fake.received) == 1)
    assert (fake.received[0].kind, fake.received[0].value) == ("choice", "choice:The blanket")
    chat.shows(bot("Which one?"), own("The blanket"))
    expect(chat.button("The lamp")).to_be_hidden()
    expect(chat.input).to_be_focused()


def test_choices_are_gone_once_the_customer_has_gone_on(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("Which one?", choices=["The lamp"])
    expect(chat.button("The lamp")).to_be_visible()
    chat.write("neither")
    expect(chat.button("The lamp")).to_be_hidden()
    fake.wait_until(lambda fake: len(fake.received) == 1)
    fake.say("Then this?", choices=["The blanket"])
    expect(chat.button("The blanket")).to_be_visible()
    expect(chat.button("The lamp")).to_be_hidden()


def test_choices_are_gone_once_somebody_else_has_taken_over(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("A person will answer.", author="system", choices=["Back to the assistant"])
    fake.say("Marta has joined.", author="system")
    expect(chat.button("Back to the assistant")).to_be_visible()
    fake.say("Hello.", author="agent", name="Marta")
    chat.shows(agent("Marta", "Hello."))
    expect(chat.button("Back to the assistant")).to_be_hidden()


def test_a_press_that_failed_can_be_taken_back(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    fake.say("Which one?", choices=["The lamp"])
    fake.fail(status=503)
    chat.button("The lamp").click()
    chat.button(TEXTS["discard"]).click()
    chat.shows(bot("Which one?"))
    expect(chat.button("The lamp")).to_be_visible()


def test_unread_answers_are_counted_until_they_are_seen(chat: Chat, fake: WebchatFake) -> None:
    chat.open().write("hello")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    chat.button(TEXTS["close"]).click()
    expect(chat.launcher).to_have_accessible_name(TEXTS["open"])
    fake.say("one")
    expect(chat.launcher).to_have_accessible_name(TEXTS["unread_one"])
    fake.say("two")
    expect(chat.launcher).to_have_accessible_name(TEXTS["unread_many"].format(count=2))
    chat.page.reload()
    expect(chat.launcher).to_have_accessible_name(TEXTS["unread_many"].format(count=2))
    chat.open()
    chat.button(TEXTS["close"]).click()
    expect(chat.launcher).to_have_accessible_name(TEXTS["open"])


def test_a_photo_is_sent_and_shown_with_its_name(chat: Chat, fake: WebchatFake) -> None:
    content = picture("PNG")
    chat.open().photos.set_input_files([file("vase.png", "image/png", content)])
    fake.wait_until(lambda fake: len(fake.received) == 1)
    assert fake.received[0].content == content
    shown = chat.log.get_by_role("img", name="vase.png")
    expect(shown).to_have_js_property("naturalWidth", 60)
    chat.page.reload()
    expect(shown).to_have_js_property("naturalWidth", 60)
    expect(shown).to_have_attribute("src", re.compile(f"^{fake.url}webchat/attachments/"))


def test_a_photo_of_another_kind_or_too_heavy_is_made_fit(chat: Chat, fake: WebchatFake) -> None:
    chat.open().photos.set_input_files(
        [
            file("old.bmp", "image/bmp", picture("BMP")),
            file("huge.png", "image/png", picture("PNG", 5000, 2500) + bytes(1_000_000)),
        ]
    )
    fake.wait_until(lambda fake: len(fake.received) == 2)
    sent = [Image.open(io.BytesIO(one.content)) for one in fake.received]
    assert [(one.format, one.size) for one in sent] == [("JPEG", (60, 40)), ("JPEG", (2048, 1024))]
    assert [one.value for one in fake.received] == ["old.jpg", "huge.jpg"]


def test_a_file_that_is_no_photo_is_refused_in_words(chat: Chat, fake: WebchatFake) -> None:
    chat.open().photos.set_input_files([file("note.txt", "image/png", b"not a picture")])
    expect(chat.log.get_by_text("That file is not a photo.")).to_be_visible()
    chat.button(TEXTS["discard"]).click()
    chat.shows()


def test_a_pasted_picture_is_sent(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    chat.input.evaluate(
        """async (input) => {
            const canvas = document.createElement('canvas');
            const blob = await new Promise((done) => canvas.toBlob(done));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([blob], 'pasted.png', { type: 'image/png' }));
            input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
        }"""
    )
    fake.wait_until(lambda fake: len(fake.received) == 1)
    assert fake.received[0].kind == "photo"


def test_the_other_side_is_shown_writing(chat: Chat, fake: WebchatFake) -> None:
    chat.open()
    status = chat.page.get_by_role("status")
    fake.type("bot")
    expect(chat.log.locator(".typing")).to_be_visible()
    expect(status.filter(has_text=TEXTS["typing_bot"])).to_have_count(1)
    fake.say("Here.")
    expect(chat.log.locator(".typing")).to_be_hidden()


def test_writing_is_reported_to_an_agent_but_not_to_the_assistant(
    chat: Chat, fake: WebchatFake
) -> None:
    chat.open()
    fake.say("I am a machine.")
    chat.shows(bot("I am a machine."))
    chat.input.press_sequentially("for the assistant")
    assert fake.typing_reports == []
    fake.say("I am not.", author="agent", name="Marta")
    chat.shows(bot("I am a machine."), agent("Marta", "I am not."))
    chat.input.press_sequentially(", no: for Marta")
    fake.wait_until(lambda fake: fake.typing_reports == [True])
    chat.input.press("Enter")
    fake.wait_until(lambda fake: fake.typing_reports == [True, False])


def test_a_waking_assistant_is_announced_until_it_is_ready(chat: Chat, fake: WebchatFake) -> None:
    fake.become("waking_up")
    chat.open()
    expect(chat.banner).to_have_text(TEXTS["waking_up"])
    fake.become("ready")
    expect(chat.banner).to_be_hidden()


def test_two_tabs_agree(chat: Chat, fake: WebchatFake, context: BrowserContext) -> None:
    chat.open().write("from the first")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    other = Chat(context.new_page(), fake).visit()
    other.shows(own("from the first"))  # a tab that opens later finds the chat open
    other.write("from the second")
    fake.wait_until(lambda fake: len(fake.received) == 2)
    fake.say("to both")
    for tab in (chat, other):
        tab.shows(own("from the first"), own("from the second"), bot("to both"))
    assert fake.sessions_opened == 1


def test_what_is_read_in_one_tab_is_read_in_the_other(
    chat: Chat, fake: WebchatFake, context: BrowserContext
) -> None:
    chat.open().write("hello")
    fake.wait_until(lambda fake: len(fake.received) == 1)
    chat.button(TEXTS["close"]).click()
    other = Chat(context.new_page(), fake).visit()
    fake.say("news")
    expect(chat.launcher).to_have_accessible_name(TEXTS["unread_one"])
    other.open()
    expect(chat.launcher).to_have_accessible_name(TEXTS["open"])


def test_the_page_can_open_the_chat_with_a_question(page: Page, fake: WebchatFake) -> None:
    chat = Chat(page, fake).visit("")
    opener = page.locator("[data-posventa-open]").first
    opener.click()
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value(opener.get_attribute("data-posventa-open") or "")
    assert fake.received == []


def test_the_tag_can_open_the_chat_and_colour_it(page: Page, fake: WebchatFake) -> None:
    chat = Chat(page, fake).visit("bare?open=&color=%23ffd54a")
    expect(chat.panel).to_be_visible()
    header = chat.panel.locator("header")
    expect(header).to_have_css("background-color", "rgb(255, 213, 74)")
    expect(header).to_have_css("color", "rgb(0, 0, 0)")


def test_a_draft_survives_a_reload(chat: Chat, fake: WebchatFake) -> None:
    chat.open().input.fill("half a sent")
    chat.page.reload()
    expect(chat.input).to_have_value("half a sent")
