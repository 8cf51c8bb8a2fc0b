"""Nobody gives Rasa commands by typing them."""

import pytest

from bot.assistant.plain_text import without_command


@pytest.mark.parametrize(
    "typed", ["/greet", '  /inform{"order_number": "A-10234"}', "\n/restart", "/"]
)
def test_a_typed_command_is_only_text(typed: str) -> None:
    harmless = without_command(typed)
    assert not harmless.strip().startswith("/")
    assert len(harmless) == len(typed)


@pytest.mark.parametrize("typed", ["hola", "y/o", "", "4/5"])
def test_other_text_stays_as_it_is(typed: str) -> None:
    assert without_command(typed) == typed
