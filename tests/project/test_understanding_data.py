"""What the assistant learns from, and what it is measured on, are sound and apart."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bot.adapters.yaml_file import read_yaml
from bot.assistant.lexicon import read_abbreviations, read_concepts, read_emoji, read_products
from bot.assistant.normalise import Normaliser
from bot.assistant.patterns import PatternReader
from bot.assistant.scoring import Line, read_lines

ROOT = Path(__file__).resolve().parents[2]
TRAINING = sorted((ROOT / "data" / "nlu").glob("*.yml"))
EVALUATION = sorted((ROOT / "tests" / "understanding").glob("*.jsonl"))
MIN_PHRASES = 40
MIN_LINES = 12
INTENTS = frozenset(
    "greet goodbye thank affirm deny inform stop repeat ask_capabilities ask_if_human request_human "
    "express_frustration chitchat out_of_scope ask_order_status report_not_received "
    "report_missing_item report_wrong_item report_damaged_item cancel_order change_address "
    "request_invoice request_return request_exchange ask_return_policy ask_return_status "
    "ask_refund_status cancel_return ask_warranty_coverage claim_warranty ask_claim_status "
    "ask_product_help file_complaint ask_complaint_status ask_compensation ask_store_info "
    "give_rating delete_my_data opt_out".split()
)


@cache
def phrases() -> list[tuple[str, str]]:
    return [
        (entry["intent"], line.removeprefix("- ").strip())
        for path in TRAINING
        for entry in read_yaml(path)["nlu"]
        for line in entry["examples"].splitlines()
    ]


@cache
def lines() -> list[Line]:
    return [line for path in EVALUATION for line in read_lines(path, INTENTS)]


@pytest.fixture(scope="module")
def normal_form() -> Callable[[str], str]:
    normalise, patterns = Normaliser.from_lexicon(), PatternReader()

    @cache
    def form(text: str) -> str:
        """Identifiers stay as they are: phrases with another order number are other phrases."""
        # Most phrases have no number and no address: looking for one costs ten times the rest.
        has_some = "@" in text or any(character.isdigit() for character in text)
        found = patterns.find(text) if has_some else []
        identifiers = " ".join(entity.value for entity in found)
        words = normalise(text, found).replace("?", "").replace("!", "").split()
        return " ".join([*words, identifiers]) or text

    return form


def test_every_intent_has_enough_phrases() -> None:
    counts = Counter(intent for intent, _ in phrases())
    assert {intent: n for intent in INTENTS if (n := counts[intent]) < MIN_PHRASES} == {}


def test_no_intent_is_trained_that_nobody_expects() -> None:
    assert {intent for intent, _ in phrases()} <= INTENTS


def test_no_phrase_is_a_command_or_marks_entities() -> None:
    odd = [text for _, text in phrases() if not text or text[0] == "/" or "](" in text]
    assert odd == []


def test_no_phrase_stands_twice() -> None:
    seen = Counter(" ".join(text.lower().split()) for _, text in phrases())
    assert [text for text, count in seen.items() if count > 1] == []


def test_no_phrase_is_trained_for_two_intents(normal_form) -> None:
    intents: dict[str, set[str]] = {}
    for intent, text in phrases():
        intents.setdefault(normal_form(text), set()).add(intent)
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


def test_evaluation_lines_are_valid_and_enough_for_every_intent() -> None:
    counts = Counter(line.intent for line in lines())
    assert {intent: n for intent in INTENTS if (n := counts[intent]) < MIN_LINES} == {}


def test_no_evaluation_phrase_is_trained_on(normal_form) -> None:
    trained = {normal_form(text) for _, text in phrases()}
    assert sorted({line.text for line in lines() if normal_form(line.text) in trained}) == []


def test_the_word_lists_can_be_read() -> None:
    assert all(read_abbreviations())
    assert all([read_emoji(), read_concepts(), read_products()])


def test_a_regional_name_belongs_to_one_kind_of_product() -> None:
    names = Counter(name for names in read_products().values() for name in names)
    assert [name for name, count in names.items() if count > 1] == []
