"""The running house as fixtures; one is shared by all tests that leave it whole."""

import os
from collections.abc import Iterator

import pytest

from bot.parts import RASA_PYTHON
from bot.settings import PROJECT_ROOT
from tests.chat_client import ChatClient
from tests.running_house import RunningHouse, ready_house

MODEL = PROJECT_ROOT / "models" / "posventa.tar.gz"


@pytest.fixture(scope="session")
def trained_model() -> None:
    """The model and Rasa's environment are there; `make test` sees to both."""
    for missing in (RASA_PYTHON, MODEL):
        if not missing.exists():
            reason = f"{missing.relative_to(PROJECT_ROOT)} is missing: `make test` makes it"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)


@pytest.fixture(scope="session")
def running_house(
    trained_model: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningHouse]:
    """A ready house with the demonstration shop and the retail orders; nobody kills it."""
    with ready_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def customer(running_house: RunningHouse) -> Iterator[ChatClient]:
    """A customer who has just opened the chat of the shared house."""
    client = ChatClient(running_house.address)
    yield client
    client.close()
