"""The demonstration shop "Casa Olmo": orders in every state, with dates that follow the calendar.

Its data are in `demo_shop.yml` beside this module; here they become a document as
`posventa orders import` reads it.
"""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters.yaml_file import read_yaml
from bot.domain.money import Money
from bot.domain.orders import zone_of

_CURRENCIES = {"ES": "EUR", "MX": "MXN", "CO": "COP", "AR": "ARS", "CL": "CLP", "PE": "PEN"}
_PAID = ("paid", "partially_refunded", "refunded")


def demo_document(today: date) -> dict[str, Any]:
    """The whole shop as an import document; the same day gives the same document.

    Args:
        today: The day that "in transit" and "out for delivery" are to be true on.
    """
    shop = read_yaml(Path(__file__).with_suffix(".yml"))
    products = {product["sku"]: product for product in shop["products"]}
    customers = {key: _customer(key, row) for key, row in shop["customers"].items()}
    desk = _OrderDesk(today, products, customers, shop["currencies"])
    return {
        "products": [_without(product, "price") for product in products.values()],
        "customers": list(customers.values()),
        "orders": [desk.order(row) for row in shop["orders"]],
    }


class _OrderDesk:
    """Writes orders out: prices in the customer's currency, times on the customer's clock."""

    def __init__(
        self,
        today: date,
        products: dict[str, Any],
        customers: dict[str, Any],
        currencies: dict[str, dict[str, str]],
    ) -> None:
        self._today = today
        self._products = products
        self._customers = customers
        self._currencies = currencies

    def order(self, row: dict[str, Any]) -> dict[str, Any]:
        customer = self._customers[row["customer"]]
        country = customer["address"]["country"]
        currency, zone = _CURRENCIES[country], zone_of(country)
        lines = [self._line(line, currency) for line in row["lines"]]
        shipments = row.get("shipments", [])
        return {
            "number": row["number"],
            "customer_id": customer["id"],
            "placed_at": self._time(row["placed"], zone),
            "currency": currency,
            "country": country,
            "status": row.get("status", "open"),
            "payment_status": row.get("payment", "paid"),
            "lines": lines,
            "shipments": [self._shipment(shipment, zone) for shipment in shipments],
            "shipping_address": _address(row["ship_to"])
            if "ship_to" in row
            else customer["address"],
            "payments": self._payments(row, lines, currency, zone),
        }

    def _line(self, text: str, currency: str) -> dict[str, Any]:
        sku, quantity = _article(text)
        product = self._products[sku]
        line = {
            "sku": sku,
            "title": product["title"],
            "quantity": quantity,
            "unit_price": self._price(product["price"], currency),
        }
        return line | {"options": product["options"]} if "options" in product else line

    def _price(self, euros: str, currency: str) -> str:
        rule = {name: Decimal(value) for name, value in self._currencies[currency].items()}
        steps = (Decimal(euros) * rule["rate"] / rule["step"]).to_integral_value(ROUND_CEILING)
        return str(Money.parse(steps * rule["step"] - rule["minus"], currency))

    def _shipment(self, row: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
        times = {
            "shipped_at": "shipped",
            "delivered_at": "delivered",
            "estimated_delivery": "expected",
        }
        inside = [_article(text) for text in row.get("contains", [])]
        return {
            "carrier": row["carrier"],
            "tracking_number": row["tracking"],
            "status": row["status"],
            **{key: self._time(row[name], zone) for key, name in times.items() if name in row},
            "events": [self._event(event, zone) for event in row.get("events", [])],
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in inside],
        }

    def _event(self, text: str, zone: ZoneInfo) -> dict[str, Any]:
        at, status, place, description = (part.strip() for part in text.split("|"))
        return {
            "at": self._time(at, zone),
            "status": status,
            "place": place,
            "description": description,
        }

    def _payments(
        self, row: dict[str, Any], lines: list[dict[str, Any]], currency: str, zone: ZoneInfo
    ) -> list[dict[str, Any]]:
        if row.get("payment", "paid") not in _PAID:
            return []
        paid = {
            "kind": "payment",
            "amount": _sum(lines, currency),
            "at": self._time(row["placed"], zone),
        }
        movements = [paid]
        if refund := row.get("refunded"):
            back = [line for line in lines if line["sku"] in refund.get("lines", [line["sku"]])]
            at = self._time(refund["at"], zone)
            movements.append({"kind": "refund", "amount": _sum(back, currency), "at": at})
        return [{"method": row["method"], **movement} for movement in movements]

    def _time(self, text: str, zone: ZoneInfo) -> str:
        days, clock = text.split()
        day = self._today + timedelta(days=int(days))
        return datetime.combine(day, time.fromisoformat(clock), zone).isoformat()


def _customer(key: str, row: list[str | None]) -> dict[str, Any]:
    name, email, phone, *address = row
    contact = {"id": key, "name": name, "email": email, "address": _address([name, *address])}
    return contact | {"phone": phone} if phone else contact


def _address(row: list[str | None]) -> dict[str, Any]:
    parts = ("name", "line1", "line2", "city", "region", "postal_code", "country")
    return {part: value for part, value in zip(parts, row, strict=True) if value}


def _article(text: str) -> tuple[str, int]:
    sku, _, quantity = text.partition(" x")
    return sku, int(quantity or 1)


def _sum(lines: list[dict[str, Any]], currency: str) -> str:
    prices = (Decimal(line["unit_price"]) * line["quantity"] for line in lines)
    return str(Money.parse(sum(prices, Decimal(0)), currency))


def _without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}
