"""Customers' names of products lead to the shop's titles."""

import pytest

from bot.assistant.catalogue import build_names, name_words, stem
from bot.assistant.lexicon import read_products
from bot.assistant.misspellings import Misspellings

PRODUCTS = {"nevera": ("nevera", "heladera", "refrigerador"), "camiseta": ("camiseta", "remera")}


def meaning(name: str, *titles: str) -> str | None:
    return build_names(titles, PRODUCTS).meaning.get(name_words(name))


def test_plural_and_accents_make_no_difference() -> None:
    assert name_words("Sillónes") == name_words("sillon")
    assert name_words("lápices") == name_words("lapiz")
    assert name_words("zapatillas") == name_words("zapatilla")


def test_without_a_catalogue_a_regional_name_means_its_concept() -> None:
    assert meaning("heladera") == "nevera"


def test_the_only_title_of_a_concept_is_meant_by_its_regional_names() -> None:
    assert meaning("heladera", "Nevera Polar 300 L") == "Nevera Polar 300 L"


def test_a_name_of_several_titles_means_their_concept() -> None:
    assert meaning("remera", "Camiseta azul", "Camiseta roja") == "camiseta"


def test_the_beginning_of_one_title_means_that_title() -> None:
    titles = ("Camiseta de algodón azul (talla M)", "Camiseta deportiva")
    assert meaning("camiseta de algodon", *titles) == titles[0]


def test_what_only_holds_a_name_is_no_product() -> None:
    assert meaning("media hora") == ""


def test_a_name_belongs_to_one_kind_of_product() -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for concept, names in read_products().items():
        for name in names:
            owners.setdefault(name_words(name), set()).add(concept)
    del owners[name_words("casco")]  # on the head; "cascos" are on the ears
    assert {name: kinds for name, kinds in owners.items() if len(kinds) > 1} == {}


KNOWN = [
    names[0]
    for product in read_products().values()
    for name in product
    if len(names := name_words(name)) == 1
]
MISSPELLINGS = Misspellings(KNOWN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("labadora", "lavadora"),
        ("refrijerador", "refrigerador"),
        ("televicion", "television"),
        ("vicicleta", "bicicleta"),
        ("camisetta", "camiseta"),
        ("microndas", "microondas"),
        ("cafetra", "cafetera"),
        ("ventlador", "ventilador"),
    ],
)
def test_one_slip_in_a_long_word_is_forgiven(typed: str, meant: str) -> None:
    assert MISSPELLINGS.meant(stem(typed)) == stem(meant)


@pytest.mark.parametrize(
    "word",
    "carrera correo espero cambio cargado bloqueado materia catastro chatarra tenedor senador "
    "consejera pedido entrega garantia devolucion reembolso contestan".split(),
)
def test_a_word_of_the_language_is_no_misspelt_product(word: str) -> None:
    assert MISSPELLINGS.meant(stem(word)) is None
