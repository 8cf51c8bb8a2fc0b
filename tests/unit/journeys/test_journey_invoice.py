"""Whoever asks for an invoice gets what there is, and is told which of the two it is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.commerce.pdf_page import SellerIdentity
from bot.adapters.commerce.sql import SqlOrderBackend
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.messages import Document, DocumentKind
from bot.services.journeys.steps import Step
from tests.fakes.desk_house import FixedClock
from tests.fakes.journey_house import Customer, JourneyHouse
from tests.sample_orders import sample_document

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
ANA = "ana.gil@example.com"
COMPANY = SellerIdentity("Casa Olmo S. L.", "B12345678")
NO_COMPANY = SellerIdentity("Casa Olmo")
INVOICE = Document(DocumentKind.INVOICE, "A-1001")
SUMMARY = Document(DocumentKind.SUMMARY, "A-1001")


@pytest.fixture
def document() -> dict[str, Any]:
    """Ana's order A-1001 has arrived."""
    document = sample_document()
    document["orders"][0]["status"] = "completed"
    document["orders"][0]["shipments"] = []
    return document


@pytest.fixture(params=[COMPANY])
def house(
    units: SqlUnits, document: dict[str, Any], request: pytest.FixtureRequest
) -> JourneyHouse:
    """A shop that issues invoices, or the seller a test names."""
    return JourneyHouse(units, FixedClock(NOW), document, seller=request.param)


def step_of(customer: Customer) -> Step:
    assert customer.step is not None
    return customer.step


def asks(house: JourneyHouse, text: str = "quiero la factura") -> tuple[list[str], Step]:
    """Ana asks for the invoice of A-1001, everything in one message."""
    ana = house.customer()
    says = ana.says(text, "request_invoice", order_number="A-1001", email=ANA)
    return says, step_of(ana)


def test_the_invoice_is_handed_over_to_whom_the_order_belongs(house: JourneyHouse) -> None:
    says, step = asks(house)
    assert says == ["invoice_ready"]
    assert step.documents == (INVOICE,)
    assert step.asks_if_solved


def test_what_is_missing_is_asked_for_before_anything_is_handed_over(house: JourneyHouse) -> None:
    ana = house.customer()
    assert ana.says("la factura", "request_invoice") == ["question_order_number"]
    assert ana.says("A-1001", order_number="A-1001") == ["question_second_fact"]
    assert step_of(ana).documents == ()
    assert ana.says(ANA, email=ANA) == ["invoice_ready"]


def test_nobody_gets_the_invoice_of_somebody_else(house: JourneyHouse) -> None:
    luis = house.customer()
    says = luis.says(
        "la factura", "request_invoice", order_number="A-1001", email="luis@example.com"
    )
    assert says[0] == "refusal_order_not_identified"
    assert step_of(luis).documents == ()


@pytest.mark.parametrize("house", [NO_COMPANY, None], indirect=True)
def test_a_shop_without_invoices_hands_over_a_summary_and_says_so(house: JourneyHouse) -> None:
    says, step = asks(house)
    assert says == ["invoice_not_issued"]
    assert step.documents == (SUMMARY,)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "cancelled", "payment_status": "refunded"}, "invoice_of_cancelled"),
        ({"payment_status": "pending"}, "invoice_not_paid"),
        ({"payment_status": "failed"}, "invoice_not_paid"),
        ({"payment_status": "authorized"}, "invoice_not_paid"),
    ],
)
def test_an_order_without_an_invoice_has_a_summary(
    units: SqlUnits, document: dict[str, Any], change: dict[str, str], sentence: str
) -> None:
    document["orders"][0].update(change, shipments=[], payments=[])
    says, step = asks(JourneyHouse(units, FixedClock(NOW), document, seller=COMPANY))
    assert says == [sentence]
    assert step.documents == (SUMMARY,)


@pytest.mark.parametrize(
    "text",
    [
        "quiero la factura a nombre de mi empresa, CIF B31200455",
        "la factura salió a mi nombre y debe ir a nombre de la empresa",
        "cambien la razón social de la factura",
        "corregir datos de facturación",
        "el NIF de la factura no es el mío",
        "mi RFC esta mal en la factura",
        "necesito factura rectificativa",
        "la dirección fiscal de la factura está mal, la de envío no",
        "me la podéis rehacer?",
        "salió sin mi razón social",
    ],
)
def test_who_wants_other_data_on_it_is_told_why_not_and_offered_a_person(
    house: JourneyHouse, text: str
) -> None:
    customer = house.customer()
    assert customer.says(text, "request_invoice") == ["invoice_not_changed"]
    assert step_of(customer).offers_person
    assert step_of(customer).documents == ()


@pytest.mark.parametrize(
    "text",
    [
        "me mandas la factura xfa",
        "no me llegó la boleta al correo",
        "he perdido el ticket de la cafetera",
        "dónde descargo la factura",
        "no encuentro la factura por ningún lado",
        "se me borró el correo con la factura",
        "necesito un papel con el CIF de ustedes",
    ],
)
def test_who_only_wants_to_have_it_gets_it(house: JourneyHouse, text: str) -> None:
    assert asks(house, text)[0] == ["invoice_ready"]


def test_it_is_answered_in_the_middle_of_another_matter_which_then_goes_on(
    house: JourneyHouse,
) -> None:
    ana = house.customer().identified("A-1001", ANA)
    assert ana.says("quiero devolver", "request_return") == ["question_which_line"]
    says = ana.says("¿y la factura?", "request_invoice")
    assert says == ["invoice_ready", "question_which_line"]
    assert step_of(ana).documents == (INVOICE,)


def test_asking_again_hands_it_over_again_and_changes_nothing(
    house: JourneyHouse, units: SqlUnits
) -> None:
    ana = house.customer().identified("A-1001", ANA)
    for _ in range(2):
        assert ana.says("la factura", "request_invoice") == ["invoice_ready"]
        assert step_of(ana).documents == (INVOICE,)
    assert house.backend.cases("A-1001").returns == ()


def test_a_backend_without_a_seller_issues_none(units: SqlUnits) -> None:
    backend = SqlOrderBackend(units, FixedClock(NOW))
    assert "invoices" not in backend.capabilities
