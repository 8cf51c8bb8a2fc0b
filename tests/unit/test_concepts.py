"""Regional words stand for the same concept."""

from bot.assistant.concepts import ConceptReader
from bot.assistant.normalise import Normaliser


def reader(**concepts: list[str]) -> ConceptReader:
    return ConceptReader(concepts, ["heladera"], Normaliser({}, {}, {}))


def test_words_of_all_countries_mean_one_concept() -> None:
    read = reader(invoice=["boleta*", "factur*", "comprobante"])
    assert read("la boleta") == read("mi factura") == read("el comprobante") == "invoice"


def test_a_stem_covers_its_endings_and_a_whole_word_only_itself() -> None:
    read = reader(invoice=["factur*", "recibo"])
    assert read("facturacion") == "invoice"
    assert read("recibos") == ""


def test_names_of_several_words_are_found() -> None:
    assert reader(not_arrived=["no ha lleg*"])("todavia no ha llegado") == "not_arrived"


def test_products_are_one_concept() -> None:
    assert reader()("mi heladera") == "product"


def test_concepts_keep_the_order_of_the_words() -> None:
    read = reader(cancel=["cancelar"], order=["pedido"])
    assert read("cancelar el pedido") == "cancel order"
    assert read("el pedido cancelar") == "order cancel"
