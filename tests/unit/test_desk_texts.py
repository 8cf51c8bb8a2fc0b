"""Agents read Spanish labels and never a code; all of them stand in one file."""

import re
from pathlib import Path
from typing import Any

import pytest

import bot.desk
from bot.desk.requests import RequestNotValid, RequestTooLarge
from bot.desk.texts import DeskTexts
from bot.domain.conversations import ConversationStatus, HandoffReason
from bot.domain.desk import Box
from bot.domain.errors import (
    AgentRefused,
    ConversationNotFound,
    Refusal,
    TextEmpty,
    TextNotValid,
    TextTooLong,
    TooManyLoginAttempts,
    TransitionRefused,
)
from bot.domain.messages import Author
from bot.domain.orders import Progress

DESK = Path(bot.desk.__file__).parent
TEXTS = DeskTexts().all()


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("boxes", Box),
        ("empty", Box),
        ("status", ConversationStatus),
        ("reason", HandoffReason),
        ("reason_tone", HandoffReason),
        ("progress", Progress),
        ("progress_tone", Progress),
        ("author", Author),
    ],
)
def test_every_code_that_agents_meet_has_a_label(section: str, codes: Any) -> None:
    assert {code.value for code in codes} <= TEXTS[section].keys()


def test_every_tone_has_a_colour() -> None:
    styles = (DESK / "static" / "desk.css").read_text(encoding="utf-8")
    tones = {*TEXTS["reason_tone"].values(), *TEXTS["progress_tone"].values()}
    assert tones <= {"plain", *re.findall(r'\[data-tone="(\w+)"\]', styles)}


@pytest.mark.parametrize(
    "refusal",
    [
        AgentRefused,
        ConversationNotFound,
        RequestNotValid,
        RequestTooLarge,
        TextEmpty,
        TextNotValid,
        TextTooLong,
        TooManyLoginAttempts,
        TransitionRefused,
    ],
)
def test_every_refusal_that_agents_meet_has_a_sentence(refusal: type[Refusal]) -> None:
    assert refusal.code in TEXTS["errors"]


def test_every_label_that_the_page_asks_for_is_there() -> None:
    for file in (*DESK.glob("static/*.js"), *DESK.glob("templates/*.html")):
        asked = re.findall(r"(?<!/)\btexts((?:\.\w+)+)", file.read_text(encoding="utf-8"))
        for path in asked:
            found: Any = TEXTS
            for name in path.split(".")[1:]:
                if not isinstance(found, dict) or name in {"replace", "items"}:
                    break
                assert name in found, f"{file.name} asks for texts{path}"
                found = found[name]


def test_no_spanish_stands_outside_the_texts() -> None:
    for file in (*DESK.glob("*.py"), *DESK.glob("static/*.js"), *DESK.glob("templates/*.html")):
        assert not re.search("[áéíóúüñ¿¡]", file.read_text(encoding="utf-8")), file.name
