"""A receipt tells what was declared and when it came in, and stays as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.adapters.commerce.pdf_page import SellerIdentity
from bot.adapters.commerce.receipt_pdf import receipt_of
from bot.adapters.yaml_file import read_yaml
from bot.domain.claims import Claim, ClaimKind, ClaimLine, ClaimStatus, Remedy
from bot.domain.complaints import Complaint, ComplaintKind, ComplaintStatus
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.returns import (
    Resolution,
    Return,
    ReturnBasis,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
)
from bot.services.order_backend import Case
from bot.settings import PROJECT_ROOT
from tests.pdf_text import words_of
from tests.sample_orders import an_order

SHOP = SellerIdentity("Casa Olmo S. L.", "B12345678", "Calle del Olmo 3")
TEXTS = read_yaml(PROJECT_ROOT / "bot" / "adapters" / "commerce" / "receipt_texts.yml")
# Half past midnight of the next day in Madrid.
OPENED_AT = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)

WITHDRAWAL = Return(
    folio="DEV-2026-000001",
    order_number="A-1001",
    status=ReturnStatus.REQUESTED,
    basis=ReturnBasis.WITHDRAWAL,
    reason=ReturnReason.CHANGED_MIND,
    resolution=Resolution.REFUND,
    lines=(ReturnLine(0, "CAM-1", "Camiseta", 2),),
    opened_at=OPENED_AT,
    return_paid_by="customer",
    refund=Money.parse("1039.80", "EUR"),
    refund_due=date(2026, 11, 24),
    article="art. 102 TRLGDCU",
    description="me queda <pequeña>\ny es otra",
)
CLAIM = Claim(
    folio="GAR-2026-000001",
    order_number="A-1001",
    kind=ClaimKind.WARRANTY,
    status=ClaimStatus.OPEN,
    remedy=Remedy.REPAIR,
    lines=(ClaimLine(0, "CAM-1", "Camiseta", 1),),
    opened_at=OPENED_AT,
    description="se descose",
    due_on=date(2026, 12, 1),
    article="art. 120 TRLGDCU",
)
COMPLAINT = Complaint(
    folio="REC-2026-000001",
    kind=ComplaintKind.RECLAMACION,
    status=ComplaintStatus.OPEN,
    text="Nadie contesta.\nExijo una respuesta.",
    conversation_id="c" * 32,
    country="ES",
    opened_at=OPENED_AT,
    due_on=date(2026, 12, 1),
    official_form="Hoja de reclamaciones",
)


def the_order() -> Order:
    line = OrderLine("CAM-1", "Camiseta", 3, Money.parse("519.90", "EUR"), {"color": "azul"})
    return an_order(lines=(line,), placed_at=datetime(2026, 11, 1, 12, tzinfo=UTC))


def text_of(case: Case, order: Order | None) -> str:
    text = words_of(receipt_of(case, order, SHOP, compressed=False))
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "fact",
    [
        "Casa Olmo S. L.",
        "NIF: B12345678",
        TEXTS["title"]["withdrawal"],
        "DEV-2026-000001",
        "10 de noviembre de 2026, 0:30 (GMT+01:00)",
        "A-1001, del 1 de noviembre de 2026",
        "Ana Gil (ana.gil@example.com)",
        TEXTS["declaration"]["withdrawal"],
        "2 × Camiseta (color: azul)",
        "me queda <pequeña> y es otra",
        TEXTS["reason_word"]["changed_mind"],
        TEXTS["wanted_word"]["refund"],
        "1.039,80 €",
        "24 de noviembre de 2026",
        TEXTS["payer"]["customer"],
        "art. 102 TRLGDCU",
    ],
)
def test_the_receipt_of_a_withdrawal_tells(fact: str) -> None:
    assert fact in text_of(WITHDRAWAL, the_order())


def test_what_is_wanted_in_exchange_stands_beside_its_article() -> None:
    line = replace(WITHDRAWAL.lines[0], exchange_for="CAM-2")
    text = text_of(replace(WITHDRAWAL, lines=(line,), refund=None), the_order())
    assert "2 × Camiseta (color: azul) (a cambio de: CAM-2)" in text


@pytest.mark.parametrize(
    "fact",
    [
        TEXTS["title"]["warranty"],
        TEXTS["declaration"]["warranty"],
        "1 × Camiseta (color: azul)",
        "se descose",
        TEXTS["wanted_word"]["repair"],
        "1 de diciembre de 2026",
        "art. 120 TRLGDCU",
    ],
)
def test_the_receipt_of_a_claim_tells(fact: str) -> None:
    assert fact in text_of(CLAIM, the_order())


def test_a_claim_about_no_article_is_about_the_whole_order() -> None:
    lost = replace(CLAIM, kind=ClaimKind.NOT_RECEIVED, lines=())
    assert TEXTS["declaration_whole"]["not_received"] in text_of(lost, the_order())


@pytest.mark.parametrize(
    "fact",
    [
        TEXTS["title"]["reclamacion"],
        "REC-2026-000001",
        "10 de noviembre de 2026, 0:30 (GMT+01:00)",
        "Nadie contesta. Exijo una respuesta.",
        "1 de diciembre de 2026",
        "Hoja de reclamaciones",
    ],
)
def test_the_receipt_of_a_complaint_about_no_order_tells(fact: str) -> None:
    assert fact in text_of(COMPLAINT, None)


@pytest.mark.parametrize("country", ["ES", "MX", "CO", "US"])
def test_the_time_is_the_customers(country: str) -> None:
    text = text_of(replace(COMPLAINT, country=country), None)
    assert ("0:30" in text) == (country == "ES")


def test_how_a_case_goes_on_leaves_its_receipt_as_it_was() -> None:
    later = replace(WITHDRAWAL, status=ReturnStatus.CLOSED, evidence=("a.jpg",))
    before, after = (receipt_of(each, the_order(), SHOP) for each in (WITHDRAWAL, later))
    assert before == after


@pytest.mark.parametrize("kind", [*ReturnBasis, *ClaimKind, *ComplaintKind])
def test_every_kind_of_case_has_its_sentences(kind: str) -> None:
    assert {kind} <= TEXTS["title"].keys() & TEXTS["declaration"].keys()


def test_every_code_of_a_receipt_has_its_word() -> None:
    assert TEXTS["reason_word"].keys() == {each.value for each in ReturnReason}
    assert TEXTS["wanted_word"].keys() == {each.value for each in (*Resolution, *Remedy)}
