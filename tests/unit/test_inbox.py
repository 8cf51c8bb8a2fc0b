"""The door: what passes it is stored once and will be answered."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.conversations import ConversationStatus
from bot.domain.errors import ChoiceUnknown, TooManyWaiting
from bot.domain.messages import MAX_WAITING_MESSAGES, Author, Receipt
from tests.fakes.service_house import PHOTO, PUSHED, ServiceHouse, saying


@pytest.fixture
def house(units: SqlUnits) -> ServiceHouse:
    return ServiceHouse(units)


@pytest.fixture
def chat(house: ServiceHouse) -> str:
    return house.open()


def test_an_accepted_message_is_in_the_transcript_and_waits(house: ServiceHouse, chat: str) -> None:
    receipt = house.write(chat, "¿dónde está?")
    assert receipt == Receipt(chat, 2, duplicate=False)  # after the welcome
    assert house.said(chat, Author.CUSTOMER) == ["¿dónde está?"]
    assert house.waits(chat) == [2]


def test_the_same_id_again_is_the_same_message(house: ServiceHouse, chat: str) -> None:
    first = house.write(chat, "hola", "id-1")
    again = house.write(chat, "hola", "id-1")
    assert (again.conversation_id, again.seq, again.duplicate) == (chat, first.seq, True)
    assert house.said(chat, Author.CUSTOMER) == ["hola"]
    assert house.waits(chat) == [first.seq]


def test_a_message_redelivered_after_its_answer_is_not_answered_again(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola", "id-1")
    house.answer_all(chat)
    assert house.write(chat, "hola", "id-1").duplicate
    assert house.answer_all(chat) == 0


def test_the_same_text_under_another_id_is_another_message(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "hola")
    house.write(chat, "hola")
    assert house.said(chat, Author.CUSTOMER) == ["hola", "hola"]


def test_a_stranger_on_a_platform_gets_a_conversation_and_keeps_it(house: ServiceHouse) -> None:
    first = house.write("chat-77", "hola", channel=PUSHED)
    second = house.write("chat-77", "¿hay alguien?", channel=PUSHED)
    other = house.write("chat-78", "hola", channel=PUSHED)
    assert first.conversation_id == second.conversation_id != other.conversation_id
    assert house.said(first.conversation_id) == ["hola", "¿hay alguien?"]


def test_the_same_customer_key_on_two_channels_is_two_people(house: ServiceHouse) -> None:
    one = house.write("77", "hola", channel=PUSHED)
    two = house.write("77", "hola", channel="smoke_signals")
    assert one.conversation_id != two.conversation_id


def test_a_pressed_choice_is_stored_as_its_title_and_waits_as_its_meaning(
    house: ServiceHouse, chat: str
) -> None:
    house.write(chat, "hola")
    house.turns.finish(house.begin(chat), saying("¿Cuál?", "La segunda"))
    house.press(chat, "La segunda")
    assert house.said(chat, Author.CUSTOMER)[-1] == "La segunda"
    turn = house.begin(chat)
    assert (turn.text, turn.payload) == (None, {"intent": "greet", "entities": {}})


@pytest.mark.parametrize("token", ["", "no", "\x00", "a" * 10_000])
def test_a_choice_that_was_never_offered_is_refused(
    house: ServiceHouse, chat: str, token: str
) -> None:
    with pytest.raises(ChoiceUnknown):
        house.press_token(chat, token)
    assert house.said(chat, Author.CUSTOMER) == []


def test_a_choice_of_another_conversation_is_refused(house: ServiceHouse, chat: str) -> None:
    token = house.messages(chat)[0].choices[0].token
    stranger = house.open()
    with pytest.raises(ChoiceUnknown):
        house.press_token(stranger, token)


def test_a_photo_is_kept_and_waits_as_a_photo(house: ServiceHouse, chat: str) -> None:
    house.send_photo(chat)
    assert house.messages(chat)[-1].attachments == (PHOTO,)
    assert house.begin(chat).payload == {"intent": "send_photo", "entities": {"photo": PHOTO.id}}


def test_a_flood_is_refused_and_what_was_accepted_is_answered(
    house: ServiceHouse, chat: str
) -> None:
    for place in range(MAX_WAITING_MESSAGES):
        house.write(chat, f"mensaje {place}")
    with pytest.raises(TooManyWaiting):
        house.write(chat, "uno más", "late")
    house.answer_all(chat)
    assert not house.write(chat, "uno más", "late").duplicate
    assert len(house.said(chat, Author.CUSTOMER)) == MAX_WAITING_MESSAGES + 1


def test_one_customers_flood_shuts_nobody_else_out(house: ServiceHouse, chat: str) -> None:
    for place in range(MAX_WAITING_MESSAGES):
        house.write(chat, f"mensaje {place}")
    other = house.open()
    assert not house.write(other, "hola").duplicate


def test_whoever_writes_after_the_end_is_answered_by_the_assistant(
    house: ServiceHouse, chat: str
) -> None:
    agent = house.add_agent()
    house.handoff.take(chat, agent)
    house.handoff.close(chat, agent)
    house.write(chat, "otra cosa")
    assert house.conversation(chat).status is ConversationStatus.WITH_BOT
    assert house.event_kinds(chat) == ["taken", "closed", "reopened"]
    assert house.begin(chat).text == "otra cosa"


def test_numbers_follow_each_other_without_a_gap(house: ServiceHouse, chat: str) -> None:
    house.write(chat, "uno")
    house.answer_all(chat)
    house.write(chat, "dos", "same")
    house.write(chat, "dos", "same")
    house.write(chat, "tres")
    house.answer_all(chat)
    assert [message.seq for message in house.messages(chat)] == [1, 2, 3, 4, 5, 6]


def test_messages_that_arrive_at_once_are_each_stored_once(house: ServiceHouse, chat: str) -> None:
    # Each of eight messages arrives twice, all sixteen at the same instant.
    ids = [f"id-{place % 8}" for place in range(16)]
    start = Barrier(len(ids))

    def send(message_id: str) -> Receipt:
        start.wait()
        return house.write(chat, message_id, message_id)

    with ThreadPoolExecutor(len(ids)) as pool:
        receipts = list(pool.map(send, ids))
    assert sum(not receipt.duplicate for receipt in receipts) == 8
    assert sorted(house.said(chat, Author.CUSTOMER)) == sorted(set(ids))
    assert sorted(house.waits(chat)) == sorted({receipt.seq for receipt in receipts})
    assert [message.seq for message in house.messages(chat)] == list(range(1, 10))


def test_a_strangers_first_messages_at_once_open_one_conversation(house: ServiceHouse) -> None:
    start = Barrier(6)

    def send(place: int) -> Receipt:
        start.wait()
        return house.write("chat-77", f"mensaje {place}", channel=PUSHED)

    with ThreadPoolExecutor(6) as pool:
        receipts = list(pool.map(send, range(6)))
    assert len({receipt.conversation_id for receipt in receipts}) == 1
    assert sorted(receipt.seq for receipt in receipts) == [1, 2, 3, 4, 5, 6]
