"""Builds the services from the settings; the only place that knows concrete adapters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from bot.adapters.attachments import AttachmentStore
from bot.adapters.catalogue_file import CatalogueFile
from bot.adapters.clock import SystemClock
from bot.adapters.database.engine import make_engine, migrate
from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.demo_shop import demo_document
from bot.adapters.passwords import Argon2Passwords
from bot.adapters.rasa import RasaClient
from bot.adapters.voice import Voice
from bot.adapters.yaml_file import read_yaml
from bot.domain.carriers import Carriers
from bot.domain.opening_hours import OpeningHours
from bot.domain.order_import import ImportCounts
from bot.domain.orders import zone_of
from bot.services.agents import AgentAccounts
from bot.services.casefile import CaseFile
from bot.services.handoff import Handoff
from bot.services.inbox import Inbox
from bot.services.order_document import OrderDocument
from bot.services.order_status import OrderStatus
from bot.services.orders_import import OrdersImport
from bot.services.outbox import Outbox
from bot.services.ports import Clock, Units
from bot.services.queue import Queue
from bot.services.transcript import Transcript
from bot.services.turns import Turns
from bot.settings import PROJECT_ROOT, Settings


@dataclass(frozen=True)
class ActionServices:
    """What the custom actions use."""

    clock: Clock
    order_status: OrderStatus
    voice: Voice
    carriers: Carriers


class House:
    """Everything of one process, built when first asked for and closed once."""

    def __init__(
        self,
        settings: Settings,
        on_change: Callable[[frozenset[str]], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self._on_change = on_change

    @cached_property
    def engine(self) -> Engine:
        """The database's engine."""
        return make_engine(self.settings.database)

    @cached_property
    def units(self) -> Units:
        """Units of work over the engine."""
        if self._on_change is None:
            return SqlUnits(self.engine)
        return SqlUnits(self.engine, self._on_change)

    @cached_property
    def voice(self) -> Voice:
        """The customer's copy."""
        zone = zone_of(self.settings.shop_country)
        return Voice(PROJECT_ROOT / "domain.yml", zone, self.settings.shop_name)

    @cached_property
    def handoff(self) -> Handoff:
        """Changes of who has a conversation."""
        hours = OpeningHours.parse(self.settings.opening_hours, zone_of(self.settings.shop_country))
        return Handoff(self.units, self.clock, self.voice, hours)

    @cached_property
    def inbox(self) -> Inbox:
        """The door for customers' messages."""
        return Inbox(self.units, self.clock)

    @cached_property
    def turns(self) -> Turns:
        """The router."""
        return Turns(self.units, self.clock, self.voice, self.handoff)

    @cached_property
    def transcript(self) -> Transcript:
        """Conversations as customers see them."""
        return Transcript(self.units, self.clock, self.voice)

    @cached_property
    def outbox(self) -> Outbox:
        """Deliveries to platforms."""
        return Outbox(self.units, self.clock)

    @cached_property
    def agents(self) -> AgentAccounts:
        """The team's accounts."""
        return AgentAccounts(self.units, self.clock, Argon2Passwords())

    @cached_property
    def casefile(self) -> CaseFile:
        """Conversations as agents see them."""
        return CaseFile(self.units, self.clock)

    @cached_property
    def queue(self) -> Queue:
        """The team's queue."""
        return Queue(self.units, self.clock)

    @cached_property
    def attachments(self) -> AttachmentStore:
        """Customers' photos."""
        return AttachmentStore(self.settings.attachments_dir)

    def import_orders(self, raw: object) -> ImportCounts:
        """Take in the shop's orders, and tell the understanding what the shop sells.

        Raises:
            ImportRefused: the document has mistakes; nothing was stored.
            StorageUnavailable, OSError.
        """
        counts = OrdersImport(self.units, self.clock).run(raw)
        with self.units.reading() as unit:
            CatalogueFile(self.settings.catalogue_file).write(unit.orders.products())
        return counts

    def open_demo_shop(self) -> bool:
        """Fill a database without orders with the demonstration shop; whether it did."""
        with self.units.reading() as unit:
            if not unit.orders.is_empty():
                return False
        self.import_orders(demo_document(self.clock.now().date()))
        return True

    @cached_property
    def order_document(self) -> OrderDocument:
        """Shows an order in the import's shape."""
        return OrderDocument(self.units)

    @cached_property
    def carriers(self) -> Carriers:
        """Where parcels can be followed."""
        return Carriers(_yaml(PROJECT_ROOT / "data" / "carriers.yml"))

    def action_services(self) -> ActionServices:
        """The services of the action server."""
        kept = timedelta(days=self.settings.identity_days)
        return ActionServices(
            clock=self.clock,
            order_status=OrderStatus(self.units, self.clock, kept),
            voice=self.voice,
            carriers=self.carriers,
        )

    def rasa(self) -> RasaClient:
        """A new client of Rasa's private channel; the caller closes it."""
        return RasaClient(self.settings.rasa, self.settings.shared_secret())

    def prepare_database(self) -> None:
        """Bring the schema up to date.

        Raises:
            StorageUnavailable: the database cannot be reached.
        """
        migrate(self.engine)

    def close(self) -> None:
        """Give the database's connections back."""
        if "engine" in vars(self):
            self.engine.dispose()


def _yaml(file: Path) -> dict[str, str]:
    content: dict[str, str] = read_yaml(file)
    return content
