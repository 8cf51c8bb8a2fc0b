"""Rights over a line of an order: which, until when, who pays, and why not."""

from datetime import date, timedelta

import pytest

from bot.domain.money import Money
from bot.domain.orders import (
    Condition,
    OrderStatus,
    PaymentStatus,
    Product,
    ShipmentEvent,
    ShipmentStatus,
)
from bot.domain.policies import CompensationReason, Outcome, Payer, Remedy
from bot.domain.rights import (
    LineRights,
    Right,
    RightKind,
    WhyNot,
    compensation_for,
    complaint_due,
    delivery_due,
    enquiry_due,
    facts_of,
    line_rights,
    refund_due,
)
from tests.sample_lines import instant, line_facts, order_of, parcel, shipped_policy

ARRIVED = date(2026, 6, 10)
CUP = Product("TAZ-1", "Taza", "hogar")


def rights(
    today: date, country: str = "ES", arrived: date | None = ARRIVED, **line: object
) -> LineRights:
    return line_rights(line_facts(arrived, **line), shipped_policy(country), today)


def after(days: int) -> date:
    return ARRIVED + timedelta(days=days)


def shown(right: Right) -> str:
    return "open" if right.open else str(right.why_not)


# --- Withdrawal -----------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "state"), [(0, "open"), (14, "open"), (15, "window_closed")])
def test_withdrawal_is_open_for_fourteen_days_in_spain(days: int, state: str) -> None:
    assert shown(rights(after(days)).withdrawal) == state


def test_a_closed_withdrawal_says_on_which_day_it_ended() -> None:
    assert rights(after(40)).withdrawal.until == after(14)


@pytest.mark.parametrize(
    ("country", "payer"),
    [("ES", Payer.CUSTOMER), ("AR", Payer.SELLER), ("CO", Payer.CUSTOMER), ("MX", Payer.CUSTOMER)],
)
def test_who_pays_the_return_of_a_withdrawal_is_the_countrys_law(
    country: str, payer: Payer
) -> None:
    assert rights(after(1), country).withdrawal.return_paid_by is payer


def test_five_business_days_step_over_a_mexican_holiday() -> None:
    # Delivered on a Thursday; Wednesday the 16th is Independence Day.
    withdrawal = rights(date(2026, 9, 18), "MX", date(2026, 9, 10)).withdrawal

    assert withdrawal.until == date(2026, 9, 18)


def test_peru_knows_no_withdrawal() -> None:
    assert shown(rights(after(1), "PE").withdrawal) == "no_such_right"


def test_a_country_without_a_file_has_no_withdrawal_either() -> None:
    assert shown(rights(after(1), "UY").withdrawal) == "no_such_right"


@pytest.mark.parametrize(
    ("line", "why_not"),
    [
        ({"returnable": False}, WhyNot.NOT_RETURNABLE),
        ({"category": "Personalizados"}, WhyNot.EXCLUDED_CATEGORY),
        ({"condition": Condition.DIGITAL, "digital_opened": True}, WhyNot.DIGITAL_OPENED),
        ({"cancelled": True}, WhyNot.ORDER_CANCELLED),
        ({"delivery_unknown": True, "delivered_on": None}, WhyNot.DELIVERY_UNKNOWN),
        ({"delivered_on": None}, WhyNot.NOT_DELIVERED),
    ],
)
def test_withdrawal_says_why_not(line: dict[str, object], why_not: WhyNot) -> None:
    assert (
        line_rights(
            line_facts(**{"delivered_on": ARRIVED, **line}), shipped_policy("ES"), after(1)
        ).withdrawal.why_not
        is why_not
    )


def test_an_excluded_category_names_the_article_of_its_exception() -> None:
    assert rights(after(1), category="prensa").withdrawal.article == "art. 103.j TRLGDCU"


def test_digital_content_that_was_not_opened_can_be_given_back() -> None:
    assert rights(after(1), condition=Condition.DIGITAL).withdrawal.open


def test_while_parts_are_outstanding_what_arrived_can_be_given_back() -> None:
    assert rights(after(100), parts_outstanding=True).withdrawal.open


def test_while_parts_are_outstanding_no_day_ends_the_withdrawal() -> None:
    assert rights(after(1), parts_outstanding=True).withdrawal.until is None


def test_the_withdrawal_counts_from_the_last_good_of_the_order() -> None:
    assert rights(after(1), order_delivered_on=after(5)).withdrawal.until == after(19)


# --- The shop's courtesy, and the best of both ------------------------------------------------


@pytest.mark.parametrize(("days", "state"), [(30, "open"), (31, "window_closed")])
@pytest.mark.parametrize("country", ["ES", "MX", "PE", "UY"])
def test_the_courtesy_lasts_thirty_days_everywhere(country: str, days: int, state: str) -> None:
    assert shown(rights(after(days), country).courtesy) == state


