from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.last_import import merged, said
from bot.domain.money import Money
from bot.domain.orders import OrderStatus, PaymentStatus, Product
from tests.sample_orders import a_line, an_address, an_order

ORDER = an_order()
PRODUCT = Product("CAF-1", "Cafetera", "electro", stock=5, warranty_months=36)


def test_saying_the_same_again_changes_nothing() -> None:
    present = replace(ORDER, status=OrderStatus.CANCELLED, shipping_address=an_address(city="Vigo"))
    assert merged(present, said(ORDER), ORDER) == present


def test_only_what_is_said_anew_is_applied() -> None:
    present = replace(ORDER, shipping_address=an_address(city="Vigo"))
    news = replace(ORDER, payment_status=PaymentStatus.REFUNDED)
    after = merged(present, said(ORDER), news)
    assert after == replace(present, payment_status=PaymentStatus.REFUNDED)


def test_what_nobody_knows_to_have_been_said_before_is_new() -> None:
    present = replace(ORDER, status=OrderStatus.CANCELLED)
    assert merged(present, {}, ORDER) == ORDER


def test_what_is_no_longer_said_is_gone() -> None:
    silent = replace(PRODUCT, stock=None, warranty_months=None)
    assert merged(PRODUCT, said(PRODUCT), silent) == silent


def test_a_stock_counted_down_stays_so_until_the_shop_counts_again() -> None:
    present = replace(PRODUCT, stock=4)
    assert merged(present, said(PRODUCT), PRODUCT).stock == 4
    assert merged(present, said(PRODUCT), replace(PRODUCT, stock=9)).stock == 9


def test_another_currency_makes_other_amounts() -> None:
    dollars = replace(
        ORDER, currency="USD", lines=(replace(a_line(), unit_price=Money(1000, "USD")),)
    )
    assert merged(ORDER, said(ORDER), dollars) == dollars


def test_nothing_personal_is_kept_of_what_was_said() -> None:
    kept = " ".join(said(ORDER).values())
    assert "Ana" not in kept
    assert "Mayor" not in kept


@given(st.sampled_from(OrderStatus), st.sampled_from(OrderStatus), st.sampled_from(OrderStatus))
def test_the_file_decides_only_when_it_changes_its_mind(
    before: OrderStatus, ours: OrderStatus, now: OrderStatus
) -> None:
    after = merged(
        replace(ORDER, status=ours),
        said(replace(ORDER, status=before)),
        replace(ORDER, status=now),
    )
    assert after.status is (ours if before is now else now)
