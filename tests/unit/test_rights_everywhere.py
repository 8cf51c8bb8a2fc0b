"""Rights on any day, for any purchase; and no shop's file that takes one away, whatever the figure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.policy_files import DEFAULT, SHIPPED_POLICIES, read_policies
from bot.domain.money import Money
from bot.domain.orders import Condition, Product
from bot.domain.policies import CompensationReason
from bot.domain.policy_document import PolicyRefused
from bot.domain.rights import (
    LineFacts,
    LineRights,
    Right,
    RightKind,
    WhyNot,
    compensation_for,
    complaint_due,
    facts_of,
    line_rights,
    refund_due,
)
from tests.sample_lines import order_of, parcel, shipped_policy

COUNTRIES = st.sampled_from(["ES", "CL", "MX", "CO", "AR", "PE", "UY"])
DAYS = st.dates(date(2016, 1, 1), date(2035, 12, 31))
REGIONS = st.sampled_from([None, "Madrid", "Bizkaia", "Sevilla", "Santa Fe", "nowhere"])
CATEGORIES = st.sampled_from(["hogar", "prensa", "personalizados", "ropa"])


@st.composite
def lines(draw: st.DrawFn) -> LineFacts:
    """Any line of an order, also such as no shop should sell."""
    bought = draw(DAYS)
    arrived = draw(st.none() | st.integers(0, 90).map(lambda n: bought + timedelta(days=n)))
    return LineFacts(
        sku="TAZ-1",
        category=draw(CATEGORIES),
        purchased_on=bought,
        delivered_on=arrived,
        condition=draw(st.sampled_from(Condition)),
        returnable=draw(st.booleans()),
        warranty_months=draw(st.none() | st.integers(0, 120)),
        region=draw(REGIONS),
        digital_opened=draw(st.booleans()),
        cancelled=draw(st.booleans()),
        parts_outstanding=draw(st.booleans()),
        delivery_unknown=arrived is None and draw(st.booleans()),
    )


def three(rights: LineRights) -> tuple[Right, Right, Right]:
    return rights.withdrawal, rights.courtesy, rights.guarantee


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_a_right_is_open_or_says_why_not(line: LineFacts, country: str, today: date) -> None:
    rights = line_rights(line, shipped_policy(country), today)

    assert all(right.open is (right.why_not is None) for right in three(rights))


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_an_open_right_has_not_ended(line: LineFacts, country: str, today: date) -> None:
    rights = line_rights(line, shipped_policy(country), today)

    assert all(r.until is None or r.until >= today for r in three(rights) if r.open)


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_a_closed_window_ended_before(line: LineFacts, country: str, today: date) -> None:
    rights = line_rights(line, shipped_policy(country), today)

    closed = [r for r in three(rights) if r.why_not is WhyNot.WINDOW_CLOSED]
    assert all(right.until is not None and right.until < today for right in closed)


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_a_right_is_open_on_its_last_day_and_closed_on_the_next(
    line: LineFacts, country: str, today: date
) -> None:
    policy = shipped_policy(country)
    for kind, right in enumerate(three(line_rights(line, policy, today))):
        if right.until is None:
            continue
        last = three(line_rights(line, policy, right.until))[kind]
        next_day = three(line_rights(line, policy, right.until + timedelta(days=1)))[kind]
        assert (last.open, next_day.open) == (True, False)


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS, st.integers(1, 2000))
def test_a_right_that_is_closed_does_not_open_again(
    line: LineFacts, country: str, today: date, later: int
) -> None:
    policy = shipped_policy(country)
    before = three(line_rights(line, policy, today))
    after = three(line_rights(line, policy, today + timedelta(days=later)))

    assert not any(new.open and not old.open for old, new in zip(before, after, strict=True))


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_a_cancelled_order_leaves_nothing_to_give_back(
    line: LineFacts, country: str, today: date
) -> None:
    rights = line_rights(replace(line, cancelled=True), shipped_policy(country), today)

    assert not any(right.open for right in three(rights))


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_the_seller_pays_the_transport_under_guarantee(
    line: LineFacts, country: str, today: date
) -> None:
    guarantee = line_rights(line, shipped_policy(country), today).guarantee

    assert guarantee.return_paid_by == "seller"


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_an_open_guarantee_offers_a_remedy(line: LineFacts, country: str, today: date) -> None:
    guarantee = line_rights(line, shipped_policy(country), today).guarantee

    assert not guarantee.open or guarantee.remedies_at_once


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_the_remedies_at_once_are_among_the_laws(
    line: LineFacts, country: str, today: date
) -> None:
    guarantee = line_rights(line, shipped_policy(country), today).guarantee

    assert set(guarantee.remedies_at_once) <= set(guarantee.remedies)


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_a_presumption_does_not_outlast_the_guarantee_of_the_law(
    line: LineFacts, country: str, today: date
) -> None:
    guarantee = line_rights(line, shipped_policy(country), today).guarantee

    if guarantee.presumed_until is not None:
        assert guarantee.legal_until is not None
        assert guarantee.presumed_until <= guarantee.legal_until


@settings(deadline=None)
@given(lines(), DAYS, st.integers(1, 120))
def test_months_of_the_shop_never_shorten_the_guarantee_of_new_goods(
    line: LineFacts, today: date, months: int
) -> None:
    arrived = line.delivered_on or line.purchased_on
    line = replace(line, condition=Condition.NEW, cancelled=False, delivered_on=arrived)
    policy = shipped_policy("ES")
    without = line_rights(replace(line, warranty_months=None), policy, today).guarantee
    promised = line_rights(replace(line, warranty_months=months), policy, today).guarantee

    assert without.until is not None
    assert promised.until is not None
    assert promised.until >= without.until


@settings(deadline=None)
@given(lines(), COUNTRIES, DAYS)
def test_the_best_right_is_open_when_any_return_is(
    line: LineFacts, country: str, today: date
) -> None:
    rights = line_rights(line, shipped_policy(country), today)

    assert rights.best_for_return.open is (rights.withdrawal.open or rights.courtesy.open)


@settings(deadline=None)
@given(
    st.datetimes(datetime(2022, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["ES", "MX", "CL", "CO", "AR", "PE"]),
)
def test_the_last_day_is_counted_on_the_customers_calendar(
    delivered: datetime, country: str
) -> None:
    shipment = parcel("2022-01-01T00:00", delivered_at=delivered)
    order = order_of("TAZ-1", shipment, country=country, placed="2022-01-01T00:00")
    facts = facts_of(order, 0, Product("TAZ-1", "Taza", "hogar"))

    courtesy = line_rights(facts, shipped_policy(country), date(2022, 1, 1)).courtesy
    assert courtesy.until == delivered.astimezone(order.zone).date() + timedelta(days=30)


@settings(deadline=None)
@given(COUNTRIES, st.sampled_from(RightKind), DAYS, REGIONS)
def test_money_is_due_after_the_day_it_was_asked_for(
    country: str, kind: RightKind, day: date, region: str | None
) -> None:
    assert refund_due(shipped_policy(country), kind, day, region) > day


@settings(deadline=None)
@given(DAYS, REGIONS)
def test_a_spanish_complaint_is_answered_within_five_weeks(day: date, region: str | None) -> None:
    assert complaint_due(shipped_policy("ES"), day, region) <= day + timedelta(weeks=5)


@settings(deadline=None)
@given(st.sampled_from(CompensationReason), st.integers(0, 10**7), st.none() | st.integers(0, 90))
def test_a_compensation_stays_below_total_and_maximum(
    reason: CompensationReason, total: int, days_late: int | None
) -> None:
    policy = shipped_policy("ES")
    amount = compensation_for(policy, reason, Money(total, "EUR"), days_late)

    assert amount is None or 0 < amount.minor <= min(total, 2000)


# --- A shop's file against every figure of every law --------------------------------------------

LONGER = {"term", "presumption", "after_repair", "kept_for"}
SHORTER = {"refund_within", "answer_within", "within"}
PAYERS = {"return_paid_by", "transport_paid_by"}
PROMISES = {"refund_same_means", "outbound_shipping_refunded"}


@dataclass(frozen=True)
class Figure:
    """A figure of a law, and where it stands in a shop's file."""

    path: tuple[str, ...]
    value: Any

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def units(self) -> int:
        """How many of its smallest unit: years count in months."""
        number, unit = self.value.split(maxsplit=1)
        return int(number) * (12 if unit.startswith("year") else 1)

    def with_units(self, units: int) -> str:
        unit = self.value.split(maxsplit=1)[1].removesuffix("s").replace("year", "month")
        return f"{units} {unit}s"

    def change(self, value: object) -> dict[str, Any]:
        """A shop's file that says another value."""
        content: Any = value
        for name in reversed(self.path):
            content = {name: content}
        return dict(content)

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}={self.value}"


