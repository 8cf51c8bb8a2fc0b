"""The chat as a customer meets it: found by role and name, used by hand."""

from playwright.sync_api import Locator, Page, expect

from tests.fakes.webchat_pages import TEXTS
from tests.fakes.webchat_server import WebchatFake


class Chat:
    """The widget on one page, against a fake gateway."""

    def __init__(self, page: Page, fake: WebchatFake) -> None:
        self.page = page
        self.fake = fake
        self.launcher = page.locator("posventa-chat button[aria-haspopup=dialog]")
        self.panel = page.get_by_role("dialog", name=TEXTS["title"])
        self.log = page.get_by_role("log", name=TEXTS["log"])
        self.input = page.get_by_role("textbox", name=TEXTS["input"])
        self.photos = page.locator("posventa-chat input[type=file]")
        self.banner = self.panel.locator(".banner")

    def visit(self, path: str = "bare") -> "Chat":
        """Go to a page that carries the widget."""
        self.page.goto(self.fake.url + path)
        return self

    def open(self) -> "Chat":
        """Open the chat and wait until it follows the conversation."""
        streams = self.fake.streams_opened
        self.launcher.click()
        expect(self.input).to_be_focused()
        self.fake.wait_until(lambda fake: fake.streams_opened > streams or fake.open_streams > 0)
        return self

    def write(self, text: str) -> None:
        """Type a message and send it."""
        self.input.fill(text)
        self.input.press("Enter")

    def button(self, name: str) -> Locator:
        """A button inside the chat."""
        return self.panel.get_by_role("button", name=name, exact=True)

    def shows(self, *bubbles: str) -> None:
        """The transcript is these messages, in this order, and no others."""
        expect(self.log.locator(".bubble:not(.dots)")).to_have_text(list(bubbles))


def bot(text: str) -> str:
    """A message of the assistant as the transcript has it for a screen reader."""
    return f"{TEXTS['author_bot']}: {text}"


def own(text: str) -> str:
    """A message of the customer, likewise."""
    return f"{TEXTS['author_customer']}: {text}"


def agent(name: str, text: str) -> str:
    """A message of a person of the team, likewise."""
    return f"{TEXTS['author_agent'].format(name=name)}: {text}"
