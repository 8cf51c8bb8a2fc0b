"""Orders as the shop's backend tells them: lines, shipments, payments, and what follows from them.

States are the backend's; nothing here invents one. `Order.progress()` is the single place that
decides what a customer is told about where an order stands.
"""

import string
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.eligibility import AlreadyShipped, OrderCancelled, OrderCompleted
from bot.domain.money import Money


class OrderStatus(StrEnum):
    """What became of an order as a whole."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class PaymentStatus(StrEnum):
    """What became of its payment."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    FAILED = "failed"

    @property
    def was_paid(self) -> bool:
        """Whether the shop got the money, be it given back since or not."""
        paid = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED)
        return self in paid


class ShipmentStatus(StrEnum):
    """The nine tags of AfterShip, and `unknown` for a carrier that tells nothing."""

    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAIL = "attempt_fail"
    DELIVERED = "delivered"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    EXCEPTION = "exception"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def has_left(self) -> bool:
        """Whether the carrier has the parcel (or had it)."""
        return self not in (ShipmentStatus.PENDING, ShipmentStatus.INFO_RECEIVED)


class Progress(StrEnum):
    """Where an order stands, in the words a customer is answered with.

    The name is part of a response's name: `utter_order_<progress>`.
    """

    CANCELLED = "cancelled"
    CANCELLED_REFUNDED = "cancelled_refunded"
    REFUNDED = "refunded"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_PENDING = "payment_pending"
    PREPARING = "preparing"
    HANDED_TO_CARRIER = "handed_to_carrier"
    PARTLY_SHIPPED = "partly_shipped"
    PARTLY_DELIVERED = "partly_delivered"
    IN_TRANSIT = "in_transit"
    LATE = "late"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAIL = "attempt_fail"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    EXCEPTION = "exception"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    COMPLETED = "completed"


class Condition(StrEnum):
    """What kind of goods an article is: other rights follow from it."""

    NEW = "new"
    SECOND_HAND = "second_hand"
    DIGITAL = "digital"


class HelpTopic(StrEnum):
    """What a customer may need help with once they have an article."""

    INSTALLATION = "installation"
    USE = "use"
    MAINTENANCE = "maintenance"
    SPARE_PARTS = "spare_parts"
    TROUBLESHOOTING = "troubleshooting"


@dataclass(frozen=True, slots=True)
class ProductHelp:
    """What the shop says about a topic, in its own words."""

    topic: HelpTopic
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """An article of the shop's catalogue. `stock` is None when the shop does not say."""

    sku: str
    title: str
    category: str
    options: dict[str, str] = field(default_factory=dict)
    warranty_months: int | None = None
    returnable: bool = True
    manual_url: str | None = None
    condition: Condition = Condition.NEW
    stock: int | None = None
    help: tuple[ProductHelp, ...] = ()

    def is_available(self, quantity: int = 1) -> bool:
        """Whether so many can be sent, as far as the shop says."""
        return self.stock is None or self.stock >= quantity


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as the backend gives it."""

    name: str
    line1: str
    city: str
    postal_code: str
    country: str
    line2: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the shop; `id` is the backend's."""

    id: str
    name: str
    email: str
    address: Address
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A position of an order."""

    sku: str
    title: str
    quantity: int
    unit_price: Money
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """How many of an article travel in one shipment."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentEvent:
    """One thing the carrier reported."""

    at: datetime
    status: ShipmentStatus
    description: str = ""
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel. `lines` is empty when the backend does not say what is inside."""

    carrier: str
    tracking_number: str
    status: ShipmentStatus
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    estimated_delivery: datetime | None = None
    events: tuple[ShipmentEvent, ...] = ()
    lines: tuple[ShippedLine, ...] = ()

    @property
    def last_news_at(self) -> datetime | None:
        """When the carrier last reported anything; None when nothing tells."""
        return max((event.at for event in self.events), default=self.shipped_at)

    def is_silent(self, now: datetime, longest: timedelta) -> bool:
        """Whether a parcel under way was not heard of for longer than that."""
        waiting = (ShipmentStatus.DELIVERED, ShipmentStatus.AVAILABLE_FOR_PICKUP)
        last = self.last_news_at
        if not self.status.has_left or self.status in waiting or last is None:
            return False
        return now - last > longest

    def is_late(self, today: date, zone: ZoneInfo) -> bool:
        """Whether the estimated day has passed, in the customer's zone, without a delivery."""
        if self.status is ShipmentStatus.DELIVERED or self.estimated_delivery is None:
            return False
        return self.estimated_delivery.astimezone(zone).date() < today


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved: `kind` is "payment" or "refund"."""

    method: str
    amount: Money
    kind: str = "payment"
    at: datetime | None = None


# The zone in which a day counts for a customer, by the order's country. Countries with several
# zones take the one where most people live.
_ZONES = {
    "ES": "Europe/Madrid",
    "MX": "America/Mexico_City",
    "CO": "America/Bogota",
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "PE": "America/Lima",
    "UY": "America/Montevideo",
    "EC": "America/Guayaquil",
    "VE": "America/Caracas",
    "PY": "America/Asuncion",
    "BO": "America/La_Paz",
    "CR": "America/Costa_Rica",
    "PA": "America/Panama",
    "GT": "America/Guatemala",
    "DO": "America/Santo_Domingo",
    "SV": "America/El_Salvador",
    "HN": "America/Tegucigalpa",
    "NI": "America/Managua",
    "US": "America/New_York",
}


def bare_number(number: str) -> str:
    """An order number as it compares: upper case, letters and digits only, in their plain form."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in plain if character.isalnum())