def test_a_courtesy_return_is_paid_by_the_customer_and_an_exchange_is_not() -> None:
    courtesy = rights(after(20)).courtesy

    assert (courtesy.return_paid_by, courtesy.exchange_paid_by) == (Payer.CUSTOMER, Payer.SELLER)


def test_a_courtesy_return_may_end_in_store_credit() -> None:
    assert Outcome.STORE_CREDIT in rights(after(20)).courtesy.outcomes


def test_a_withdrawal_ends_in_money() -> None:
    assert rights(after(2)).withdrawal.outcomes == (Outcome.REFUND,)


@pytest.mark.parametrize(
    ("days", "kind"),
    [(14, RightKind.WITHDRAWAL), (15, RightKind.COURTESY), (30, RightKind.COURTESY)],
)
def test_the_right_of_the_law_goes_before_the_courtesy(days: int, kind: RightKind) -> None:
    assert rights(after(days)).best_for_return.kind is kind


def test_when_both_have_ended_the_later_day_is_told() -> None:
    assert rights(after(31)).best_for_return.until == after(30)


def test_where_no_law_gives_a_return_the_shops_reason_is_told() -> None:
    assert shown(rights(after(31), "PE").best_for_return) == "window_closed"


def test_what_cannot_be_returned_says_so_by_the_law() -> None:
    assert rights(after(1), returnable=False).best_for_return.article == "art. 103 TRLGDCU"


# --- Guarantee ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purchased", "today", "state"),
    [
        ("2021-12-31", "2023-12-31", "open"),
        ("2021-12-31", "2024-01-01", "window_closed"),
        ("2022-01-01", "2025-01-01", "open"),
        ("2022-01-01", "2025-01-02", "window_closed"),
    ],
)
def test_the_guarantee_is_the_one_of_the_day_of_purchase(
    purchased: str, today: str, state: str
) -> None:
    guarantee = rights(date.fromisoformat(today), arrived=date.fromisoformat(purchased)).guarantee

    assert shown(guarantee) == state


def test_a_purchase_of_2021_delivered_in_2022_keeps_the_old_term() -> None:
    bought, arrived = date(2021, 12, 30), date(2022, 1, 4)

    assert rights(arrived, arrived=arrived, purchased_on=bought).guarantee.until == date(2024, 1, 4)


@pytest.mark.parametrize(
    ("condition", "months", "until"),
    [
        (Condition.NEW, None, "2029-06-10"),
        (Condition.NEW, 12, "2029-06-10"),  # a promise shorter than the law does not count
        (Condition.NEW, 60, "2031-06-10"),
        (Condition.DIGITAL, None, "2028-06-10"),
        (Condition.SECOND_HAND, None, "2029-06-10"),  # nothing was agreed
        (Condition.SECOND_HAND, 12, "2027-06-10"),
        (Condition.SECOND_HAND, 18, "2027-12-10"),
        (Condition.SECOND_HAND, 6, "2027-06-10"),  # nobody may agree on less than a year
        (Condition.SECOND_HAND, 48, "2030-06-10"),
    ],
)
def test_the_guarantee_lasts_as_law_and_shop_say(
    condition: Condition, months: int | None, until: str
) -> None:
    guarantee = rights(after(1), condition=condition, warranty_months=months).guarantee

    assert guarantee.until == date.fromisoformat(until)


def test_a_defect_counts_as_there_from_the_beginning_for_two_years() -> None:
    assert rights(after(1)).guarantee.presumed_until == date(2028, 6, 10)


def test_the_presumption_does_not_outlast_an_agreed_guarantee() -> None:
    guarantee = rights(after(1), condition=Condition.SECOND_HAND, warranty_months=12).guarantee

    assert guarantee.presumed_until == guarantee.until


def test_the_customer_chooses_between_repair_and_replacement_first() -> None:
    guarantee = rights(after(1)).guarantee

    assert guarantee.remedies_at_once == (Remedy.REPAIR, Remedy.REPLACEMENT)


def test_the_seller_pays_the_transport_of_a_repair() -> None:
    assert rights(after(1)).guarantee.return_paid_by is Payer.SELLER


def test_beyond_the_law_the_guarantee_is_the_shops_promise() -> None:
    guarantee = rights(date(2030, 1, 1), warranty_months=60).guarantee

    assert guarantee.article == "garantía comercial de la tienda"


def test_a_delivery_without_a_day_leaves_what_is_open_from_the_purchase() -> None:
    guarantee = rights(
        after(300), arrived=None, purchased_on=ARRIVED, delivery_unknown=True
    ).guarantee

    assert guarantee.open


