"""Plays a task against a running house: the customer over HTTP, the judge through its services."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx2

from bot.adapters.database.order_side import OrderSide, RowChange, Snapshot, changes
from bot.bootstrap import House
from bot.dialogue_evaluation.customer import Customer, Heard
from bot.dialogue_evaluation.strangers import Strangers
from bot.dialogue_evaluation.task_customer import TaskCustomer
from bot.dialogue_evaluation.task_verdict import Ending, Verdict, orders_written_for, verdict_of
from bot.dialogue_evaluation.tasks import Task
from bot.dialogue_evaluation.topics import Topic, topic_of
from bot.settings import Settings
from connectors.webchat.tokens import WebchatTokens

# A matter takes six or so; whoever has said so much without an end has not been helped.
MOST_TURNS = 25
# One who is not answered within this waits in vain.
ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class Line:
    """One message of a conversation; the responses it is made of, when the assistant said it."""

    author: str
    text: str
    responses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Played:
    """A task that was played once."""

    task: Task
    verdict: Verdict
    transcript: tuple[Line, ...] = field(default=(), repr=False)

    @property
    def course(self) -> tuple[object, ...]:
        """What must be the same when it is played again: who said what, and what came of it."""
        said = tuple((line.author, line.responses or line.text) for line in self.transcript)
        return (*said, self.verdict.solved)


class TaskPlay:
    """Plays tasks one after the other in one house, each in the shop as it was in the beginning."""

    def __init__(
        self, settings: Settings, strangers: Strangers, shop: Snapshot | None = None
    ) -> None:
        """Look at the house.

        Args:
            settings: Those it runs with.
            strangers: Everybody whom the shop knows.
            shop: How it stood in the beginning; None when it still does.
        """
        self._settings = settings
        self._inside = House(settings)
        self._order_side = OrderSide(self._inside.engine)
        self._strangers = strangers
        self._tokens = WebchatTokens(settings.shared_secret())
        present = self._order_side.snapshot()
        self._shop = shop or present
        self._order_side.undo(changes(self._shop, present))

    def close(self) -> None:
        """Close the connections."""
        self._inside.close()

    def run(self, task: Task) -> Played:
        """Play a task and judge it; the shop is left as it was found."""
        before = self._documents(task.about)
        changed: tuple[RowChange, ...] = ()
        chat = Customer(f"http://127.0.0.1:{self._settings.port}")
        try:
            unfinished = self._talk(TaskCustomer(task), chat)
            handed_over = self._is_with_team(chat)
            changed = changes(self._shop, self._order_side.snapshot())
            told, said = _told(chat, by_customer=False), _told(chat, by_customer=True)
            ending = Ending(
                before=before,
                after=self._documents(task.about),
                written_for=orders_written_for(changed, self._shop),
                told=told,
                handed_over=handed_over,
                strangers=self._strangers.named_in(told, [task.customer], said),
                unfinished=unfinished,
            )
            return Played(task, verdict_of(task, ending), _transcript(chat))
        finally:
            chat.close()
            self._order_side.undo(changed)

    def _talk(self, customer: TaskCustomer, chat: Customer) -> str | None:
        """Talk until nothing is left to say; why there was no such end, if there was none."""
        says: str | None = customer.begins()
        presses: str | None = None
        for _ in range(MOST_TURNS):
            try:
                seq = chat.press(presses) if presses else chat.say(says or "")
                heard = chat.hears(seq, ANSWER_SECONDS)
            except (TimeoutError, httpx2.HTTPError) as error:
                return f"{type(error).__name__} after {presses or says!r}"
            if self._is_with_team(chat):
                return None
            topic = topic_of(heard.responses, heard.text)
            # Somebody who knows what they want presses; the likelier reading comes first.
            reads = topic is Topic.WHICH_READING and not customer.has_words_for(topic)
            presses = _first_button(heard) if reads else None
            says = None if presses else customer.next(topic)
            if not says and not presses:
                return None
        return f"no end after {MOST_TURNS} messages"

    def _is_with_team(self, chat: Customer) -> bool:
        identity = self._tokens.conversation(chat.token)
        assert identity is not None, "the house has another secret"
        with self._inside.units.reading() as unit:
            conversation = unit.conversations.get(identity)
            return conversation is not None and conversation.is_with_team

    def _documents(self, numbers: Sequence[str]) -> dict[str, dict[str, object]]:
        return {number: self._inside.order_document.show(number) for number in numbers}


def _first_button(heard: Heard) -> str | None:
    return next(iter(heard.titles), None)


def _told(chat: Customer, *, by_customer: bool) -> str:
    return "\n".join(
        "\n".join([message["text"], *(choice["title"] for choice in message["choices"])])
        for message in chat.transcript
        if (message["author"] == "customer") == by_customer
    )


def _transcript(chat: Customer) -> tuple[Line, ...]:
    return tuple(
        Line(message["author"], message["text"])
        if message["author"] == "customer"
        else Line(message["author"], message["text"], tuple(Heard((message,)).responses))
        for message in chat.transcript
    )
