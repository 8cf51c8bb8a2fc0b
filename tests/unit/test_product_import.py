"""What an article may say beyond its name: its kind, its stock, help for whoever has it."""

from typing import Any

import pytest

from bot.domain.order_export import written_product
from bot.domain.order_import import ImportRefused, read_document
from bot.domain.orders import Condition, HelpTopic, Product, ProductHelp
from tests.sample_orders import sample_document


def with_product(**fields: Any) -> dict[str, Any]:
    document = sample_document()
    document["products"][1] |= fields
    return document


def product_of(document: dict[str, Any]) -> Product:
    return read_document(document).products[1]


def test_an_article_that_says_no_more_is_new_and_its_stock_unknown() -> None:
    product = product_of(sample_document())
    assert (product.condition, product.stock, product.help) == (Condition.NEW, None, ())


def test_kind_stock_and_help_are_read_and_written_the_same() -> None:
    topics = [
        {"topic": "installation", "text": "Atornilla la base.", "url": "https://example.com/a"},
        {"topic": "spare_parts", "text": "Escríbenos."},
    ]
    document = with_product(condition="second_hand", stock=0, help=topics)
    product = product_of(document)
    assert product.condition is Condition.SECOND_HAND
    assert product.stock == 0
    assert product.help[1] == ProductHelp(HelpTopic.SPARE_PARTS, "Escríbenos.")
    assert written_product(product) == document["products"][1]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"condition": "used"}, "products[1].condition"),
        ({"stock": -1}, "products[1].stock"),
        ({"stock": "3"}, "products[1].stock"),
        ({"help": {}}, "products[1].help"),
        ({"help": [{"topic": "magic", "text": "x"}]}, "products[1].help[0].topic"),
        ({"help": [{"topic": "use"}]}, "products[1].help[0].text"),
        (
            {"help": [{"topic": "use", "text": "x", "url": "javascript:x"}]},
            "products[1].help[0].url",
        ),
        ({"help": [{"topic": "use", "text": "x", "more": 1}]}, "products[1].help[0].more"),
    ],
)
def test_a_mistake_is_reported_with_its_place(fields: dict[str, Any], place: str) -> None:
    with pytest.raises(ImportRefused) as caught:
        read_document(with_product(**fields))
    assert [problem.place for problem in caught.value.problems] == [place]
