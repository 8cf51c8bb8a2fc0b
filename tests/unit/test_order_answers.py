"""What is told of an order: nothing that the backend does not say, and nothing that has passed."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.wording import Wording
from bot.adapters.yaml_file import read_yaml
from bot.domain.carriers import Carriers
from bot.domain.money import Money
from bot.domain.orders import (
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Progress,
    Shipment,
    ShipmentStatus,
    ShippedLine,
)
from bot.services.journeys.order_answers import OrderAnswers, needs_a_person
from bot.services.journeys.steps import Say
from bot.services.order_status import summarise
from bot.settings import PROJECT_ROOT
from tests.fakes.service_house import the_voice
from tests.sample_orders import a_line, a_shipment, an_order

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)
FACETS = [None, "arrival", "tracking", "carrier", "contents"]
ANSWERS = OrderAnswers(Carriers({"SEUR": "https://seur.example/{number}"}))
WORDING = Wording(the_voice(), "ES", NOW)
RESPONSES = read_yaml(PROJECT_ROOT / "domain.yml")["responses"]


def sentences(order: Order, facet: str | None = None, now: datetime = NOW) -> list[Say]:
    """The sentences that answer."""
    return ANSWERS.sentences(summarise(order, now), facet, now)


def told(order: Order, facet: str | None = None, now: datetime = NOW) -> list[str]:
    """The responses that answer."""
    return [f"utter_{each.response}" for each in sentences(order, facet, now)]


def facts(order: Order) -> dict[str, str]:
    """The facts that go with them, in words."""
    return Wording(the_voice(), order.country, NOW).facts(sentences(order)[0])


def travelling(status: ShipmentStatus, **shipment: object) -> Order:
    return an_order(shipments=(a_shipment(status, **shipment),))


def test_an_order_on_its_way_is_told_with_date_and_tracking() -> None:
    order = travelling(ShipmentStatus.IN_TRANSIT, estimated_delivery=TOMORROW)
    assert told(order) == [
        "utter_order_in_transit",
        "utter_arrival_expected",
        "utter_tracking_with_link",
    ]
    assert facts(order)["tracking_link"] == "https://seur.example/123"


def test_a_carrier_without_a_page_is_told_without_a_link() -> None:
    parcel = Shipment("Paloma", "7", ShipmentStatus.IN_TRANSIT)
    order = an_order(shipments=(parcel,))
    assert told(order) == ["utter_order_in_transit", "utter_arrival_unknown", "utter_tracking"]
    assert told(order, "tracking") == ["utter_facet_tracking"]


@pytest.mark.parametrize(
    "status",
    [
        ShipmentStatus.EXCEPTION,
        ShipmentStatus.UNKNOWN,
        ShipmentStatus.INFO_RECEIVED,
        ShipmentStatus.OUT_FOR_DELIVERY,
        ShipmentStatus.ATTEMPT_FAIL,
        ShipmentStatus.AVAILABLE_FOR_PICKUP,
        ShipmentStatus.EXPIRED,
    ],
)
@pytest.mark.parametrize("facet", FACETS)
def test_a_day_that_has_passed_is_no_forecast(status: ShipmentStatus, facet: str | None) -> None:
    names = told(travelling(status, estimated_delivery=YESTERDAY), facet)
    assert not {name for name in names if "arrival" in name}


@pytest.mark.parametrize("status", [ShipmentStatus.EXCEPTION, ShipmentStatus.UNKNOWN])
def test_a_day_that_is_still_to_come_is_told_in_trouble_too(status: ShipmentStatus) -> None:
    assert "utter_arrival_expected" in told(travelling(status, estimated_delivery=TOMORROW))
    assert "utter_arrival_unknown" in told(travelling(status))


def test_the_day_itself_is_not_over_before_it_ends_where_the_customer_is() -> None:
    evening = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)  # the 11th in Spain, the 10th in Peru
    parcel = a_shipment(estimated_delivery=datetime(2026, 11, 10, 22, tzinfo=UTC))
    assert "utter_order_late" in told(an_order(shipments=(parcel,)), now=evening)
    in_peru = an_order(country="PE", shipments=(parcel,))
    assert "utter_order_in_transit" in told(in_peru, now=evening)


def test_one_thing_asked_is_one_thing_told() -> None:
    order = travelling(ShipmentStatus.IN_TRANSIT, estimated_delivery=TOMORROW)
    assert told(order, "arrival") == ["utter_facet_arrival"]
    assert told(order, "tracking") == ["utter_facet_tracking_with_link"]
    assert told(order, "carrier") == ["utter_facet_carrier"]
    assert told(order, "contents") == ["utter_facet_contents"]


def test_what_was_asked_but_is_not_known_is_answered_with_all_that_is() -> None:
    assert told(an_order(), "carrier") == ["utter_order_preparing"]
    assert told(an_order(), "arrival") == ["utter_order_preparing"]
    assert told(an_order(), "tracking") == ["utter_facet_tracking_none"]


def test_a_delivery_without_a_day_is_told_without_one() -> None:
    delivered = travelling(ShipmentStatus.DELIVERED, estimated_delivery=YESTERDAY)
    assert told(delivered)[0] == "utter_order_delivered_undated"
    assert told(travelling(ShipmentStatus.DELIVERED, delivered_at=YESTERDAY))[0] == (
        "utter_order_delivered"
    )


def test_money_that_went_back_is_told_as_an_amount() -> None:
    back = Payment("card", Money.parse("-10.00", "EUR"), "refund")
    order = an_order(
        status=OrderStatus.CANCELLED, payment_status=PaymentStatus.REFUNDED, payments=(back,)
    )
    assert told(order) == ["utter_order_cancelled_refunded_amount"]
    assert "10,00" in facts(order)["refunded"]


@pytest.mark.parametrize("progress", Progress)
def test_every_state_has_its_words(progress: Progress) -> None:
    assert f"utter_order_{progress.value}" in RESPONSES


# --- whatever a backend sends ------------------------------------------------------------------------

INSTANTS = st.one_of(
    st.none(), st.integers(-40, 40).map(lambda hours: NOW + timedelta(hours=hours))
)
SKUS = st.sampled_from(["CAF-1", "TAZ-1", "GHOST-9"])
SHIPMENTS = st.builds(
    Shipment,
    st.sampled_from(["SEUR", "Paloma"]),
    st.just("123"),
    st.sampled_from(ShipmentStatus),
    shipped_at=INSTANTS,
    delivered_at=INSTANTS,
    estimated_delivery=INSTANTS,
    lines=st.lists(st.builds(ShippedLine, SKUS, st.integers(1, 3)), max_size=2).map(tuple),
)
ORDERS = st.builds(
    an_order,
    status=st.sampled_from(OrderStatus),
    payment_status=st.sampled_from(PaymentStatus),
    country=st.sampled_from(["ES", "MX", "ZZ"]),
    lines=st.lists(
        st.builds(a_line, st.sampled_from(["CAF-1", "TAZ-1"]), st.integers(1, 3)),
        min_size=1,
        max_size=3,
    ).map(tuple),
    shipments=st.lists(SHIPMENTS, max_size=3).map(tuple),
)


@settings(max_examples=50, deadline=None)
@given(ORDERS, st.sampled_from(FACETS))
def test_whatever_the_backend_says_every_sentence_has_its_facts(
    order: Order, facet: str | None
) -> None:
    for each in sentences(order, facet):
        name, given_facts = f"utter_{each.response}", WORDING.facts(each)
        for variant in RESPONSES[name]:
            needed = set(re.findall(r"{(\w+)}", variant["text"]))
            assert needed <= given_facts.keys(), name
            assert all(given_facts[fact].strip() for fact in needed), name


@settings(max_examples=50, deadline=None)
@given(ORDERS)
def test_a_forecast_is_never_of_the_past_and_trouble_always_offers_a_person(order: Order) -> None:
    summary = summarise(order, NOW)
    names = told(order)
    if "utter_arrival_expected" in names:
        assert summary.estimated_delivery is not None
        assert summary.estimated_delivery.date() >= _today(order)
    if "utter_carrier_can_be_asked" in names:
        assert needs_a_person(summary)


def _today(order: Order) -> date:
    return NOW.astimezone(order.zone).date()
