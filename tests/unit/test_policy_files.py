"""The shipped policies are complete and cited; a shop's file changes them in the customer's favour."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.adapters.policy_files import SHIPPED_POLICIES, read_policies
from bot.domain.orders import Condition
from bot.domain.policies import CompensationReason, Payer, Policy, Term, TermUnit
from bot.domain.policy_document import PolicyRefused

COUNTRIES = ["AR", "CL", "CO", "ES", "MX", "PE"]

ShopFile = Callable[[object], Path]


@pytest.fixture
def shop_file(tmp_path: Path) -> ShopFile:
    def write(content: object) -> Path:
        file = tmp_path / "shop.yml"
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def refused(file: Path) -> tuple[str, ...]:
    with pytest.raises(PolicyRefused) as refusal:
        read_policies(file)
    return refusal.value.problems


def citations(policy: Policy) -> dict[str, Any]:
    """Every citation of a country's law, by the name of its rule."""
    rules: dict[str, Any] = {
        **{f"withdrawal {n}": rule for n, rule in enumerate(policy.withdrawals)},
        **{f"{rule.condition} {n}": rule for n, rule in enumerate(policy.guarantees)},
        **{f"spare parts {n}": rule for n, rule in enumerate(policy.spare_parts)},
        "conformity": policy.conformity,
    }
    return {name: rule.citation for name, rule in rules.items()}


# --- What is shipped --------------------------------------------------------------------------


def test_every_country_of_the_project_has_a_policy() -> None:
    assert sorted(read_policies().by_country) == COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_rule_names_its_article(country: str) -> None:
    found = citations(read_policies().of(country))

    assert [name for name, citation in found.items() if not citation.article] == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_rule_names_its_source(country: str) -> None:
    found = citations(read_policies().of(country))

    assert [name for name, citation in found.items() if not citation.source] == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_seller_pays_for_what_arrived_wrong(country: str) -> None:
    assert read_policies().of(country).conformity.return_paid_by is Payer.SELLER


@pytest.mark.parametrize("condition", list(Condition))
def test_spain_has_a_guarantee_for_each_kind_of_goods(condition: Condition) -> None:
    assert condition in {rule.condition for rule in read_policies().of("ES").guarantees}


@pytest.mark.parametrize("reason", list(CompensationReason))
def test_the_shop_promises_something_for_each_mishap(reason: CompensationReason) -> None:
    assert reason in read_policies().default.compensation.by_reason


@pytest.mark.parametrize("region", ["AN", "CT", "PV"])
def test_regions_with_a_form_of_their_own_are_known(region: str) -> None:
    policy = read_policies().of("ES")

    assert policy.official_form(region) is not policy.complaint.form


def test_the_folder_holds_nothing_but_policies() -> None:
    names = {file.stem.upper() for file in SHIPPED_POLICIES.iterdir()}

    assert names == {*COUNTRIES, "DEFAULT"}


# --- What a shop may change ---------------------------------------------------------------------


def test_a_shop_may_give_a_longer_withdrawal(shop_file: ShopFile) -> None:
    policies = read_policies(shop_file({"es": {"withdrawal": {"term": "30 days"}}}))

    assert policies.of("ES").withdrawals[0].term == Term(30, TermUnit.DAYS)


def test_a_change_for_one_country_leaves_the_others(shop_file: ShopFile) -> None:
    policies = read_policies(shop_file({"es": {"withdrawal": {"term": "30 days"}}}))

    assert policies.of("AR").withdrawals == read_policies().of("AR").withdrawals


def test_a_change_leaves_the_rest_of_its_rule(shop_file: ShopFile) -> None:
    policies = read_policies(shop_file({"es": {"withdrawal": {"term": "30 days"}}}))

    shipped = read_policies().of("ES").withdrawals[0]
    assert policies.of("ES").withdrawals[0].exceptions == shipped.exceptions


def test_a_longer_guarantee_holds_for_every_dated_rule(shop_file: ShopFile) -> None:
    policies = read_policies(shop_file({"es": {"legal_guarantee": {"new": {"term": "5 years"}}}}))

    rules = [r for r in policies.of("ES").guarantees if r.condition is Condition.NEW]
    assert {rule.term for rule in rules} == {Term(5, TermUnit.YEARS)}


def test_a_shop_may_drop_an_exception(shop_file: ShopFile) -> None:
    file = shop_file({"es": {"withdrawal": {"exceptions": {"press": None}}}})

    assert read_policies(file).of("ES").withdrawals[0].exception("press") is None


