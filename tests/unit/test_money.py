from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.34", "EUR", 1234),
        ("12", "EUR", 1200),
        ("0.005", "EUR", 1),
        ("150.9475", "USD", 15095),
        ("19990", "PYG", 19990),
        ("39900000", "COP", 3_990_000_000),
    ],
)
def test_an_amount_is_read_into_the_currencys_minor_units(
    amount: str, currency: str, minor: int
) -> None:
    assert Money.parse(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize("amount", ["", "twelve", "NaN", "Infinity", "12,34"])
def test_what_is_not_a_finite_number_is_refused(amount: str) -> None:
    with pytest.raises(ArithmeticError):
        Money.parse(amount, "EUR")


@given(st.integers(0, 10**15), st.sampled_from(["EUR", "MXN", "PYG"]))
def test_an_amount_survives_being_written_and_read(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(str(money), currency) == money


def test_an_amount_is_written_with_all_the_decimals_of_its_currency() -> None:
    assert str(Money(1200, "EUR")) == "12.00"
    assert str(Money(0, "EUR")) == "0.00"
    assert str(Money(1200, "PYG")) == "1200"
    assert Money(1234, "EUR").amount == Decimal("12.34")


def test_amounts_of_one_currency_add_up_and_multiply() -> None:
    assert Money(150, "EUR") + Money(50, "EUR") * 3 == Money(300, "EUR")


def test_amounts_of_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "EUR") + Money(1, "MXN")
