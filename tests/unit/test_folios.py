import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.identifiers import CASE_PREFIXES
from bot.domain.folios import Folio, FolioPrefix


@pytest.mark.parametrize(
    "written",
    [
        "DEV-2026-000123",
        "dev-2026-000123",
        "dev 2026 000123",
        "DEV2026000123",
        "#DEV-2026-123",
        "dev.2026.000123",
        "dev_2026_123.",
        "2026-DEV-000123",
        "ＤＥＶ-2026-000123",
        "dev \N{EN DASH} 2026 \N{EN DASH} 000123",
    ],
)
def test_a_folio_is_read_however_a_customer_writes_it(written: str) -> None:
    assert str(Folio.parse(written)) == "DEV-2026-000123"


def test_a_folio_may_lack_its_year() -> None:
    assert Folio.parse("gar 45") == Folio(FolioPrefix.WARRANTY, None, 45)


@pytest.mark.parametrize("written", ["", "DEV", "A-1001", "XYZ-2026-000123", "DEV-2026-", "123"])
def test_anything_else_is_no_folio(written: str) -> None:
    assert Folio.parse(written) is None


@given(st.text())
def test_no_text_breaks_the_reading(written: str) -> None:
    Folio.parse(written)


@given(
    st.sampled_from(FolioPrefix),
    st.integers(2020, 2099),
    st.integers(1, 9_999_999),
)
def test_what_was_written_is_read_back(prefix: FolioPrefix, year: int, serial: int) -> None:
    folio = Folio(prefix, year, serial)
    assert Folio.parse(str(folio)) == folio


def test_the_assistant_recognises_every_folio_that_customers_are_given() -> None:
    known = set(re.split(r"\|", CASE_PREFIXES))
    given_to_customers = set(FolioPrefix) - {FolioPrefix.REFUND}
    assert {prefix.value.lower() for prefix in given_to_customers} <= known
