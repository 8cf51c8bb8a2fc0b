"""A customer who does anything at any moment, and what must hold whatever they do."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from bot.adapters.database.order_side import OrderSide, changes
from bot.adapters.yaml_file import read_yaml
from bot.bootstrap import House
from bot.dialogue_evaluation.customer import Customer, Heard
from bot.dialogue_evaluation.play import a_photo, titles_by_meaning
from bot.dialogue_evaluation.strangers import Strangers
from bot.dialogue_evaluation.topics import CONSENT, TOPICS, Topic, topic_of
from bot.domain.conversations import Conversation, ConversationStatus
from tests.running_house import RunningHouse

_PHRASES = read_yaml(Path(__file__).parent / "walk" / "phrases.yml")
ANSWERS: dict[str, list[str]] = _PHRASES.pop("answers")
PERSON: list[str] = _PHRASES["person"]
REQUESTS: list[str] = _PHRASES["requests"]
AGREEING = frozenset(_PHRASES["agreeing"])
PHRASES = [phrase for phrases in _PHRASES.values() for phrase in phrases]

# What the customer gives of themselves is no matter that needs a yes.
_GIVEN_AT_ONCE = frozenset({"ratings", "contact_preferences"})
# There is one answer to small talk, and one to "nothing else" as often as somebody says it.
_COURTESIES = frozenset(
    {
        "utter_affirm",
        "utter_ask_capabilities",
        "utter_ask_if_human",
        "utter_back_with_assistant",
        "utter_chitchat",
        "utter_deny",
        "utter_express_frustration",
        "utter_goodbye",
        "utter_greet",
        "utter_inform",
        "utter_out_of_scope",
        "utter_send_photo",
        "utter_solved",
        "utter_stopped",
        "utter_thank",
    }
)
_PERSON_BUTTONS = frozenset(titles_by_meaning()["/request_human"])
_BACK = frozenset(titles_by_meaning()["/back_to_assistant"])
_ANSWER_SECONDS = 30.0


class BrokenPromise(AssertionError):
    """Something that must hold whatever a customer does does not; tells the conversation so far."""


class RandomCustomer:
    """One conversation with a running house; every move checks every promise."""

    def __init__(self, running: RunningHouse, inside: House, strangers: Strangers) -> None:
        assert running.shop is not None
        self._inside = inside
        self._strangers = strangers
        self._shop = running.shop
        self._order_side = OrderSide(inside.engine)
        self._chat = Customer(running.address)
        self._id = running.conversation_of(self._chat.token)
        self._heard: Heard | None = None
        # Conversations up to an answer that was the one before, word by word.
        self.repetitions: list[str] = []
        self._proven: set[str] = set()
        self._sizes = self._rows()
        self._agreeing_button = inside.voice.message("utter_button_yes").text
        # From which message on the assistant keeps quiet, while the team has it.
        self._quiet_after = 0

    def close(self) -> None:
        """End it, and leave the shop as it was."""
        self._chat.close()
        self._order_side.undo(changes(self._shop, self._order_side.snapshot()))

    # --- moves ----------------------------------------------------------------------------------

    def says(self, text: str) -> None:
        """Write something."""
        self._move(lambda: self._chat.say(text), agrees=text in AGREEING)

    def answers(self, place: int, agrees: bool) -> None:
        """Write what somebody may well answer to what was asked."""
        topic = topic_of(self._heard.responses, self._heard.text) if self._heard else None
        fitting = ANSWERS.get(topic or Topic.ANYTHING_ELSE, ANSWERS[Topic.ANYTHING_ELSE])
        if topic is Topic.CONFIRM and agrees:
            fitting = sorted(AGREEING)
        self.says(fitting[place % len(fitting)])

    def presses(self, place: int) -> None:
        """Press one of the buttons of the last answer, if it has some."""
        titles = self._heard.titles if self._heard else []
        if titles:
            title = titles[place % len(titles)]
            if title in _BACK:
                self.goes_back()
            elif title in _PERSON_BUTTONS:
                self.asks_for_a_person(title)
            else:
                agrees = title == self._agreeing_button
                self._move(lambda: self._chat.press(title), agrees=agrees)

    def sends_a_photo(self) -> None:
        """Send a picture."""
        self._move(lambda: self._chat.send_photo(a_photo()))

    def asks_for_a_person(self, words: str) -> None:
        """Ask for a person, with a button where there is one of these words."""
        before = self._conversation()
        pressed = bool(self._heard) and words in self._heard.titles
        self._move(lambda: self._chat.press(words) if pressed else self._chat.say(words))
        after = self._conversation()
        epoch = before.epoch + 1 if before.is_with_bot else before.epoch
        self._promise(
            after.status is ConversationStatus.WAITING and after.epoch == epoch,
            f"{words!r} left it {after.status.value} in epoch {after.epoch} after {before.epoch}",
        )

    def goes_back(self) -> None:
        """Go on with the assistant instead of waiting for a person."""
        if self._conversation().status is ConversationStatus.WAITING:
            self._heard = self._answer(self._chat.press(*_BACK))
            talked = [m for m in self._chat.transcript if m["author"] == "bot"]
            self._promise(talked[-1]["seq"] <= self._quiet_after, "it spoke over the team")
            self._promise(self._conversation().is_with_bot, "going back did not go back")

    def wanders(self, chance: Random) -> None:
        """Make one move: most often an answer to what is asked, now and then anything at all."""
        (move,) = chance.choices(list(_MOVES), weights=list(_MOVES.values()))
        move(self, chance)

    def leaves(self) -> None:
        """Drop everything and say goodbye: nothing may be left open."""
        self.goes_back()
        self.says("déjalo")
        self.goes_back()
        self.says("adiós")
        asked = [name for name in self._heard.responses if name in TOPICS] if self._heard else []
        self._promise(not asked, f"after the goodbye {asked} is asked")

    # --- what holds after each --------------------------------------------------------------------

    def _move(self, move: Callable[[], int], *, agrees: bool = False) -> None:
        if not self._conversation().is_with_bot:
            move()  # a person reads it: the assistant keeps quiet
            return
        before, said_before = self._heard, self._said()[-1:]
        consented = agrees and before is not None and bool(CONSENT.intersection(before.responses))
        self._heard = self._answer(move())
        self._quiet_after = self._chat.transcript[-1]["seq"]
        self._expect_no_write(consented)
        # Who says the same twice may hear the same twice.
        if before is not None and self._said()[-1:] != said_before:
            self._note_repetition(before, self._heard)

    def _answer(self, seq: int) -> Heard:
        try:
            heard = self._chat.hears(seq, _ANSWER_SECONDS)
        except TimeoutError:
            raise BrokenPromise(self._so_far("nobody answers")) from None
        self._expect_no_stranger(heard)
        return heard

    def _expect_no_write(self, consented: bool) -> None:
        sizes = self._rows()
        grown = {name for name, size in sizes.items() if size != self._sizes[name]}
        self._sizes = sizes
        self._promise(consented or not grown, f"without a yes something was written to {grown}")

    def _note_repetition(self, before: Heard, heard: Heard) -> None:
        if before.text == heard.text and not _COURTESIES.issuperset(heard.responses):
            self.repetitions.append(self._so_far("the same answer twice in a row"))

    def _expect_no_stranger(self, heard: Heard) -> None:
        with self._inside.units.reading() as unit:
            proven = unit.identities.linked_customer(self._id, self._inside.clock.now())
        self._proven |= {proven} if proven else set()
        told = "\n".join([heard.text, *heard.titles])
        named = self._strangers.named_in(told, self._proven, "\n".join(self._said()))
        self._promise(not named, f"tells {named} to somebody who has proven to be {self._proven}")

    def _promise(self, held: bool, otherwise: str) -> None:
        if not held:
            raise BrokenPromise(self._so_far(otherwise))

    def _so_far(self, otherwise: str) -> str:
        lines = [f"{m['author']:<9}{m['text']}" for m in self._chat.transcript]
        return "\n".join([otherwise, *lines])

    def _said(self) -> list[str]:
        return [str(m["text"]) for m in self._chat.transcript if m["author"] == "customer"]

    def _conversation(self) -> Conversation:
        with self._inside.units.reading() as unit:
            found = unit.conversations.get(self._id)
        assert found is not None
        return found

    def _rows(self) -> dict[str, int]:
        sizes = self._order_side.sizes()
        return {name: size for name, size in sizes.items() if name not in _GIVEN_AT_ONCE}


_MOVES: dict[Callable[[RandomCustomer, Random], None], int] = {
    lambda customer, chance: customer.answers(chance.randrange(60), chance.random() < 0.6): 45,
    lambda customer, chance: customer.says(chance.choice(PHRASES)): 20,
    lambda customer, chance: customer.says(chance.choice(REQUESTS)): 10,
    lambda customer, chance: customer.presses(chance.randrange(60)): 15,
    lambda customer, chance: customer.goes_back(): 5,
    lambda customer, chance: customer.sends_a_photo(): 3,
    lambda customer, chance: customer.asks_for_a_person(chance.choice(PERSON)): 2,
}