def figures_in(content: Any, path: tuple[str, ...]) -> Iterator[Figure]:
    if isinstance(content, list):
        for rule in content:
            yield from figures_in(rule, path)
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from figures_in(value, (*path, name))
    elif path[-1] in LONGER | SHORTER | PAYERS | PROMISES:
        yield Figure(path, content)


def figures_of_the_laws() -> list[Figure]:
    files = [file for file in sorted(SHIPPED_POLICIES.glob("*.yml")) if file.stem != DEFAULT]
    contents = [(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]
    return [figure for name, content in contents for figure in figures_in(content, (name,))]


FIGURES = figures_of_the_laws()
TERMS = [figure for figure in FIGURES if figure.name in LONGER | SHORTER]
# A law that already leaves the payment to the customer, or promises nothing, cannot be loosened.
LOOSENED = [
    *((f, f.with_units(f.units - 1)) for f in FIGURES if f.name in LONGER),
    *((f, f.with_units(f.units + 1)) for f in FIGURES if f.name in SHORTER),
    *((f, "customer") for f in FIGURES if f.name in PAYERS and f.value == "seller"),
    *((f, False) for f in FIGURES if f.name in PROMISES and f.value),
]


def bounds(figure: Figure) -> tuple[int, int]:
    """The least and the most that the dated rules at its place say: a shop's file meets them all."""
    units = [other.units for other in TERMS if other.path == figure.path]
    return min(units), max(units)


@pytest.fixture(scope="module")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shop") / "policy.yml"


def accepted(file: Path, content: dict[str, Any]) -> bool:
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    try:
        read_policies(file)
    except PolicyRefused:
        return False
    return True


def test_the_laws_have_figures_to_protect() -> None:
    assert {figure.name for figure in FIGURES} == LONGER | SHORTER | PAYERS | PROMISES


@pytest.mark.parametrize(("figure", "value"), LOOSENED, ids=str)
def test_a_figure_a_little_looser_than_the_law_is_refused(
    shop_file: Path, figure: Figure, value: object
) -> None:
    assert not accepted(shop_file, figure.change(value))


@settings(deadline=None)
@given(st.data())
def test_any_looser_figure_is_refused(shop_file: Path, data: st.DataObject) -> None:
    figure = data.draw(st.sampled_from(TERMS))
    least, most = bounds(figure)
    units = st.integers(0, most - 1) if figure.name in LONGER else st.integers(least + 1, 9999)

    assert not accepted(shop_file, figure.change(figure.with_units(data.draw(units))))


@settings(deadline=None)
@given(st.data())
def test_any_figure_stricter_for_the_shop_is_accepted(shop_file: Path, data: st.DataObject) -> None:
    figure = data.draw(st.sampled_from(TERMS))
    least, most = bounds(figure)
    units = st.integers(most, 9999) if figure.name in LONGER else st.integers(1, least)

    assert accepted(shop_file, figure.change(figure.with_units(data.draw(units))))


@settings(deadline=None)
@given(st.data())
def test_a_payment_or_promise_in_the_customers_favour_is_accepted(
    shop_file: Path, data: st.DataObject
) -> None:
    figure = data.draw(st.sampled_from([f for f in FIGURES if f.name in PAYERS | PROMISES]))

    assert accepted(shop_file, figure.change("seller" if figure.name in PAYERS else True))


@settings(deadline=None)
@given(lines(), DAYS, st.integers(14, 400))
def test_a_longer_withdrawal_of_the_shop_closes_nothing(
    shop_file: Path, line: LineFacts, today: date, days: int
) -> None:
    assert accepted(shop_file, {"es": {"withdrawal": {"term": f"{days} days"}}})
    ours = read_policies(shop_file).of("ES")

    by_law = line_rights(line, shipped_policy("ES"), today).withdrawal.open
    assert line_rights(line, ours, today).withdrawal.open or not by_law


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 50) | st.sampled_from(["", "1 day", "seller", "x"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(sorted({n for f in FIGURES for n in f.path})), inner)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.data(), ANYTHING)
def test_whatever_a_shops_file_says_it_is_read_or_refused(
    shop_file: Path, data: st.DataObject, content: object
) -> None:
    path = data.draw(st.sampled_from(FIGURES)).path
    place = Figure(path[: data.draw(st.integers(1, len(path)))], None)

    accepted(shop_file, place.change(content))
