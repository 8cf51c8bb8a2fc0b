"""Terms, business days, and the policy that holds for a purchase."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.business_days import BusinessDays, region_of
from bot.domain.orders import Address, Condition
from bot.domain.policies import Term, TermUnit, category_key
from tests.sample_lines import shipped_policy

MADRID = BusinessDays("ES", "Madrid")
ANY_DAY = st.dates(date(2000, 1, 1), date(2100, 1, 1))
ANY_TERM = st.builds(Term, st.integers(1, 60), st.sampled_from(TermUnit))


def term(text: str) -> Term:
    amount, unit = text.split()
    return Term(int(amount), TermUnit(unit))


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("14 days", "2026-11-01", "2026-11-15"),
        ("14 days", "2024-02-20", "2024-03-05"),  # a leap year
        ("1 months", "2026-01-31", "2026-02-28"),
        ("1 months", "2024-01-31", "2024-02-29"),
        ("6 months", "2026-08-31", "2027-02-28"),
        ("1 months", "2026-12-15", "2027-01-15"),
        ("12 months", "2026-12-31", "2027-12-31"),
        ("3 years", "2024-02-29", "2027-02-28"),
        ("4 years", "2024-02-29", "2028-02-29"),
        ("3 years", "2026-11-22", "2029-11-22"),
        ("5 business_days", "2026-11-20", "2026-11-27"),  # from a Friday
        ("1 business_days", "2026-12-24", "2026-12-28"),  # Christmas and a weekend
        ("15 business_days", "2026-12-04", "2026-12-30"),  # the 7th (of Madrid), the 8th, the 25th
    ],
)
def test_a_term_ends_on_its_last_day(text: str, start: str, last: str) -> None:
    assert term(text).after(date.fromisoformat(start), MADRID) == date.fromisoformat(last)


@settings(deadline=None)
@given(ANY_DAY, st.integers(1, 120))
def test_a_term_of_months_ends_on_the_same_day_or_the_last_of_the_month(
    start: date, months: int
) -> None:
    last = Term(months, TermUnit.MONTHS).after(start, MADRID)

    is_last_of_month = (last + timedelta(days=1)).day == 1
    assert last.day == start.day or (is_last_of_month and last.day < start.day)


@settings(deadline=None)
@given(ANY_DAY, st.integers(1, 120))
def test_a_term_of_months_ends_in_the_month_that_many_later(start: date, months: int) -> None:
    last = Term(months, TermUnit.MONTHS).after(start, MADRID)

    assert (last.year - start.year) * 12 + last.month - start.month == months


@settings(deadline=None)
@given(ANY_DAY, st.integers(1, 40))
def test_a_term_of_business_days_ends_on_one(start: date, count: int) -> None:
    assert MADRID.is_business_day(MADRID.add(start, count))


@settings(deadline=None)
@given(ANY_DAY, st.integers(1, 40))
def test_as_many_business_days_pass_as_the_term_says(start: date, count: int) -> None:
    last = MADRID.add(start, count)

    days = (start + timedelta(days=n) for n in range(1, (last - start).days + 1))
    assert sum(map(MADRID.is_business_day, days)) == count


@settings(deadline=None)
@given(ANY_TERM, ANY_TERM, ANY_DAY)
def test_a_term_that_is_never_shorter_ends_no_earlier(one: Term, other: Term, start: date) -> None:
    if one.never_shorter_than(other):
        assert one.after(start, MADRID) >= other.after(start, MADRID)


@settings(deadline=None)
@given(ANY_TERM)
def test_a_term_is_never_shorter_than_itself(one: Term) -> None:
    assert one.never_shorter_than(one)


def test_two_years_are_twenty_four_months() -> None:
    assert term("24 months").never_shorter_than(term("2 years"))


@pytest.mark.parametrize(
    ("country", "region", "day", "is_business_day"),
    [
        ("ES", "Madrid", "2026-11-20", True),
        ("ES", "Madrid", "2026-11-21", False),  # Saturday
        ("ES", "Madrid", "2026-10-12", False),
        ("ES", "Madrid", "2024-05-02", False),  # of Madrid alone
        ("ES", "Valencia", "2024-05-02", True),
        ("ES", "Barcelona", "2026-09-11", False),  # the Diada
        ("ES", "Cataluña", "2026-09-11", False),
        ("ES", "Madrid", "2026-09-11", True),
        ("ES", "Bizkaia", "2026-04-06", False),  # Easter Monday
        ("ES", "Andalucía", "2026-04-06", True),
        ("ES", "nowhere", "2026-09-11", True),
        ("ES", None, "2026-09-11", True),
        ("MX", "Jalisco", "2026-09-16", False),
        ("CO", None, "2026-07-20", False),
        ("XX", None, "2026-12-25", True),  # a country nobody knows has weekends only
    ],
)
def test_holidays_are_those_of_the_country_and_region(
    country: str, region: str | None, day: str, is_business_day: bool
) -> None:
    calendar = BusinessDays(country, region)

    assert calendar.is_business_day(date.fromisoformat(day)) is is_business_day


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("País Vasco", "PV"),
        ("Euskadi", "PV"),
        ("Comunidad de Madrid", "MD"),
        ("comunitat valenciana", "VC"),
        ("A Coruña", "GA"),
        ("Castilla-La Mancha", "CM"),
        ("castilla y leon", "CL"),
        ("ES-CT", "CT"),
        ("Illes Balears", "IB"),
        ("Las Palmas", "CN"),
        ("Atlántida", None),
    ],
)
def test_a_region_is_known_by_the_names_people_write(name: str, code: str | None) -> None:
    assert BusinessDays("ES", name).subdivision == code


def test_a_spanish_postcode_tells_the_region_better_than_the_field() -> None:
    address = Address("Ana", "Carrer 1", "Sitges", "08870", "ES", region="España")

    assert BusinessDays("ES", region_of(address)).subdivision == "CT"


def test_elsewhere_the_region_is_read_from_its_field() -> None:
    address = Address("Ana", "Calle 1", "Rosario", "2000", "AR", region="Santa Fe")

    assert BusinessDays("AR", region_of(address)).subdivision == "S"


@pytest.mark.parametrize("condition", [Condition.NEW, Condition.SECOND_HAND])
@pytest.mark.parametrize(("purchased", "years"), [("2021-12-31", 2), ("2022-01-01", 3)])
def test_the_spanish_guarantee_changes_with_the_purchases_of_2022(
    condition: Condition, purchased: str, years: int
) -> None:
    rule = shipped_policy("ES").guarantee_on(date.fromisoformat(purchased), condition)

    assert rule is not None
    assert rule.term == Term(years, TermUnit.YEARS)


@pytest.mark.parametrize(("purchased", "days"), [("2024-12-18", 30), ("2024-12-19", 15)])
def test_colombia_pays_back_sooner_since_its_law_of_2024(purchased: str, days: int) -> None:
    rule = shipped_policy("CO").withdrawal_on(date.fromisoformat(purchased))

    assert rule is not None
    assert rule.refund_within == Term(days, TermUnit.DAYS)


def test_a_country_without_a_file_makes_no_legal_claims() -> None:
    assert not shipped_policy("UY").is_legal


def test_a_country_without_a_file_keeps_its_own_name() -> None:
    assert shipped_policy("uy").country == "UY"


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("Sevilla", "hoja de quejas y reclamaciones"),
        ("MD", "hoja de reclamaciones"),
        ("Murcia", "hoja de reclamaciones"),
        (None, "hoja de reclamaciones"),
    ],
)
def test_the_official_form_has_its_regions_name(region: str | None, name: str) -> None:
    form = shipped_policy("ES").official_form(region)

    assert form is not None
    assert form.name == name


def test_categories_compare_without_case_accents_and_hyphens() -> None:
    assert category_key("Alimentación-Fresca") == category_key("alimentacion_fresca")
