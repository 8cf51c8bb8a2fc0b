"""The conversation side's services over a real database, with clock and assistant in the test's hands."""

import uuid
from functools import cache
from zoneinfo import ZoneInfo

from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.voice import Voice
from bot.domain.agents import Agent, AgentCredentials, AgentRole
from bot.domain.conversations import Conversation
from bot.domain.messages import (
    Attachment,
    Author,
    InboundMessage,
    Message,
    MessageKind,
    Receipt,
)
from bot.domain.opening_hours import OpeningHours
from bot.domain.turns import Answer, AnswerChoice, AnswerMessage, Turn
from bot.services.handoff import Handoff
from bot.services.inbox import Inbox
from bot.services.outbox import Outbox
from bot.services.transcript import Transcript
from bot.services.turns import Turns
from bot.settings import PROJECT_ROOT
from tests.fakes.desk_house import FixedClock

SHOP_ZONE = ZoneInfo("Europe/Madrid")
ALWAYS_OPEN = "mon-sun 00:00-23:59"
# A channel whose platform must be called, beside the web chat that fetches its own.
PUSHED = "carrier_pigeon"
PHOTO = Attachment("a" * 32 + ".jpg", "image/jpeg", "box.jpg")


@cache
def the_voice() -> Voice:
    """The customer's real copy: tests compare by response name, whatever it says today."""
    return Voice(PROJECT_ROOT / "domain.yml", SHOP_ZONE, "Casa Olmo")


def saying(text: str, *titles: str, state: str | None = "[]", handoff: str | None = None) -> Answer:
    """An answer of the assistant with buttons."""
    choices = tuple(AnswerChoice(title, {"intent": "greet", "entities": {}}) for title in titles)
    messages = (AnswerMessage(text, choices),) if text else ()
    return Answer(messages, state, handoff)


class ServiceHouse:
    """Inbox, turns, handoff, transcript and outbox, wired as the bootstrap wires them."""

    def __init__(
        self, units: SqlUnits, clock: FixedClock | None = None, hours: str = ALWAYS_OPEN
    ) -> None:
        self.units = units
        self.clock = clock or FixedClock()
        self.voice = the_voice()
        opening = OpeningHours.parse(hours, SHOP_ZONE)
        self.handoff = Handoff(units, self.clock, self.voice, opening)
        self.inbox = Inbox(units, self.clock)
        self.turns = Turns(units, self.clock, self.voice, self.handoff)
        self.transcript = Transcript(units, self.clock, self.voice)
        self.outbox = Outbox(units, self.clock)

    # --- the customer ---------------------------------------------------------------------------

    def open(self, channel: str = "webchat") -> str:
        """A new conversation; returns its id."""
        return self.transcript.open(channel).id

    def write(
        self, customer: str, text: str, message_id: str = "", channel: str = "webchat"
    ) -> Receipt:
        """A customer writes; the same `message_id` again is a repetition."""
        return self._send(customer, MessageKind.TEXT, text, message_id, channel)

    def send_photo(self, customer: str, message_id: str = "") -> Receipt:
        """A customer sends a photo."""
        return self._send(customer, MessageKind.PHOTO, "", message_id, attachment=PHOTO)

    def press(self, customer: str, title: str, message_id: str = "") -> Receipt:
        """A customer presses the newest button of that title."""
        for message in reversed(self.messages(customer)):
            for choice in message.choices:
                if choice.title == title:
                    return self.press_token(customer, choice.token, message_id)
        raise AssertionError(f"nothing offers {title!r}")

    def press_token(self, customer: str, token: str, message_id: str = "") -> Receipt:
        """A customer's client sends a choice's token, whatever it is."""
        return self._send(customer, MessageKind.CHOICE, "", message_id, token=token)

    def _send(
        self,
        customer: str,
        kind: MessageKind,
        text: str,
        message_id: str,
        channel: str = "webchat",
        *,
        token: str | None = None,
        attachment: Attachment | None = None,
    ) -> Receipt:
        return self.inbox.accept(
            InboundMessage(
                channel=channel,
                customer_key=customer,
                external_id=f"{customer}:{message_id or uuid.uuid4().hex}",
                kind=kind,
                text=text,
                choice_token=token,
                attachment=attachment,
            )
        )

    # --- the assistant --------------------------------------------------------------------------

    def begin(self, conversation: str) -> Turn:
        """The turn that there has to be."""
        turn = self.turns.next_turn(conversation)
        assert turn is not None
        return turn

    def answer_all(self, conversation: str, text: str = "answered") -> int:
        """Answer until nothing waits; returns how many turns that took."""
        turns = 0
        while (turn := self.turns.next_turn(conversation)) is not None:
            self.turns.finish(turn, saying(text))
            turns += 1
        return turns

    # --- the team -------------------------------------------------------------------------------

    def add_agent(self, name: str = "Marta Ruiz") -> Agent:
        """Somebody of the team."""
        email = f"{uuid.uuid4().hex}@example.com"
        with self.units.writing() as unit:
            account = AgentCredentials(name, email, AgentRole.AGENT, "no password")
            agent = unit.agents.add(account, self.clock.now())
            unit.commit()
            return agent

    # --- what is stored -------------------------------------------------------------------------

    def conversation(self, conversation_id: str) -> Conversation:
        """How a conversation stands."""
        with self.units.reading() as unit:
            found = unit.conversations.get(conversation_id)
        assert found is not None
        return found

    def messages(self, conversation_id: str, *authors: Author) -> list[Message]:
        """The transcript, or what some authors said in it."""
        found = self.transcript.after(conversation_id, 0)
        return [message for message in found if not authors or message.author in authors]

    def said(self, conversation_id: str, *authors: Author) -> list[str]:
        """The texts of the transcript."""
        return [message.text for message in self.messages(conversation_id, *authors)]

    def waits(self, conversation_id: str) -> list[int]:
        """Numbers of the customer's messages that nobody has answered yet."""
        with self.units.reading() as unit:
            return [each.seq for each in unit.conversations.waiting_messages(conversation_id)]

    def dialogue_state(self, conversation_id: str) -> str | None:
        """The assistant's memory."""
        with self.units.reading() as unit:
            return unit.conversations.dialogue_state(conversation_id)

    def event_kinds(self, conversation_id: str) -> list[str]:
        """What happened to the ownership, in order."""
        with self.units.reading() as unit:
            return [event.kind for event in unit.conversations.events_of(conversation_id)]
