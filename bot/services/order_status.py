"""Where is my order: shows it to whoever proves that it is theirs, and to nobody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import LookupLocked, OrderNotIdentified, RepeatedlyNotIdentified
from bot.domain.orders import Order, OrderLine, Progress, ShipmentEvent, ShipmentStatus
from bot.services.ports import Clock, UnitOfWork, Units

# A third refusal offers a person; the fifth within the hour closes the look-up (DESIGN: identity).
FAILURES_BEFORE_A_PERSON = 3
FAILURES_BEFORE_LOCK = 5
LOCK_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OrderQuestion:
    """What a customer asked, as far as it was understood.

    `reference` is `other`, `first`, `second`, `third` or `last`; `in_focus` the number of the
    order talked about before; `turn_id` counts a failure once, however often a turn is run.
    """

    conversation_id: str
    turn_id: str
    order_number: str | None = None
    second_fact: str | None = None
    product: str | None = None
    reference: str | None = None
    in_focus: str | None = None


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as it may be told to its owner; every absent value is unknown to the backend."""

    number: str
    placed_at: datetime
    country: str
    progress: Progress
    lines: tuple[OrderLine, ...]
    shipped_lines: tuple[OrderLine, ...]
    delivered_lines: tuple[OrderLine, ...]
    pending_lines: tuple[OrderLine, ...]
    carrier: str | None
    tracking_number: str | None
    estimated_delivery: datetime | None
    delivered_at: datetime | None
    last_event: ShipmentEvent | None
    refunded_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class OrderHeadline:
    """An order to choose among others: by what was bought and when."""

    number: str
    placed_at: datetime
    country: str
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The order that was asked about."""

    summary: OrderSummary


@dataclass(frozen=True, slots=True)
class OrdersToChoose:
    """Several orders fit; the customer says which."""

    headlines: tuple[OrderHeadline, ...]


@dataclass(frozen=True, slots=True)
class NoOrders:
    """The proven customer has no (other) order."""


@dataclass(frozen=True, slots=True)
class FactMissing:
    """Nothing can be looked up before the customer gives this: a slot's name."""

    slot: str


OrderAnswer = OrderFound | OrdersToChoose | NoOrders | FactMissing

# As many as a customer reads at a glance, and as X's character budget carries.
ORDERS_OFFERED = 6


class OrderStatus:
    """Answers questions about orders; asks only for what is missing."""

    def __init__(self, units: Units, clock: Clock, identity_kept: timedelta) -> None:
        self._units = units
        self._clock = clock
        self._identity_kept = identity_kept

    def answer(self, question: OrderQuestion) -> OrderAnswer:
        """Answer a question about an order.

        Raises:
            OrderNotIdentified: the number and the second fact belong to no order together.
            RepeatedlyNotIdentified: for the third time or more within the hour.
            LookupLocked: five look-ups of this person failed within the hour.
            StorageUnavailable.
        """
        with self._units.reading() as unit:
            owner = unit.identities.linked_customer(question.conversation_id, self._clock.now())
            if owner is not None:
                known = self._answer_to_owner(unit, question, owner)
                if known is not None:
                    return known
            missing = self._missing(unit, question)
            if missing is not None:
                return missing
        return self._identify(question)

    def _answer_to_owner(
        self, unit: UnitOfWork, question: OrderQuestion, owner: str
    ) -> OrderAnswer | None:
        """The answer to somebody proven; None when they name an order that is not theirs."""
        if question.order_number is not None:
            for order in unit.orders.by_number(question.order_number):
                if order.customer.id == owner:
                    return self._found(order)
            return None
        orders = unit.orders.of_customer(owner)
        if question.reference is None and question.product is None and question.in_focus:
            orders = tuple(o for o in orders if o.number == question.in_focus) or orders
        elif question.reference == "other":
            orders = tuple(o for o in orders if o.number != question.in_focus)
        elif question.reference is not None:
            orders = _at(orders, question.reference)
        orders = _with_product(orders, question.product)
        if not orders:
            return NoOrders()
        if len(orders) == 1:
            return self._found(orders[0])
        return OrdersToChoose(tuple(map(_headline, orders[:ORDERS_OFFERED])))

    def _missing(self, unit: UnitOfWork, question: OrderQuestion) -> FactMissing | None:
        if self._failures(unit, question) >= FAILURES_BEFORE_LOCK:
            raise LookupLocked
        if question.order_number is None:
            return FactMissing("order_number")
        if question.second_fact is None:
            return FactMissing("second_fact")
        return None

    def _identify(self, question: OrderQuestion) -> OrderAnswer:
        assert question.order_number is not None
        assert question.second_fact is not None
        now = self._clock.now()
        with self._units.writing() as unit:
            for order in unit.orders.by_number(question.order_number):
                if order.belongs_to(question.second_fact):
                    proof = "email" if "@" in question.second_fact else "postal_code"
                    until = now + self._identity_kept
                    unit.identities.link(
                        question.conversation_id, order.customer.id, proof, now, until
                    )
                    unit.commit()
                    return self._found(order)
            unit.identities.record_failure(question.conversation_id, question.turn_id, now)
            failures = self._failures(unit, question)
            unit.commit()
        if failures >= FAILURES_BEFORE_LOCK:
            raise LookupLocked
        if failures >= FAILURES_BEFORE_A_PERSON:
            raise RepeatedlyNotIdentified
        raise OrderNotIdentified

    def _failures(self, unit: UnitOfWork, question: OrderQuestion) -> int:
        since = self._clock.now() - LOCK_WINDOW
        return unit.identities.failures_since(question.conversation_id, since)

    def _found(self, order: Order) -> OrderFound:
        return OrderFound(summarise(order, self._clock.now()))


