"""Which order is meant, and whether it is theirs: shown to whoever proves it, and to nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import LookupLocked, OrderNotIdentified, RepeatedlyNotIdentified
from bot.domain.orders import Order, OrderLine
from bot.services.order_backend import OrderBackend
from bot.services.ports import Clock, UnitOfWork, Units

# A third refusal offers a person; the fifth within the hour closes the look-up (DESIGN: identity).
FAILURES_BEFORE_A_PERSON = 3
FAILURES_BEFORE_LOCK = 5
LOCK_WINDOW = timedelta(hours=1)

# As many as a customer reads at a glance, and as X's character budget carries.
ORDERS_OFFERED = 6


@dataclass(frozen=True, slots=True)
class OrderQuestion:
    """What a customer said about the order they mean, as far as it was understood.

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
class OrderHeadline:
    """An order to choose among others: by what was bought and when."""

    number: str
    placed_at: datetime
    country: str
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class OrderFound:
    """The order that is meant; it belongs to whoever asked."""

    order: Order


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


Identified = OrderFound | OrdersToChoose | NoOrders | FactMissing
Fits = Callable[[Order], bool]


class Identification:
    """Finds the order that a customer means and checks that it is theirs."""

    def __init__(
        self, units: Units, backend: OrderBackend, clock: Clock, identity_kept: timedelta
    ) -> None:
        self._units = units
        self._backend = backend
        self._clock = clock
        self._identity_kept = identity_kept

    def customer_of(self, conversation_id: str) -> str | None:
        """The customer that this conversation has proven to be, if any."""
        with self._units.reading() as unit:
            return unit.identities.linked_customer(conversation_id, self._clock.now())

    def find(self, question: OrderQuestion, fits: Fits | None = None) -> Identified:
        """Find the order that is meant.

        Args:
            fits: What the matter at hand can be about at all; where several orders may be meant,
                those that fit go first, and one that alone fits is the one.

        Raises:
            OrderNotIdentified: the number and the second fact belong to no order together.
            RepeatedlyNotIdentified: for the third time or more within the hour.
            LookupLocked: five look-ups of this person failed within the hour.
            StorageUnavailable.
        """
        with self._units.reading() as unit:
            owner = unit.identities.linked_customer(question.conversation_id, self._clock.now())
            failures = self._failures(unit, question)
        known = self._of_owner(question, owner, fits) if owner is not None else None
        if known is not None:
            return known
        if failures >= FAILURES_BEFORE_LOCK:
            raise LookupLocked
        if question.order_number is None:
            return FactMissing("order_number")
        if question.second_fact is None:
            return FactMissing("second_fact")
        return self._identify(question, question.order_number, question.second_fact)

    def _of_owner(
        self, question: OrderQuestion, owner: str, fits: Fits | None
    ) -> Identified | None:
        """The answer to somebody proven; None when they name an order that is not theirs."""
        if question.order_number is not None:
            for order in self._backend.find_orders(question.order_number):
                if order.customer.id == owner:
                    return OrderFound(order)
            return None
        if question.in_focus and question.reference is None:
            # An article said beside it may be another order's.
            for order in self._backend.find_orders(question.in_focus):
                is_it = order.number == question.in_focus and order.customer.id == owner
                if is_it and (question.product is None or _has(order, question.product)):
                    return OrderFound(order)
        return _among(self._backend.orders_of(owner), question, fits)

    def _identify(self, question: OrderQuestion, number: str, second_fact: str) -> OrderFound:
        now = self._clock.now()
        theirs = next(
            (o for o in self._backend.find_orders(number) if o.belongs_to(second_fact)), None
        )
        with self._units.writing() as unit:
            if theirs is not None:
                proof = "email" if "@" in second_fact else "postal_code"
                until = now + self._identity_kept
                unit.identities.link(
                    question.conversation_id, theirs.customer.id, proof, now, until
                )
                unit.commit()
                return OrderFound(theirs)
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


def _among(
    orders: tuple[Order, ...], question: OrderQuestion, fits: Fits | None
) -> OrderFound | OrdersToChoose | NoOrders:
    """The order meant among a customer's own, the newest first."""
    if question.reference == "other":
        orders = tuple(order for order in orders if order.number != question.in_focus)
    elif question.reference is not None:
        orders = _at(orders, question.reference)
    orders = _with_product(orders, question.product)
    if fits is not None and len(orders) > 1:
        orders = tuple(filter(fits, orders)) or orders
    if not orders:
        return NoOrders()
    if len(orders) == 1:
        return OrderFound(orders[0])
    return OrdersToChoose(tuple(map(_headline, orders[:ORDERS_OFFERED])))


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
    return tuple(order for order in orders if _has(order, product)) or orders


def _has(order: Order, product: str) -> bool:
    wanted = product.casefold()
    return any(wanted in line.title.casefold() for line in order.lines)
