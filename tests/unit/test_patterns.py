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
        ("te lo deletreo: a uno cero dos tres cuatro", "A-10234"),
        ("es el A 10 234", "A-10234"),
        ("el a 10234", "A-10234"),
        ("A_10234", "A-10234"),
        ("7-7-8-8-1-2", "778812"),
        ("7 7 8 8 1 2", "778812"),
        ("pedio 778-812", "778812"),
        ("cancelá el 4410", "4410"),
        ("es el 100046612, a nombre de Rosa", "100046612"),
        ("solo quiero saber si llega el 100 054 471", "100054471"),
        ("faltan cosas en el w 5530092", "W5530092"),
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
        "desde la compra de 2024",
        "no vivo allí desde 2019",
        "me mandan al 0800",
        "mi móvil es 612 34 56 78",
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
        ("cp28013", None, ("postal_code", "28013")),
        ("c p 28013", None, ("postal_code", "28013")),
        ("28013-Madrid", None, ("postal_code", "28013")),
        ("E-28013 Madrid", None, ("postal_code", "28013")),
        ("28.013 Madrid", None, ("postal_code", "28013")),
        ("código postal 28 013", None, ("postal_code", "28013")),
        ("calle Luna 14, 28004 Madrid", None, ("postal_code", "28004")),
        ("Av. Providencia 1234, 7500571", None, ("postal_code", "7500571")),
        ("Lucía Ferrer, 28015", None, ("postal_code", "28015")),
        ("778812, Madrid", None, ("order_number", "778812")),
        ("06700 es mi C.P.", None, ("postal_code", "06700")),
        ("28013 (código postal)", None, ("postal_code", "28013")),
        ("15074 es mi cód. postal", None, ("postal_code", "15074")),
        ("760042, ese es mi c.p.", None, ("postal_code", "760042")),
        ("28850 Torrejón de Ardoz", None, ("postal_code", "28850")),
        ("64000 San Pedro", None, ("postal_code", "64000")),
        ("me mudé, el nuevo código es 46015", None, ("postal_code", "46015")),
    ],
)
def test_a_bare_number_is_what_was_asked_for(
    text: str, requested: str | None, expected: tuple[str, str]
) -> None:
    assert found(text, requested) == [expected]


@pytest.mark.parametrize(
    "answer", ["A-10234 28013", "a-10234 / 28013", "A-10234 y 28013", "28013 y A-10234"]
)
def test_a_postcode_beside_the_number_that_was_asked_for_stays_one(answer: str) -> None:
    assert sorted(found(answer, "order_number")) == [
        ("order_number", "A-10234"),
        ("postal_code", "28013"),
    ]


def test_order_number_and_postcode_are_told_apart_in_one_message() -> None:
    assert found("número 120934, código postal 760042") == [
        ("order_number", "120934"),
        ("postal_code", "760042"),
    ]


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("c/ Alcalá 45, 3º B 28014", "28014"),
        ("Jr. Cusco 318 Magdalena del Mar 15086", "15086"),
        ("cra 15 # 93-60 apto 402, 110221", "110221"),
        ("av. Corrientes 3480 piso 7, 1193", "1193"),
        ("Av. Apoquindo 4501 depto 1203, 7550000 Las Condes", "7550000"),
        ("col. Narvarte 03020", "03020"),
        ("calle Ledesma 18, el código es 48009", "48009"),
    ],
)
def test_an_address_ends_in_its_postcode(address: str, postcode: str) -> None:
    assert found(address) == [("postal_code", postcode)]


@pytest.mark.parametrize(
    "text", ["piso 1204", "portal 1250, puerta 3", "calle Mayor 1500 depto 1105", "c/u 1200 pesos"]
)
def test_a_door_is_no_postcode(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["calle Luna 14, el 778812 no llegó", "vivo en calle Luna 14 y mi pedido es el 778812"],
)
def test_an_order_after_an_address_is_no_postcode(text: str) -> None:
    assert found(text) == [("order_number", "778812")]