def test_a_shop_may_agree_on_a_year_for_second_hand_goods(shop_file: ShopFile) -> None:
    file = shop_file({"es": {"legal_guarantee": {"second_hand": {"agreed": "1 year"}}}})

    rule = next(
        r for r in read_policies(file).of("ES").guarantees if r.condition is Condition.SECOND_HAND
    )
    assert rule.term_agreed(None) == Term(1, TermUnit.YEARS)


@pytest.mark.parametrize("days", ["7 days", "60 days"])
def test_the_courtesy_is_the_shops_to_change_either_way(shop_file: ShopFile, days: str) -> None:
    file = shop_file({"every_country": {"courtesy_return": {"term": days}}})

    assert str(read_policies(file).of("CO").courtesy.term) == days


def test_a_shop_may_promise_no_courtesy(shop_file: ShopFile) -> None:
    file = shop_file({"every_country": {"courtesy_return": {"offered": False}}})

    assert read_policies(file).of("ES").courtesy.term is None


@pytest.mark.parametrize("percent", [0, 50])
def test_compensations_are_the_shops_to_change_either_way(
    shop_file: ShopFile, percent: int
) -> None:
    change = {"compensation": {"reasons": {"damaged": {"percent": percent}}}}
    policies = read_policies(shop_file({"es": change}))

    promise = policies.of("ES").compensation.by_reason[CompensationReason.DAMAGED]
    assert promise.percent == percent


def test_a_promise_for_every_country_reaches_those_without_a_file(shop_file: ShopFile) -> None:
    file = shop_file({"every_country": {"courtesy_return": {"term": "60 days"}}})

    assert read_policies(file).of("UY").courtesy.term == Term(60, TermUnit.DAYS)


def test_a_countrys_own_promise_goes_before_that_for_every_country(shop_file: ShopFile) -> None:
    file = shop_file(
        {
            "every_country": {"courtesy_return": {"term": "60 days"}},
            "es": {"courtesy_return": {"term": "90 days"}},
        }
    )

    assert read_policies(file).of("ES").courtesy.term == Term(90, TermUnit.DAYS)


def test_an_answer_no_law_asks_for_may_take_longer(shop_file: ShopFile) -> None:
    file = shop_file({"mx": {"complaint": {"answer_within": "20 business days"}}})

    assert read_policies(file).of("MX").complaint.answer_within.amount == 20


def test_a_shop_may_say_that_a_rule_was_confirmed(shop_file: ShopFile) -> None:
    file = shop_file({"cl": {"withdrawal": {"confirmed": True, "source": "our lawyer"}}})

    assert read_policies(file).of("CL").withdrawals[0].citation.confirmed


@pytest.mark.parametrize("content", ["", "# nothing yet\n"])
def test_an_empty_file_changes_nothing(shop_file: ShopFile, content: str) -> None:
    assert read_policies(shop_file(content)) == read_policies()


