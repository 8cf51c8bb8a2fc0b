"""Money as whole minor units of one currency: no floats, no rounding by surprise."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

# Minor digits where ISO 4217 differs from two. The Chilean peso has none by the standard, but
# engines write it with cents ("47.84"): it keeps two here, so that nothing imported is rounded.
_MINOR_DIGITS = {"PYG": 0, "UYI": 0, "JPY": 0}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (céntimos) of an ISO 4217 currency."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str | Decimal, currency: str) -> Self:
        """Read a decimal amount in major units, rounding half up to the currency's minor unit.

        Raises:
            ArithmeticError: `amount` is not a finite decimal number.
        """
        value = Decimal(amount)
        if not value.is_finite():
            raise ArithmeticError(f"not a finite amount: {amount}")
        step = Decimal(1).scaleb(-cls._digits(currency))
        return cls(int(value.quantize(step, ROUND_HALF_UP).scaleb(cls._digits(currency))), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(self.minor).scaleb(-self._digits(self.currency))

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.minor * quantity, self.currency)

    def __str__(self) -> str:
        return str(self.amount)

    @staticmethod
    def _digits(currency: str) -> int:
        return _MINOR_DIGITS.get(currency, 2)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
