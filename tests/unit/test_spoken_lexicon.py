import shutil
from pathlib import Path

import pytest

from bot.adapters.spoken_lexicon import SpokenLexiconNotValid, load_lexicon
from bot.domain.spoken.options import OptionWords
from bot.domain.spoken.words import Reader, Spelling, one_slip_apart
from tests.unit.spoken_answers import ROOT, catalogue


@pytest.fixture
def lexicon(tmp_path: Path) -> Path:
    folder = tmp_path / "lexicon"
    shutil.copytree(ROOT / "data/lexicon", folder)
    return folder


def test_a_code_that_does_not_exist_is_named(lexicon: Path) -> None:
    file = lexicon / "answers.yml"
    text = file.read_text(encoding="utf-8").replace("    wrong_item:", "    wrong_thing:")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpokenLexiconNotValid, match="reason: there is no code 'wrong_thing'"):
        load_lexicon(lexicon)


def test_every_wrong_place_is_named_at_once(lexicon: Path) -> None:
    (lexicon / "options.yml").write_text("units: {gb: 3}\nfamilies: []\n", encoding="utf-8")
    with pytest.raises(SpokenLexiconNotValid) as refused:
        load_lexicon(lexicon)
    assert "units: gb" in str(refused.value)
    assert "families" in str(refused.value)


def test_a_word_that_yaml_takes_for_something_else_is_refused(lexicon: Path) -> None:
    file = lexicon / "products.yml"
    file.write_text(file.read_text(encoding="utf-8") + "\nlibro: [no]\n", encoding="utf-8")
    with pytest.raises(SpokenLexiconNotValid, match=r"products\.yml: libro"):
        load_lexicon(lexicon)


# What no customer says of an article, or says as it is written.
_UNSPOKEN = {"yes", "no", "none"}


def test_every_option_of_the_shop_can_be_said() -> None:
    options = OptionWords(load_lexicon(ROOT / "data/lexicon").options, Reader({}, {}))
    silent = {
        (name, value)
        for product in catalogue()
        for name, value in product.options.items()
        if value not in _UNSPOKEN and not options.of(name, value).exact
    }
    assert not silent


@pytest.mark.parametrize(
    ("word", "meant"),
    [("cafetra", "cafetera"), ("kafetera", "cafetera"), ("casa", "casa"), ("taxa", "taxa")],
)
def test_only_long_words_may_have_a_slip(word: str, meant: str) -> None:
    assert Spelling(["cafetera", "taza"]).meant(word) == meant


@pytest.mark.parametrize("word", ["botela", "botellla", "btoella", "bottlla", "botellas"])
def test_one_letter_makes_a_slip(word: str) -> None:
    assert one_slip_apart(word, "botella")


@pytest.mark.parametrize("word", ["boela", "batalla", "botellines"])
def test_two_letters_make_another_word(word: str) -> None:
    assert not one_slip_apart(word, "botella")
