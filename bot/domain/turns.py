"""A turn: the customer's waiting messages that are answered together, and the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.messages import MAX_TEXT_LENGTH, Document, MessageKind


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """An accepted message that nobody has answered yet."""

    inbox_id: int
    seq: int
    kind: MessageKind
    text: str
    payload: dict[str, object] | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What the assistant is asked in one go.

    Exactly one of `text` and `payload` is set. `epoch` is the conversation's when the turn began:
    an answer computed under an older epoch is dropped.
    """

    turn_id: str
    conversation_id: str
    channel: str
    epoch: int
    inbox_ids: tuple[int, ...]
    attempts: int
    text: str | None
    payload: dict[str, object] | None
    state: str | None


@dataclass(frozen=True, slots=True)
class AnswerChoice:
    """A button the assistant offers, not yet tokenised."""

    title: str
    payload: dict[str, object]


@dataclass(frozen=True, slots=True)
class AnswerMessage:
    """One message of an answer."""

    text: str
    choices: tuple[AnswerChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant said, its new memory, and whether it asked for a person.

    `outcome` is what the customer says became of the matter: `solved`, `not_solved`, or None.
    `documents` go with what it said.
    """

    messages: tuple[AnswerMessage, ...]
    state: str | None
    handoff_reason: str | None = None
    outcome: str | None = None
    documents: tuple[Document, ...] = ()

    def as_one_message(self) -> AnswerMessage:
        """The whole answer as one message: paragraphs joined, the last buttons kept.

        One turn, one message: on X each message costs, and three bubbles in a row read as
        three people talking.
        """
        text = "\n".join(message.text for message in self.messages if message.text)
        choices = next((m.choices for m in reversed(self.messages) if m.choices), ())
        return AnswerMessage(text, choices)


def first_turn_of(waiting: Sequence[WaitingMessage]) -> tuple[WaitingMessage, ...]:
    """Which of the waiting messages are answered together: leading texts, or one other.

    A pressed choice or a photo is a turn of its own: it answers the question shown when it was
    sent. Texts are joined up to the length that a single one may have.
    """
    texts: list[WaitingMessage] = []
    length = 0
    for message in waiting:
        if message.kind is not MessageKind.TEXT:
            return tuple(texts) or (message,)
        length += len(message.text) + 1  # a line break joins them
        if texts and length > MAX_TEXT_LENGTH + 1:
            break
        texts.append(message)
    return tuple(texts)