def test_a_code_beside_an_order_number_is_its_postcode() -> None:
    assert found("la orden es MX-771204 y el código es 44160") == [
        ("order_number", "MX-771204"),
        ("postal_code", "44160"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("no es A-12040, me he liado, es A-12400", "order_number", "A-12400"),
        ("77o no perdón 770 431", "order_number", "770431"),
        ("es el 55810, digo, 558102", "order_number", "558102"),
        (
            "siete nueve cuatro uno cero uno no, a ver, es el siete nueve cuatro uno uno cero",
            "order_number",
            "794110",
        ),
        ("mi cp es 28031, ay no, me equivoqué, 28013", "postal_code", "28013"),
        ("ines@gmail.com, perdón, ines2@gmail.com", "email", "ines2@gmail.com"),
    ],
)
def test_what_is_taken_back_is_left_out(text: str, kind: str, value: str) -> None:
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text", ["el cp es 29010, no 29001", "el código postal es 29010 no el 29001"]
)
def test_what_is_denied_beside_what_is_said_is_left_out(text: str) -> None:
    assert found(text) == [("postal_code", "29010")]


def test_the_number_of_a_house_is_no_postcode_beside_a_named_one() -> None:
    assert found("pedido A-43391, ahora sería Rivadavia 4820, cp 1424") == [
        ("order_number", "A-43391"),
        ("postal_code", "1424"),
    ]


def test_begging_pardon_takes_nothing_back() -> None:
    assert found("A-10310, perdona que insista, y también el A-10311") == [
        ("order_number", "A-10310"),
        ("order_number", "A-10311"),
    ]


def test_a_corrected_number_is_of_the_same_kind() -> None:
    assert found("el cp es 29010, no, 29001") == [
        ("postal_code", "29010"),
        ("postal_code", "29001"),
    ]


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mi correo es Marta.Ruiz@Gmail.com.", "marta.ruiz@gmail.com"),
        ("marta @ gmail.com", "marta@gmail.com"),
        ("marta punto ruiz arroba gmail punto com", "marta.ruiz@gmail.com"),
        ("juan guion bajo perez arroba hotmail punto com punto mx", "juan_perez@hotmail.com.mx"),
        ("es nico ochenta y seis arroba outlook punto com", "nico86@outlook.com"),
        ("marta@gmail .com", "marta@gmail.com"),
        ("marta@gmail com", "marta@gmail.com"),
        ("marta(at)gmail.com", "marta@gmail.com"),
        ("marta@@gmail..com", "marta@gmail.com"),
        ("marta -arroba- gmail -punto- com", "marta@gmail.com"),
        ("jose perez todo junto arroba gmail punto com", "joseperez@gmail.com"),
        ("es jota perez arroba hot mail punto com", "jperez@hotmail.com"),
        ("carlos@outlook.es.Gracias por todo", "carlos@outlook.es"),
        ("pepe guion bajo luna en minúsculas arroba gmail punto com", "pepe_luna@gmail.com"),
        ("laura todo junto perez arroba hotmail punto com", "lauraperez@hotmail.com"),
        ("ana sin espacios belen arroba gmail punto com", "anabelen@gmail.com"),
        ("es marcos guion bajo gil todo pegado arroba live punto es", "marcos_gil@live.es"),
        ("toni guion bajo 78 arroba gmail punto com todo en minúsculas", "toni_78@gmail.com"),
        ("eva arroba taller luna todo junto punto com", "eva@tallerluna.com"),
        ("rosa punto diez arroba gmail punto com", "rosa.diez@gmail.com"),
        ("tienda punto diez arroba gmail punto com", "tienda.10@gmail.com"),
    ],
)
def test_emails_are_found_typed_and_dictated(text: str, email: str) -> None:
    assert found(text) == [("email", email)]


def test_an_order_number_before_a_dictated_address_is_kept() -> None:
    assert found("el correo del A-13002 a tania arroba estudiotania punto com") == [
        ("order_number", "A-13002"),
        ("email", "tania@estudiotania.com"),
    ]


