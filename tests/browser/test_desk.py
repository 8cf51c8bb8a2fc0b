"""What an agent can do on the desk, in a real browser over real HTTP and a real database."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import Engine

from bot.desk.texts import DeskTexts
from bot.domain.conversations import ConversationStatus
from bot.domain.messages import Author
from tests.fakes.desk_house import PASSWORD, DeskHouse, RunningDesk, email_of
from tests.sample_orders import sample_document

pytestmark = pytest.mark.browser

MARTA, PABLO = "Marta Ruiz", "Pablo Gil"
PHONE = {"width": 390, "height": 844}
TEXTS = DeskTexts().all()


class AgentsPage:
    """The desk as an agent meets it: found by role and name, used by hand."""

    def __init__(self, page: Page, desk: RunningDesk) -> None:
        self.page = page
        self.url = f"{desk.url}/desk"
        self.log = page.get_by_role("log")
        self.input = page.get_by_role("textbox", name=TEXTS["composer"]["label"])
        self.connection = page.locator("#connection")
        self.problem = page.locator("#problem")

    def log_in(self, name: str, password: str = PASSWORD) -> "AgentsPage":
        self.page.goto(self.url)
        self.page.get_by_label(TEXTS["login"]["email"]).fill(email_of(name))
        self.page.get_by_label(TEXTS["login"]["password"]).fill(password)
        self.page.get_by_role("button", name=TEXTS["login"]["enter"]).click()
        return self

    def is_live(self) -> "AgentsPage":
        expect(self.connection).to_have_attribute("data-state", "live")
        return self

    def card(self, conversation_id: str) -> Locator:
        return self.page.locator(f'[data-id="{conversation_id}"]')

    def open(self, conversation_id: str) -> "AgentsPage":
        self.card(conversation_id).click()
        return self

    def tab(self, box: str) -> Locator:
        return self.page.get_by_role("tab", name=re.compile(f"^{TEXTS['boxes'][box]}"))

    def button(self, action: str) -> Locator:
        return self.page.get_by_role("button", name=TEXTS["actions"][action], exact=True)

    def agree(self) -> None:
        self.page.locator("#confirm-yes").click()

    def send(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def shows(self, *texts: str) -> None:
        """The transcript is these messages of people and assistant, in order; none is pending."""
        expect(self.log.locator(".bubble .words")).to_have_text(list(texts))
        expect(self.log.locator(".sending")).to_have_count(0)


@pytest.fixture
def house(filed_engine: Engine, tmp_path: Path) -> DeskHouse:
    house = DeskHouse(filed_engine, tmp_path)
    house.add_agent(MARTA)
    house.add_agent(PABLO)
    house.import_orders(sample_document())
    return house


@pytest.fixture
def desk(house: DeskHouse) -> Iterator[RunningDesk]:
    with house.running() as desk:
        yield desk


@pytest.fixture
def marta(page: Page, desk: RunningDesk) -> AgentsPage:
    return AgentsPage(page, desk).log_in(MARTA).is_live()


@pytest.fixture
def pablo(browser: Browser, desk: RunningDesk) -> Iterator[AgentsPage]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="es-ES")
    yield AgentsPage(context.new_page(), desk).log_in(PABLO).is_live()
    context.close()


def taken_from(name: str) -> str:
    return str(TEXTS["actions"]["take_over"].format(name=name))


def with_marta(house: DeskHouse, marta: AgentsPage, customer: str = "a") -> str:
    """A conversation that Marta has taken and opened."""
    conversation = house.waiting(customer)
    marta.open(conversation)
    marta.button("take").click()
    expect(marta.input).to_be_focused()
    return conversation


# --- working ------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_and_the_right_one_opens_the_desk(
    page: Page, desk: RunningDesk
) -> None:
    agent = AgentsPage(page, desk).log_in(MARTA, "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label(TEXTS["login"]["email"])).to_have_value(email_of(MARTA))
    expect(page.get_by_label(TEXTS["login"]["password"])).to_be_focused()
    agent.log_in(MARTA).is_live()


def test_an_agent_answers_a_waiting_customer_with_two_clicks(
    house: DeskHouse, marta: AgentsPage
) -> None:
    conversation = house.waiting("a", "where is it?")
    marta.open(conversation)
    marta.button("take").click()
    expect(marta.input).to_be_focused()
    marta.page.keyboard.type("On its way.")
    marta.page.keyboard.press("Enter")
    marta.shows("where is it?", "On its way.")
    assert house.said(conversation, Author.AGENT) == ["On its way."]


def test_the_case_tells_who_it_is_how_that_was_proven_and_what_was_bought(
    house: DeskHouse, marta: AgentsPage
) -> None:
    conversation = house.waiting("a", "where is A-1001?")
    house.prove(conversation, "ana")
    marta.open(conversation)
    facts = marta.page.get_by_role("complementary")
    expect(marta.page.get_by_role("heading", name="Ana Gil")).to_be_visible()
    for fact in (
        TEXTS["reason"]["customer_asked"],
        "ana.gil@example.com",
        TEXTS["facts"]["proof"]["email"],
        "A-1001",
        TEXTS["progress"]["late"],
    ):
        expect(facts.get_by_text(fact, exact=True).first).to_be_visible()


def test_a_stranger_is_shown_as_one(house: DeskHouse, marta: AgentsPage) -> None:
    marta.open(house.waiting("a"))
    expect(marta.page.get_by_text(TEXTS["facts"]["not_proven_hint"])).to_be_visible()


@pytest.mark.parametrize(
    ("action", "status"),
    [("give_back", ConversationStatus.WITH_BOT), ("close", ConversationStatus.CLOSED)],
)
def test_an_agent_ends_their_part_after_being_asked(
    house: DeskHouse, marta: AgentsPage, action: str, status: ConversationStatus
) -> None:
    conversation = with_marta(house, marta)
    marta.button(action).click()
    marta.agree()
    expect(marta.input).to_be_hidden()
    assert house.conversation(conversation).status is status


def test_what_was_asked_and_not_agreed_does_not_happen(house: DeskHouse, marta: AgentsPage) -> None:
    conversation = with_marta(house, marta)
    marta.button("close").click()
    marta.page.keyboard.press("Escape")
    expect(marta.button("close")).to_be_focused()
    assert house.conversation(conversation).status is ConversationStatus.WITH_AGENT


def test_a_line_break_is_written_with_shift(house: DeskHouse, marta: AgentsPage) -> None:
    conversation = with_marta(house, marta)
    marta.page.keyboard.type("one")
    marta.page.keyboard.press("Shift+Enter")
    marta.page.keyboard.type("two")
    marta.page.keyboard.press("Enter")
    marta.shows("I want a person", "one\ntwo")
    assert house.said(conversation, Author.AGENT) == ["one\ntwo"]


def test_a_text_that_is_too_long_is_told_before_it_is_sent(
    house: DeskHouse, marta: AgentsPage
) -> None:
    conversation = with_marta(house, marta)
    marta.send("x" * 4001)
    expect(marta.input).to_have_attribute("aria-invalid", "true")
    marta.send("x" * 4000)
    marta.shows("I want a person", "x" * 4000)
    assert house.said(conversation, Author.AGENT) == ["x" * 4000]


def test_earlier_messages_are_fetched_when_asked_for(house: DeskHouse, marta: AgentsPage) -> None:
    conversation = house.write("a", "the first of all")
    for number in range(2, 251):
        house.answer(conversation, str(number))
    house.ask_for_person(conversation)
    marta.open(conversation)
    expect(marta.log.get_by_text("250", exact=True)).to_be_in_viewport()
    expect(marta.log.get_by_text("the first of all")).to_have_count(0)
    marta.page.get_by_role("button", name=TEXTS["transcript"]["earlier"]).click()
    marta.shows("the first of all", *(str(number) for number in range(2, 251)))


# --- live ---------------------------------------------------------------------------------------


def test_a_customer_who_begins_to_wait_appears_and_is_counted(
    house: DeskHouse, marta: AgentsPage
) -> None:
    expect(marta.page.get_by_text(TEXTS["empty"]["waiting"])).to_be_visible()
    conversation = house.waiting("a")
    expect(marta.card(conversation)).to_be_visible()
    expect(marta.page).to_have_title(re.compile(r"^\(1\)"))
    expect(marta.tab("waiting")).to_contain_text("1")


def test_both_sides_are_seen_as_they_write(house: DeskHouse, marta: AgentsPage) -> None:
    with_marta(house, marta)
    house.write("a", "are you there?")
    marta.shows("I want a person", "are you there?")
    marta.send("Yes.")
    marta.shows("I want a person", "are you there?", "Yes.")


def test_it_is_shown_that_the_customer_writes(
    house: DeskHouse, marta: AgentsPage, desk: RunningDesk
) -> None:
    conversation = with_marta(house, marta)
    sign = marta.log.get_by_text(TEXTS["transcript"]["typing"])
    desk.on_loop(lambda: house.changes.set_typing(conversation, "customer", on=True))
    expect(sign).to_be_visible()
    desk.on_loop(lambda: house.changes.set_typing(conversation, "customer", on=False))
    expect(sign).to_be_hidden()


def test_reading_further_up_is_not_disturbed_by_a_new_message(
    house: DeskHouse, marta: AgentsPage
) -> None:
    conversation = house.write("a", "the first of all")
    for number in range(2, 60):
        house.answer(conversation, str(number))
    marta.tab("open").click()
    marta.open(conversation)
    expect(marta.log.get_by_text("59", exact=True)).to_be_in_viewport()
    marta.log.hover()
    marta.page.mouse.wheel(0, -20_000)
    expect(marta.log.get_by_text("the first of all")).to_be_in_viewport()
    house.write("a", "the newest")
    below = marta.page.get_by_role("button", name=TEXTS["transcript"]["new_below"])
    expect(below).to_be_visible()
    expect(marta.log.get_by_text("the first of all")).to_be_in_viewport()
    below.click()
    expect(marta.log.get_by_text("the newest")).to_be_in_viewport()
    expect(below).to_be_hidden()


def test_of_two_agents_only_one_gets_the_customer(
    house: DeskHouse, marta: AgentsPage, pablo: AgentsPage
) -> None:
    conversation = house.waiting("a")
    pablo.open(conversation)
    expect(pablo.button("take")).to_be_visible()
    # Pablo's page has not heard yet when he presses: the event is on its way.
    pablo.page.route("**/messages?*", lambda route: route.abort())
    pablo.page.route(f"**/conversations/{conversation}", lambda route: route.abort())
    marta.open(conversation)
    marta.button("take").click()
    expect(marta.input).to_be_focused()
    pablo.button("take").click()
    pablo.page.unroute_all()
    expect(pablo.problem).to_be_visible()
    expect(pablo.input).to_be_hidden()
    agent_id = house.conversation(conversation).agent_id
    assert agent_id is not None
    with house.units.reading() as unit:
        agent = unit.agents.get(agent_id)
    assert agent is not None
    assert agent.name == MARTA


def test_a_conversation_taken_over_by_a_colleague_is_no_longer_written_in(
    house: DeskHouse, marta: AgentsPage, pablo: AgentsPage
) -> None:
    conversation = with_marta(house, marta)
    pablo.tab("open").click()
    pablo.open(conversation)
    pablo.page.get_by_role("button", name=taken_from(MARTA)).click()
    pablo.agree()
    expect(pablo.input).to_be_focused()
    expect(marta.input).to_be_hidden()


def test_two_tabs_of_one_agent_agree(
    house: DeskHouse, marta: AgentsPage, context: BrowserContext, desk: RunningDesk
) -> None:
    conversation = with_marta(house, marta)
    other = AgentsPage(context.new_page(), desk)
    other.page.goto(marta.page.url)
    other.is_live()
    marta.send("from the first tab")
    other.shows("I want a person", "from the first tab")
    other.send("from the second")
    marta.shows("I want a person", "from the first tab", "from the second")
    assert len(house.said(conversation, Author.AGENT)) == 2


# --- bad days -----------------------------------------------------------------------------------


def test_a_reply_whose_confirmation_was_lost_is_sent_again_and_arrives_once(
    house: DeskHouse, marta: AgentsPage
) -> None:
    conversation = with_marta(house, marta)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    # Nor does the stream tell that it arrived.
    marta.page.route("**/messages?*", lambda route: route.abort())
    marta.page.route(f"**/conversations/{conversation}", lambda route: route.abort())
    marta.page.route("**/replies", lose_the_answer)
    marta.send("On its way.")
    expect(marta.log.get_by_text(TEXTS["transcript"]["not_sent"])).to_be_visible()
    marta.page.unroute("**/replies")
    marta.log.get_by_role("button", name=TEXTS["transcript"]["retry"]).click()
    marta.shows("I want a person", "On its way.")
    assert house.said(conversation, Author.AGENT) == ["On its way."]


def test_a_reply_that_is_refused_says_why_and_can_be_discarded(
    house: DeskHouse, marta: AgentsPage
) -> None:
    conversation = with_marta(house, marta)
    # A colleague takes it over while this page hears nothing of it.
    marta.page.route("**/messages?*", lambda route: route.abort())
    marta.page.route(f"**/conversations/{conversation}", lambda route: route.abort())
    pablo = house.accounts.agent_of(house.accounts.log_in(email_of(PABLO), PASSWORD))
    house.handoff.take(conversation, pablo)
    marta.send("too late")
    expect(marta.log.get_by_text(TEXTS["errors"]["transition_refused.reply"])).to_be_visible()
    marta.log.get_by_role("button", name=TEXTS["transcript"]["discard"]).click()
    marta.shows("I want a person")
    assert house.said(conversation, Author.AGENT) == []


def test_a_reload_in_the_middle_loses_nothing(house: DeskHouse, marta: AgentsPage) -> None:
    conversation = with_marta(house, marta)
    marta.page.route("**/replies", lambda route: route.abort())
    marta.send("not sent yet")
    expect(marta.log.get_by_text(TEXTS["transcript"]["not_sent"])).to_be_visible()
    marta.input.fill("a draft")
    marta.page.unroute_all()
    marta.page.reload()
    marta.is_live().shows("I want a person", "not sent yet")
    expect(marta.input).to_have_value("a draft")
    assert house.said(conversation, Author.AGENT) == ["not sent yet"]


def test_a_restart_of_the_server_is_survived_without_a_hand(
    house: DeskHouse, marta: AgentsPage, desk: RunningDesk
) -> None:
    conversation = with_marta(house, marta)
    desk.stop()
    expect(marta.connection).to_have_attribute("data-state", "lost")
    house.write("a", "while it was away")
    marta.send("me too")
    expect(marta.log.get_by_text(TEXTS["transcript"]["not_sent"])).to_be_visible()
    desk.start_again()
    marta.is_live().shows("I want a person", "while it was away", "me too")
    assert house.said(conversation, Author.AGENT) == ["me too"]


def test_a_lost_network_is_told_and_what_was_missed_is_fetched(
    house: DeskHouse, marta: AgentsPage, context: BrowserContext
) -> None:
    with_marta(house, marta)
    context.set_offline(True)
    expect(marta.connection).to_have_attribute("data-state", "lost")
    house.write("a", "while you were away")
    context.set_offline(False)
    marta.is_live().shows("I want a person", "while you were away")


def test_whoever_was_logged_out_comes_back_to_the_same_conversation(
    house: DeskHouse, marta: AgentsPage, context: BrowserContext
) -> None:
    conversation = with_marta(house, marta)
    marta.input.fill("half a sentence")
    context.clear_cookies()
    marta.input.press("Enter")
    expect(marta.page.get_by_label(TEXTS["login"]["password"])).to_be_visible()
    marta.page.get_by_label(TEXTS["login"]["email"]).fill(email_of(MARTA))
    marta.page.get_by_label(TEXTS["login"]["password"]).fill(PASSWORD)
    marta.page.keyboard.press("Enter")
    marta.is_live().shows("I want a person", "half a sentence")
    assert house.said(conversation, Author.AGENT) == ["half a sentence"]


# --- everybody ----------------------------------------------------------------------------------


def test_what_a_customer_writes_is_text_and_never_a_page(
    house: DeskHouse, marta: AgentsPage
) -> None:
    evil = "<img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"
    conversation = house.waiting("a", evil)
    expect(marta.card(conversation)).to_contain_text(evil)
    marta.open(conversation).shows(evil)
    assert marta.page.locator("img[src=x]").count() == 0
    assert "gone" not in marta.page.title()


def test_the_page_keeps_its_own_security_policy(
    house: DeskHouse, page: Page, desk: RunningDesk
) -> None:
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    marta = AgentsPage(page, desk).log_in(MARTA).is_live()
    with_marta(house, marta)
    marta.send("hello")
    marta.shows("I want a person", "hello")
    assert complaints == []


def test_a_case_is_worked_with_the_keyboard_alone(house: DeskHouse, marta: AgentsPage) -> None:
    first, second = house.waiting("a", "first"), house.waiting("b", "second")
    expect(marta.card(second)).to_be_visible()
    press = marta.page.keyboard.press
    press("j")
    marta.shows("first")
    press("j")
    marta.shows("second")
    press("k")
    marta.shows("first")
    press("t")
    expect(marta.input).to_be_focused()
    marta.page.keyboard.type("just a reply")  # j, t and r are letters here
    press("Enter")
    marta.shows("first", "just a reply")
    press("Escape")
    expect(marta.log).to_be_focused()
    press("r")
    expect(marta.input).to_be_focused()
    press("Escape")
    for _ in range(12):
        press("Shift+Tab")
        if marta.button("close").evaluate("button => button === document.activeElement"):
            break
    press("Enter")
    press("Enter")
    expect(marta.input).to_be_hidden()
    assert house.conversation(first).status is ConversationStatus.CLOSED
    assert house.said(first, Author.AGENT) == ["just a reply"]


def test_single_keys_can_be_switched_off(house: DeskHouse, marta: AgentsPage) -> None:
    conversation = house.waiting("a")
    expect(marta.card(conversation)).to_be_visible()
    marta.page.keyboard.press("?")
    marta.page.get_by_role("checkbox").uncheck()
    marta.page.keyboard.press("Escape")
    marta.page.keyboard.press("j")
    marta.open(conversation).shows("I want a person")
    marta.page.keyboard.press("t")
    expect(marta.button("take")).to_be_visible()
    assert house.conversation(conversation).status is ConversationStatus.WAITING


def test_on_a_phone_list_case_and_facts_take_turns(house: DeskHouse, marta: AgentsPage) -> None:
    marta.page.set_viewport_size(PHONE)
    conversation = house.waiting("a", "a_word_without_any_break" * 8)
    house.prove(conversation, "ana")
    facts = marta.page.get_by_role("complementary")

    def fits() -> bool:
        return bool(marta.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    expect(marta.card(conversation)).to_be_visible()
    assert fits()
    marta.open(conversation)
    marta.button("take").click()
    expect(marta.input).to_be_in_viewport()
    expect(marta.card(conversation)).to_be_hidden()
    assert fits()
    marta.page.get_by_role("button", name=TEXTS["page"]["facts"]).click()
    expect(facts.get_by_text("ana.gil@example.com")).to_be_in_viewport()
    assert fits()
    marta.page.get_by_role("button", name=re.compile(TEXTS["page"]["hide_facts"])).click()
    expect(facts).to_be_hidden()
    marta.page.get_by_role("button", name=TEXTS["page"]["back"]).click()
    marta.tab("mine").click()
    expect(marta.card(conversation)).to_be_visible()
    expect(marta.input).to_be_hidden()


# The smallest contrast of any text on the page with what lies behind it (WCAG 2.1, 1.4.3).
LOWEST_CONTRAST = """
() => {
  const channels = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const over = (top, below) => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((place) => top[place] * alpha + below[place] * (1 - alpha));
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      layers.push(color);
      if ((color[3] ?? 1) === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  let lowest = { ratio: 21, text: "" };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest("script, .hidden, .skip")) continue;
    const below = behind(element);
    const [a, b] = [luminance(over(channels(getComputedStyle(element).color), below)), luminance(below)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < lowest.ratio) lowest = { ratio, text };
  }
  return lowest;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    house: DeskHouse, browser: Browser, desk: RunningDesk, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, locale="es-ES")  # type: ignore[arg-type]
    agent = AgentsPage(context.new_page(), desk)

    def lowest() -> tuple[float, str]:
        found = agent.page.evaluate(LOWEST_CONTRAST)
        return found["ratio"], found["text"]

    agent.log_in(MARTA, "wrong")
    expect(agent.page.get_by_role("alert")).to_be_visible()
    assert lowest() > (4.5, "")
    agent.log_in(MARTA).is_live()
    stranger = house.waiting("b")
    house.ask_for_person(house.write("c", "it is broken"), "order_problem")
    conversation = with_marta(house, agent)
    house.prove(conversation, "ana")
    house.answer(conversation, "Which?", "The first")
    agent.shows("I want a person", "Which?")
    expect(agent.page.get_by_role("complementary").get_by_text("A-1001")).to_be_visible()
    agent.tab("open").click()
    expect(agent.card(conversation)).to_be_visible()
    assert lowest() > (4.5, "")
    agent.open(stranger)
    expect(agent.page.get_by_text(TEXTS["facts"]["not_proven_hint"])).to_be_visible()
    assert lowest() > (4.5, "")
    context.close()
