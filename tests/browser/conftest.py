"""What browser tests share: a Chromium, and pages that do not know of each other."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chat import Chat
from tests.fakes.webchat_server import WebchatFake

CHROMIUM = Path("/usr/bin/chromium")
# Nothing but the test: no sandbox (containers), no updates, no calls home, no first-run pages.
QUIET = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--mute-audio",
]
# Two cores may have other work; a promise that holds late is still a promise.
PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing, and CI has to run the browser tests")
        pytest.skip(f"{CHROMIUM} is missing: install the package chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One customer's browser: its own storage, on a desk, in Spanish."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="es-ES")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of that browser."""
    return context.new_page()


@pytest.fixture
def fake() -> Iterator[WebchatFake]:
    """A gateway that does as the test says."""
    with WebchatFake().running() as fake:
        yield fake


@pytest.fixture
def chat(page: Page, fake: WebchatFake) -> Chat:
    """The widget on a page of that gateway, still closed."""
    return Chat(page, fake).visit()