def test_a_delivery_without_a_day_leaves_the_rest_to_a_person() -> None:
    guarantee = rights(
        after(1200), arrived=None, purchased_on=ARRIVED, delivery_unknown=True
    ).guarantee

    assert shown(guarantee) == "delivery_unknown"


def test_a_law_without_a_fixed_term_leaves_it_to_a_person() -> None:
    assert shown(rights(after(1), "PE").guarantee) == "rule_unknown"


def test_the_shops_own_guarantee_holds_where_the_law_fixes_none() -> None:
    assert rights(after(1), "PE", warranty_months=12).guarantee.until == date(2027, 6, 10)


def test_a_chilean_customer_chooses_among_three() -> None:
    assert len(rights(after(1), "CL").guarantee.remedies_at_once) == 3


def test_an_article_nobody_may_return_keeps_its_guarantee() -> None:
    assert rights(after(40), returnable=False).guarantee.open


# --- Facts of an order ------------------------------------------------------------------------


@pytest.mark.parametrize(("country", "day"), [("ES", 11), ("MX", 10)])
def test_the_day_of_delivery_is_the_customers(country: str, day: int) -> None:
    order = order_of("TAZ-1", parcel("2026-06-10T23:30"), country=country)

    assert facts_of(order, 0, CUP).delivered_on == date(2026, 6, day)


def test_the_day_of_purchase_is_the_customers() -> None:
    order = order_of("TAZ-1", placed="2021-12-31T23:30")

    assert facts_of(order, 0, CUP).purchased_on == date(2022, 1, 1)


def test_in_mexico_half_past_two_at_night_in_utc_is_the_day_before() -> None:
    order = order_of("TAZ-1", parcel("2026-06-10T02:30"), country="MX")

    assert facts_of(order, 0, CUP).delivered_on == date(2026, 6, 9)


def test_a_delivered_part_has_its_day_while_the_rest_travels() -> None:
    order = order_of("TAZ-1 CAF-1", parcel("2026-06-10T10:00", "TAZ-1"), parcel(None, "CAF-1"))

    facts = facts_of(order, 0, CUP)
    assert (facts.delivered_on, facts.parts_outstanding) == (date(2026, 6, 10), True)


def test_a_part_that_travels_is_not_delivered() -> None:
    order = order_of("TAZ-1 CAF-1", parcel("2026-06-10T10:00", "TAZ-1"), parcel(None, "CAF-1"))

    rights_of_it = line_rights(facts_of(order, 1, None), shipped_policy("ES"), after(1))
    assert shown(rights_of_it.withdrawal) == "not_delivered"


def test_a_part_that_has_not_left_is_outstanding() -> None:
    order = order_of("TAZ-1 CAF-1", parcel("2026-06-10T10:00", "TAZ-1"))

    assert facts_of(order, 0, CUP).parts_outstanding


def test_a_download_in_the_order_is_not_waited_for() -> None:
    order = order_of("TAZ-1 LIB-1", parcel("2026-06-10T10:00", "TAZ-1"))
    book = Product("LIB-1", "Libro", "libros", condition=Condition.DIGITAL)

    assert not facts_of(order, 0, CUP, {"LIB-1": book}).parts_outstanding


def test_what_a_completed_order_did_not_send_will_not_come() -> None:
    order = order_of(
        "TAZ-1 CAF-1", parcel("2026-06-10T10:00", "TAZ-1"), status=OrderStatus.COMPLETED
    )

    assert not facts_of(order, 0, CUP).parts_outstanding


def test_the_last_part_starts_the_withdrawal_of_the_first() -> None:
    order = order_of(
        "TAZ-1 CAF-1",
        parcel("2026-06-10T10:00", "TAZ-1"),
        parcel("2026-06-20T10:00", "CAF-1"),
    )

    assert facts_of(order, 0, CUP).withdrawal_starts_on == date(2026, 6, 20)


def test_the_last_part_does_not_move_the_guarantee_of_the_first() -> None:
    order = order_of(
        "TAZ-1 CAF-1",
        parcel("2026-06-10T10:00", "TAZ-1"),
        parcel("2026-06-20T10:00", "CAF-1"),
    )

    assert facts_of(order, 0, CUP).delivered_on == date(2026, 6, 10)


def test_a_completed_order_without_parcels_has_an_unknown_delivery() -> None:
    order = order_of("TAZ-1", status=OrderStatus.COMPLETED)

    assert facts_of(order, 0, CUP).delivery_unknown


def test_a_carrier_that_tells_nothing_leaves_the_delivery_unknown() -> None:
    order = order_of("TAZ-1", parcel(None, status=ShipmentStatus.UNKNOWN))

    assert facts_of(order, 0, CUP).delivery_unknown


