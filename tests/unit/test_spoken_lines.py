import pytest

from bot.domain.orders import OrderLine
from tests.unit.spoken_answers import line, spoken

BLUE, BLACK, COFFEE, BOTTLES, LAPTOP = range(5)
ORDER = [
    line("Camiseta", color="blue", size="M", material="cotton", style="crew neck"),
    line("Camiseta", color="black", size="L", material="polyester", style="v-neck"),
    line("Cafetera", color="white", capacity="2 cups", type="drip"),
    line("Botella de agua", 2, capacity="750ml", material="stainless steel", color="red"),
    line("Portátil", ram="16GB", storage="512GB SSD", color="silver", processor="i7"),
]
ALL = {BLUE: 1, BLACK: 1, COFFEE: 1, BOTTLES: 2, LAPTOP: 1}
SAID: list[tuple[str, dict[int, int]]] = [
    ("la polera azul", {BLUE: 1}),
    ("la remera negra", {BLACK: 1}),
    ("la playera de algodón", {BLUE: 1}),
    ("la de cuello redondo", {BLUE: 1}),
    ("la talla L", {BLACK: 1}),
    ("la roja", {BOTTLES: 2}),
    ("la de acero", {BOTTLES: 2}),
    ("el de 16 gb", {LAPTOP: 1}),
    ("la compu portátil", {LAPTOP: 1}),
    ("la notebook y la cafetera", {LAPTOP: 1, COFFEE: 1}),
    ("laptop", {LAPTOP: 1}),
    ("la cafetra", {COFFEE: 1}),
    ("la kafetera", {COFFEE: 1}),
    ("devolver una de las botellas", {BOTTLES: 1}),
    ("solo una botella", {BOTTLES: 1}),
    ("dos botellas", {BOTTLES: 2}),
    ("botella x1", {BOTTLES: 1}),
    ("botellas, 2 unidades", {BOTTLES: 2}),
    ("la cantimplora", {BOTTLES: 2}),
    ("las camisetas", {BLUE: 1, BLACK: 1}),
    ("ambas remeras", {BLUE: 1, BLACK: 1}),
    ("las dos playeras", {BLUE: 1, BLACK: 1}),
    ("todo", ALL),
    ("quiero devolver todo el pedido", ALL),
    ("el pedido completo", ALL),
    ("todos los artículos", ALL),
    ("las cinco cosas", ALL),
    ("todo menos la cafetera", {BLUE: 1, BLACK: 1, BOTTLES: 2, LAPTOP: 1}),
    ("todo excepto las camisetas", {COFFEE: 1, BOTTLES: 2, LAPTOP: 1}),
    ("la primera", {BLUE: 1}),
    ("lo tercero", {COFFEE: 1}),
    ("el último", {LAPTOP: 1}),
    ("la 3", {COFFEE: 1}),
    ("5", {LAPTOP: 1}),
    ("la segunda camiseta", {BLACK: 1}),
    ("no la azul sino la negra", {BLACK: 1}),
    ("la camiseta azul no, la negra", {BLACK: 1}),
    ("la cafetera no, el portátil", {LAPTOP: 1}),
    ("no quiero la cafetera", {COFFEE: 1}),
    ("la cafetera no prende", {COFFEE: 1}),
    ("quiero cambiar la camiseta azul por la negra", {BLUE: 1}),
    ("cambiar la negra por otra más grande", {BLACK: 1}),
    ("me quedo con las camisetas y devuelvo la cafetera", {COFFEE: 1}),
    ("quiero devolver la camiseta azul del A-10234, me queda chica, soy ana@x.com", {BLUE: 1}),
    ("xq la cafetera blanca llegó rota", {COFFEE: 1}),
    ("me queda grande la camiseta azul", {BLUE: 1}),
    ("ni la cafetera ni la laptop funcionan", {COFFEE: 1, LAPTOP: 1}),
    ("la camiseta que es azul", {BLUE: 1}),
    ("me mandaron una roja en vez de la camiseta azul", {BLUE: 1}),
]  # fmt: skip
NOTHING = [
    "hola", "quiero devolver algo", "el pedido 2", "mi pedido es el #W2378156", "cp 28003", "mi cel es 5512345678",
    "me llegó el 2 de mayo", "llegó hace 3 días", "que me devuelvan la plata", "DEV-2026-000123", "la primera vez que compro",
    "otra vez ustedes", "todo bien gracias", "eso es todo", "todos los días llamo", "los dos", "el 9", "sobre todo por el precio",
    "prefiero otra talla", "la otra", "no la cafetera", "la licuadora", "la camiseta verde", "solo uno", "vale, claro",
]  # fmt: skip


