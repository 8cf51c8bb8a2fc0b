from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.money import Money
from bot.domain.orders import (
    OrderStatus,
    Payment,
    PaymentStatus,
    Progress,
    Shipment,
    ShipmentStatus,
    ShippedLine,
    bare_number,
    number_without_prefix,
    zone_of,
)
from tests.sample_orders import a_customer, a_line, a_shipment, an_address, an_order

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)


# --- numbers and owners --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("A-10234", "A10234"),
        ("#w2378156", "W2378156"),
        (" es 2024/000981 ", "ES2024000981"),
        ("７７８８１２", "778812"),
        ("#", ""),
        ("\ud800\0", ""),
    ],
)
def test_an_order_number_compares_by_its_letters_and_digits(typed: str, bare: str) -> None:
    assert bare_number(typed) == bare


@pytest.mark.parametrize(
    "fact",
    ["ana.gil@example.com", " Ana.Gil@Example.COM ", "C1123AAR", "c1123 aar", "c1123-aar", "28013"],
)
def test_the_e_mail_or_a_postcode_of_the_order_is_a_second_fact(fact: str) -> None:
    order = an_order(shipping_address=an_address(postal_code="C1123AAR"))
    assert order.belongs_to(fact)


@pytest.mark.parametrize(
    "fact", ["", " ", "-", "@", "ana.gil@example.co", "gil@example.com", "2801", "280133", "A-1001"]
)
def test_anything_else_is_not(fact: str) -> None:
    assert not an_order().belongs_to(fact)


def test_a_blank_postcode_of_the_backend_opens_nothing() -> None:
    address = an_address(postal_code="")
    order = an_order(shipping_address=address, customer=a_customer(address=address))
    assert not order.belongs_to("")
    assert not order.belongs_to(" - ")


# --- sums ----------------------------------------------------------------------------------------


def test_the_total_is_what_the_lines_cost() -> None:
    order = an_order(lines=(a_line(price="89.90"), a_line("TAZ-1", 2, "4.50")))
    assert order.total == Money(9890, "EUR")


def test_only_refunds_count_as_refunded() -> None:
    paid = Payment("credit_card", Money(1000, "EUR"))
    back = Payment("credit_card", Money(250, "EUR"), kind="refund")
    assert an_order(payments=(paid, back, back)).refunded == Money(500, "EUR")
    assert an_order(payments=(paid,)).refunded == Money(0, "EUR")


# --- progress without a shipment -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "payment_status", "progress"),
    [
        (OrderStatus.OPEN, PaymentStatus.PENDING, Progress.PAYMENT_PENDING),
        (OrderStatus.OPEN, PaymentStatus.FAILED, Progress.PAYMENT_FAILED),
        (OrderStatus.OPEN, PaymentStatus.AUTHORIZED, Progress.PREPARING),
        (OrderStatus.OPEN, PaymentStatus.PAID, Progress.PREPARING),
        (OrderStatus.OPEN, PaymentStatus.PARTIALLY_REFUNDED, Progress.PREPARING),
        (OrderStatus.OPEN, PaymentStatus.REFUNDED, Progress.REFUNDED),
        (OrderStatus.COMPLETED, PaymentStatus.PAID, Progress.COMPLETED),
        (OrderStatus.CANCELLED, PaymentStatus.PAID, Progress.CANCELLED),
        (OrderStatus.CANCELLED, PaymentStatus.FAILED, Progress.CANCELLED),
        (OrderStatus.CANCELLED, PaymentStatus.PARTIALLY_REFUNDED, Progress.CANCELLED),
        (OrderStatus.CANCELLED, PaymentStatus.REFUNDED, Progress.CANCELLED_REFUNDED),
    ],
)
def test_without_a_shipment_the_order_and_its_payment_decide(
    status: OrderStatus, payment_status: PaymentStatus, progress: Progress
) -> None:
    assert an_order(status=status, payment_status=payment_status).progress(NOW) is progress


def test_a_cancelled_order_is_cancelled_whatever_its_parcel_says() -> None:
    order = an_order(status=OrderStatus.CANCELLED, shipments=(a_shipment(),))
    assert order.progress(NOW) is Progress.CANCELLED


# --- progress with shipments ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        (ShipmentStatus.PENDING, Progress.HANDED_TO_CARRIER),
        (ShipmentStatus.INFO_RECEIVED, Progress.HANDED_TO_CARRIER),
        (ShipmentStatus.IN_TRANSIT, Progress.IN_TRANSIT),
        (ShipmentStatus.OUT_FOR_DELIVERY, Progress.OUT_FOR_DELIVERY),
        (ShipmentStatus.ATTEMPT_FAIL, Progress.ATTEMPT_FAIL),
        (ShipmentStatus.AVAILABLE_FOR_PICKUP, Progress.AVAILABLE_FOR_PICKUP),
        (ShipmentStatus.EXCEPTION, Progress.EXCEPTION),
        (ShipmentStatus.EXPIRED, Progress.EXPIRED),
        (ShipmentStatus.UNKNOWN, Progress.UNKNOWN),
        (ShipmentStatus.DELIVERED, Progress.DELIVERED),
    ],
)
def test_every_state_of_a_parcel_has_its_progress(
    status: ShipmentStatus, progress: Progress
) -> None:
    assert an_order(shipments=(a_shipment(status),)).progress(NOW) is progress


def test_a_parcel_is_late_from_the_day_after_the_estimated_one() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    parcel = a_shipment(estimated_delivery=datetime(2026, 11, 10, 20, tzinfo=madrid))
    order = an_order(shipments=(parcel,))
    assert order.progress(datetime(2026, 11, 10, 23, 59, tzinfo=madrid)) is Progress.IN_TRANSIT
    assert order.progress(datetime(2026, 11, 11, 0, 0, tzinfo=madrid)) is Progress.LATE


