"""Numbers, codes and addresses in a message are what a person would take them for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant.patterns import PatternReader

READER = PatternReader()


def found(text: str, requested: str | None = None) -> list[tuple[str, str]]:
    return [(entity.entity, entity.value) for entity in READER.find(text, requested)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("dónde está el A-10234?", "A-10234"),
        ("mi pedido #w2378156", "#W2378156"),
        ("W2378156", "W2378156"),
        ("el ES-2024-000981 no llega", "ES-2024-000981"),
        ("778812", "778812"),
        ("pedido 100045", "100045"),
        ("orden 4471", "4471"),
        ("numero de pedido a 1001", "A-1001"),
        ("mi pedido es el 778 901", "778901"),
        ("A–10234", "A-10234"),
        ("es a guion uno cero dos tres cuatro", "A-10234"),
        ("siete siete ocho ocho uno dos", "778812"),
        ("uve doble dos tres siete ocho uno cinco seis", "W2378156"),
    ],
)
def test_order_numbers_are_found_in_any_writing(text: str, number: str) -> None:
    assert found(text) == [("order_number", number)]


@pytest.mark.parametrize(
    "text",
    [
        "pagué 45000 pesos",
        "devuélvanme 12.345,67",
        "llámenme al 55 1234 5678",
        "mi dni es 12345678",
        "lo compré el 12/03/2024",
        "en 2024 les compré otro",
        "talla 42",
        "el de 128 GB",
        "calle Mayor 1500",
        "termina en 5521",
        "el modelo XR-2000",
        "https://tienda.example/pedido/778812",
        "me llegó a 1001 personas",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "requested", "expected"),
    [
        ("28013", None, ("postal_code", "28013")),
        ("28013", "second_fact", ("postal_code", "28013")),
        ("28013", "order_number", ("order_number", "28013")),
        ("1425", "second_fact", ("postal_code", "1425")),
        ("1425", "order_number", ("order_number", "1425")),
        ("a 1001", "order_number", ("order_number", "A-1001")),
        ("C1425DXY", None, ("postal_code", "C1425DXY")),
        ("mi código postal es el 110111", None, ("postal_code", "110111")),
        ("C.P. 06700", None, ("postal_code", "06700")),
        ("8320000, Santiago", None, ("postal_code", "8320000")),
        ("cero ocho cero uno cuatro", "second_fact", ("postal_code", "08014")),
        ("vivo en la 110221", None, ("postal_code", "110221")),
    ],
)
def test_a_bare_number_is_what_was_asked_for(
    text: str, requested: str | None, expected: tuple[str, str]
) -> None:
    assert found(text, requested) == [expected]


def test_order_number_and_postcode_are_told_apart_in_one_message() -> None:
    assert found("número 120934, código postal 760042") == [
        ("order_number", "120934"),
        ("postal_code", "760042"),
    ]


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mi correo es Marta.Ruiz@Gmail.com.", "marta.ruiz@gmail.com"),
        ("marta @ gmail.com", "marta@gmail.com"),
        ("marta punto ruiz arroba gmail punto com", "marta.ruiz@gmail.com"),
        ("juan guion bajo perez arroba hotmail punto com punto mx", "juan_perez@hotmail.com.mx"),
        ("es nico ochenta y seis arroba outlook punto com", "nico86@outlook.com"),
    ],
)
def test_emails_are_found_typed_and_dictated(text: str, email: str) -> None:
    assert found(text) == [("email", email)]


@pytest.mark.parametrize(
    ("text", "tracking"),
    [
        ("1Z999AA10123456784", "1Z999AA10123456784"),
        ("LX123456789ES", "LX123456789ES"),
        ("la guía es 7489 2210 334", "74892210334"),
        ("rastrear 357962501027", "357962501027"),
        ("PQ4X8820417ES", "PQ4X8820417ES"),
    ],
)
def test_tracking_numbers_are_known_by_shape_or_context(text: str, tracking: str) -> None:
    assert found(text) == [("tracking_number", tracking)]


@pytest.mark.parametrize(
    ("text", "folio"),
    [
        ("DEV-2024-0012", "DEV-2024-0012"),
        ("folio rec 1204", "REC-1204"),
        ("gar0031", "GAR-0031"),
        ("la garantía gar dos mil veinticuatro cero cero treinta y uno", "GAR-2024-0031"),
        ("mi folio es 44871", "44871"),
    ],
)
def test_case_numbers_are_brought_to_the_folio_as_issued(text: str, folio: str) -> None:
    assert found(text) == [("case_number", folio)]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("le doy un 4", "4"),
        ("8 de 10", "8"),
        ("cuatro estrellas", "4"),
        ("⭐⭐⭐⭐", "4"),
        ("del 1 al 5, un 3", "3"),
    ],
)
def test_scores_are_read_as_digits(text: str, score: str) -> None:
    assert found(text) == [("rating", score)]


def test_a_bare_digit_is_a_score_only_when_asked_for() -> None:
    assert found("4") == []
    assert found("4", "rating") == [("rating", "4")]


def test_the_place_of_an_entity_is_its_place_as_typed() -> None:
    text = "Señor, el Ñandú: A-10234"
    entity = READER.find(text)[0]
    assert text[entity.start : entity.end] == "A-10234"


def test_a_shop_with_another_shape_finds_its_own_numbers() -> None:
    reader = PatternReader(r"#\d{4}")
    assert [entity.value for entity in reader.find("mi pedido 1001")] == ["#1001"]
    assert reader.find("pedido A-10234") == []


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_nothing_that_can_be_typed_stops_it(text: str) -> None:
    for entity in READER.find(text):
        assert 0 <= entity.start < entity.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    ["a@", "1 ", "1234 ", "a-", "dos mil ", "a punto ", "1z", "dev ", "A 123 ", "arroba ", "y "],
)
def test_a_wall_of_anything_is_read_to_its_end(unit: str) -> None:
    READER.find((unit * 4000)[:4000])
