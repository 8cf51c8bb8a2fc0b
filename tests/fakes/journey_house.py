"""Journeys over a real database: what a customer says goes in as it would be understood."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.adapters.commerce.pdf_page import SellerIdentity
from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.manuals import read_manuals
from bot.adapters.option_names import OptionNames
from bot.adapters.policy_files import read_policies
from bot.adapters.spoken_lexicon import load_spoken_answers
from bot.domain.carriers import Carriers
from bot.domain.shop_facts import ShopFacts
from bot.services.identification import Identification
from bot.services.journeys.engine import Journeys, Message, Progress
from bot.services.journeys.everything import all_journeys
from bot.services.journeys.journey import Shop, Talk
from bot.services.journeys.memory import Memory, Remark
from bot.services.journeys.steps import Step
from bot.services.orders_import import OrdersImport
from bot.settings import PROJECT_ROOT
from tests.fakes.desk_house import FixedClock
from tests.fakes.service_house import ServiceHouse

POLICIES = read_policies()
MANUALS = read_manuals(
    PROJECT_ROOT / "data" / "manuals", PROJECT_ROOT / "data" / "lexicon" / "products.yml"
)
OPTION_WORDS = OptionNames(PROJECT_ROOT / "data" / "lexicon" / "option_names.yml")
SPOKEN = load_spoken_answers(PROJECT_ROOT / "data" / "lexicon")


class Customer:
    """One customer in one conversation; keeps what the dialogue state would keep."""

    def __init__(self, house: "JourneyHouse", conversation_id: str) -> None:
        self._house = house
        self.conversation_id = conversation_id
        self.memory: dict[str, Any] | None = None
        self.in_focus: str | None = None
        self.turns = 0
        self.step: Step | None = None

    def says(
        self, text: str, intent: str = "inform", *, photos: tuple[str, ...] = (), **entities: str
    ) -> list[str]:
        """Say something, understood as this; returns the names of the sentences that answer.

        A question comes last. An empty list means that it is no answer to what was asked.
        """
        facts = {name: (value,) for name, value in entities.items()}
        return self._hear(Remark(intent, text, facts, photos=photos))

    def presses(self, intent: str = "inform", **facts: str) -> list[str]:
        """Press a button that means this."""
        return self.says("", intent, **facts)

    def chooses(self, place: int) -> list[str]:
        """Press a button of the last answer, counted from 1."""
        assert self.step is not None
        choices = self.step.question.choices if self.step.question else self.step.choices
        choice = choices[place - 1]
        return self.presses(choice.intent, **choice.facts)

    def identified(self, number: str, second_fact: str) -> "Customer":
        """Prove who this is before anything else."""
        self.says("mi pedido", "ask_order_status", order_number=number, email=second_fact)
        self.memory, self.in_focus = None, None
        return self

    def hears_the_question_again(self) -> list[str]:
        """After something else was answered in between."""
        memory = Memory.read(self.memory)
        assert memory is not None
        return self._take(self._house.journeys.ask_again(self._talk(), memory))

    def _hear(self, remark: Remark) -> list[str]:
        self.turns += 1
        memory = Memory.read(self.memory)
        journeys = self._house.journeys
        if memory is None:
            return self._take(journeys.begin(Message(remark), self._talk()))
        return self._take(journeys.hear(Message(remark), self._talk(), memory))

    def _talk(self) -> Talk:
        return Talk(self.conversation_id, f"{self.conversation_id}:{self.turns}", self.in_focus)

    def _take(self, progress: Progress | None) -> list[str]:
        if progress is None:
            return []
        step = self.step = progress.step
        self.memory = progress.memory.written() if progress.memory else None
        self.in_focus = step.order_in_focus or self.in_focus
        says = [*step.says, *([step.question.say] if step.question else [])]
        return [each.response for each in says]

    @property
    def facts(self) -> Mapping[str, Any]:
        """All facts of the last answer, by name."""
        assert self.step is not None
        says = [*self.step.says, *([self.step.question.say] if self.step.question else [])]
        return {name: fact for each in says for name, fact in each.facts.items()}


class JourneyHouse:
    """A shop with these orders, and journeys that really write."""

    def __init__(
        self,
        units: SqlUnits,
        clock: FixedClock,
        document: dict[str, Any],
        seller: SellerIdentity | None = None,
        facts: ShopFacts | None = None,
        country: str = "ES",
    ) -> None:
        self.units = units
        self.option_words = OPTION_WORDS
        self.clock = clock
        self.services = ServiceHouse(units, clock)
        self.backend = SqlOrderBackend(units, clock, seller)
        OrdersImport(units, clock).run(document)
        shop = Shop(
            units=units,
            backend=self.backend,
            identification=Identification(units, self.backend, clock, timedelta(days=30)),
            policies=POLICIES,
            spoken=SPOKEN,
            option_words=OPTION_WORDS,
            clock=clock,
            facts=facts or ShopFacts(),
            country=country,
        )
        self.journeys = Journeys(shop, all_journeys(Carriers({}), MANUALS))

    def customer(self) -> Customer:
        """Somebody new."""
        return Customer(self, self.services.open())
