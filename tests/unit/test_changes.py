"""Whoever watches a conversation is woken for what concerns them, and knows whether to read."""

import asyncio

import pytest
from sqlalchemy import Engine

from bot.adapters.changes import Change, Changes
from bot.adapters.database.unit_of_work import SqlUnits
from tests.fakes.service_house import PUSHED, ServiceHouse, saying


def test_somebody_who_begins_to_write_wakes_a_watcher_who_need_not_read_the_database() -> None:
    async def story() -> None:
        changes = Changes()
        with changes.watch("c1") as watch:
            changes.set_typing("c1", "bot", on=True)
            assert await watch.changed(1)
            assert not watch.has_news

    asyncio.run(story())


def test_a_message_that_comes_while_somebody_writes_is_news() -> None:
    async def story() -> None:
        changes = Changes()
        changes.attach(asyncio.get_running_loop())
        with changes.watch("c1") as watch:
            changes.set_typing("c1", "bot", on=True)
            changes.publish(Change(frozenset({"c1"})))
            await asyncio.sleep(0)  # the publication takes its turn on the loop
            assert await watch.changed(1)
            assert watch.has_news
            changes.set_typing("c1", "bot", on=False)
            assert await watch.changed(1)
            assert not watch.has_news

    asyncio.run(story())


@pytest.mark.parametrize(("channel", "handed_over"), [("webchat", False), (PUSHED, True)])
def test_only_what_a_platform_must_be_handed_wakes_whoever_delivers(
    engine: Engine, channel: str, handed_over: bool
) -> None:
    told: list[Change] = []
    house = ServiceHouse(SqlUnits(engine, told.append))
    customer = house.open() if channel == "webchat" else "ana"
    chat = house.write(customer, "hola", channel=channel).conversation_id
    told.clear()
    house.turns.finish(house.begin(chat), saying("Hola."))
    assert told == [Change(frozenset({chat}), handed_over)]
