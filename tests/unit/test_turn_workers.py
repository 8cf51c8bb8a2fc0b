"""Conversations are answered whatever becomes of Rasa, of its actions, and of the database."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Engine

from bot.adapters.changes import Changes
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.conversations import ConversationStatus
from bot.domain.errors import StorageUnavailable
from bot.domain.messages import Author
from bot.gateway import assistant_link, turn_worker
from bot.gateway.assistant_link import AssistantLink
from bot.gateway.turn_worker import TurnWorkers
from tests.fakes.rasa import FakeRasa, Said, died_in_the_middle, reply
from tests.fakes.service_house import ServiceHouse
from tests.polling import until

PERSON = "Hablar con una persona"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn_worker, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(turn_worker, "TRYING_SECONDS", 0.3)
    monkeypatch.setattr(turn_worker, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(turn_worker, "FIRST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(turn_worker, "STORAGE_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(assistant_link, "AWAY_SECONDS", 0.01)


@pytest.fixture
def house(filed_engine: Engine) -> ServiceHouse:
    return ServiceHouse(SqlUnits(filed_engine))


class Gateway:
    """The workers with a fake Rasa behind them; `seen` waits for what must come."""

    def __init__(self, house: ServiceHouse) -> None:
        self.house = house
        self.rasa = FakeRasa()
        self.client = self.rasa.client()
        self.changes = Changes()
        self.link = AssistantLink(self.client, lambda: None)
        self.workers = TurnWorkers(house.turns, self.client, self.link, self.changes)

    def write(self, chat: str, text: str) -> None:
        self.workers.wake(self.house.write(chat, text).conversation_id)

    def press(self, chat: str, title: str) -> None:
        self.workers.wake(self.house.press(chat, title).conversation_id)

    async def answered(self, chat: str) -> list[str]:
        """What the assistant has said once nothing waits any more."""
        await until(lambda: not self.house.waits(chat))
        return self.house.said(chat, Author.BOT)[1:]


def run(house: ServiceHouse, story: Callable[[Gateway], Awaitable[None]]) -> None:
    """Play a story with the workers running."""

    async def play() -> None:
        gateway = Gateway(house)
        gateway.changes.attach(asyncio.get_running_loop())
        watching = asyncio.create_task(gateway.link.watch())
        try:
            await story(gateway)
        finally:
            watching.cancel()
            await gateway.workers.stop()
            await gateway.client.close()

    asyncio.run(play())


def test_a_message_is_answered(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.write(chat, "hola")
        assert await gateway.answered(chat) == ["[hola]"]

    run(house, story)


def test_one_turn_at_a_time_and_in_order(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.thinks.clear()
        gateway.write(chat, "uno")
        await until(lambda: gateway.rasa.texts == ["uno"])
        gateway.write(chat, "dos")
        gateway.write(chat, "tres")
        gateway.rasa.thinks.set()
        assert await gateway.answered(chat) == ["[uno]", "[dos\ntres]"]
        assert gateway.rasa.turns[1]["state"] == [{"event": "kept"}]

    run(house, story)


def test_one_conversation_that_hangs_holds_up_no_other(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        slow, quick = house.open(), house.open()
        gateway.rasa.thinks.clear()
        gateway.write(slow, "espera")
        await until(lambda: gateway.rasa.texts == ["espera"])
        gateway.rasa.next.append(Said.json(200, reply("ya")))
        gateway.write(quick, "hola")
        assert await gateway.answered(quick) == ["ya"]

    run(house, story)


def test_whoever_wrote_while_rasa_was_away_is_told_and_then_answered_once(
    house: ServiceHouse,
) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.is_there = False
        gateway.write(chat, "hola")
        notice = house.voice.message("utter_assistant_waking_up").text
        await until(lambda: house.said(chat, Author.SYSTEM) == [notice])
        gateway.rasa.is_there = True
        assert await gateway.answered(chat) == ["[hola]"]
        assert house.said(chat, Author.SYSTEM) == [notice]

    run(house, story)


def test_whoever_waits_for_a_slow_answer_is_told_that_it_is_being_made(
    house: ServiceHouse,
) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.thinks.clear()
        gateway.write(chat, "hola")
        notice = house.voice.message("utter_assistant_slow").text
        await until(lambda: house.said(chat, Author.SYSTEM) == [notice])
        gateway.rasa.thinks.set()
        assert await gateway.answered(chat) == ["[hola]"]

    run(house, story)


def test_a_rasa_that_is_killed_in_the_middle_is_asked_again(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.next.append(died_in_the_middle())
        gateway.write(chat, "hola")
        assert await gateway.answered(chat) == ["[hola]"]
        assert gateway.rasa.turns[0] == gateway.rasa.turns[1]  # the same turn from the same state

    run(house, story)


def test_a_message_that_ends_rasa_every_time_is_given_up(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat, innocent = house.open(), house.open()
        gateway.rasa.next += [died_in_the_middle() for _ in range(30)]
        gateway.write(chat, "píldora")
        trouble = house.voice.message("utter_technical_problem").text
        assert await gateway.answered(chat) == [trouble]
        gateway.rasa.next.clear()
        gateway.write(innocent, "hola")
        assert await gateway.answered(innocent) == ["[hola]"]

    run(house, story)


def test_a_rasa_without_a_model_is_waited_for(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.next.append(Said.json(409, {"error": "not_ready"}))
        gateway.write(chat, "hola")
        assert await gateway.answered(chat) == ["[hola]"]

    run(house, story)


def test_an_action_that_fails_for_a_moment_is_not_noticed(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.next.append(Said.json(503, {"error": "action_failed"}))
        gateway.write(chat, "hola")
        assert await gateway.answered(chat) == ["[hola]"]

    run(house, story)


@pytest.mark.parametrize(
    "lie",
    [
        Said.json(503, {"error": "action_failed"}),
        Said.json(401, {"error": "unauthorized"}),
        Said(500, "Internal Server Error"),
        Said(200, "<html>"),
        Said.json(200, {}),
        Said.json(200, []),
        Said.json(200, None),
        Said.json(200, {"messages": [{"choices": []}], "state": []}),
        Said.json(200, {"messages": [{"text": "x", "choices": [{}]}], "state": []}),
        Said.json(200, {"messages": [], "state": [], "handoff": None}),
        Said.json(200, {"messages": [], "state": [], "handoff": "now"}),
    ],
    ids=lambda lie: f"{lie.status} {lie.text[:60]}",
)
def test_whatever_else_rasa_says_the_customer_gets_calm_words_and_a_person_offered(
    house: ServiceHouse, lie: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_worker, "TRYING_SECONDS", 0.03)

    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.next += [lie] * 50
        gateway.write(chat, "hola")
        assert await gateway.answered(chat) == [house.voice.message("utter_technical_problem").text]
        assert PERSON in [choice.title for choice in house.messages(chat)[-1].choices]

    run(house, story)


def test_after_calm_words_the_next_message_is_answered(
    house: ServiceHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_worker, "TRYING_SECONDS", 0.03)

    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.next += [Said(500, "")] * 50
        gateway.write(chat, "hola")
        await gateway.answered(chat)
        gateway.rasa.next.clear()
        gateway.write(chat, "¿y ahora?")
        assert (await gateway.answered(chat))[1:] == ["[¿y ahora?]"]

    run(house, story)


def test_a_health_answer_that_makes_no_sense_is_no_rasa_and_is_got_over(
    house: ServiceHouse,
) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.next_health += [Said.json(200, [1]), Said(200, "ok")]
        gateway.write(chat, "hola")
        assert await gateway.answered(chat) == ["[hola]"]

    run(house, story)


def test_a_person_can_be_had_while_rasa_is_away(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.is_there = False
        gateway.write(chat, "¿dónde está mi pedido?")
        gateway.press(chat, PERSON)
        await until(lambda: house.conversation(chat).status is ConversationStatus.WAITING)
        gateway.rasa.is_there = True
        assert await gateway.answered(chat) == []

    run(house, story)


def test_the_bot_is_silent_when_the_team_took_over_while_it_thought(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.thinks.clear()
        gateway.write(chat, "hola")
        await until(lambda: gateway.rasa.texts == ["hola"])
        house.handoff.take(chat, house.add_agent())
        gateway.rasa.thinks.set()
        assert await gateway.answered(chat) == []

    run(house, story)


def test_what_a_killed_gateway_left_is_answered_by_the_next(house: ServiceHouse) -> None:
    chats = [house.open() for _ in range(20)]
    for chat in chats:
        house.write(chat, "hola")

    async def story(gateway: Gateway) -> None:
        await gateway.workers.resume()
        for chat in chats:
            assert await gateway.answered(chat) == ["[hola]"]

    run(house, story)


def test_a_gateway_that_stops_leaves_what_it_did_not_answer(house: ServiceHouse) -> None:
    chat = house.open()

    async def story(gateway: Gateway) -> None:
        gateway.rasa.thinks.clear()
        gateway.write(chat, "hola")
        await until(lambda: gateway.rasa.texts == ["hola"])

    run(house, story)
    assert len(house.waits(chat)) == 1
    assert house.said(chat, Author.BOT)[1:] == []


def test_a_database_that_is_away_for_a_while_costs_nothing_but_time(house: ServiceHouse) -> None:
    away = threading.Event()
    for name in ("reading", "writing"):
        opened = getattr(house.units, name)

        def open_or_fail(opened: Callable[[], object] = opened) -> object:
            if away.is_set():
                raise StorageUnavailable
            return opened()

        setattr(house.units, name, open_or_fail)

    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.thinks.clear()
        gateway.write(chat, "hola")
        await until(lambda: gateway.rasa.texts == ["hola"])
        away.set()
        gateway.rasa.thinks.set()
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.1, away.clear)
        await until(lambda: not away.is_set())
        assert await gateway.answered(chat) == ["[hola]"]
        assert gateway.rasa.texts == ["hola"]

    run(house, story)


def test_the_typing_sign_is_on_while_an_answer_is_made(house: ServiceHouse) -> None:
    async def story(gateway: Gateway) -> None:
        chat = house.open()
        gateway.rasa.thinks.clear()
        gateway.write(chat, "hola")
        await until(lambda: gateway.changes.typing(chat) == {"bot"})
        gateway.rasa.thinks.set()
        await until(lambda: gateway.changes.typing(chat) == frozenset())

    run(house, story)
