"""The lexicon of this repository and the articles that texts of customers are about."""

import json
from functools import cache
from pathlib import Path

from bot.adapters.spoken_lexicon import load_spoken_answers
from bot.domain.money import Money
from bot.domain.orders import OrderLine, Product
from bot.domain.spoken import SpokenAnswers

ROOT = Path(__file__).resolve().parents[2]


@cache
def spoken() -> SpokenAnswers:
    return load_spoken_answers(ROOT / "data/lexicon")


@cache
def catalogue() -> tuple[Product, ...]:
    shop = json.loads((ROOT / "tests/data/retail_orders.json").read_text(encoding="utf-8"))
    return tuple(
        Product(p["sku"], p["title"], p["category"], p["options"]) for p in shop["products"]
    )


def line(title: str, quantity: int = 1, **options: str) -> OrderLine:
    named = {name.replace("_", " "): value for name, value in options.items()}
    return OrderLine(title, title, quantity, Money(1000, "EUR"), named)
