"""Signed tokens are worth what they were issued for, as long as they were issued for."""

import itsdangerous.timed
import pytest

from connectors.webchat.tokens import (
    DOCUMENT_SECONDS,
    PICTURE_SECONDS,
    DocumentPlace,
    WebchatTokens,
)

PLACE = DocumentPlace("c" * 32, 7, 1)


@pytest.fixture
def tokens() -> WebchatTokens:
    return WebchatTokens("a secret")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The instant that the signatures see, in seconds; a test moves it."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: now[0])
    return now


def test_a_document_is_found_by_its_token(tokens: WebchatTokens) -> None:
    assert tokens.document_place(tokens.document(PLACE)) == PLACE


def test_a_documents_token_lasts_thirty_days(tokens: WebchatTokens, clock: list[float]) -> None:
    token = tokens.document(PLACE)
    clock[0] += DOCUMENT_SECONDS
    assert tokens.document_place(token) == PLACE
    clock[0] += 1
    assert tokens.document_place(token) is None


def test_a_pictures_token_lasts_a_day(tokens: WebchatTokens, clock: list[float]) -> None:
    token = tokens.picture("a.png")
    clock[0] += PICTURE_SECONDS
    assert tokens.attachment(token) == "a.png"
    clock[0] += 1
    assert tokens.attachment(token) is None


def test_no_token_opens_what_another_was_issued_for(tokens: WebchatTokens) -> None:
    others = [tokens.session(PLACE.conversation_id), tokens.picture("a.png")]
    assert [tokens.document_place(other) for other in others] == [None, None]
    document = tokens.document(PLACE)
    assert (tokens.conversation(document), tokens.attachment(document)) == (None, None)


def test_a_token_of_another_house_opens_nothing(tokens: WebchatTokens) -> None:
    assert tokens.document_place(WebchatTokens("another").document(PLACE)) is None
