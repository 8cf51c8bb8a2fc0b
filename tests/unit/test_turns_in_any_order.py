"""Whatever happens in whatever order: answered once, nothing lost, no word while the team has it.

A machine plays customers, two workers, crashes and agents in orders nobody thought of, and checks
the promises of the router after each step.
"""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.conversations import HandoffReason
from bot.domain.errors import TransitionRefused
from bot.domain.messages import Author
from bot.domain.turns import Turn
from bot.services.inbox import CHOICES_KEPT
from tests.fakes.service_house import ServiceHouse, saying
from tests.fixtures_database import emptied_sqlite

PERSON = "Hablar con una persona"
BACK = "Seguir con el asistente"


@dataclass
class Promise:
    """A customer's message, and what may become of it."""

    seq: int
    # A button for the house itself is carried out, not answered.
    is_command: bool
    # The team had the conversation while it waited: a person has seen it.
    seen_by_team: bool
    answers: list[str] = field(default_factory=list)


class Router(RuleBasedStateMachine):
    """One customer, workers that overlap and die, two agents."""

    turns = Bundle("turns")

    def __init__(self) -> None:
        super().__init__()
        self.house = ServiceHouse(SqlUnits(emptied_sqlite()))
        self.agents = [self.house.add_agent("Marta"), self.house.add_agent("Iñaki")]
        self.chat = ""
        self.sent: list[str] = []
        self.promises: dict[int, Promise] = {}
        self.by_inbox_id: dict[int, Promise] = {}
        self.count = 0

    @initialize()
    def open(self) -> None:
        self.chat = self.house.open()

    # --- the customer ---------------------------------------------------------------------------

    @rule()
    def write(self) -> None:
        message_id = self._new_id()
        self.sent.append(message_id)
        self._promise(self.house.write(self.chat, message_id, message_id).seq)

    @rule(title=st.sampled_from([PERSON, BACK, "¿Dónde está mi pedido?"]))
    def press(self, title: str) -> None:
        recent = self.house.messages(self.chat)[-CHOICES_KEPT:]  # older ones are refused
        if any(choice.title == title for message in recent for choice in message.choices):
            seq = self.house.press(self.chat, title, self._new_id()).seq
            self._promise(seq, is_command=title in (PERSON, BACK))

    # --- workers --------------------------------------------------------------------------------

    @rule(target=turns)
    def begin(self) -> object:
        turn = self.house.turns.next_turn(self.chat)
        if turn is None:
            return multiple()
        assert self.house.conversation(self.chat).is_with_bot
        return turn

    @rule(turn=consumes(turns))
    def finish(self, turn: Turn) -> None:
        self._finish(turn, None)

    @rule(turn=consumes(turns))
    def finish_with_a_wish_for_a_person(self, turn: Turn) -> None:
        self._finish(turn, HandoffReason.NOT_UNDERSTOOD)

    # --- the team -------------------------------------------------------------------------------

    @rule(who=st.integers(0, 1), writes=st.booleans(), then=st.sampled_from(["back", "close", ""]))
    def an_agent_has_it(self, who: int, writes: bool, then: str) -> None:
        agent = self.agents[who]
        try:
            self.house.handoff.take(self.chat, agent)
        except TransitionRefused:
            assert self.house.conversation(self.chat).agent_id in (agent.id, None)
        else:
            self._team_sees()
        if self.house.conversation(self.chat).agent_id != agent.id:
            return
        if writes:
            self.house.handoff.reply(self.chat, agent, "un momento")
            self.write()
        if then == "back":
            self.house.handoff.give_back(self.chat, agent)
        elif then == "close":
            self.house.handoff.close(self.chat, agent)

    # --- what changes nothing -------------------------------------------------------------------

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 50))
    def redeliver(self, which: int) -> None:
        message_id = self.sent[which % len(self.sent)]
        assert self.house.write(self.chat, message_id, message_id).duplicate

    @rule(turn=turns)
    def stumble(self, turn: Turn) -> None:
        """An attempt fails, the customer is told to wait; the worker may also simply die."""
        self.house.turns.count_failure(turn)
        self.house.turns.tell_once(turn, "utter_assistant_slow")

    # --- promises -------------------------------------------------------------------------------

    @invariant()
    def messages_are_numbered_without_gaps(self) -> None:
        if self.chat:
            seqs = [message.seq for message in self.house.messages(self.chat)]
            assert seqs == list(range(1, len(seqs) + 1))
            assert self.house.conversation(self.chat).last_seq == len(seqs)

    @invariant()
    def each_change_of_hands_is_an_event(self) -> None:
        if self.chat:
            assert (
                len(self.house.event_kinds(self.chat)) == self.house.conversation(self.chat).epoch
            )

    @invariant()
    def nothing_is_answered_twice(self) -> None:
        assert all(len(promise.answers) <= 1 for promise in self.promises.values())

    def teardown(self) -> None:
        if self.chat:
            while (turn := self.house.turns.next_turn(self.chat)) is not None:
                self._finish(turn, None)
            assert self.house.waits(self.chat) == []
            for promise in self.promises.values():
                answered = len(promise.answers) == 1
                assert answered or promise.seen_by_team or promise.is_command, promise
            customer = self.house.messages(self.chat, Author.CUSTOMER)
            assert [message.seq for message in customer] == sorted(self.promises)

    # --- book-keeping ---------------------------------------------------------------------------

    def _finish(self, turn: Turn, reason: str | None) -> None:
        before = self.house.conversation(self.chat)
        text = f"answer {self.count} of {turn.turn_id}"
        self.count += 1
        self.house.turns.finish(turn, saying(text, handoff=reason))
        if text not in self.house.said(self.chat, Author.BOT):
            return
        assert before.is_with_bot
        assert before.epoch == turn.epoch
        for inbox_id in turn.inbox_ids:
            self.by_inbox_id[inbox_id].answers.append(text)
        self._team_sees()

    def _promise(self, seq: int, *, is_command: bool = False) -> None:
        promise = Promise(seq, is_command, seen_by_team=False)
        self.promises[seq] = promise
        with self.house.units.reading() as unit:
            for message in unit.conversations.waiting_messages(self.chat):
                self.by_inbox_id.setdefault(message.inbox_id, self.promises[message.seq])
        if is_command:
            # What was written before a person was asked for goes to that person.
            self._also_seen_when_queued()
        self._team_sees()

    def _also_seen_when_queued(self) -> None:
        self.house.turns.next_turn(self.chat)
        self._team_sees()

    def _team_sees(self) -> None:
        """Whatever still waits while the team has the conversation, or was just passed to it."""
        if self.house.conversation(self.chat).is_with_team:
            for promise in self.promises.values():
                promise.seen_by_team = promise.seen_by_team or not promise.answers

    def _new_id(self) -> str:
        self.count += 1
        return f"message-{self.count}"


Router.TestCase.settings = settings(
    max_examples=9,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestRouter = Router.TestCase