def number_without_prefix(number: str) -> str:
    """The bare number without leading letters: many customers leave out the "A-" of "A-10234"."""
    return bare_number(number).lstrip(string.ascii_uppercase)


def zone_of(country: str) -> ZoneInfo:
    """The time zone in which customers of a country count days (UTC when unknown)."""
    return ZoneInfo(_ZONES.get(country, "UTC"))


@dataclass(frozen=True, slots=True)
class Order:
    """An order with everything that a customer may ask of it."""

    number: str
    customer: Customer
    placed_at: datetime
    currency: str
    country: str
    status: OrderStatus
    payment_status: PaymentStatus
    lines: tuple[OrderLine, ...]
    shipping_address: Address
    shipments: tuple[Shipment, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def total(self) -> Money:
        """What the lines cost together."""
        return sum(
            (line.unit_price * line.quantity for line in self.lines), Money(0, self.currency)
        )

    @property
    def refunded(self) -> Money:
        """What was paid back so far."""
        refunds = (payment.amount for payment in self.payments if payment.kind == "refund")
        return sum(refunds, Money(0, self.currency))

    @property
    def paid(self) -> Money:
        """What was paid: the payments listed, or the total when a paid order lists none."""
        if self.payment_status in (PaymentStatus.PENDING, PaymentStatus.FAILED):
            return Money(0, self.currency)
        payments = [payment.amount for payment in self.payments if payment.kind == "payment"]
        return sum(payments, Money(0, self.currency)) if payments else self.total

    @property
    def paid_with(self) -> str:
        """The means of payment, "" when the backend does not say."""
        return next((p.method for p in self.payments if p.kind == "payment"), "")

    @property
    def has_left(self) -> bool:
        """Whether a parcel is with the carrier, or was."""
        return any(shipment.status.has_left for shipment in self.shipments)

    def can_cancel(self) -> bool:
        """Whether the customer may still stop it."""
        return self.status is OrderStatus.OPEN and not self.has_left

    def can_change_address(self) -> bool:
        """Whether it may still be sent elsewhere."""
        return self.status is OrderStatus.OPEN and not self.has_left

    def check_not_begun(self) -> None:
        """Make sure that nothing of it has left, so that it can be stopped or sent elsewhere.

        Raises:
            OrderCancelled, AlreadyShipped, OrderCompleted.
        """
        self.check_not_cancelled()
        if self.has_left:
            raise AlreadyShipped(self.number)
        if self.status is OrderStatus.COMPLETED:
            raise OrderCompleted(self.number)

    def check_not_cancelled(self) -> None:
        """Make sure that the customer still has it, or should.

        Raises:
            OrderCancelled.
        """
        if self.status is OrderStatus.CANCELLED:
            raise OrderCancelled(self.number)

    def delivered_quantities(self) -> tuple[int, ...]:
        """How many units of each line have arrived, by the line's position.

        Without a word about what is inside the parcels, all have when every parcel has arrived or
        the shop calls the order completed, and none before.
        """
        arrived = [shipment for shipment in self.shipments if self._has_arrived(shipment)]
        if not all(shipment.lines for shipment in self.shipments) or not self.shipments:
            completed = self.status is OrderStatus.COMPLETED
            if completed or (arrived and len(arrived) == len(self.shipments)):
                return tuple(line.quantity for line in self.lines)
        inside: dict[str, int] = {}
        for shipment in arrived:
            for line in shipment.lines:
                inside[line.sku] = inside.get(line.sku, 0) + line.quantity
        quantities: list[int] = []
        for ordered in self.lines:  # the same article may stand in two lines
            here = min(ordered.quantity, inside.get(ordered.sku, 0))
            inside[ordered.sku] = inside.get(ordered.sku, 0) - here
            quantities.append(here)
        return tuple(quantities)

    def _has_arrived(self, shipment: Shipment) -> bool:
        if shipment.status is ShipmentStatus.DELIVERED:
            return True
        # A carrier that tells nothing; the shop knows.
        untold = shipment.status is ShipmentStatus.UNKNOWN
        return untold and self.status is OrderStatus.COMPLETED

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this order's days count."""
        return zone_of(self.country)

    def belongs_to(self, second_fact: str) -> bool:
        """Whether a second fact (e-mail or postcode) is this order's.

        E-mails compare without case; postcodes without case, spaces and hyphens, on the
        shipping or the customer's own address.
        """
        fact = second_fact.strip()
        if "@" in fact:
            return fact.casefold() == self.customer.email.strip().casefold()
        wanted = _bare(fact)
        known = {self.shipping_address.postal_code, self.customer.address.postal_code}
        return bool(wanted) and wanted in {_bare(code) for code in known}

    def lines_of(self, shipment: Shipment) -> tuple[OrderLine, ...]:
        """The lines inside a shipment; all lines when it is the only one and does not say."""
        if not shipment.lines:
            return self.lines if len(self.shipments) == 1 else ()
        inside = {line.sku for line in shipment.lines}
        return tuple(line for line in self.lines if line.sku in inside)

    def lines_not_shipped(self) -> tuple[OrderLine, ...]:
        """Lines known not to have left yet (empty when the backend does not say)."""
        if not self.shipments or any(not shipment.lines for shipment in self.shipments):
            return () if self.shipments else self.lines
        left: dict[str, int] = {}
        for shipment in self.shipments:
            if shipment.status.has_left:
                for line in shipment.lines:
                    left[line.sku] = left.get(line.sku, 0) + line.quantity
        behind: list[OrderLine] = []
        for ordered in self.lines:  # the same article may stand in two lines
            gone = min(left.get(ordered.sku, 0), ordered.quantity)
            if gone < ordered.quantity:
                behind.append(replace(ordered, quantity=ordered.quantity - gone))
            left[ordered.sku] = left.get(ordered.sku, 0) - gone
        return tuple(behind)

    def current_shipment(self, now: datetime) -> Shipment | None:
        """The shipment a customer asks about.

        Of those that have not arrived: one that is late, else the one that left last. When all
        have arrived, the last one.
        """
        today = now.astimezone(self.zone).date()
        underway = [s for s in self.shipments if s.status is not ShipmentStatus.DELIVERED]
        if underway:
            return max(
                underway,
                key=lambda s: (
                    s.is_late(today, self.zone),
                    s.status.has_left,
                    s.shipped_at or self.placed_at,
                ),
            )
        if not self.shipments:
            return None
        return max(self.shipments, key=lambda s: s.delivered_at or s.shipped_at or self.placed_at)

    def progress(self, now: datetime) -> Progress:
        """Where the order stands at `now`, from nothing but what the backend says."""
        if self.status is OrderStatus.CANCELLED:
            refunded = self.payment_status is PaymentStatus.REFUNDED
            return Progress.CANCELLED_REFUNDED if refunded else Progress.CANCELLED
        if self.payment_status is PaymentStatus.REFUNDED:
            return Progress.REFUNDED
        if not self.shipments:
            return self._progress_without_shipment()
        return self._progress_of_shipments(now)

    def _progress_without_shipment(self) -> Progress:
        if self.status is OrderStatus.COMPLETED:
            return Progress.COMPLETED
        if self.payment_status is PaymentStatus.FAILED:
            return Progress.PAYMENT_FAILED
        if self.payment_status is PaymentStatus.PENDING:
            return Progress.PAYMENT_PENDING
        return Progress.PREPARING

    def _progress_of_shipments(self, now: datetime) -> Progress:
        current = self.current_shipment(now)
        assert current is not None  # there is at least one shipment here
        delivered = [s for s in self.shipments if s.status is ShipmentStatus.DELIVERED]
        if len(delivered) == len(self.shipments):
            return Progress.PARTLY_DELIVERED if self.lines_not_shipped() else Progress.DELIVERED
        if current.status.has_left and current.status is not ShipmentStatus.IN_TRANSIT:
            return Progress(current.status.value)
        if current.is_late(now.astimezone(self.zone).date(), self.zone):
            return Progress.LATE
        if delivered:
            return Progress.PARTLY_DELIVERED
        if not current.status.has_left:
            return Progress.HANDED_TO_CARRIER
        return Progress.PARTLY_SHIPPED if self.lines_not_shipped() else Progress.IN_TRANSIT


def _bare(code: str) -> str:
    return "".join(character for character in code.casefold() if character.isalnum())
