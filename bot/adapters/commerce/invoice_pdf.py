"""The document of an order as a PDF: what was bought, for how much, by whom and from whom.

Without the seller's tax number it is a summary of the order and says so: it would be no invoice in
law. Taxes are not itemised, because orders are imported with prices that include them.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bot.adapters.commerce.pdf_page import PdfPage, SellerIdentity
from bot.adapters.yaml_file import read_yaml
from bot.domain.orders import Address, Order, OrderStatus, Payment
from bot.services.order_backend import Invoice

__all__ = ["SellerIdentity", "invoice_of"]


def invoice_of(order: Order, seller: SellerIdentity, *, compressed: bool = True) -> Invoice:
    """The document of an order, dated on the day of the order.

    Args:
        compressed: Whether its contents are; a test reads them when they are not.
    """
    writer = _Writer(order, seller, compressed=compressed)
    return Invoice(
        number=order.number,
        issued_on=order.placed_at.astimezone(order.zone).date(),
        content=writer.pdf(f"{writer.title} {order.number}"),
        is_invoice=seller.tax_id is not None,
    )


class _Writer(PdfPage):
    def __init__(self, order: Order, seller: SellerIdentity, *, compressed: bool) -> None:
        super().__init__(seller, order.country, _texts(), compressed=compressed)
        self._order = order
        title = "title_invoice" if seller.tax_id else "title_summary"
        self.title: str = self._texts[title]

    def _story(self) -> Iterator[Any]:
        order, texts = self._order, self._texts
        yield self._text(self.title, bold=True, size=18)
        yield self._text(texts["number"].format(number=order.number))
        yield self._text(texts["date"].format(date=self._day(order.placed_at)))
        if order.status is OrderStatus.CANCELLED:
            yield self._text(texts["cancelled"], bold=True)
        yield self._gap(12)
        yield self._addresses()
        yield self._gap(18)
        yield self._lines()
        yield self._gap(12)
        for payment in order.payments:
            yield self._text(self._payment(payment))
        yield self._gap(12)
        yield self._text(texts["taxes_included"])
        if not self._seller.tax_id:
            yield self._text(texts["not_an_invoice"])

    def _addresses(self) -> Any:
        from reportlab.platypus import Table

        customer = self._order.customer
        columns = [
            [
                self._text(self._texts["bill_to"], bold=True),
                self._text(customer.name),
                *(self._text(line) for line in _address_lines(customer.address)),
            ],
            [
                self._text(self._texts["ship_to"], bold=True),
                self._text(self._order.shipping_address.name),
                *(self._text(line) for line in _address_lines(self._order.shipping_address)),
            ],
        ]
        return Table(
            [columns], colWidths=["50%", "50%"], style=[("VALIGN", (0, 0), (-1, -1), "TOP")]
        )

    def _lines(self) -> Any:
        from reportlab.lib import colors
        from reportlab.platypus import Table

        heads = ("article", "quantity", "unit_price", "amount")
        rows = [
            [self._text(self._texts[head], bold=True, right=head != "article") for head in heads]
        ]
        for line in self._order.lines:
            options = ", ".join(f"{name}: {value}" for name, value in line.options.items())
            title = f"{line.title} ({options})" if options else line.title
            rows.append(
                [
                    self._text(title),
                    self._text(str(line.quantity), right=True),
                    self._text(self._money(line.unit_price), right=True),
                    self._text(self._money(line.unit_price * line.quantity), right=True),
                ]
            )
        total = self._text(self._money(self._order.total), bold=True, right=True)
        empty = self._text("")
        rows.append([self._text(self._texts["total"], bold=True), empty, empty, total])
        style = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
            ("LINEBELOW", (0, 1), (-1, -2), 0.3, colors.lightgrey),
            ("LINEABOVE", (0, -1), (-1, -1), 0.8, colors.black),
        ]
        widths = ["49%", "13%", "19%", "19%"]
        return Table(rows, colWidths=widths, style=style, repeatRows=1)

    def _payment(self, payment: Payment) -> str:
        kind = "refund" if payment.kind == "refund" else "payment"
        method = self._texts["methods"].get(payment.method, payment.method.replace("_", " "))
        if payment.at is None:
            text = self._texts[f"{kind}_undated"].format(method=method)
        else:
            text = self._texts[kind].format(method=method, date=self._day(payment.at))
        return f"{text}: {self._money(payment.amount)}"


def _address_lines(address: Address) -> Iterator[str]:
    place = f"{address.postal_code} {address.city}"
    region = address.region if address.region != address.city else None
    lines = (address.line1, address.line2, place, region, address.country)
    return (line for line in lines if line)


@cache
def _texts() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("invoice_texts.yml"))
    return found
