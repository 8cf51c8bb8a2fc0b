"""What an open desk hears, over real HTTP: each change once, and nothing that is not its news."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine

from bot.adapters.changes import Change
from bot.desk import api, feed
from tests.fakes.desk_house import PASSWORD, DeskHouse, RunningDesk, email_of

MARTA, PABLO = "Marta Ruiz", "Pablo Gil"
# Long enough for a busy machine; reading ends as soon as the event is there.
PATIENCE_SECONDS = 20


class Stream:
    """The events of one open desk."""

    def __init__(self, response: httpx2.Response) -> None:
        self._lines = response.iter_lines()

    def next(self, *names: str) -> tuple[str, dict[str, Any]]:
        """The next event, of these names if any are given."""
        name = ""
        for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and (not names or name in names):
                return name, json.loads(line.removeprefix("data: "))
        raise AssertionError("the stream has ended")


@pytest.fixture
def house(filed_engine: Engine, tmp_path: Path) -> DeskHouse:
    house = DeskHouse(filed_engine, tmp_path)
    house.add_agent(MARTA)
    house.add_agent(PABLO)
    return house


@pytest.fixture
def desk(house: DeskHouse) -> Iterator[RunningDesk]:
    with house.running() as desk:
        yield desk


def session_of(house: DeskHouse, name: str = MARTA) -> str:
    return house.accounts.log_in(email_of(name), PASSWORD)


@contextmanager
def listening(desk: RunningDesk, session: str) -> Iterator[Stream]:
    cookie = {"Cookie": f"posventa_desk={session}"}
    url = f"{desk.url}/desk/api/events"
    with httpx2.stream("GET", url, headers=cookie, timeout=PATIENCE_SECONDS) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Stream(response)


def test_the_first_word_is_how_things_stand(house: DeskHouse, desk: RunningDesk) -> None:
    house.waiting("a")
    with listening(desk, session_of(house)) as stream:
        name, data = stream.next()
    assert name == "queue"
    assert data["counts"]["waiting"] == 1
    assert set(data["boxes"]) == {"waiting", "mine", "open", "closed"}


def test_a_customer_who_begins_to_wait_is_announced(house: DeskHouse, desk: RunningDesk) -> None:
    with listening(desk, session_of(house)) as stream:
        stream.next("queue")
        conversation = house.waiting("a")
        while stream.next("queue")[1]["counts"]["waiting"] != 1:
            pass
        assert stream.next("conversation")[1]["id"] == conversation


def test_every_open_desk_hears_the_same_with_its_own_counts(
    house: DeskHouse, desk: RunningDesk
) -> None:
    conversation = house.waiting("a")
    with (
        listening(desk, session_of(house, MARTA)) as martas,
        listening(desk, session_of(house, PABLO)) as pablos,
    ):
        martas.next("queue")
        pablos.next("queue")
        marta = house.accounts.agent_of(session_of(house, MARTA))
        house.handoff.take(conversation, marta)
        mine = [stream.next("queue")[1]["counts"]["mine"] for stream in (martas, pablos)]
    assert mine == [1, 0]


def test_a_list_that_only_lost_a_conversation_is_named_too(
    house: DeskHouse, desk: RunningDesk
) -> None:
    conversation = house.waiting("a")
    marta = house.accounts.agent_of(session_of(house))
    house.handoff.take(conversation, marta)
    with listening(desk, session_of(house)) as stream:
        stream.next("queue")
        house.handoff.close(conversation, marta)
        boxes = set(stream.next("queue")[1]["boxes"])
    assert {"mine", "open", "closed"} <= boxes


def test_the_customers_typing_is_told_and_the_assistants_is_not(
    house: DeskHouse, desk: RunningDesk
) -> None:
    first, second = house.waiting("a"), house.waiting("b")
    with listening(desk, session_of(house)) as stream:
        stream.next("queue")
        desk.on_loop(lambda: house.changes.set_typing(first, "customer", on=True))
        while stream.next("conversation")[1] != {"id": first, "typing": True}:
            pass
        desk.on_loop(lambda: house.changes.set_typing(first, "bot", on=True))
        desk.on_loop(lambda: house.changes.set_typing(second, "customer", on=True))
        while (news := stream.next())[1] != {"id": second, "typing": True}:
            assert news[1].get("id") != first


def test_a_session_that_ends_ends_its_stream(
    house: DeskHouse, desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "HEARTBEAT_SECONDS", 0.05)
    session = session_of(house)
    with listening(desk, session) as stream:
        assert stream.next("heartbeat")
        house.accounts.log_out(session)
        assert stream.next("logged_out")
        with pytest.raises(AssertionError):
            stream.next()


def test_a_database_that_was_away_costs_no_news(
    house: DeskHouse, desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "RETRY_SECONDS", 0.01)
    conversation = house.waiting("a")
    with listening(desk, session_of(house)) as stream:
        stream.next("queue")
        house.units.is_away = True
        house.changes.publish(Change(frozenset({conversation})))
        assert house.units.refused.wait(PATIENCE_SECONDS)
        house.units.is_away = False
        assert stream.next("conversation")[1]["id"] == conversation


def test_with_the_last_desk_closed_nobody_watches_any_more(house: DeskHouse) -> None:
    async def open_and_close() -> None:
        house.changes.attach(asyncio.get_running_loop())
        open_feed = feed.DeskFeed(house.services.queue, house.changes)
        with open_feed.listen(), open_feed.listen():
            assert len(house.changes._watches) == 1
        assert len(house.changes._watches) == 0

    # In a thread of its own: browser tests keep a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, open_and_close()).result()
