"""Names articles so that a customer can tell them apart: by their options, where titles are alike."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from bot.domain.money import Money
from bot.domain.orders import OrderLine, Product

# An option's value as customers read it ("blue" → "azul"); shops often keep them in English.
Words = Callable[[str, str], str]


def told_apart(line: OrderLine, among: Collection[OrderLine], words: Words) -> OrderLine:
    """A line whose title tells it from the others of the same name."""
    alike = [other for other in among if other.title == line.title and other.sku != line.sku]
    if not alike:
        return line
    return replace(line, title=f"{line.title} ({differences(line.options, alike, words)})")


def wanted_line(product: Product, line: OrderLine, quantity: int, words: Words) -> OrderLine:
    """An article that is wanted instead of a line, named by what is different about it."""
    said = differences(product.options, [line], words)
    title = f"{product.title} ({said})" if said else product.title
    return OrderLine(product.sku, title, quantity, Money(0, line.unit_price.currency))


def differences(
    options: Mapping[str, str], others: Collection[OrderLine | Product], words: Words
) -> str:
    """The options in which an article differs from any of the others, in words."""
    names = [
        name
        for name, value in options.items()
        if any(other.options.get(name) != value for other in others)
    ]
    return ", ".join(words(name, options[name]) for name in names)