def test_the_example_of_the_documentation_is_accepted(shop_file: ShopFile) -> None:
    page = (SHIPPED_POLICIES.parents[1] / "docs" / "policies.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    assert read_policies(shop_file(example)) != read_policies()


# --- What a shop may not change -------------------------------------------------------------------


def test_less_than_the_law_is_refused_with_the_place_and_the_article(shop_file: ShopFile) -> None:
    file = shop_file({"es": {"withdrawal": {"term": "10 days"}}})

    assert refused(file) == (
        "es.withdrawal.term: 10 days is less than the 14 days of the law (art. 102 TRLGDCU)",
    )


def test_every_place_is_told_at_once(shop_file: ShopFile) -> None:
    file = shop_file(
        {
            "es": {"withdrawal": {"term": "10 days", "refund_same_means": False}},
            "ar": {"withdrawal": {"return_paid_by": "customer"}},
        }
    )

    places = {problem.split(":")[0] for problem in refused(file)}
    assert places == {
        "es.withdrawal.term",
        "es.withdrawal.refund_same_means",
        "ar.withdrawal.return_paid_by",
    }


@pytest.mark.parametrize(
    ("country", "change", "place"),
    [
        (
            "es",
            {"withdrawal": {"exceptions": {"sale": {"article": "x"}}}},
            "withdrawal.exceptions.sale",
        ),
        (
            "es",
            {"withdrawal": {"exceptions": {"press": {"categories": ["ropa"]}}}},
            "withdrawal.exceptions.press.categories",
        ),
        ("es", {"withdrawal": {"standing": "none", "term": None}}, "withdrawal.standing"),
        ("es", {"withdrawal": {"valid_from": "2030-01-01"}}, "withdrawal.valid_from and valid_to"),
        ("es", {"withdrawal": {"article": "art. 1"}}, "withdrawal.article"),
        ("es", {"legal_guarantee": {"second_hand": {"agreed": "6 months"}}}, "agreed"),
        ("es", {"legal_guarantee": {"new": {"agreed": "1 year"}}}, "legal_guarantee.new.agreed"),
        ("es", {"legal_guarantee": {"second_hand": {"least_agreed": "1 month"}}}, "least_agreed"),
        ("es", {"legal_guarantee": {"new": {"remedies_at_once": ["repair"]}}}, "remedies_at_once"),
        ("es", {"country": "PT"}, "es.country"),
        ("es", {"withdrawal": None}, "es.withdrawal"),
        ("es", {"withdrawal": []}, "es.withdrawal"),
        ("es", {"legal_guarantee": None}, "es.legal_guarantee"),
        ("es", {"legal_guarantee": {"digital": None}}, "es.legal_guarantee.digital"),
        ("es", {"spare_parts": []}, "es.spare_parts"),
        ("es", {"delivery": {"within": None}}, "es.delivery.within"),
        ("es", {"complaint": {"form": None}}, "es.complaint.form"),
        ("es", {"complaint": {"forms_by_region": {"AN": None}}}, "forms_by_region.AN"),
        ("es", {"is_legal": False}, "es.is_legal"),
        ("es", {"complaint": {"form": {"name": "otra"}}}, "complaint.form.name"),
        ("pe", {"withdrawal": {"term": "7 days"}}, "pe.withdrawal.term"),
    ],
)
def test_what_is_the_laws_is_not_the_shops(
    shop_file: ShopFile, country: str, change: dict[str, Any], place: str
) -> None:
    assert any(place in problem for problem in refused(shop_file({country: change})))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"es": {"withdrawal": {"term": "two weeks"}}}, "es.withdrawal.term: must be a term like"),
        ({"es": {"withdrawal": {"term": 30}}}, "es.withdrawal.term: must be a text"),
        ({"es": {"withdrawal": {"terms": "30 days"}}}, "es.withdrawal.terms: unknown key"),
        ({"es": {"withdrawal": "30 days"}}, "es.withdrawal: must be an object"),
        ({"es": {"returns": {}}}, "es.returns: unknown key"),
        ({"es": []}, "es: must be an object"),
        ({"fr": {}}, "fr: not a country with a policy"),
        ({"every_country": {"withdrawal": {}}}, "every_country.withdrawal: say it for each"),
        ({"es": {"compensation": {"maximum": {"euro": "1.00"}}}}, "maximum.euro: must be a curr"),
        ({"es": {"compensation": {"maximum": {"EUR": 20}}}}, "maximum.EUR: must be an amount"),
        ({"es": {"courtesy_return": {"outcomes": ["gift"]}}}, "outcomes: must be of exchange"),
        ({"es": {"courtesy_return": {"outcomes": "refund"}}}, "outcomes: must be a list"),
        (["es"], "must be an object with a section for each country"),
        ("es: [", "shop.yml"),
    ],
)
def test_a_malformed_file_is_refused_with_the_place(
    shop_file: ShopFile, content: object, problem: str
) -> None:
    assert any(problem in found for found in refused(shop_file(content)))


def test_every_mistake_of_a_malformed_file_is_told_once(shop_file: ShopFile) -> None:
    file = shop_file(
        {"es": {"legal_guarantee": {"new": {"term": "long"}}, "delivery": {"within": 3}}}
    )

    assert len(refused(file)) == 2


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "absent.yml" in refused(tmp_path / "absent.yml")[0]


def test_a_mistake_in_a_shipped_file_is_told_with_the_number_of_its_rule(tmp_path: Path) -> None:
    for file in SHIPPED_POLICIES.iterdir():
        text = file.read_text(encoding="utf-8").replace("term: 2 years", "term: two years")
        (tmp_path / file.name).write_text(text, encoding="utf-8")

    with pytest.raises(PolicyRefused, match=r"es\.legal_guarantee\.new\[1\]\.term"):
        read_policies(folder=tmp_path)
