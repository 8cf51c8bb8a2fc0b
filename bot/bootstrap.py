"""Builds the services from the settings; the only place that knows concrete adapters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.adapters.attachments import AttachmentStore
from bot.adapters.catalogue_file import CatalogueFile
from bot.adapters.changes import Change
from bot.adapters.clock import SystemClock
from bot.adapters.commerce.papers import PdfPapers
from bot.adapters.commerce.pdf_page import SellerIdentity
from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.engine import make_engine, migrate
from bot.adapters.database.unit_of_work import SqlUnits
from bot.adapters.demo_shop import demo_document
from bot.adapters.manuals import read_manuals
from bot.adapters.option_names import OptionNames
from bot.adapters.passwords import Argon2Passwords
from bot.adapters.policy_files import read_policies
from bot.adapters.rasa import RasaClient
from bot.adapters.spoken_lexicon import load_spoken_answers
from bot.adapters.voice import Voice
from bot.adapters.yaml_file import read_yaml
from bot.domain.carriers import Carriers
from bot.domain.manuals import Manuals
from bot.domain.opening_hours import OpeningHours
from bot.domain.order_import import ImportCounts
from bot.domain.orders import zone_of
from bot.domain.policies import Policies
from bot.domain.shop_facts import ShopFacts
from bot.services.agents import AgentAccounts
from bot.services.case_moves import CaseMoves
from bot.services.casefile import CaseFile
from bot.services.documents import Documents
from bot.services.handoff import Handoff
from bot.services.identification import Identification
from bot.services.inbox import Inbox
from bot.services.journeys.engine import Journeys
from bot.services.journeys.everything import all_journeys
from bot.services.journeys.journey import Shop
from bot.services.open_cases import OpenCases
from bot.services.order_backend import OrderBackend
from bot.services.order_document import OrderDocument
from bot.services.orders_import import OrdersImport
from bot.services.outbox import Outbox
from bot.services.ports import Clock
from bot.services.queue import Queue
from bot.services.transcript import Transcript
from bot.services.turns import Turns
from bot.settings import PROJECT_ROOT, Settings


@dataclass(frozen=True)
class ActionServices:
    """What the custom actions use."""

    clock: Clock
    journeys: Journeys
    voice: Voice


class House:
    """Everything of one process, built when first asked for and closed once."""

    def __init__(
        self,
        settings: Settings,
        on_change: Callable[[Change], None] | None = None,
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
    def units(self) -> SqlUnits:
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
        return OrderDocument(self.units, self.backend)

    @property
    def zone(self) -> ZoneInfo:
        """Where the team counts days."""
        return zone_of(self.settings.shop_country)

    @cached_property
    def open_cases(self) -> OpenCases:
        """The cases of the shop as the team sees them."""
        return OpenCases(self.units, self.backend, self.clock, self.zone)

    @cached_property
    def case_moves(self) -> CaseMoves:
        """The team's steps with cases."""
        return CaseMoves(self.units, self.backend, self.clock, self.open_cases)

    @cached_property
    def carriers(self) -> Carriers:
        """Where parcels can be followed."""
        return Carriers(_yaml(PROJECT_ROOT / "data" / "carriers.yml"))

    @cached_property
    def manuals(self) -> Manuals:
        """General advice about kinds of articles."""
        data = PROJECT_ROOT / "data"
        return read_manuals(data / "manuals", data / "lexicon" / "products.yml")

    @cached_property
    def policies(self) -> Policies:
        """The rights of customers, by country."""
        return read_policies(self.settings.policy_file)

    @cached_property
    def backend(self) -> OrderBackend:
        """The shop's system."""
        return SqlOrderBackend(self.units, self.clock, self.seller)

    @cached_property
    def seller(self) -> SellerIdentity:
        """Who sells, as documents name it."""
        lines = (line.strip() for line in self.settings.seller_address.split("|"))
        return SellerIdentity(
            name=self.settings.shop_name,
            tax_id=self.settings.seller_tax_id or None,
            address="\n".join(lines) or None,
        )

    @cached_property
    def documents(self) -> Documents:
        """Invoices and receipts that messages hand over."""
        return Documents(self.units, self.backend, PdfPapers(self.seller))

    @cached_property
    def shop_facts(self) -> ShopFacts:
        """What the shop tells of itself."""
        settings = self.settings
        return ShopFacts(
            hours=OpeningHours.parse(settings.opening_hours, zone_of(settings.shop_country)),
            phone=settings.shop_phone or None,
            email=settings.shop_email or None,
            address=settings.shop_address or None,
            returns_address=settings.returns_address or None,
            tax_id=settings.seller_tax_id or None,
        )

    @cached_property
    def journeys(self) -> Journeys:
        """All matters that the assistant carries out."""
        kept = timedelta(days=self.settings.identity_days)
        shop = Shop(
            units=self.units,
            backend=self.backend,
            identification=Identification(self.units, self.backend, self.clock, kept),
            policies=self.policies,
            spoken=load_spoken_answers(PROJECT_ROOT / "data" / "lexicon"),
            option_words=OptionNames(PROJECT_ROOT / "data" / "lexicon" / "option_names.yml"),
            clock=self.clock,
            country=self.settings.shop_country,
            facts=self.shop_facts,
        )
        return Journeys(shop, all_journeys(self.carriers, self.manuals))

    def action_services(self) -> ActionServices:
        """The services of the action server."""
        return ActionServices(clock=self.clock, journeys=self.journeys, voice=self.voice)

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
