"""The router: whose turn it is, what the assistant is asked, and what becomes of its answer.

This is the only place that asks who has a conversation.
"""

from dataclasses import replace

from bot.domain.conversations import Conversation, HandoffReason
from bot.domain.messages import Author
from bot.domain.turns import Answer, AnswerMessage, Turn, WaitingMessage, first_turn_of
from bot.services.copy import Copy
from bot.services.documents import attachment_of
from bot.services.handoff import Handoff, draft_of
from bot.services.ports import Clock, UnitOfWork, Units


class Turns:
    """Takes waiting messages out of the inbox and settles them, each exactly once.

    The answer, the assistant's new memory and the end of the wait are one transaction: after a
    crash at any moment a message is either still waiting or answered, never both or neither.
    """

    def __init__(self, units: Units, clock: Clock, copy: Copy, handoff: Handoff) -> None:
        self._units = units
        self._clock = clock
        self._copy = copy
        self._handoff = handoff

    def conversations_waiting(self) -> tuple[str, ...]:
        """Conversations with unanswered messages, the longest waiting first."""
        with self._units.reading() as unit:
            return unit.conversations.conversations_with_waiting_messages()

    def next_turn(self, conversation_id: str) -> Turn | None:
        """What the assistant is to answer next in a conversation, if anything.

        Messages that are not the assistant's to answer (the team has the conversation, or a
        button that means a command to us) are settled here.
        """
        while True:
            with self._units.reading() as unit:
                turn, settles = self._look(unit, conversation_id)
            if not settles:
                return turn
            with self._units.writing() as unit:
                self._settle_ours(unit, conversation_id)
                unit.commit()

    def finish(self, turn: Turn, answer: Answer) -> bool:
        """Store an answer and end the wait of the messages it answers.

        The answer is dropped when the conversation changed hands meanwhile, or somebody else
        settled any of its messages. Returns whether more messages of the conversation wait.
        """
        with self._units.writing() as unit:
            conversation = unit.conversations.get(turn.conversation_id, for_update=True)
            assert conversation is not None  # conversations are never deleted
            if unit.conversations.settle(turn.inbox_ids) < len(turn.inbox_ids):
                return True  # not committed: what is left of the turn is another turn
            if conversation.epoch == turn.epoch:
                self._speak(unit, conversation, answer)
            more = bool(unit.conversations.waiting_messages(turn.conversation_id))
            unit.commit()
            return more

    def _speak(self, unit: UnitOfWork, conversation: Conversation, answer: Answer) -> None:
        now = self._clock.now()
        unit.conversations.keep_dialogue_state(conversation.id, answer.state)
        spoken = answer.as_one_message()
        if spoken.text:
            documents = tuple(attachment_of(each, self._copy) for each in answer.documents)
            draft = replace(draft_of(spoken, Author.BOT), attachments=documents)
            conversation, messages = unit.conversations.append(conversation, [draft], now)
            unit.outbox.add(conversation.channel, messages, now)
        if answer.outcome is not None:
            event = conversation.note_outcome(answer.outcome, now)
            unit.conversations.save(conversation, [event])
        if answer.handoff_reason is not None:
            self._handoff.request_within(unit, conversation, answer.handoff_reason, "bot")

    def finish_calmly(self, turn: Turn) -> bool:
        """End a turn that the assistant could not answer: calm words and the offer of a person."""
        return self.finish(turn, Answer((self._trouble(),), turn.state))

    def count_failure(self, turn: Turn) -> int:
        """Note that a turn failed; returns how often it has."""
        with self._units.writing() as unit:
            attempts = unit.conversations.count_attempt(turn.inbox_ids)
            unit.commit()
            return attempts

    def tell_once(self, turn: Turn, response: str) -> None:
        """Say something while a turn still waits for its answer; not the same twice in a row."""
        now = self._clock.now()
        with self._units.writing() as unit:
            conversation = unit.conversations.get(turn.conversation_id, for_update=True)
            waiting = {
                m.inbox_id for m in unit.conversations.waiting_messages(turn.conversation_id)
            }
            if conversation is None or conversation.epoch != turn.epoch:
                return
            if not waiting.issuperset(turn.inbox_ids):
                return  # answered meanwhile
            draft = draft_of(self._copy.message(response), Author.SYSTEM)
            since = unit.conversations.last_messages(turn.conversation_id, 3)
            if any(message.text == draft.text for message in since):
                return
            _, messages = unit.conversations.append(conversation, [draft], now)
            unit.outbox.add(conversation.channel, messages, now)
            unit.commit()

    def _look(self, unit: UnitOfWork, conversation_id: str) -> tuple[Turn | None, bool]:
        """The assistant's next turn, and whether something must be settled by us first."""
        waiting = unit.conversations.waiting_messages(conversation_id)
        conversation = unit.conversations.get(conversation_id)
        if not waiting or conversation is None:
            return None, False
        if _ours(conversation, waiting):
            return None, True
        state = unit.conversations.dialogue_state(conversation_id)
        return _turn(conversation, first_turn_of(waiting), state), False

    def _settle_ours(self, unit: UnitOfWork, conversation_id: str) -> None:
        conversation = unit.conversations.get(conversation_id, for_update=True)
        assert conversation is not None  # `_look` saw it, and conversations are never deleted
        ours = _ours(conversation, unit.conversations.waiting_messages(conversation_id))
        if not ours:
            return
        unit.conversations.settle([message.inbox_id for message in ours])
        command = _command(ours[-1])
        if command == "request_human":
            reason = HandoffReason.CUSTOMER_ASKED
            self._handoff.request_within(unit, conversation, reason, "customer")
        elif command == "back_to_assistant":
            self._handoff.return_within(unit, conversation)

    def _trouble(self) -> AnswerMessage:
        return self._copy.message("utter_technical_problem")


def _ours(
    conversation: Conversation, waiting: tuple[WaitingMessage, ...]
) -> tuple[WaitingMessage, ...]:
    """The first messages to settle without the assistant; a command, if any, is the last of them.

    Whoever asks for a person is not kept waiting by an answer that is still being made, or by a
    Rasa that is away: what was written before goes to the person as well.
    """
    commands = [_command(message) for message in waiting]
    if "request_human" in commands:
        return waiting[: commands.index("request_human") + 1]
    if waiting and (commands[0] or not conversation.is_with_bot):
        return first_turn_of(waiting)
    return ()


def _command(message: WaitingMessage) -> str | None:
    """What a pressed button asks of the house itself, without Rasa.

    A person can be had in any state, Rasa or no Rasa: that button never depends on it.
    """
    payload = message.payload or {}
    if payload.get("intent") == "request_human":
        return "request_human"
    command = payload.get("command")
    return str(command) if command else None


def _turn(conversation: Conversation, batch: tuple[WaitingMessage, ...], state: str | None) -> Turn:
    turn = Turn(
        turn_id=f"{conversation.id}:{batch[0].seq}",
        conversation_id=conversation.id,
        channel=conversation.channel,
        epoch=conversation.epoch,
        inbox_ids=tuple(message.inbox_id for message in batch),
        attempts=max(message.attempts for message in batch),
        text=None,
        payload=batch[0].payload,
        state=state,
    )
    if turn.payload is not None:
        return turn
    return replace(turn, text="\n".join(message.text for message in batch))
