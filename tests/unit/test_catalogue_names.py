"""Customers' names of products lead to the shop's titles."""

from bot.assistant.catalogue import build_names, name_words

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