def test_a_name_in_a_social_network_is_no_address() -> None:
    assert found("¿el Instagram @ofertas_tienda es de ustedes?") == []


@pytest.mark.parametrize(
    ("text", "postcode"),
    [("estoy en el 41013", "41013"), ("06700 villanueva de la serena", "06700")],
)
def test_where_somebody_is_and_what_begins_with_zero_are_postcodes(
    text: str, postcode: str
) -> None:
    assert found(text) == [("postal_code", postcode)]


@pytest.mark.parametrize(
    ("text", "tracking"),
    [
        ("1Z999AA10123456784", "1Z999AA10123456784"),
        ("LX123456789ES", "LX123456789ES"),
        ("la guía es 7489 2210 334", "74892210334"),
        ("rastrear 357962501027", "357962501027"),
        ("PQ4X8820417ES", "PQ4X8820417ES"),
        ("RR 123 456 789 ES", "RR123456789ES"),
        ("nacex 0128/12345678", "0128/12345678"),
        ("código de seguimiento CL0098123", "CL0098123"),
        ("db7788990011es", "DB7788990011ES"),
        ("DB 7788990011 ES", "DB7788990011ES"),
        ("mi pedido va con lx1234567890es", "LX1234567890ES"),
        ("la OT 77120934581 de Chilexpress no avanza", "77120934581"),
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
        ("DEV20240012", "DEV-2024-0012"),
        ("gar - 2024 - 0031", "GAR-2024-0031"),
        ("erre e ce guion uno dos cero cuatro", "REC-1204"),
        ("el caso #90812", "90812"),
        ("¿qué hay de mi reclamación REC-88?", "REC-88"),
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
        ("un tres, porque tardó", "3"),
        ("cuatro ⭐ y media", "4.5"),
        ("servicio de diez", "10"),
        ("un cero os pongo", "0"),
        ("un cero como una catedral", "0"),
        ("pónganle 5", "5"),
        ("denle 10", "10"),
        ("un ocho pues", "8"),
        ("encuesta: 8", "8"),
        ("cinco strellas", "5"),
        ("le doy 9", "9"),
        ("nota 7", "7"),
        ("un 5, digo un 8", "8"),
        ("le doy un 4, perdón, 5", "5"),
    ],
)
def test_scores_are_read_as_digits(text: str, score: str) -> None:
    assert found(text) == [("rating", score)]


@pytest.mark.parametrize(
    "text",
    [
        "llegaron 2 de 5",
        "un 4 por ciento",
        "has puesto tres opciones",
        "dice paso 2 de 5",
        "pónganle 5 cajas más",
        "quiero un ocho pues",
    ],
)
def test_what_is_counted_is_no_score(text: str) -> None:
    assert found(text) == []


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


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_nothing_that_can_be_typed_stops_it(text: str) -> None:
    for entity in READER.find(text):
        assert 0 <= entity.start < entity.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "lunes ",
        "el 12 ",
        "A 10 234 ",
        "4 ",
        "calle 1, ",
        "todo junto arroba ",
        "a@",
        "1 ",
        "1234 ",
        "a-",
        "dos mil ",
        "a punto ",
        "1z",
        "dev ",
        "A 123 ",
        "arroba ",
        "y ",
        "perdon ",
        "un 5, digo ",
        "A-10234 perdon ",
        "calle 1 28014 ",
        "col ",
        "en minusculas ",
        "todo junto ",
        "arroba a todo junto ",
        "codigo 28013 ",
    ],
)
def test_a_wall_of_anything_is_read_to_its_end(unit: str) -> None:
    READER.find((unit * 4000)[:4000])


def test_a_wall_of_numbers_is_not_read_to_its_end() -> None:
    wall = " ".join(f"A-{number}" for number in range(10000, 10300))
    assert 0 < len(found(wall)) <= 200
    assert found(wall)[0] == ("order_number", "A-10000")
