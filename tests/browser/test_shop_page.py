"""The demonstration shop: a page that everybody can read, with the chat in reach."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.seeing import hard_to_read, scrolls_sideways
from tests.fakes.webchat_server import WebchatFake

pytestmark = pytest.mark.browser


@pytest.fixture(params=["light", "dark"])
def shop(browser: Browser, fake: WebchatFake, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme: Any = request.param
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(fake.url)
    yield page
    context.close()


def test_it_has_the_landmarks_and_one_first_heading(shop: Page, fake: WebchatFake) -> None:
    for role in ("banner", "navigation", "main", "contentinfo"):
        expect(shop.get_by_role(role)).to_have_count(1)
    expect(shop.get_by_role("heading", level=1)).to_have_count(1)
    levels = shop.get_by_role("heading").evaluate_all("(all) => all.map((one) => +one.tagName[1])")
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    expect(shop.get_by_role("link", name="Casa Olmo")).to_be_visible()


def test_all_its_text_has_contrast(shop: Page) -> None:
    assert hard_to_read(shop.locator("body")) == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_width_makes_it_scroll_sideways(shop: Page, width: int) -> None:
    shop.set_viewport_size({"width": width, "height": 700})
    assert not scrolls_sideways(shop)


def test_its_links_within_the_page_lead_somewhere(shop: Page) -> None:
    for link in shop.locator("a[href^='#']").all():
        expect(shop.locator(link.get_attribute("href") or "")).to_have_count(1)


def test_it_shows_an_order_to_try(shop: Page) -> None:
    section = shop.locator("#pedido")
    expect(section.get_by_text("A-10234")).to_be_visible()
    expect(section.get_by_text("marta.ruiz@example.com")).to_be_visible()
