"""Each part is killed in the middle of a hundred conversations: nothing is lost, nothing doubled."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import select

from bot.adapters.database.tables import InboxRow, MessageRow
from tests.chat_client import ChatClient, Said
from tests.polling import eventually
from tests.running_house import START_SECONDS, RunningHouse

pytestmark = [pytest.mark.assistant, pytest.mark.timeout(420)]

CONVERSATIONS = 100
QUESTION = "donde esta mi pedido #W2611340, mi correo es james.li4495@example.com"
TRACKING_NUMBER = "357962501027"


@pytest.fixture(scope="module")
def house(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house of this module's own: its parts are going to die."""
    house = RunningHouse(tmp_path_factory.mktemp("house"))
    house.prepare()
    house.start()
    try:
        house.wait_until_ready()
        yield house
    finally:
        house.stop()


class Crowd:
    """Customers who all ask at once and do not let go until their message is accepted."""

    def __init__(self, house: RunningHouse) -> None:
        self._house = house
        self.customers = [ChatClient(house.address) for _ in range(CONVERSATIONS)]
        self._threads = ThreadPoolExecutor(16)

    def ask(self) -> None:
        """Everybody begins to ask; returns while they do."""
        for customer in self.customers:
            self._threads.submit(self._insist, customer)

    def answered(self) -> int:
        """How many have an answer already."""
        return sum(bool(self.answers(customer)) for customer in self.customers)

    def wait_for_all(self) -> None:
        """Wait until everybody has an answer and nothing waits any more."""
        self._threads.shutdown(wait=True)
        eventually(lambda: self.answered() == CONVERSATIONS, START_SECONDS, pause=0.5)
        inside = self._house.house()
        with inside.units.reading() as unit:
            assert unit.conversations.conversations_with_waiting_messages() == ()
        inside.close()

    def answers(self, customer: ChatClient) -> list[Said]:
        """What the assistant said to a customer after the question."""
        try:
            customer.fetch()
        except httpx.HTTPError:
            return []  # the gateway is away
        asked = [m["seq"] for m in customer.transcript if m["author"] == "customer"]
        return (
            [m for m in customer.transcript if m["author"] == "bot" and m["seq"] > min(asked)]
            if asked
            else []
        )

    def check_what_is_stored(self) -> None:
        """The database says the same: one question, one answer, one settled message, no gap."""
        inside = self._house.house()
        mine = {self._house.conversation_of(customer.token) for customer in self.customers}
        with inside.engine.connect() as connection:
            messages = connection.execute(
                select(MessageRow.conversation_id, MessageRow.seq, MessageRow.author)
            ).all()
            inbox = connection.execute(select(InboxRow.conversation_id, InboxRow.status)).all()
        inside.close()
        counted = Counter((row.conversation_id, row.author) for row in messages)
        settled = Counter((row.conversation_id, row.status) for row in inbox)
        for conversation in mine:
            assert counted[conversation, "customer"] == 1
            assert counted[conversation, "bot"] == 2  # the welcome and the answer
            assert settled[conversation, "done"] == 1
            seqs = sorted(row.seq for row in messages if row.conversation_id == conversation)
            assert seqs == list(range(1, len(seqs) + 1))

    def leave(self) -> None:
        """Close all connections."""
        for customer in self.customers:
            customer.close()

    def _insist(self, customer: ChatClient) -> None:
        """Send the question until it is accepted, always as the same message."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                customer.say(QUESTION, client_message_id="the-question")
                return
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)


@pytest.fixture
def crowd(house: RunningHouse) -> Iterator[Crowd]:
    crowd = Crowd(house)
    yield crowd
    crowd.leave()


@pytest.mark.parametrize(
    "parts",
    [("rasa",), ("actions",), ("gateway",), ("gateway", "rasa", "actions")],
    ids=["rasa", "actions", "gateway", "a power cut"],
)
def test_every_message_is_answered_exactly_once_though_parts_are_killed(
    house: RunningHouse, crowd: Crowd, parts: tuple[str, ...]
) -> None:
    crowd.ask()
    eventually(lambda: crowd.answered() > CONVERSATIONS // 5, 60, pause=0.01)
    for part in parts:
        house.kill(part)
    assert crowd.answered() < CONVERSATIONS, "the kill came too late to prove anything"
    house.start(*parts)
    house.wait_until_ready()
    crowd.wait_for_all()
    for customer in crowd.customers:
        asked = [m for m in customer.transcript if m["author"] == "customer"]
        answers = crowd.answers(customer)
        assert len(asked) == 1
        assert len(answers) == 1, [m["text"] for m in customer.transcript]
        assert TRACKING_NUMBER in answers[0]["text"]
    crowd.check_what_is_stored()
