"""The router: each waiting message is settled once, and the assistant is silent while the team has it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.conversations import ConversationStatus, HandoffReason
from bot.domain.messages import (
    MAX_TEXT_LENGTH,
    Author,
    Document,
    DocumentKind,
    MessageKind,
)
from bot.domain.turns import (
    Answer,
    AnswerChoice,
    AnswerMessage,
    Turn,
    WaitingMessage,
    first_turn_of,
)
from tests.fakes.service_house import ServiceHouse, saying

PERSON = "Hablar con una persona"
BACK = "Seguir con el asistente"


@pytest.fixture
def house(units: SqlUnits) -> ServiceHouse:
    return ServiceHouse(units)


@pytest.fixture
def chat(house: ServiceHouse) -> str:
    return house.open()


@contextmanager
def crashing_before_commit(house: ServiceHouse) -> Iterator[None]:
    """The process dies at the last moment: everything was done, nothing is durable."""

    class Died(Exception):
        pass

    opened = house.units.writing

    def dying() -> object:
        unit = opened()

        def die() -> None:
            raise Died

        unit.commit = die  # type: ignore[method-assign]
        return unit

    house.units.writing = dying  # type: ignore[method-assign, assignment]
    try:
        with pytest.raises(Died):
            yield
    finally:
        house.units.writing = opened  # type: ignore[method-assign]


# --- what is asked ---------------------------------------------------------------------------------


def test_nothing_waits_in_a_new_conversation(house: ServiceHouse, chat: str) -> None:
    assert house.turns.next_turn(chat) is None
    assert house.turns.next_turn("no such conversation") is None


def test_a_turn_carries_the_message_and_the_memory_of_the_last_answer(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    assert house.begin(chat).state is None
    house.turns.finish(house.begin(chat), saying("¿Qué tal?", state='[{"event": "x"}]'))
    house.write(chat, "bien")
    turn = house.begin(chat)
    assert (turn.text, turn.payload, turn.state) == ("bien", None, '[{"event": "x"}]')


def test_texts_that_wait_together_are_one_turn_in_order(house: ServiceHouse, chat: str) -> None:
    for text in ("hola", "mi pedido", "A-1001"):
        house.write(chat, text)
    assert house.begin(chat).text == "hola\nmi pedido\nA-1001"
    assert house.answer_all(chat) == 1


def test_a_photo_and_a_choice_are_turns_of_their_own(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "llegó roto")
    house.send_photo(chat)
    house.write(chat, "mira")
    house.press(chat, "¿Dónde está mi pedido?")
    house.write(chat, "hola")
    assert house.answer_all(chat) == 5


def test_a_turn_asked_again_is_the_same_turn(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "hola")
    assert house.begin(chat) == house.begin(chat)


def test_the_longest_waiting_conversation_comes_first(house: ServiceHouse) -> None:
    chats = [house.open() for _ in range(3)]
    for place in (1, 2, 0):
        house.write(chats[place], "hola")
    assert house.turns.conversations_waiting() == (chats[1], chats[2], chats[0])
    house.answer_all(chats[2])
    assert house.turns.conversations_waiting() == (chats[1], chats[0])


def test_messages_answered_together_are_never_longer_than_one_may_be() -> None:
    # Understanding costs time by the character: fifty long bubbles must not be read as one.
    waiting = [
        WaitingMessage(number, number, MessageKind.TEXT, "a" * 1_500, None, 0)
        for number in range(1, 8)
    ]
    together = first_turn_of(waiting)
    assert len(together) == 2
    assert len("\n".join(message.text for message in together)) <= MAX_TEXT_LENGTH


def test_one_message_of_the_greatest_length_is_a_turn() -> None:
    longest = WaitingMessage(1, 1, MessageKind.TEXT, "a" * MAX_TEXT_LENGTH, None, 0)
    assert first_turn_of([longest, longest]) == (longest,)


# --- what becomes of an answer ----------------------------------------------------------------------


def test_an_answer_ends_the_wait_and_is_seen_with_its_buttons(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    house.turns.finish(house.begin(chat), saying("¿Te ayudo?", "Sí", "No"))
    answer = house.messages(chat)[-1]
    assert (answer.author, answer.text) == (Author.BOT, "¿Te ayudo?")
    assert [choice.title for choice in answer.choices] == ["Sí", "No"]
    assert house.waits(chat) == []


def test_the_responses_of_one_turn_are_one_message_with_the_last_buttons(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    first = AnswerMessage("uno", (AnswerChoice("A", {}),))
    last = AnswerMessage("dos", (AnswerChoice("B", {}),))
    house.turns.finish(house.begin(chat), Answer((first, last, AnswerMessage("tres")), "[]"))
    answer = house.messages(chat)[-1]
    assert answer.text == "uno\ndos\ntres"
    assert [choice.title for choice in answer.choices] == ["B"]


def test_each_button_has_a_token_that_nobody_can_guess(house: ServiceHouse, chat: str) -> None:
    tokens = set()
    for _ in range(5):
        house.write(chat, "hola")
        house.turns.finish(house.begin(chat), saying("¿Te ayudo?", "Sí", "No"))
        tokens |= {choice.token for choice in house.messages(chat)[-1].choices}
    assert len(tokens) == 10
    assert min(map(len, tokens)) >= 12


def test_an_answer_that_comes_twice_is_given_once(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "hola")
    turn = house.begin(chat)
    house.turns.finish(turn, saying("una vez"))
    house.turns.finish(turn, saying("otra vez", state='["newer"]'))
    assert house.said(chat, Author.BOT)[1:] == ["una vez"]
    assert house.dialogue_state(chat) == "[]"


def test_what_arrived_during_a_turn_waits_for_the_next(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "uno")
    turn = house.begin(chat)
    house.write(chat, "dos")
    assert house.turns.finish(turn, saying("a uno"))  # more waits
    assert house.begin(chat).text == "dos"
    assert not house.turns.finish(house.begin(chat), saying("a dos"))


def test_two_workers_with_overlapping_turns_answer_no_message_twice(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "uno")
    quick = house.begin(chat)
    house.write(chat, "dos")
    slow = house.begin(chat)  # another process: both messages wait for it
    house.turns.finish(quick, saying("a uno"))
    house.turns.finish(slow, saying("a uno y dos"))
    assert house.said(chat, Author.BOT)[1:] == ["a uno"]
    assert house.begin(chat).text == "dos"


def test_a_crash_before_the_end_of_the_answer_leaves_no_trace(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    before = house.begin(chat)
    with crashing_before_commit(house):
        house.turns.finish(before, saying("perdida", handoff=HandoffReason.NOT_UNDERSTOOD))
    assert house.begin(chat) == before
    assert house.said(chat, Author.BOT, Author.SYSTEM)[1:] == []
    house.turns.finish(before, saying("por fin"))
    assert house.said(chat, Author.BOT)[1:] == ["por fin"]


def test_a_crash_while_a_message_is_stored_leaves_no_trace(house: ServiceHouse, chat: str) -> None:
    with crashing_before_commit(house):
        house.write(chat, "hola", "id-1")
    assert house.said(chat, Author.CUSTOMER) == []
    assert not house.write(chat, "hola", "id-1").duplicate


def test_a_turn_that_failed_for_good_gets_calm_words_and_the_offer_of_a_person(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    house.turns.finish(house.begin(chat), saying("bien", state='["memory"]'))
    house.write(chat, "¿y mi pedido?")
    house.turns.finish_calmly(house.begin(chat))
    answer = house.messages(chat)[-1]
    assert answer.text == house.voice.message("utter_technical_problem").text
    assert PERSON in [choice.title for choice in answer.choices]
    assert house.dialogue_state(chat) == '["memory"]'  # as if the turn had not been
    assert house.waits(chat) == []


def test_failures_are_counted_until_the_turn_ends(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "hola")
    turn = house.begin(chat)
    assert [house.turns.count_failure(turn) for _ in range(3)] == [1, 2, 3]
    assert house.begin(chat).attempts == 3
    house.turns.finish(turn, saying("bien"))
    house.write(chat, "otra")
    assert house.begin(chat).attempts == 0


# --- words to whoever waits -------------------------------------------------------------------------


def test_whoever_waits_is_told_once(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "hola")
    turn = house.begin(chat)
    for _ in range(3):
        house.turns.tell_once(turn, "utter_assistant_waking_up")
    assert house.said(chat, Author.SYSTEM) == [
        house.voice.message("utter_assistant_waking_up").text
    ]
    assert house.waits(chat) != []


def test_nobody_is_told_to_wait_for_an_answer_that_is_there(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "hola")
    turn = house.begin(chat)
    house.turns.finish(turn, saying("aquí está"))
    house.turns.tell_once(turn, "utter_assistant_slow")
    assert house.said(chat, Author.SYSTEM) == []


def test_nobody_is_told_to_wait_for_the_assistant_once_the_team_has_it(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    turn = house.begin(chat)
    house.handoff.take(chat, house.add_agent())
    before = house.said(chat)
    house.turns.tell_once(turn, "utter_assistant_slow")
    assert house.said(chat) == before


# --- the gate ---------------------------------------------------------------------------------------


def test_the_assistants_wish_for_a_person_queues_the_conversation(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "quiero hablar con alguien")
    house.turns.finish(house.begin(chat), saying("", handoff=HandoffReason.CUSTOMER_ASKED))
    conversation = house.conversation(chat)
    assert conversation.status is ConversationStatus.WAITING
    assert conversation.handoff_reason == "customer_asked"
    assert conversation.waiting_since == house.clock.now()
    assert house.messages(chat)[-1].author is Author.SYSTEM


def test_an_answer_can_say_something_and_then_ask_for_a_person(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "asdf")
    answer = saying("No lo entiendo.", handoff=HandoffReason.NOT_UNDERSTOOD)
    house.turns.finish(house.begin(chat), answer)
    authors = [message.author for message in house.messages(chat)]
    assert authors == [Author.BOT, Author.CUSTOMER, Author.BOT, Author.SYSTEM]
    assert [message.seq for message in house.messages(chat)] == [1, 2, 3, 4]


def test_the_button_for_a_person_never_reaches_the_assistant(
    house: ServiceHouse, chat: str
) -> None:
    house.press(chat, PERSON)
    assert house.turns.next_turn(chat) is None
    assert house.conversation(chat).status is ConversationStatus.WAITING
    assert house.waits(chat) == []


def test_the_button_for_a_person_does_not_wait_for_an_answer_that_is_being_made(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "¿dónde está mi pedido?")
    turn = house.begin(chat)  # and Rasa thinks, or is away
    house.press(chat, PERSON)
    assert house.turns.next_turn(chat) is None
    assert house.conversation(chat).status is ConversationStatus.WAITING
    assert house.waits(chat) == []  # the team has what was written before, too
    house.turns.finish(turn, saying("demasiado tarde"))
    assert house.said(chat, Author.BOT)[1:] == []


def test_what_is_written_while_the_team_has_it_is_kept_and_not_answered(
    house: ServiceHouse, chat: str
) -> None:
    house.press(chat, PERSON)
    house.answer_all(chat)
    house.write(chat, "¿hay alguien?")
    assert house.turns.next_turn(chat) is None
    assert house.waits(chat) == []
    assert house.said(chat, Author.CUSTOMER)[-1] == "¿hay alguien?"
    assert house.said(chat, Author.BOT)[1:] == []


def test_an_answer_on_its_way_is_dropped_when_an_agent_takes_over(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    turn = house.begin(chat)
    house.handoff.take(chat, house.add_agent())
    house.turns.finish(turn, saying("interrumpo", handoff=HandoffReason.NOT_UNDERSTOOD))
    assert house.said(chat, Author.BOT)[1:] == []
    assert house.conversation(chat).status is ConversationStatus.WITH_AGENT
    assert house.waits(chat) == []


def test_an_answer_from_before_the_team_had_it_is_not_given_after(
    house: ServiceHouse, chat: str
) -> None:
    agent = house.add_agent()
    house.write(chat, "hola")
    turn = house.begin(chat)
    house.handoff.take(chat, agent)
    house.handoff.give_back(chat, agent)
    house.turns.finish(turn, saying("de otra época"))
    assert house.said(chat, Author.BOT)[1:] == []


def test_back_with_the_assistant_the_next_message_is_answered(
    house: ServiceHouse, chat: str
) -> None:
    house.press(chat, PERSON)
    house.answer_all(chat)
    house.press(chat, BACK)
    assert house.turns.next_turn(chat) is None
    assert house.conversation(chat).status is ConversationStatus.WITH_BOT
    house.write(chat, "¿y mi pedido?")
    assert house.begin(chat).text == "¿y mi pedido?"


def test_after_the_team_the_assistant_still_knows_what_was_talked_about(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    house.turns.finish(house.begin(chat), saying("¿número?", state='["the order in focus"]'))
    house.press(chat, PERSON)
    house.answer_all(chat)
    assert house.dialogue_state(chat) == '["the order in focus"]'


def test_the_button_for_a_person_pressed_twice_changes_nothing_the_second_time(
    house: ServiceHouse, chat: str
) -> None:
    house.press(chat, PERSON)
    house.answer_all(chat)
    since = house.conversation(chat).waiting_since
    house.clock.move(timedelta(minutes=5))
    house.press(chat, PERSON)
    house.answer_all(chat)
    assert house.conversation(chat).waiting_since == since
    assert house.event_kinds(chat) == ["human_requested"]


def test_a_turn_knows_whose_it_is(house: ServiceHouse, chat: str) -> None:
    receipt = house.write(chat, "hola")
    turn: Turn = house.begin(chat)
    assert turn.turn_id == f"{chat}:{receipt.seq}"
    assert (turn.conversation_id, turn.channel, turn.epoch) == (chat, "webchat", 0)


# --- documents --------------------------------------------------------------------------------------


def test_documents_go_with_the_assistants_message(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "la factura")
    answer = replace(
        saying("Aquí tienes."),
        documents=(
            Document(DocumentKind.INVOICE, "#W2/7"),
            Document(DocumentKind.RECEIPT, "DEV-2026-000001"),
        ),
    )
    house.turns.finish(house.begin(chat), answer)
    handed_over = house.messages(chat)[-1].attachments
    assert [(each.document, each.id) for each in handed_over] == [
        (DocumentKind.INVOICE, "#W2/7"),
        (DocumentKind.RECEIPT, "DEV-2026-000001"),
    ]
    assert all(re.fullmatch(r"[\w-]+\.pdf", each.name) for each in handed_over)


def test_an_answer_that_comes_too_late_hands_nothing_over(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "la factura")
    turn = house.begin(chat)
    house.handoff.take(chat, house.add_agent())
    answer = saying("Aquí tienes.")
    house.turns.finish(turn, replace(answer, documents=(Document(DocumentKind.INVOICE, "A-1"),)))
    assert not any(message.attachments for message in house.messages(chat))
