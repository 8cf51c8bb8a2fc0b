"""What was understood of an answer: lines of an order, an address; frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.orders import Address


@dataclass(frozen=True, slots=True)
class LinesSaid:
    """Which lines of an order a text names.

    `chosen` holds how many units of each position; a line whose quantity was not said counts whole
    and is named in `quantity_open` when it holds several. `excluded` are the positions that the
    customer does not mean ("la taza no"), `fine` those among them that are as they should be. `ambiguous` are positions that the words fit without
    telling them apart. `all` says that the whole order is meant.
    """

    chosen: Mapping[int, int] = field(default_factory=dict)
    ambiguous: tuple[int, ...] = ()
    all: bool = False
    excluded: tuple[int, ...] = ()
    quantity_open: tuple[int, ...] = ()
    fine: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the text names no line at all."""
        return not (self.chosen or self.ambiguous or self.excluded)


class DeliveryWish(StrEnum):
    """What is wanted of a delivery beside another address."""

    TIME = "time"  # another day or hour
    PICKUP = "pickup"  # to fetch it somewhere
    RECIPIENT = "recipient"  # somebody else receives it


@dataclass(frozen=True, slots=True)
class AddressSaid:
    """The parts of an address that a text holds, as the customer wrote them."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None

    @property
    def empty(self) -> bool:
        """Whether the text holds no part of an address."""
        return not any((self.line1, self.line2, self.city, self.region, self.postal_code))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is lacking before the parcel could go there.

        Another street or city needs all three; a floor or a postcode alone corrects the address
        that the order has.
        """
        if not self.empty and not self.line1 and not self.city:
            return ()
        parts = {"line1": self.line1, "city": self.city, "postal_code": self.postal_code}
        return tuple(name for name, part in parts.items() if not part)

    def completed_by(self, later: "AddressSaid") -> "AddressSaid":
        """Both answers together; what was said later counts."""
        return AddressSaid(
            line1=later.line1 or self.line1,
            # a new street does not keep the floor of the old one
            line2=later.line2 or (None if later.line1 else self.line2),
            city=later.city or self.city,
            region=later.region or (None if later.city else self.region),
            postal_code=later.postal_code or self.postal_code,
        )

    def applied_to(self, current: Address) -> Address:
        """The order's address with what was said in its place; name and country stay."""
        moves = self.line1 is not None
        return replace(
            current,
            line1=self.line1 or current.line1,
            line2=self.line2 or (None if moves else current.line2),
            city=self.city or current.city,
            region=self.region or (None if self.city else current.region),
            postal_code=self.postal_code or current.postal_code,
        )
