"""Of what a story mentions, only what it is about counts; where that is unclear, nothing does."""

import pytest

from tests.unit.spoken_answers import line, spoken

WATCH, BRUSH, COFFEE, READER = range(4)
MIXED = [
    line("Reloj inteligente", color="black"),
    line("Cepillo de dientes eléctrico", color="blue", battery="AA batteries"),
    line("Máquina de café espresso", capacity="1L"),
    line("Lector de libros electrónicos", screen="7-inch"),
]
LANDSCAPE, ART = range(2)
PUZZLES = [line("Puzle", theme="landscape"), line("Puzle", theme="art")]
PROOF, SPLASHED = range(2)
SPEAKERS = [
    line("Altavoz Bluetooth", color="blue", water_resistance="yes"),
    line("Altavoz Bluetooth", color="blue", water_resistance="no"),
]


def meant(text: str) -> set[int]:
    return set(spoken().lines(text, MIXED).chosen)


@pytest.mark.parametrize(
    "text",
    [
        "El cepillo. El reloj va bien",
        "el reloj funciona perfecto, el cepillo no vibra",
        "el cepillo, el reloj me lo dejo",
        "el cepillo, y el reloj se queda",
        "el cepillo. El reloj y el lector se quedan",
        "si el reloj no se puede, pues el cepillo",
    ],
)
def test_what_works_or_stays_is_not_meant(text: str) -> None:
    assert meant(text) == {BRUSH}


def test_what_is_fine_is_told_from_what_is_excluded() -> None:
    said = spoken().lines("falta el cepillo. El reloj llegó bien, el lector no", MIXED)
    assert said.fine == (WATCH,)


def test_praise_that_is_taken_back_is_none() -> None:
    assert meant("el cepillo está bien pero hace ruido") == {BRUSH}


def test_what_was_bought_is_not_all_meant() -> None:
    text = "compré una cafetera y un lector, y la máquina de café no calienta"
    assert meant(text) == {COFFEE}


def test_of_a_long_story_about_several_articles_nothing_is_taken_for_granted() -> None:
    text = (
        "A ver si me explico. El reloj lo lleva mi hijo a todas horas y no se lo quita. Con el lector leo en la cama. "
        "Y el cepillo, pues ya no lo uso, quería ver qué se puede hacer con él"
    )
    assert spoken().lines(text, MIXED).empty


def test_a_long_request_that_names_them_together_means_them() -> None:
    text = (
        "Buenas tardes, espero que estén todos muy bien por ahí. Les escribo porque quiero devolver el reloj y el "
        "cepillo de dientes, que ya no me hacen falta en casa, gracias por todo"
    )
    assert meant(text) == {WATCH, BRUSH}


@pytest.mark.parametrize(
    "text",
    ["compré dos puzles y uno está sin abrir", "compré dos puzles y con uno me basta"],
)
def test_one_of_two_is_asked_which(text: str) -> None:
    said = spoken().lines(text, PUZZLES)
    assert not said.chosen
    assert said.ambiguous == (LANDSCAPE, ART)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("el que no es resistente al agua", SPLASHED),
        ("el que resiste el agua", PROOF),
        ("el altavoz que sí es resistente al agua", PROOF),
    ],
)
def test_a_clause_tells_which_one(text: str, position: int) -> None:
    assert set(spoken().lines(text, SPEAKERS).chosen) == {position}
