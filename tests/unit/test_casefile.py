"""What an agent sees of a conversation, and in which order conversations are shown."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from bot.domain.conversations import ConversationStatus, HandoffReason
from bot.domain.desk import Box
from bot.domain.errors import ConversationNotFound
from bot.domain.messages import Author
from bot.domain.orders import Progress
from tests.fakes.desk_house import DeskHouse, FixedClock
from tests.sample_orders import sample_document

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def house(engine: Engine, tmp_path: Path, clock: FixedClock) -> DeskHouse:
    house = DeskHouse(engine, tmp_path, clock=clock)
    house.import_orders(sample_document())
    return house


# --- a case -------------------------------------------------------------------------------------


def test_a_case_tells_why_it_waits_and_since_when(house: DeskHouse, clock: FixedClock) -> None:
    conversation = house.write("a", "where is it?")
    house.ask_for_person(conversation, HandoffReason.ACTION_FAILED)
    head = house.services.cases.open(conversation).head
    assert head.conversation.status is ConversationStatus.WAITING
    assert head.conversation.handoff_reason == "action_failed"
    assert head.conversation.waiting_since == clock.now()
    assert head.agent is None


def test_a_case_tells_who_said_what(house: DeskHouse) -> None:
    marta = house.add_agent("Marta Ruiz")
    conversation = house.write("a", "hello")
    house.answer(conversation, "What can I do?")
    house.ask_for_person(conversation)
    house.handoff.take(conversation, marta)
    house.handoff.reply(conversation, marta, "I am here.")
    said = [(m.author, m.author_name) for m in house.services.cases.open(conversation).messages]
    assert said == [
        (Author.CUSTOMER, ""),
        (Author.BOT, ""),
        (Author.SYSTEM, ""),
        (Author.SYSTEM, ""),
        (Author.AGENT, "Marta"),
    ]


def test_without_a_proven_identity_nobodys_orders_are_shown(house: DeskHouse) -> None:
    case = house.services.cases.open(house.write("a", "I am ana.gil@example.com, A-1001"))
    assert case.identity is None
    assert case.orders == ()


def test_a_proven_identity_brings_the_customer_the_proof_and_the_orders(house: DeskHouse) -> None:
    conversation = house.write("a", "hello")
    house.prove(conversation, "ana", "postal_code")
    case = house.services.cases.open(conversation)
    assert case.identity is not None
    assert case.identity.customer.email == "ana.gil@example.com"
    assert case.identity.proof == "postal_code"
    assert [(o.order.number, o.progress) for o in case.orders] == [("A-1001", Progress.LATE)]


def test_an_identity_that_has_expired_shows_nothing_any_more(
    house: DeskHouse, clock: FixedClock
) -> None:
    conversation = house.write("a", "hello")
    house.prove(conversation, "ana")
    clock.move(timedelta(days=30))
    case = house.services.cases.open(conversation)
    assert case.identity is None
    assert case.orders == ()


def test_the_order_that_is_talked_about_comes_first(house: DeskHouse) -> None:
    document = sample_document()
    newer = document["orders"][0] | {"number": "A-2002", "placed_at": "2026-11-10T10:00:00+01:00"}
    document["orders"].append(newer)
    house.import_orders(document)
    conversation = house.write("a", "where is a1001?")
    house.prove(conversation, "ana")
    orders = house.services.cases.open(conversation).orders
    assert [(o.order.number, o.is_mentioned) for o in orders] == [
        ("A-1001", True),
        ("A-2002", False),
    ]


def test_each_change_of_hands_names_who_made_it(house: DeskHouse) -> None:
    marta = house.add_agent("Marta Ruiz")
    conversation = house.waiting("a")
    house.handoff.take(conversation, marta)
    house.handoff.close(conversation, marta)
    events = house.services.cases.open(conversation).events
    assert [(e.event.kind, e.event.actor, e.agent_name) for e in events] == [
        ("human_requested", "bot", None),
        ("taken", f"agent:{marta.id}", "Marta Ruiz"),
        ("closed", f"agent:{marta.id}", "Marta Ruiz"),
    ]


def test_an_unknown_conversation_is_refused(house: DeskHouse) -> None:
    cases = house.services.cases
    for look in (cases.open, cases.head):
        with pytest.raises(ConversationNotFound):
            look("0" * 32)


def test_a_transcript_is_read_on_in_both_directions(house: DeskHouse) -> None:
    conversation = house.write("a", "1")
    for number in range(2, 6):
        house.answer(conversation, str(number))
    cases = house.services.cases
    assert [m.text for m in cases.messages_after(conversation, 3)[1]] == ["4", "5"]
    assert [m.text for m in cases.messages_before(conversation, 3)[1]] == ["1", "2"]
    assert cases.messages_before(conversation, 1)[1] == ()


# --- the queue ----------------------------------------------------------------------------------


def test_whoever_has_waited_longest_comes_first(house: DeskHouse, clock: FixedClock) -> None:
    marta = house.add_agent("Marta Ruiz")
    first = house.waiting("a")
    clock.move(MINUTE)
    second = house.waiting("b")
    house.write("a", "I am still here")  # writing again does not cost the place
    cards = house.services.queue.cards(Box.WAITING, marta)
    assert [card.id for card in cards] == [first, second]


def test_an_agents_own_list_begins_with_whom_they_have_not_answered(
    house: DeskHouse, clock: FixedClock
) -> None:
    marta, pablo = house.add_agent("Marta Ruiz"), house.add_agent("Pablo Gil")
    answered, new, old, others = (house.waiting(name) for name in "abcd")
    for conversation, agent in ((answered, marta), (new, marta), (old, marta), (others, pablo)):
        house.handoff.take(conversation, agent)
        house.handoff.reply(conversation, agent, "hello")
    for customer in ("c", "b"):
        clock.move(MINUTE)
        house.write(customer, "and now?")
    cards = house.services.queue.cards(Box.MINE, marta)
    assert [(card.id, card.needs_answer) for card in cards] == [
        (old, True),
        (new, True),
        (answered, False),
    ]


def test_every_conversation_stands_in_the_boxes_of_its_state(house: DeskHouse) -> None:
    marta, pablo = house.add_agent("Marta Ruiz"), house.add_agent("Pablo Gil")
    with_bot, waiting = house.write("a", "hello"), house.waiting("b")
    mine, closed = house.waiting("c"), house.waiting("d")
    house.handoff.take(mine, marta)
    house.handoff.take(closed, marta)
    house.handoff.close(closed, marta)

    def ids(box: Box) -> set[str]:
        return {card.id for card in house.services.queue.cards(box, marta)}

    assert ids(Box.WAITING) == {waiting}
    assert ids(Box.MINE) == {mine}
    assert ids(Box.OPEN) == {with_bot, waiting, mine}
    assert ids(Box.CLOSED) == {closed}
    tally = house.services.queue.tally()
    assert {box: tally.count(box, marta.id) for box in Box} == {box: len(ids(box)) for box in Box}
    assert tally.count(Box.MINE, pablo.id) == 0


def test_a_card_shows_the_last_words_and_not_our_notices(house: DeskHouse) -> None:
    marta = house.add_agent("Marta Ruiz")
    house.waiting("a", "it arrived broken")
    (card,) = house.services.queue.cards(Box.WAITING, marta)
    assert card.last_words is not None
    assert (card.last_words.author, card.last_words.text) == (Author.CUSTOMER, "it arrived broken")


def test_a_card_names_the_customer_only_when_proven(house: DeskHouse) -> None:
    marta = house.add_agent("Marta Ruiz")
    proven, _unknown = house.waiting("a"), house.waiting("b")
    house.prove(proven, "ana")
    cards = house.services.queue.cards(Box.WAITING, marta)
    assert [card.customer_name for card in cards] == ["Ana Gil", None]


def test_a_list_takes_as_many_statements_for_fifty_as_for_one(
    house: DeskHouse, engine: Engine
) -> None:
    marta = house.add_agent("Marta Ruiz")
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    def statements_for(waiting: int) -> int:
        for number in range(waiting):
            house.waiting(f"{waiting}-{number}")
        statements.clear()
        house.services.queue.cards(Box.OPEN, marta)
        return len(statements)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert statements_for(1) == statements_for(49)
    finally:
        event.remove(engine, "before_cursor_execute", note)