def test_late_is_judged_by_the_customers_calendar() -> None:
    # The same instants: in Madrid the estimated day is over, in Buenos Aires and Mexico it is not.
    parcel = a_shipment(estimated_delivery=datetime(2026, 11, 10, 18, tzinfo=UTC))
    now = datetime(2026, 11, 11, 1, tzinfo=UTC)
    progress = {
        country: an_order(country=country, shipments=(parcel,)).progress(now)
        for country in ("ES", "AR", "MX")
    }
    assert progress == {
        "ES": Progress.LATE,
        "AR": Progress.IN_TRANSIT,
        "MX": Progress.IN_TRANSIT,
    }


def test_an_estimate_just_after_midnight_in_utc_is_the_evening_before_in_america() -> None:
    parcel = a_shipment(estimated_delivery=datetime(2026, 11, 10, 1, tzinfo=UTC))
    assert parcel.is_late(date(2026, 11, 10), zone_of("CO"))
    assert not parcel.is_late(date(2026, 11, 10), zone_of("ES"))


def test_without_an_estimate_nothing_is_late() -> None:
    parcel = a_shipment(shipped_at=NOW - timedelta(days=90))
    assert an_order(shipments=(parcel,)).progress(NOW) is Progress.IN_TRANSIT


def test_a_delivered_parcel_is_never_late() -> None:
    parcel = a_shipment(ShipmentStatus.DELIVERED, estimated_delivery=YESTERDAY)
    assert an_order(shipments=(parcel,)).progress(NOW) is Progress.DELIVERED


def test_an_unknown_country_counts_days_in_utc() -> None:
    assert zone_of("ZZ") == ZoneInfo("UTC")


# --- several parcels -----------------------------------------------------------------------------

TWO_LINES = (a_line("CAF-1"), a_line("TAZ-1", 2))


def parcel_with(
    *contents: tuple[str, int], status: ShipmentStatus = ShipmentStatus.IN_TRANSIT
) -> Shipment:
    return a_shipment(status, lines=tuple(ShippedLine(*content) for content in contents))


def test_an_order_is_partly_shipped_while_a_line_stays_behind() -> None:
    order = an_order(lines=TWO_LINES, shipments=(parcel_with(("CAF-1", 1)),))
    assert order.progress(NOW) is Progress.PARTLY_SHIPPED
    assert [line.sku for line in order.lines_not_shipped()] == ["TAZ-1"]


def test_half_a_line_stays_behind_too() -> None:
    order = an_order(lines=TWO_LINES, shipments=(parcel_with(("CAF-1", 1), ("TAZ-1", 1)),))
    assert [line.sku for line in order.lines_not_shipped()] == ["TAZ-1"]


def test_the_same_article_in_two_lines_needs_both_to_be_shipped() -> None:
    lines = (a_line("TAZ-1", 1), a_line("TAZ-1", 1))
    one_gone = an_order(lines=lines, shipments=(parcel_with(("TAZ-1", 1)),))
    both_gone = an_order(lines=lines, shipments=(parcel_with(("TAZ-1", 2)),))
    assert len(one_gone.lines_not_shipped()) == 1
    assert both_gone.lines_not_shipped() == ()


def test_a_parcel_that_has_not_left_carries_nothing_yet() -> None:
    gone = parcel_with(("CAF-1", 1))
    waiting = parcel_with(("TAZ-1", 2), status=ShipmentStatus.INFO_RECEIVED)
    order = an_order(lines=TWO_LINES, shipments=(gone, waiting))
    assert order.progress(NOW) is Progress.PARTLY_SHIPPED


def test_a_delivered_parcel_with_the_rest_still_to_come_is_partly_delivered() -> None:
    arrived = parcel_with(("CAF-1", 1), status=ShipmentStatus.DELIVERED)
    order = an_order(lines=TWO_LINES, shipments=(arrived,))
    assert order.progress(NOW) is Progress.PARTLY_DELIVERED


def test_an_order_is_delivered_when_all_its_parcels_are() -> None:
    parcels = (
        parcel_with(("CAF-1", 1), status=ShipmentStatus.DELIVERED),
        parcel_with(("TAZ-1", 2), status=ShipmentStatus.DELIVERED),
    )
    assert an_order(lines=TWO_LINES, shipments=parcels).progress(NOW) is Progress.DELIVERED


def test_what_a_parcel_does_not_say_is_not_made_up() -> None:
    one = an_order(lines=TWO_LINES, shipments=(a_shipment(),))
    two = an_order(lines=TWO_LINES, shipments=(a_shipment(), a_shipment()))
    assert one.lines_of(one.shipments[0]) == TWO_LINES
    assert two.lines_of(two.shipments[0]) == ()
    assert one.lines_not_shipped() == two.lines_not_shipped() == ()


def test_the_parcel_in_question_is_the_one_that_has_not_arrived() -> None:
    arrived = a_shipment(ShipmentStatus.DELIVERED, delivered_at=YESTERDAY)
    underway = a_shipment(shipped_at=NOW - timedelta(days=5))
    waiting = a_shipment(ShipmentStatus.PENDING)
    assert an_order(shipments=(underway, arrived, waiting)).current_shipment(NOW) is underway
    assert an_order(shipments=(arrived, waiting)).current_shipment(NOW) is waiting
    assert an_order(shipments=(arrived,)).current_shipment(NOW) is arrived
    assert an_order().current_shipment(NOW) is None


@pytest.mark.parametrize(
    ("number", "typed"), [("A-10234", "10234"), ("#W2611340", "2611340"), ("778812", "778812")]
)
def test_the_letters_before_a_number_may_be_left_out(number: str, typed: str) -> None:
    assert number_without_prefix(number) == typed
