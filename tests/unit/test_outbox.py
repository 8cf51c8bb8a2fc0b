"""Messages for platforms that must be called: in order, again until taken, one at a time."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.errors import StorageUnavailable
from bot.domain.messages import Delivery, DeliveryFailed
from bot.gateway.outbox_worker import OutboxWorker
from bot.services.outbox import FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS
from tests.fakes.service_house import PUSHED, ServiceHouse, saying
from tests.polling import until


@pytest.fixture
def house(units: SqlUnits) -> ServiceHouse:
    return ServiceHouse(units)


def talk(house: ServiceHouse, customer: str, *answers: str, channel: str = PUSHED) -> None:
    """A customer writes, and the assistant answers, as often as there are answers."""
    for answer in answers:
        chat = house.write(customer, "hola", channel=channel).conversation_id
        house.turns.finish(house.begin(chat), saying(answer, "Sí"))


def due(house: ServiceHouse) -> list[str]:
    return [delivery.text for delivery in house.outbox.due()]


def first(house: ServiceHouse) -> Delivery:
    return house.outbox.due()[0]


def test_an_answer_is_due_at_once_with_its_buttons(house: ServiceHouse) -> None:
    talk(house, "77", "uno")
    delivery = first(house)
    assert (delivery.channel, delivery.customer_key, delivery.text) == (PUSHED, "77", "uno")
    assert [choice.title for choice in delivery.choices] == ["Sí"]
    assert house.outbox.next_due() == house.clock.now()


def test_a_channel_whose_customers_fetch_has_nothing_to_deliver(house: ServiceHouse) -> None:
    chat = house.open()
    house.write(chat, "hola")
    house.answer_all(chat)
    assert due(house) == []
    assert house.outbox.next_due() is None


def test_a_conversation_gets_its_messages_one_after_the_other(house: ServiceHouse) -> None:
    talk(house, "77", "uno", "dos")
    talk(house, "78", "otra")
    assert due(house) == ["uno", "otra"]
    house.outbox.delivered(first(house), "platform-1")
    assert sorted(due(house)) == ["dos", "otra"]


def test_a_message_that_was_taken_is_never_due_again(house: ServiceHouse) -> None:
    talk(house, "77", "uno")
    house.outbox.delivered(first(house), None)
    house.clock.move(timedelta(days=1))
    assert due(house) == []


def test_a_failure_is_tried_again_after_pauses_that_grow(house: ServiceHouse) -> None:
    talk(house, "77", "uno")
    pauses = []
    for _ in range(12):
        house.outbox.failed(first(house), DeliveryFailed("away"))
        assert due(house) == []
        next_due = house.outbox.next_due()
        assert next_due is not None
        pauses.append(next_due - house.clock.now())
        house.clock.move(pauses[-1])
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert pauses == sorted(pauses)


def test_the_platforms_own_wish_for_a_pause_counts(house: ServiceHouse) -> None:
    talk(house, "77", "uno")
    house.outbox.failed(first(house), DeliveryFailed("flood", retry_after=42))
    assert house.outbox.next_due() == house.clock.now() + timedelta(seconds=42)


def test_a_later_message_waits_for_one_that_failed(house: ServiceHouse) -> None:
    talk(house, "77", "uno", "dos")
    house.outbox.failed(first(house), DeliveryFailed("away"))
    assert due(house) == []
    house.clock.move(FIRST_PAUSE)
    assert due(house) == ["uno"]


def test_a_message_that_can_never_arrive_lets_the_next_one_go(house: ServiceHouse) -> None:
    talk(house, "77", "uno", "dos")
    house.outbox.failed(first(house), DeliveryFailed("blocked", permanent=True))
    assert due(house) == ["dos"]


def test_nobody_is_tried_for_ever(house: ServiceHouse) -> None:
    talk(house, "77", "uno")
    for _ in range(MOST_ATTEMPTS):
        house.outbox.failed(first(house), DeliveryFailed("away"))
        house.clock.move(LONGEST_PAUSE)
    assert due(house) == []


# --- the worker -------------------------------------------------------------------------------------


class Platform:
    """A platform that takes, refuses or breaks as told."""

    channel = PUSHED

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.next: list[Exception] = []

    async def deliver(self, delivery: Delivery) -> str | None:
        if self.next:
            raise self.next.pop(0)
        self.taken.append(delivery.text)
        return f"platform-{len(self.taken)}"


@pytest.fixture
def filed(filed_engine: Engine) -> ServiceHouse:
    """A database in a file: the worker's threads use it at once."""
    return ServiceHouse(SqlUnits(filed_engine))


def work_until(worker: OutboxWorker, holds: Callable[[], bool]) -> None:
    """Run the worker until something holds."""

    async def run() -> None:
        running = asyncio.create_task(worker.run())
        try:
            await until(lambda: running.done() or holds())
            assert not running.done(), "the worker has stopped"
        finally:
            running.cancel()

    asyncio.run(run())


def test_the_worker_delivers_everything_in_order(filed: ServiceHouse) -> None:
    platform = Platform()
    talk(filed, "77", "uno", "dos", "tres")
    work_until(
        OutboxWorker(filed.outbox, {PUSHED: platform}),
        lambda: platform.taken == ["uno", "dos", "tres"] and due(filed) == [],
    )


def test_a_connector_that_breaks_stops_nobody_elses_messages(filed: ServiceHouse) -> None:
    platform = Platform()
    platform.next = [RuntimeError("a mistake in the connector")]
    talk(filed, "77", "uno")
    talk(filed, "78", "otra")
    work_until(
        OutboxWorker(filed.outbox, {PUSHED: platform}),
        lambda: platform.taken == ["otra"] and due(filed) == [],  # written down as delivered
    )
    filed.clock.move(LONGEST_PAUSE)
    assert due(filed) == ["uno"]  # and this one is tried again


def test_a_channel_that_is_switched_off_stops_nobody_elses_messages(filed: ServiceHouse) -> None:
    platform = Platform()
    talk(filed, "9", "apagado", channel="smoke_signals")
    talk(filed, "77", "uno")
    work_until(OutboxWorker(filed.outbox, {PUSHED: platform}), lambda: platform.taken == ["uno"])


def test_the_worker_outlives_a_database_that_is_away(
    filed: ServiceHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = Platform()
    talk(filed, "77", "uno")
    outages = [StorageUnavailable(), StorageUnavailable()]
    read = filed.outbox.due

    def due_or_outage() -> object:
        if outages:
            raise outages.pop()
        return read()

    monkeypatch.setattr(filed.outbox, "due", due_or_outage)
    monkeypatch.setattr("bot.gateway.outbox_worker.STORAGE_PAUSE_SECONDS", 0.01)
    work_until(OutboxWorker(filed.outbox, {PUSHED: platform}), lambda: platform.taken == ["uno"])
