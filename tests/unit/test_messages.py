"""What is accepted as a customer's message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import TextEmpty, TextNotValid, TextTooLong
from bot.domain.messages import MAX_TEXT_LENGTH, clean_text

SURROGATES = st.characters(categories=["Cs"])
READABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)


@pytest.mark.parametrize(
    "text",
    [
        "¿Dónde está mi pedido A-1001?",
        "*negrita* _cursiva_ [enlace](x) <b>n</b> & ñ Ñ ü",
        "línea uno\nlínea dos\ttabulada",
        "👩‍👩‍👧 🇦🇷 é",
        "0' OR '1'='1",
    ],
)
def test_readable_text_stays_as_it_was_written(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("hola\x00 mundo", "hola mundo"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\x7fb\x85c", "abc"),
        ("  \n hola \t\n", "hola"),
        ("uno\r\ndos", "uno\ndos"),
    ],
)
def test_control_characters_and_outer_blanks_go(raw: str, kept: str) -> None:
    assert clean_text(raw) == kept


@pytest.mark.parametrize("raw", ["", " ", "\n\t ", "\x00", "\x00 \x07\n"])
def test_nothing_readable_is_refused(raw: str) -> None:
    with pytest.raises(TextEmpty):
        clean_text(raw)


def test_the_longest_text_passes_and_one_character_more_does_not() -> None:
    assert len(clean_text("ñ" * MAX_TEXT_LENGTH)) == MAX_TEXT_LENGTH
    with pytest.raises(TextTooLong):
        clean_text("ñ" * (MAX_TEXT_LENGTH + 1))


@given(before=st.text(max_size=20), half=SURROGATES, after=st.text(max_size=20))
def test_half_a_character_is_refused(before: str, half: str, after: str) -> None:
    with pytest.raises(TextNotValid):
        clean_text(before + half + after)


@given(st.text(max_size=200))
def test_what_passes_can_be_stored_everywhere_and_cleaned_again_unchanged(raw: str) -> None:
    try:
        kept = clean_text(raw)
    except (TextEmpty, TextNotValid):
        return
    assert kept.encode()
    assert "\x00" not in kept
    assert clean_text(kept) == kept


@given(READABLE)
def test_no_readable_character_is_lost(text: str) -> None:
    assert clean_text(text) == text.strip()
