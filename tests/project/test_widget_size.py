"""The widget is a guest on the shop's page: small, self-contained, and without words of its own."""

import gzip
import re
from pathlib import Path

from tests.fakes.webchat_pages import TEXTS

WIDGET = Path(__file__).resolve().parents[2] / "connectors" / "webchat" / "widget.js"
SOURCE = WIDGET.read_text("utf-8")


def test_the_widget_stays_small() -> None:
    assert len(gzip.compress(SOURCE.encode(), 9)) <= 15_000


def test_the_widget_never_makes_markup_of_text() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", SOURCE)


def test_the_widget_asks_for_the_labels_that_there_are() -> None:
    quoted = set(re.findall(r"'([a-z_]+)'", SOURCE))
    states = {"sending", "sent"}  # a message's state is the name of its label
    built = {f"author_{who}" for who in ("bot", "customer")} | {"typing_bot", "typing_agent"}
    assert set(TEXTS) - quoted - built - states == {"language"}


def test_the_widget_has_no_words_of_its_own() -> None:
    assert not re.search(r"[áéíóúñ¿¡]", re.sub(r"/\*.*?\*/|//[^\n]*", "", SOURCE, flags=re.DOTALL))