def chosen(
    text: str, lines: list[OrderLine] = ORDER, before: tuple[int, ...] = ()
) -> dict[int, int]:
    return dict(spoken().lines(text, lines, before).chosen)


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_the_named_lines_are_found(text: str, expected: dict[int, int]) -> None:
    assert chosen(text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_that_names_no_line_chooses_none(text: str) -> None:
    said = spoken().lines(text, ORDER)
    assert (dict(said.chosen), said.ambiguous) == ({}, ())


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("la otra camiseta", (BLUE,), {BLACK: 1}),
        ("no, la otra remera", (BLACK,), {BLUE: 1}),
        ("las demás", (BLUE, BLACK), {COFFEE: 1, BOTTLES: 2, LAPTOP: 1}),
        ("y también la cafetera", (BLUE,), {COFFEE: 1}),
        ("no la cafetera", (BLUE,), {COFFEE: 1}),
        ("solo una", (BOTTLES,), {BOTTLES: 1}),
        ("las dos", (BOTTLES,), {BOTTLES: 2}),
        ("una nada más", (BOTTLES,), {BOTTLES: 1}),
    ],
)
def test_what_was_chosen_before_gives_a_correction_its_meaning(
    text: str, before: tuple[int, ...], expected: dict[int, int]
) -> None:
    assert chosen(text, before=before) == expected


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("la otra", (0,), {1: 1}),
        ("no, la otra", (1,), {0: 1}),
        ("no la otra", (0,), {1: 1}),
        ("mejor las dos", (0,), {0: 1, 1: 1}),
        ("ambas", (), {0: 1, 1: 1}),
        ("los dos", (), {0: 1, 1: 1}),
        ("la taza no, la otra", (), {}),
    ],
)
def test_two_lines_are_told_apart_by_few_words(
    text: str, before: tuple[int, ...], expected: dict[int, int]
) -> None:
    assert chosen(text, ORDER[:2], before) == expected


@pytest.mark.parametrize("text", ["la camiseta", "una remera", "la polera esa"])
def test_a_name_of_two_lines_is_ambiguous(text: str) -> None:
    assert spoken().lines(text, ORDER).ambiguous == (BLUE, BLACK)


def test_a_line_that_is_kept_is_excluded() -> None:
    assert spoken().lines("me quedo con la cafetera", ORDER).excluded == (COFFEE,)


def test_a_line_that_shall_not_go_back_is_excluded() -> None:
    assert spoken().lines("no quiero devolver la cafetera", ORDER).excluded == (COFFEE,)


def test_the_whole_order_is_known_as_such() -> None:
    assert spoken().lines("todo", ORDER).all


def test_a_quantity_that_was_not_said_stays_open() -> None:
    assert spoken().lines("la botella", ORDER).quantity_open == (BOTTLES,)


def test_a_quantity_that_was_said_is_not_open() -> None:
    assert spoken().lines("una botella", ORDER).quantity_open == ()


SPANISH = [
    line("Camiseta de algodón orgánico", talla="M", color="azul marino"),
    line("Zapatillas de correr Brisa", talla="41", color="negro"),
    line("Auriculares inalámbricos Eco", color="blanco"),
    line("Juego de mancuernas 20 kg"),
    line("Máquina de café espresso Lumbre", color="acero"),
    line("Sudadera con capucha", talla="XL", color="burdeos"),
]


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("la azul", 0), ("los tenis", 1), ("las zapas negras", 1), ("los audífonos", 2), ("los airpods", 2),
        ("las pesas", 3), ("la cafetera", 4), ("el buzo", 5), ("el polerón", 5), ("el hoodie color vino", 5),
        ("las Brisa", 1), ("los fonos bluetooth", 2), ("las mancuernas", 3), ("la granate", 5), ("las de correr", 1),
        ("la franela", 0), ("la talla 41", 1),
    ],
)  # fmt: skip
def test_a_catalogue_in_spanish_is_understood_by_its_regional_names(
    text: str, position: int
) -> None:
    assert set(chosen(text, SPANISH)) == {position}
