import pytest

from bot.domain.money import Money
from bot.domain.orders import OrderLine
from tests.unit.spoken_answers import catalogue, spoken

SHIRT = {"color": "blue", "size": "M", "material": "cotton", "style": "crew neck"}
LAPTOP = {"screen size": "13-inch", "processor": "i7", "ram": "32GB", "storage": "256GB SSD"}
BOOTS = {"size": "8", "material": "leather", "waterproof": "yes"}
BOTTLE = {"capacity": "500ml", "material": "stainless steel", "color": "red"}


def asked(title: str, own: dict[str, str], text: str, option: str) -> set[str]:
    wanted = OrderLine("own", title, 1, Money(1, "EUR"), own)
    others = [p for p in catalogue() if p.title == title and p.options != own]
    return {variant.options[option] for variant in spoken().variants(text, wanted, others)}


@pytest.mark.parametrize(
    ("title", "own", "text", "option", "values"),
    [
        ("Camiseta", SHIRT, "quiero la negra", "color", {"black"}),
        ("Camiseta", SHIRT, "me la cambian por una morada", "color", {"purple"}),
        ("Camiseta", SHIRT, "quiero cambiar la azul por la roja", "color", {"red"}),
        ("Camiseta", SHIRT, "la misma pero en negro porfa", "color", {"black"}),
        ("Camiseta", SHIRT, "en vez de azul, roja", "color", {"red"}),
        ("Camiseta", SHIRT, "no la roja, la morada", "color", {"purple"}),
        ("Camiseta", SHIRT, "en L", "size", {"L"}),
        ("Camiseta", SHIRT, "una talla más", "size", {"L"}),
        ("Camiseta", SHIRT, "una talla menos", "size", {"S"}),
        ("Camiseta", SHIRT, "dos tallas más", "size", {"XL"}),
        ("Camiseta", SHIRT, "cambiar la talla M por la XL", "size", {"XL"}),
        ("Camiseta", SHIRT, "en talle s", "size", {"S"}),
        ("Camiseta", SHIRT, "una más chica", "size", {"S"}),
        ("Camiseta", SHIRT, "con cuello en v", "style", {"v-neck"}),
        ("Portátil", LAPTOP, "el de 17 pulgadas", "screen size", {"17-inch"}),
        ("Portátil", LAPTOP, "con 16 gigas de ram", "ram", {"16GB"}),
        ("Portátil", LAPTOP, "quiero el i9", "processor", {"i9"}),
        ("Portátil", LAPTOP, "uno de 1 tera", "storage", {"1TB SSD"}),
        ("Botas de montaña", BOOTS, "en número 9", "size", {"9"}),
        ("Botas de montaña", BOOTS, "un número más", "size", {"9"}),
        ("Botas de montaña", BOOTS, "de material sintético", "material", {"synthetic"}),
        ("Botella de agua", BOTTLE, "la de 750", "capacity", {"750ml"}),
        ("Botella de agua", BOTTLE, "de un litro", "capacity", {"1000ml"}),
        ("Botella de agua", BOTTLE, "de vidrio", "material", {"glass"}),
        ("Botella de agua", BOTTLE, "la verde", "color", {"green"}),
    ],
)  # fmt: skip
def test_the_variants_that_fit_are_found(
    title: str, own: dict[str, str], text: str, option: str, values: set[str]
) -> None:
    assert asked(title, own, text, option) == values


@pytest.mark.parametrize(
    "text",
    ["amarilla", "quiero cambiar la camiseta azul", "me queda chica", "hola", "talla XXXL", "ok"],
)
def test_nothing_fits_a_text_that_asks_for_nothing_there_is(text: str) -> None:
    assert asked("Camiseta", SHIRT, text, "color") == set()


def test_what_is_otherwise_the_same_goes_before_other_changes() -> None:
    own = SHIRT | {"style": "v-neck"}
    assert asked("Camiseta", own, "en S", "color") == {"blue"}


def test_who_takes_any_colour_is_shown_all() -> None:
    own = SHIRT | {"style": "v-neck"}
    assert len(asked("Camiseta", own, "talla S en cualquier color", "color")) > 1
