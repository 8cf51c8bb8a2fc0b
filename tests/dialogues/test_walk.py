"""Whatever customers do, in whatever order: answered, nothing written without a yes, nobody exposed.

Each walk is a conversation of moves at random, the same in every run; what is said stands in
`tests/dialogues/walk/phrases.yml`. POSVENTA_WALKS sets how many walks there are.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

import pytest

from bot.bootstrap import House
from bot.dialogue_evaluation.run import ORDERS
from bot.dialogue_evaluation.strangers import Strangers
from bot.dialogue_evaluation.task_run import strangers_of
from tests.dialogues.random_customer import REQUESTS, BrokenPromise, RandomCustomer
from tests.running_house import RunningHouse

# Less than half a second each.
WALKS = int(os.environ.get("POSVENTA_WALKS", "60"))
LONGEST = 16


@pytest.fixture(scope="module")
def inside(running_house: RunningHouse) -> Iterator[House]:
    """The services over the house's database."""
    house = running_house.house()
    yield house
    house.close()


@pytest.fixture(scope="module")
def strangers() -> Strangers:
    """Everybody whom the shop knows."""
    return strangers_of(ORDERS)


@dataclass(frozen=True)
class Walk:
    """What came of a conversation."""

    broken: BrokenPromise | None
    repetitions: list[str]


@pytest.fixture(scope="module")
def walk(running_house: RunningHouse, inside: House, strangers: Strangers) -> Callable[[int], Walk]:
    """Plays a walk, the first time somebody asks for it."""

    @cache
    def played(seed: int) -> Walk:
        chance = Random(seed)
        customer = RandomCustomer(running_house, inside, strangers)
        try:
            customer.says(chance.choice(REQUESTS))
            for _ in range(chance.randint(6, LONGEST)):
                customer.wanders(chance)
            customer.leaves()
        except BrokenPromise as broken:
            return Walk(broken, customer.repetitions)
        finally:
            customer.close()
        return Walk(None, customer.repetitions)

    return played


@pytest.mark.assistant
@pytest.mark.timeout(300)  # the first one starts the house
@pytest.mark.parametrize("seed", range(WALKS))
def test_whatever_a_customer_does_every_promise_holds(
    walk: Callable[[int], Walk], seed: int
) -> None:
    broken = walk(seed).broken
    if broken is not None:
        pytest.fail(str(broken), pytrace=False)


@pytest.mark.assistant
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(WALKS))
def test_no_two_answers_in_a_row_are_the_same(walk: Callable[[int], Walk], seed: int) -> None:
    repetitions = walk(seed).repetitions
    if repetitions:
        pytest.fail("\n\n".join(repetitions), pytrace=False)
