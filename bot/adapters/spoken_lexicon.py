"""The words of `data/lexicon` that customers' answers are read with, checked when they are loaded."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.adapters.yaml_file import read_yaml
from bot.domain.claims import Remedy
from bot.domain.complaints import ComplaintKind
from bot.domain.orders import HelpTopic
from bot.domain.privacy import PrivacyKind
from bot.domain.returns import Resolution, ReturnReason
from bot.domain.shop_facts import ShopTopic
from bot.domain.spoken import DeliveryWish, Lexicon, SpokenAnswers

# Countries that customers name when something shall go abroad, by ISO code.
COUNTRIES = frozenset(
    {
        "ES",
        "PT",
        "FR",
        "DE",
        "IT",
        "GB",
        "IE",
        "US",
        "MX",
        "CO",
        "CL",
        "AR",
        "PE",
        "UY",
        "EC",
        "VE",
        "AD",
        "CH",
        "BE",
        "NL",
        "MA",
        "BR",
    }
)
# The codes that each question may be answered with.
_CODES: Mapping[str, frozenset[str]] = {
    "reason": frozenset(ReturnReason),
    "resolution": frozenset(Resolution),
    "remedy": frozenset(Remedy),
    "cancel_reason": frozenset(
        "no_longer_needed ordered_by_mistake found_cheaper takes_too_long payment other".split()
    ),
    "nothing_to_add": frozenset({"nothing"}),
    "help_topic": frozenset(HelpTopic),
    "return_facet": frozenset("days cost how used money excluded exchange conditions".split()),
    "incident": frozenset({"looked_around", "empty_parcel", "only_this_came"}),
    "delivery": frozenset(DeliveryWish),
    "complaint_kind": frozenset(ComplaintKind),
    "without_order": frozenset({"yes"}),
    "invoice_data": frozenset({"to_change"}),
    "privacy_kind": frozenset(PrivacyKind),
    "shop_topic": frozenset(ShopTopic),
    "country": COUNTRIES,
}
_NONE = "none"
_WORDS = frozenset({"never", "sets", "little", "request", "complaint_wish"})
_ADDRESS = frozenset({"street", "street_after", "unit", "quarter", "recipient"})


class SpokenLexiconNotValid(ValueError):
    """A file of the lexicon is not what it should be; the message names every wrong place."""

    code = "spoken_lexicon_not_valid"


def load_spoken_answers(folder: Path) -> SpokenAnswers:
    """Read the lexicon and build what reads answers with it.

    Args:
        folder: `data/lexicon` of this repository.

    Raises:
        OSError: A file is not there.
        SpokenLexiconNotValid: A file has another shape, or a code that does not exist.
    """
    return SpokenAnswers(load_lexicon(folder))


def load_lexicon(folder: Path) -> Lexicon:
    """Read and check the files; see `load_spoken_answers`."""
    answers = _mapping(folder / "answers.yml")
    options = _mapping(folder / "options.yml")
    products = _mapping(folder / "products.yml")
    abbreviations = _mapping(folder / "abbreviations.yml").get("words", {})
    problems = [
        *_wrong_lists("products.yml", products, 1),
        *_wrong_lists("answers.yml: codes", answers.get("codes"), 2),
        *_wrong_codes(answers.get("codes")),
        *_wrong_sections("answers.yml: words", answers.get("words"), _WORDS),
        *_wrong_sections("answers.yml: address", answers.get("address"), _ADDRESS),
        *_wrong_lists("options.yml: units", options.get("units"), 1),
        *_wrong_lists("options.yml: families", options.get("families"), 2),
    ]
    for file, words in (
        ("abbreviations.yml: words", abbreviations),
        ("answers.yml: abbreviations", answers.get("abbreviations")),
    ):
        if not isinstance(words, dict) or not _all_texts(words.values()):
            problems.append(f"{file}: a word for each is expected")
    if problems:
        raise SpokenLexiconNotValid("; ".join(problems))
    return Lexicon(
        abbreviations=abbreviations | answers["abbreviations"],
        products=products,
        codes=answers["codes"],
        options=options["families"],
        units=options["units"],
        words=answers["words"],
        address=answers["address"],
    )


def _mapping(file: Path) -> dict[str, Any]:
    try:
        content = read_yaml(file)
    except yaml.YAMLError as error:
        raise SpokenLexiconNotValid(f"{file.name}: {error}") from error
    if not isinstance(content, dict):
        raise SpokenLexiconNotValid(f"{file.name}: a mapping is expected")
    return content


def _wrong_lists(place: str, content: object, depth: int) -> Iterator[str]:
    """Where lists of words are not; `depth` counts the keys above them."""
    if depth == 0:
        if not isinstance(content, list) or not _all_texts(content):
            yield f"{place}: a list of words is expected"
        return
    if not isinstance(content, dict):
        yield f"{place}: a mapping is expected"
        return
    for key, below in content.items():
        if not isinstance(key, str):
            yield f"{place}: {key!r} is no word (quote it)"
        yield from _wrong_lists(f"{place}: {key}", below, depth - 1)


def _wrong_codes(content: object) -> Iterator[str]:
    if not isinstance(content, dict):
        return
    for question, allowed in _CODES.items():
        codes = content.get(question)
        if not isinstance(codes, dict):
            yield f"answers.yml: codes: {question} is missing"
            continue
        for code in sorted(codes.keys() - allowed - {_NONE}, key=str):
            yield f"answers.yml: codes: {question}: there is no code {code!r}"


def _wrong_sections(place: str, content: object, names: frozenset[str]) -> Iterator[str]:
    yield from _wrong_lists(place, content, 1)
    if isinstance(content, dict):
        yield from (f"{place}: {name} is missing" for name in sorted(names - content.keys()))


def _all_texts(values: object) -> bool:
    return isinstance(values, (list, type({}.values()))) and all(
        isinstance(value, str) and value for value in values
    )
