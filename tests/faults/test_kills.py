"""Each part is killed in the middle of a hundred conversations: nothing is lost, nothing doubled."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import httpx2
import pytest
from sqlalchemy import func, select

from bot.adapters.database.tables import InboxRow, MessageRow
from tests.chat_client import ChatClient
from tests.polling import eventually
from tests.running_house import START_SECONDS, RunningHouse, ready_house

pytestmark = [pytest.mark.assistant, pytest.mark.timeout(420)]

CONVERSATIONS = 100
LATECOMERS = 30
QUESTION = "donde esta mi pedido #W2611340, mi correo es james.li4495@example.com"
TRACKING_NUMBER = "357962501027"


@pytest.fixture(scope="module")
def house(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house of this module's own: its parts are going to die."""
    with ready_house(tmp_path_factory.mktemp("house")) as house:
        yield house


class Crowd:
    """Customers who all ask at once and do not let go until their message is accepted."""

    def __init__(self, house: RunningHouse) -> None:
        self.customers = [ChatClient(house.address) for _ in range(CONVERSATIONS)]
        self._conversations = [house.conversation_of(each.token) for each in self.customers]
        self._inside = house.house()
        # Never in the way of a writer.
        self._reader = self._inside.engine.execution_options(read_only=True)
        self._threads = ThreadPoolExecutor(8)
        self._asking: list[Future[None]] = []
        self._asked = 0

    def ask(self, count: int) -> None:
        """So many more customers ask; returns when their messages are accepted."""
        list(self._threads.map(self._insist, self._silent(count)))

    def begin_to_ask(self, count: int) -> None:
        """So many more customers begin to ask; returns while they do."""
        for customer in self._silent(count):
            self._asking.append(self._threads.submit(self._insist, customer))

    def _silent(self, count: int) -> list[ChatClient]:
        asked = self._asked
        self._asked += count
        return self.customers[asked : self._asked]

    def answered(self) -> int:
        """How many have an answer already: a look into the database, quicker than the answers."""
        answers = (
            select(func.count())
            .select_from(MessageRow)
            .where(
                MessageRow.author == "bot",
                MessageRow.seq > 1,  # the first is the welcome
                MessageRow.conversation_id.in_(self._conversations),
            )
        )
        with self._reader.connect() as connection:
            return connection.execute(answers).scalar_one()

    def has_answered(self, count: int) -> bool:
        """Whether at least so many have an answer."""
        return self.answered() >= count

    def wait_for_all(self) -> None:
        """Wait until everybody has an answer and nothing waits any more."""
        for each in self._asking:
            each.result(START_SECONDS)
        eventually(lambda: self.answered() >= CONVERSATIONS, START_SECONDS, pause=0.1)
        with self._inside.units.reading() as unit:
            assert unit.conversations.conversations_with_waiting_messages() == ()

    def check_what_is_seen(self) -> None:
        """Each customer's page shows one question and one answer, and it is the right one."""
        for customer in self.customers:
            customer.fetch()
            said = [(m["author"], m["text"]) for m in customer.transcript[1:]]
            assert [author for author, _ in said].count("customer") == 1, said
            answers = [text for author, text in said if author == "bot"]
            assert len(answers) == 1, said
            assert TRACKING_NUMBER in answers[0]

    def check_what_is_stored(self) -> None:
        """The database says the same: one settled question, one answer, no gap."""
        with self._reader.connect() as connection:
            messages = connection.execute(
                select(MessageRow.conversation_id, MessageRow.seq, MessageRow.author)
            ).all()
            inbox = connection.execute(select(InboxRow.conversation_id, InboxRow.status)).all()
        counted = Counter((row.conversation_id, row.author) for row in messages)
        settled = Counter((row.conversation_id, row.status) for row in inbox)
        for conversation in self._conversations:
            assert counted[conversation, "customer"] == 1
            assert counted[conversation, "bot"] == 2  # the welcome and the answer
            assert settled[conversation, "done"] == 1
            seqs = sorted(row.seq for row in messages if row.conversation_id == conversation)
            assert seqs == list(range(1, len(seqs) + 1))

    def leave(self) -> None:
        """Close all connections."""
        self._threads.shutdown()
        for customer in self.customers:
            customer.close()
        self._inside.close()

    def _insist(self, customer: ChatClient) -> None:
        """Send the question until it is accepted, always as the same message."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                customer.say(QUESTION, client_message_id="the-question")
                return
            except httpx2.HTTPError:
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
    house.pause("rasa")
    crowd.ask(CONVERSATIONS - LATECOMERS)
    # In slices: the assistant answers all hundred within a second, quicker than a test can look.
    for share in range(1, CONVERSATIONS // 10 + 1):
        house.go_on("rasa")
        eventually(partial(crowd.has_answered, share), 60, pause=0.001)
        house.pause("rasa")
    for part in parts:
        house.kill(part)
    if "rasa" not in parts:
        house.go_on("rasa")
    assert crowd.answered() < CONVERSATIONS - LATECOMERS, "too late to prove anything"
    crowd.begin_to_ask(LATECOMERS)  # while the part is away
    house.start(*parts)
    house.wait_until_ready()
    crowd.wait_for_all()
    crowd.check_what_is_seen()
    crowd.check_what_is_stored()
