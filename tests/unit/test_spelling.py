"""A word that nobody wrote before is read as the frequent word it sounds or looks like."""

import pytest

from bot.assistant.spelling import Spelling

FREQUENT = dict.fromkeys("pedido factura cambio abierto llego tallas devolver quiero".split(), 40)
SPELLING = Spelling({**FREQUENT, "pedida": 3, "cambia": 2, "raro": 1, "pdido": 4})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("avierto", "abierto"),
        ("kiero", "quiero"),
        ("yego", "llego"),
        ("tayas", "tallas"),
        ("pedifo", "pedido"),
        ("fcatura", "factura"),
        ("devolbr", "devolbr"),
        ("cambbio", "cambio"),
    ],
)
def test_one_slip_and_any_sound_alike_are_forgiven(typed: str, meant: str) -> None:
    assert SPELLING.correct(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("pdido", "pedido"), ("fctra", "factura"), ("tllas", "tallas"), ("dvolver", "devolver")],
)
def test_vowels_left_out_between_consonants_are_filled_in(typed: str, meant: str) -> None:
    assert SPELLING.correct(typed) == meant


def test_a_word_that_customers_use_stays_as_it_is() -> None:
    assert SPELLING.correct("pedida") == "pedida"


def test_a_rare_word_gives_way_to_a_much_more_frequent_one() -> None:
    assert SPELLING.correct("cambia") == "cambio"


@pytest.mark.parametrize("word", ["raro", "no", "__order__", "zxcvbnm", "qwertyuiopasdfgh"])
def test_what_looks_like_no_frequent_word_stays_as_it_is(word: str) -> None:
    assert SPELLING.correct(word) == word


def test_the_words_around_stay_where_they_are() -> None:
    assert SPELLING.correct("quiero mi pedifo avierto ya") == "quiero mi pedido abierto ya"


def test_an_empty_message_stays_empty() -> None:
    assert SPELLING.correct("") == ""


def test_a_wall_of_unknown_words_is_not_looked_up_to_its_end() -> None:
    wall = " ".join(f"pedif{letter}x" for letter in "abcdefgh" * 8)
    assert Spelling(FREQUENT).correct(f"{wall} pedifo").endswith(" pedido")
    distinct = " ".join(f"zz{a}{b}kk" for a in "abcdefgh" for b in "abcdefgh")
    assert Spelling(FREQUENT).correct(f"{distinct} pedifo").endswith(" pedifo")