def test_a_sealed_parcel_of_several_may_hold_the_line() -> None:
    order = order_of("TAZ-1 CAF-1", parcel("2026-06-10T10:00"), parcel(None))

    assert facts_of(order, 0, CUP).delivery_unknown


def test_a_delivery_without_a_time_is_read_from_the_carriers_events() -> None:
    event = ShipmentEvent(instant("2026-06-10T10:00"), ShipmentStatus.DELIVERED)
    order = order_of("TAZ-1", parcel("2026-06-10T10:00", delivered_at=None, events=(event,)))

    assert facts_of(order, 0, CUP).delivered_on == date(2026, 6, 10)


def test_an_order_on_its_way_is_not_delivered() -> None:
    order = order_of("TAZ-1", parcel(None))

    assert not facts_of(order, 0, CUP).delivery_unknown


def test_a_download_is_delivered_when_it_is_bought() -> None:
    book = Product("LIB-1", "Libro", "libros", condition=Condition.DIGITAL)

    assert facts_of(order_of("LIB-1"), 0, book).delivered_on == date(2026, 6, 1)


def test_a_download_that_was_not_paid_is_not_delivered() -> None:
    book = Product("LIB-1", "Libro", "libros", condition=Condition.DIGITAL)
    order = order_of("LIB-1", payment_status=PaymentStatus.PENDING)

    assert facts_of(order, 0, book).delivered_on is None


def test_a_cancelled_order_has_cancelled_lines() -> None:
    assert facts_of(order_of("TAZ-1", status=OrderStatus.CANCELLED), 0, CUP).cancelled


def test_an_order_without_that_line_is_an_error() -> None:
    with pytest.raises(IndexError):
        facts_of(order_of("TAZ-1"), 1, CUP)


# --- Deadlines of the shop ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "due"),
    [("ES", 14), ("CL", 45), ("CO", 15), ("AR", 14), ("UY", 14)],
)
def test_the_money_of_a_withdrawal_is_due(country: str, due: int) -> None:
    assert refund_due(shipped_policy(country), RightKind.WITHDRAWAL, ARRIVED, None) == after(due)


def test_the_rule_of_the_purchase_says_when_money_is_due() -> None:
    policy, bought = shipped_policy("CO"), date(2024, 12, 18)

    due = refund_due(policy, RightKind.WITHDRAWAL, date(2024, 12, 20), None, purchased_on=bought)
    assert due == date(2025, 1, 19)


def test_a_complaint_is_answered_within_fifteen_business_days() -> None:
    assert complaint_due(shipped_policy("ES"), date(2026, 12, 4), "Madrid") == date(2026, 12, 30)


def test_andalusia_asks_for_an_earlier_answer() -> None:
    assert complaint_due(shipped_policy("ES"), date(2026, 11, 2), "Sevilla") == date(2026, 11, 16)


def test_an_enquiry_with_the_carrier_is_answered_within_three_business_days() -> None:
    assert enquiry_due(shipped_policy("ES"), date(2026, 11, 20), None) == date(2026, 11, 25)


def test_spain_gives_a_shop_thirty_days_to_deliver() -> None:
    assert delivery_due(shipped_policy("ES"), ARRIVED, None) == after(30)


def test_where_no_law_says_it_no_day_of_delivery_is_claimed() -> None:
    assert delivery_due(shipped_policy("UY"), ARRIVED, None) is None


@pytest.mark.parametrize(
    ("reason", "total", "days_late", "given"),
    [
        (CompensationReason.LATE_DELIVERY, "50.00", 3, "5.00"),
        (CompensationReason.LATE_DELIVERY, "50.00", 2, None),
        (CompensationReason.LATE_DELIVERY, "50.00", None, None),
        (CompensationReason.DAMAGED, "50.00", None, "5.00"),
        (CompensationReason.DAMAGED, "1000.00", None, "20.00"),
        (CompensationReason.DAMAGED, "0.15", None, "0.02"),
        (CompensationReason.DAMAGED, "0.00", None, None),
    ],
)
def test_a_compensation_is_a_share_of_the_order_up_to_a_maximum(
    reason: CompensationReason, total: str, days_late: int | None, given: str | None
) -> None:
    amount = compensation_for(shipped_policy("ES"), reason, Money.parse(total, "EUR"), days_late)

    assert amount == (Money.parse(given, "EUR") if given else None)


def test_a_currency_without_a_maximum_is_left_to_a_person() -> None:
    total = Money.parse("100", "USD")

    assert compensation_for(shipped_policy("ES"), CompensationReason.DAMAGED, total, None) is None
