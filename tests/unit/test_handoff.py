"""From the assistant to a person and back: who may, what the customer is told, what is remembered."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.agents import Agent
from bot.domain.conversations import ConversationStatus, HandoffReason
from bot.domain.errors import (
    ConversationNotFound,
    TextEmpty,
    TextNotValid,
    TextTooLong,
    TransitionRefused,
)
from bot.domain.messages import Author
from bot.services.handoff import Handoff
from tests.fakes.desk_house import FixedClock
from tests.fakes.service_house import PHOTO, PUSHED, ServiceHouse

BACK = "Seguir con el asistente"
OFFICE = "mon-fri 09:00-18:00"
FRIDAY_NIGHT = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


@pytest.fixture
def house(units: SqlUnits) -> ServiceHouse:
    return ServiceHouse(units)


@pytest.fixture
def chat(house: ServiceHouse) -> str:
    return house.open()


@pytest.fixture
def marta(house: ServiceHouse) -> Agent:
    return house.add_agent("Marta Ruiz")


def ask_for_person(house: ServiceHouse, chat: str, reason: str = "customer_asked") -> None:
    with house.units.writing() as unit:
        conversation = unit.conversations.get(chat, for_update=True)
        assert conversation is not None
        house.handoff.request_within(unit, conversation, reason, "customer")
        unit.commit()


def test_whoever_asks_in_opening_hours_is_told_that_somebody_comes(
    house: ServiceHouse, chat: str
) -> None:
    ask_for_person(house, chat)
    told = house.messages(chat)[-1]
    assert told.author is Author.SYSTEM
    assert told.text == house.voice.message("utter_waiting_for_person").text
    assert BACK in [choice.title for choice in told.choices]


def test_whoever_asks_at_night_is_told_when_somebody_comes(units: SqlUnits) -> None:
    house = ServiceHouse(units, FixedClock(FRIDAY_NIGHT), hours=OFFICE)
    chat = house.open()
    ask_for_person(house, chat)
    monday_nine = house.voice.moment(datetime(2026, 11, 23, 8, 0, tzinfo=UTC), FRIDAY_NIGHT)
    expected = house.voice.message("utter_waiting_out_of_hours", opening=monday_nine)
    assert house.said(chat)[-1] == expected.text


def test_asking_again_changes_nothing(house: ServiceHouse, chat: str) -> None:
    ask_for_person(house, chat)
    before = house.conversation(chat)
    house.clock.move(timedelta(minutes=3))
    ask_for_person(house, chat, HandoffReason.NOT_UNDERSTOOD)
    assert house.conversation(chat) == before
    assert len(house.said(chat, Author.SYSTEM)) == 1


def test_an_agent_who_takes_is_named_to_the_customer(
    house: ServiceHouse, chat: str, marta: Agent
) -> None:
    ask_for_person(house, chat)
    house.handoff.take(chat, marta)
    assert house.said(chat)[-1] == house.voice.message("utter_agent_joined", agent="Marta").text
    conversation = house.conversation(chat)
    assert conversation.status is ConversationStatus.WITH_AGENT
    assert conversation.agent_id == marta.id
    assert conversation.waiting_since is None
    assert conversation.handoff_reason == "customer_asked"  # the agent still sees why


def test_of_two_agents_who_saw_the_same_waiting_customer_one_gets_it(
    house: ServiceHouse, chat: str, marta: Agent
) -> None:
    ask_for_person(house, chat)
    seen = house.conversation(chat).epoch
    house.handoff.take(chat, marta, seen)
    with pytest.raises(TransitionRefused):
        house.handoff.take(chat, house.add_agent("Iñaki Sola"), seen)
    assert house.conversation(chat).agent_id == marta.id


def test_a_colleague_can_take_over_knowingly(house: ServiceHouse, chat: str, marta: Agent) -> None:
    house.handoff.take(chat, marta)
    colleague = house.add_agent("Iñaki Sola")
    house.handoff.take(chat, colleague, house.conversation(chat).epoch)
    assert house.conversation(chat).agent_id == colleague.id
    with pytest.raises(TransitionRefused):
        house.handoff.reply(chat, marta, "sigo aquí")


def test_taking_twice_is_refused(house: ServiceHouse, chat: str, marta: Agent) -> None:
    house.handoff.take(chat, marta)
    with pytest.raises(TransitionRefused):
        house.handoff.take(chat, marta)


def test_a_closed_conversation_is_nobodys_to_take(
    house: ServiceHouse, chat: str, marta: Agent
) -> None:
    house.handoff.take(chat, marta)
    house.handoff.close(chat, marta)
    assert house.conversation(chat).status is ConversationStatus.CLOSED
    with pytest.raises(TransitionRefused):
        house.handoff.take(chat, marta)


@pytest.mark.parametrize("act", [Handoff.give_back, Handoff.close])
def test_only_whoever_has_a_conversation_can_let_it_go(
    house: ServiceHouse, chat: str, marta: Agent, act: object
) -> None:
    ask_for_person(house, chat)
    with pytest.raises(TransitionRefused):
        act(house.handoff, chat, marta)  # type: ignore[operator]
    house.handoff.take(chat, marta)
    with pytest.raises(TransitionRefused):
        act(house.handoff, chat, house.add_agent("Iñaki Sola"))  # type: ignore[operator]


def test_the_customer_is_told_when_the_assistant_is_back(
    house: ServiceHouse, chat: str, marta: Agent
) -> None:
    house.handoff.take(chat, marta)
    house.handoff.give_back(chat, marta)
    assert house.said(chat)[-1] == house.voice.message("utter_back_from_agent", agent="Marta").text
    conversation = house.conversation(chat)
    assert conversation.status is ConversationStatus.WITH_BOT
    assert conversation.agent_id is None
    assert conversation.handoff_reason is None


def test_each_change_is_an_event_with_who_and_why(
    house: ServiceHouse, chat: str, marta: Agent
) -> None:
    ask_for_person(house, chat, HandoffReason.NOT_UNDERSTOOD)
    house.handoff.take(chat, marta)
    house.handoff.close(chat, marta)
    with house.units.reading() as unit:
        events = unit.conversations.events_of(chat)
    assert [(event.kind, event.actor, event.epoch) for event in events] == [
        ("human_requested", "customer", 1),
        ("taken", f"agent:{marta.id}", 2),
        ("closed", f"agent:{marta.id}", 3),
    ]
    assert events[0].detail == {"reason": "not_understood"}
    assert all(event.at == house.clock.now() for event in events)


def test_an_agents_words_carry_the_first_name(house: ServiceHouse, chat: str, marta: Agent) -> None:
    house.handoff.take(chat, marta)
    message = house.handoff.reply(chat, marta, " Hola, soy Marta. ", (PHOTO,))
    shown = house.messages(chat)[-1]
    assert shown == message
    assert (shown.author, shown.author_name, shown.text) == (
        Author.AGENT,
        "Marta",
        "Hola, soy Marta.",
    )
    assert shown.attachments == (PHOTO,)


def test_an_agents_message_sent_twice_is_one(house: ServiceHouse, chat: str, marta: Agent) -> None:
    house.handoff.take(chat, marta)
    first = house.handoff.reply(chat, marta, "hola", client_id="m-1")
    assert house.handoff.reply(chat, marta, "hola", client_id="m-1") == first
    assert house.said(chat, Author.AGENT) == ["hola"]


def test_a_repeated_message_is_the_same_even_after_the_conversation_was_let_go(
    house: ServiceHouse, chat: str, marta: Agent
) -> None:
    house.handoff.take(chat, marta)
    first = house.handoff.reply(chat, marta, "adiós", client_id="m-1")
    house.handoff.close(chat, marta)
    assert house.handoff.reply(chat, marta, "adiós", client_id="m-1") == first
    with pytest.raises(TransitionRefused):
        house.handoff.reply(chat, marta, "otra cosa", client_id="m-2")


@pytest.mark.parametrize(
    ("text", "refusal"), [("", TextEmpty), ("a" * 4001, TextTooLong), ("\ud800", TextNotValid)]
)
def test_an_agents_text_obeys_the_same_limits(
    house: ServiceHouse, chat: str, marta: Agent, text: str, refusal: type[Exception]
) -> None:
    house.handoff.take(chat, marta)
    with pytest.raises(refusal):
        house.handoff.reply(chat, marta, text)
    assert house.said(chat, Author.AGENT) == []


def test_an_agent_may_send_a_photo_without_words(
    house: ServiceHouse, chat: str, marta: Agent
) -> None:
    house.handoff.take(chat, marta)
    assert house.handoff.reply(chat, marta, "", (PHOTO,)).text == ""


@pytest.mark.parametrize("act", [Handoff.take, Handoff.give_back, Handoff.close])
def test_an_unknown_conversation_is_not_found(
    house: ServiceHouse, marta: Agent, act: object
) -> None:
    with pytest.raises(ConversationNotFound):
        act(house.handoff, "f" * 32, marta)  # type: ignore[operator]
    with pytest.raises(ConversationNotFound):
        house.handoff.reply("f" * 32, marta, "hola")


def test_what_the_team_says_goes_out_on_a_platform_that_must_be_called(
    house: ServiceHouse, marta: Agent
) -> None:
    chat = house.write("chat-77", "hola", channel=PUSHED).conversation_id
    house.handoff.take(chat, marta)
    house.handoff.reply(chat, marta, "hola, soy Marta")
    with house.units.reading() as unit:
        waiting = unit.outbox.due(house.clock.now())
    assert [delivery.author for delivery in waiting] == ["system"]  # in order: it comes first
