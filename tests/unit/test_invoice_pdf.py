"""The document of an order: complete, readable in any script, and no invoice without a tax number."""

from datetime import UTC, datetime
from functools import cache

import pytest

from bot.adapters.commerce import pdf_page
from bot.adapters.commerce.invoice_pdf import SellerIdentity, invoice_of
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Payment
from tests.pdf_text import words_of
from tests.sample_orders import a_customer, an_address, an_order

SHOP = SellerIdentity("Casa Olmo")
COMPANY = SellerIdentity("Casa Olmo S. L.", "B12345678", "Calle del Olmo 3\n28012 Madrid")


def the_order(name: str = "Ana Gil") -> Order:
    line = OrderLine("CAM-1", "Camiseta", 3, Money.parse("1019.90", "EUR"), {"color": "azul"})
    return an_order(
        placed_at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC),
        lines=(line,),
        customer=a_customer(name=name),
        shipping_address=an_address(name=name, city="Getafe", postal_code="28901"),
        payments=(
            Payment("credit_card", Money.parse("3059.70", "EUR")),
            Payment(
                "credit_card",
                Money.parse("10.00", "EUR"),
                "refund",
                datetime(2026, 11, 5, 12, tzinfo=UTC),
            ),
        ),
    )


def text_of(order: Order, seller: SellerIdentity = SHOP) -> str:
    return words_of(invoice_of(order, seller, compressed=False).content)


@cache
def plain_text() -> str:
    return text_of(the_order()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "fact",
    [
        "Casa Olmo",
        "Pedido A-1001",
        "1 de noviembre de 2026",  # already that day in Madrid
        "Camiseta (color: azul)",
        "1.019,90 €",
        "3.059,70 €",
        "Pagado con tarjeta de crédito",
        "Devuelto con tarjeta de crédito, 5 de noviembre de 2026: 10,00 €",
        "28901 Getafe",
        "28013 Madrid",
        "Los precios incluyen impuestos.",
    ],
)
def test_the_document_tells(fact: str) -> None:
    assert fact in plain_text()


def test_without_a_tax_number_it_is_a_summary_and_says_so() -> None:
    assert "Resumen del pedido" in plain_text()
    assert "no es una factura" in plain_text()
    assert not invoice_of(the_order(), SHOP).is_invoice


def test_with_a_tax_number_it_is_an_invoice_of_that_seller() -> None:
    text = text_of(the_order(), COMPANY)
    assert "Factura" in text
    assert "NIF: B12345678" in text
    assert "28012 Madrid" in text
    assert invoice_of(the_order(), COMPANY).is_invoice


@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "Nguyễn Thị Ánh", "Σοφία", "Анна Петрова", "王小明", "Ana <b>Gil & Co"]
)
@pytest.mark.parametrize("fonts", ["this machine's", "reportlab's own"])
def test_a_name_in_any_script_is_written_whole(
    name: str, fonts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fonts == "reportlab's own":
        monkeypatch.setattr(pdf_page, "_FONTS", pdf_page._FONTS[-1:])
    pdf_page._fonts.cache_clear()
    try:
        assert text_of(the_order(name)).count(name) == 2
    finally:
        pdf_page._fonts.cache_clear()


def test_characters_that_no_font_has_break_nothing() -> None:
    assert "Ana" in text_of(the_order("Ana \U0001f600 \x07\u202e"))


def test_the_same_order_gives_the_same_document() -> None:
    assert invoice_of(the_order(), SHOP).content == invoice_of(the_order(), SHOP).content


def test_a_long_order_goes_over_several_pages() -> None:
    line = OrderLine("CAM-1", "Camiseta", 1, Money.parse("1.00", "EUR"))
    assert "Página 3" in text_of(an_order(lines=(line,) * 120))