def summarise(order: Order, now: datetime) -> OrderSummary:
    """What may be told of an order to its owner."""
    shipment = order.current_shipment(now)
    delivered = [s for s in order.shipments if s.status is ShipmentStatus.DELIVERED]
    return OrderSummary(
        number=order.number,
        placed_at=order.placed_at.astimezone(order.zone),
        country=order.country,
        progress=order.progress(now),
        lines=order.lines,
        shipped_lines=order.lines_of(shipment) if shipment else (),
        delivered_lines=tuple(line for s in delivered for line in order.lines_of(s)),
        pending_lines=_pending(order),
        carrier=shipment.carrier if shipment else None,
        tracking_number=shipment.tracking_number if shipment else None,
        estimated_delivery=_local(shipment.estimated_delivery if shipment else None, order),
        delivered_at=_local(shipment.delivered_at if shipment else None, order),
        last_event=shipment.events[-1] if shipment and shipment.events else None,
        refunded_minor=order.refunded.minor,
        currency=order.currency,
    )


def _pending(order: Order) -> tuple[OrderLine, ...]:
    """Lines that have not arrived: not shipped yet, or on their way in another parcel."""
    underway = [s for s in order.shipments if s.status is not ShipmentStatus.DELIVERED]
    travelling = [line for s in underway if s.lines for line in order.lines_of(s)]
    some_arrived = len(underway) < len(order.shipments)
    pending = [*(travelling if some_arrived else []), *order.lines_not_shipped()]
    return tuple(line for place, line in enumerate(pending) if line not in pending[:place])


def _local(instant: datetime | None, order: Order) -> datetime | None:
    return instant.astimezone(order.zone) if instant else None


def _headline(order: Order) -> OrderHeadline:
    placed = order.placed_at.astimezone(order.zone)
    return OrderHeadline(order.number, placed, order.country, order.lines)


def _at(orders: tuple[Order, ...], reference: str) -> tuple[Order, ...]:
    """The order at a place of the list as it was offered: the newest first."""
    offered = orders[:ORDERS_OFFERED]
    place = {"first": 0, "second": 1, "third": 2, "last": len(offered) - 1}.get(reference)
    if place is None or not 0 <= place < len(offered):
        return orders
    return (offered[place],)


def _with_product(orders: tuple[Order, ...], product: str | None) -> tuple[Order, ...]:
    """Orders with that article; all of them when none has it (the word may mean something else)."""
    if product is None:
        return orders
    wanted = product.casefold()
    having = tuple(o for o in orders if any(wanted in line.title.casefold() for line in o.lines))
    return having or orders
