"""How every write of the SQL backend is done: held, once a key, noted, all in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from bot.adapters.database.case_history import SqlCaseHistory
from bot.adapters.database.cases import SqlCaseBook
from bot.adapters.database.tables import OrderActionRow
from bot.adapters.database.unit_of_work import SqlUnitOfWork, SqlUnits
from bot.domain.folios import FolioPrefix
from bot.domain.orders import Order
from bot.services.order_backend import LONGEST_KEY, Actor, Conflict, FoundCase, Invalid, NotFound
from bot.services.ports import Clock

Result = TypeVar("Result")


@dataclass(frozen=True)
class Confirmation:
    """What is to be done once: `request` tells it apart from anything else under the same key."""

    key: str
    kind: str
    request: tuple[object, ...]
    by: Actor

    @property
    def digest(self) -> str:
        """The request, short."""
        return sha256(repr((self.kind, *self.request)).encode()).hexdigest()


@dataclass(frozen=True)
class Work:
    """What a write has before it: its order, held against everybody else, and the books."""

    cases: SqlCaseBook
    history: SqlCaseHistory
    now: datetime
    by: Actor
    order_id: int | None
    held: Order | None

    @property
    def order(self) -> Order:
        """The order as it stands."""
        assert self.held is not None  # only complaints have none, and do not ask
        return self.held

    @property
    def id(self) -> int:
        """The order's id."""
        assert self.order_id is not None  # see `order`
        return self.order_id

    def folio(self, prefix: FolioPrefix) -> str:
        """A new number for a case, of the year in the order's zone."""
        moment = self.now.astimezone(self.held.zone) if self.held else self.now
        return self.cases.next_folio(prefix, moment.year)

    def note(self, what: str, /, **detail: Any) -> None:
        """Append to what happened to the order: names and amounts, no personal data.

        Where there is none, `detail` names the case by its `folio`.
        """
        given = {name: value for name, value in detail.items() if value not in (None, "", [])}
        if self.by.conversation_id:
            given["conversation_id"] = self.by.conversation_id
        if self.order_id is None:
            self.history.note(detail["folio"], self.now, self.by.name, what, given)
        else:
            self.cases.note(self.order_id, self.now, self.by.name, what, given)


class SqlLedger:
    """Does each confirmed write once."""

    def __init__(self, units: SqlUnits, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def _once(
        self,
        confirmation: Confirmation,
        number: str | None,
        do: Callable[[Work], str],
        read: Callable[[SqlUnitOfWork, str], Result],
    ) -> Result:
        """Do something to an order, or find what was done under the same key before.

        Args:
            number: The order's; None when there is none.
            do: Makes the change and returns what its result is called.
            read: The result, by that name.

        Raises:
            NotFound, Invalid, Conflict: and whatever `do` refuses with; nothing was written.
        """
        if not 0 < len(confirmation.key) <= LONGEST_KEY:
            raise Invalid(f"a key has 1 to {LONGEST_KEY} characters")
        try:
            return self._attempt(confirmation, number, do, read)
        except IntegrityError:
            pass  # somebody used the key meanwhile, without the same order to wait for: it is there now
        try:
            return self._attempt(confirmation, number, do, read)
        except IntegrityError as error:
            raise Invalid("it names something that does not exist") from error

    def _attempt(
        self,
        confirmation: Confirmation,
        number: str | None,
        do: Callable[[Work], str],
        read: Callable[[SqlUnitOfWork, str], Result],
    ) -> Result:
        with self._units.writing() as unit:
            held = unit.cases.hold(number) if number is not None else None
            if number is not None and held is None:
                raise NotFound(number)
            before = unit.cases.action(confirmation.key)
            if before is not None:
                if (before.kind, before.request) != (confirmation.kind, confirmation.digest):
                    raise Conflict(confirmation.key)
                return read(unit, before.result_ref)
            order_id, order = held or (None, None)
            now = self._clock.now()
            work = Work(unit.cases, unit.case_history, now, confirmation.by, order_id, order)
            result_ref = do(work)
            unit.cases.keep_action(
                OrderActionRow(
                    key=confirmation.key,
                    order_id=order_id,
                    kind=confirmation.kind,
                    request=confirmation.digest,
                    result_ref=result_ref,
                    at=work.now,
                )
            )
            result = read(unit, result_ref)
            unit.commit()
        return result

    def _case(self, folio: str) -> FoundCase:
        """A case, to learn which order is to be held for it."""
        with self._units.reading() as unit:
            found = unit.cases.find(folio)
        if found is None:
            raise NotFound(folio)
        return found
