"""What the team types about cases, and what it reads."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.bootstrap import House
from bot.cli import app
from bot.settings import load_settings
from tests.contract.order_backend_promises import BY, a_claim, a_complaint, a_return, shop_document


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house that the commands open too: a database in a file."""
    monkeypatch.setenv("POSVENTA_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("POSVENTA_DATABASE_URL", "")
    monkeypatch.setenv("POSVENTA_SHOP_COUNTRY", "ES")
    found = House(load_settings())
    found.prepare_database()
    found.import_orders(shop_document())
    yield found
    found.close()


@pytest.fixture
def folio(house: House) -> str:
    """Of a return that a customer opened."""
    return house.backend.start_return(a_return(), "k1", BY).folio


def cases(*words: str) -> Result:
    return CliRunner().invoke(app, ["cases", *words])


def read(*words: str) -> Any:
    result = cases(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_shop_without_cases_says_so(house: House) -> None:
    assert cases("list").stdout == "No case is open.\n"
    assert read("list") == []


def test_the_list_names_each_case_in_one_line(house: House, folio: str) -> None:
    complaint = house.backend.open_complaint(a_complaint(), "k2", BY).folio
    headings, *lines = cases("list").stdout.splitlines()
    assert headings.split() == ["FOLIO", "KIND", "STATUS", "ORDER", "OPENED", "DUE"]
    assert [line.split()[:4] for line in lines] == [
        [folio, "return", "requested", "D-1001"],
        [complaint, "complaint", "open", "-"],
    ]


def test_the_list_marks_what_is_overdue(house: House) -> None:
    request = a_complaint(due_on=house.clock.now().date().replace(year=2020))
    house.backend.open_complaint(request, "k1", BY)
    assert cases("list").stdout.rstrip().endswith("OVERDUE")
    (card,) = read("list")
    assert card["overdue"] is True


def test_the_list_for_programs_has_the_same_names_every_time(house: House, folio: str) -> None:
    (card,) = read("list", "--kind", "return")
    assert card.pop("opened_at").endswith("Z")
    card.pop("overdue")  # depends on the day
    assert card == {
        "folio": folio,
        "kind": "return",
        "status": "requested",
        "order_number": "D-1001",
        "due_on": "2026-12-04",
        "open": True,
    }


def test_an_unknown_kind_is_refused_with_the_known_ones(house: House) -> None:
    result = cases("list", "--kind", "question")
    assert result.exit_code == 1
    assert "return, claim, complaint, refund or privacy" in result.stderr


def test_closed_cases_are_listed_on_demand(house: House, folio: str) -> None:
    assert cases("move", folio, "declined").exit_code == 0
    assert read("list") == []
    assert [card["folio"] for card in read("list", "--all")] == [folio]


def test_a_case_is_shown_for_people_and_for_programs(house: House, folio: str) -> None:
    shown = cases("show", "dev-1").stdout
    for part in (folio, "Ana Gil <ana@example.com>", "return_requested", "customer via assistant"):
        assert part in shown
    assert "may become: approved, received, declined, cancelled" in shown
    assert read("show", folio)["may_become"] == ["approved", "received", "declined", "cancelled"]


def test_a_customers_words_do_not_command_the_terminal(house: House) -> None:
    request = a_complaint(text="nunca\x1b[2J\nllega")
    folio = house.backend.open_complaint(request, "k1", BY).folio
    shown = cases("show", folio).stdout
    assert "\x1b" not in shown
    assert "nunca [2J llega" in shown


@pytest.mark.parametrize("command", [["show"], ["move"]])
def test_an_unknown_folio_is_one_line_and_a_failure(house: House, command: list[str]) -> None:
    rest = ["approved"] if command == ["move"] else []
    result = cases(*command, "DEV-2026-000009", *rest)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "DEV-2026-000009" in result.stderr


def test_a_move_says_where_the_case_is_now(house: House, folio: str) -> None:
    result = cases("move", folio, "received")
    assert (result.exit_code, result.stdout) == (0, f"{folio} is received.\n")


def test_an_impossible_move_is_one_line_with_what_is_possible(house: House, folio: str) -> None:
    before = read("show", folio)
    result = cases("move", folio, "closed")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "approved, received, declined or cancelled" in result.stderr
    assert read("show", folio) == before


def test_of_a_case_that_is_over_nothing_follows(house: House, folio: str) -> None:
    cases("move", folio, "declined")
    result = cases("move", folio, "received")
    assert result.exit_code == 1
    assert "nothing follows" in result.stderr


def test_an_answer_and_a_repair_reach_their_cases(house: House) -> None:
    complaint = house.backend.open_complaint(a_complaint(), "k1", BY).folio
    claim = house.backend.open_claim(a_claim(), "k2", BY).folio
    assert cases("move", complaint, "resolved", "--answer", "Hecho.").exit_code == 0
    assert cases("move", claim, "in_progress", "--repair", "repairing").exit_code == 0
    assert read("show", complaint)["details"]["answer"] == "Hecho."
    assert read("show", claim)["details"]["repair"] == "repairing"


@pytest.mark.parametrize(
    ("options", "actor"), [([], "shop"), (["--by", "Marta Ruiz"], "agent Marta Ruiz")]
)
def test_who_moved_a_case_is_noted(
    house: House, folio: str, options: list[str], actor: str
) -> None:
    cases("move", folio, "approved", *options)
    assert read("show", folio)["events"][-1]["actor"] == actor
