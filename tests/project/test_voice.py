"""Whatever a customer reads keeps the voice of `docs/voz.md`, stands in `domain.yml`, and is used."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import bot.domain
import bot.services
from bot.adapters.yaml_file import read_yaml
from bot.domain.errors import (
    AgentRefused,
    ConversationNotFound,
    MessageRefused,
    Refusal,
    TransitionRefused,
)
from bot.domain.messages import DocumentKind
from bot.domain.order_import import ImportRefused
from bot.domain.orders import Progress
from bot.domain.policy_document import PolicyRefused
from bot.services.case_moves import CaseNotMoved
from bot.services.open_cases import CaseNotFound
from tests.fakes.webchat_pages import TEXTS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "voz.md").read_text(encoding="utf-8")
DOMAIN: dict[str, Any] = read_yaml(ROOT / "domain.yml")
RESPONSES: dict[str, Any] = DOMAIN["responses"]

# A phone shows some 160 characters without scrolling; a sentence has at most four of its lines.
# Facts are left out of the count: what a list of articles is long by is not the copy's doing.
LONGEST_TEXT = 160
LONGEST_SENTENCE = 120
MOST_STATEMENTS = 2
# One line of the chat's panel on a narrow phone.
LONGEST_BUTTON = 32
# What the gateway and the actions make buttons of, beside the buttons of a response.
TITLES = ("utter_reading_",)

FACT = re.compile(r"\{\w+\}")
# A full stop within a number, an address or an abbreviation ends nothing.
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
FORMAL = re.compile(
    r"\b(?:usted(?:es)?|vosotr[oa]s|vuestr[oa]s?|vos|os"
    r"|ten[eé]s|pod[eé]s|quer[eé]s|sos|decime|contame|escrib[ií]me|mand[aá]me|fijate"
    # What the polite form orders, and a person of the team cannot be the subject of.
    r"|disculpe|perdone|espere|indique|ind[ií]quenos|d[ií]ganos|d[ií]game|escr[ií]banos|env[ií]enos"
    r"|int[eé]ntelo|verifique|aseg[uú]rese|cu[eé]ntenos|cont[aá]ctenos|comun[ií]quese"
    # tenéis, queréis, habláis, podréis; "seis" and "veis" have no accent.
    r"|\w+[áé]is)\b",
    re.IGNORECASE,
)
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]")
SHOUTED = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{4,}\b")
NOT_SHOUTED = {"JPEG"}
# Words of the glossary's middle column that are also the right word for something else.
ALSO_RIGHT = {"compra": "the act of buying («fecha de compra»), never the order itself"}


class Copy(NamedTuple):
    """One wording of a response."""

    name: str
    text: str
    titles: tuple[str, ...]

    @property
    def words(self) -> str:
        """The text without its facts."""
        return FACT.sub("", self.text)

    @property
    def sentences(self) -> list[str]:
        return [sentence for sentence in SENTENCE_END.split(self.text) if sentence.strip()]

    @property
    def questions(self) -> list[str]:
        return [sentence for sentence in self.sentences if sentence.endswith("?")]

    @property
    def lengths(self) -> list[int]:
        return [len(FACT.sub("", sentence)) for sentence in self.sentences]

    @property
    def all_texts(self) -> tuple[str, ...]:
        return (self.text, *self.titles)

    @property
    def said(self) -> str:
        return " · ".join(self.all_texts)


COPY = [
    Copy(
        name,
        variant.get("text", ""),
        tuple(button["title"] for button in variant.get("buttons", [])),
    )
    for name, variants in DOMAIN["responses"].items()
    for variant in variants
]


# --- the voice ----------------------------------------------------------------------------------


def test_a_response_says_at_most_two_things() -> None:
    assert those(lambda copy: len(copy.sentences) - len(copy.questions) > MOST_STATEMENTS) == []


def test_a_response_is_read_at_a_glance() -> None:
    assert those(lambda copy: len(copy.words) > LONGEST_TEXT) == []
    assert those(lambda copy: max(copy.lengths, default=0) > LONGEST_SENTENCE) == []


def test_a_response_asks_at_most_one_question_and_last() -> None:
    assert those(lambda copy: "?" in copy.text.rstrip().removesuffix("?")) == []


def test_what_is_asked_or_exclaimed_is_opened() -> None:
    def unbalanced(text: str) -> bool:
        return text.count("¿") != text.count("?") or text.count("¡") != text.count("!")

    assert those(lambda copy: any(unbalanced(text) for text in copy.all_texts)) == []


def test_customers_are_addressed_as_tu() -> None:
    assert those(lambda copy: FORMAL.search(copy.said)) == []


def test_nothing_blames_or_performs() -> None:
    forbidden = words_of(forbidden_words())
    assert those(lambda copy: forbidden.search(copy.said)) == []


def test_things_have_the_glossarys_names() -> None:
    avoided = words_of(word for word in avoided_words() if word not in ALSO_RIGHT)
    assert those(lambda copy: avoided.search(copy.said)) == []


def test_nothing_is_shouted_or_drawn() -> None:
    assert those(lambda copy: EMOJI.search(copy.said)) == []
    assert those(lambda copy: set(SHOUTED.findall(copy.said)) - NOT_SHOUTED) == []


def test_buttons_are_short_and_no_sentences() -> None:
    def long(title: str) -> bool:
        return len(title) > LONGEST_BUTTON or title.endswith(".")

    assert those(lambda copy: any(long(title) for title in copy.titles)) == []
    assert those(lambda copy: copy.name.startswith(TITLES) and long(copy.text)) == []


def test_the_first_message_says_that_it_is_automatic() -> None:
    (welcome,) = (copy for copy in COPY if copy.name == "utter_welcome")
    assert "asistente automático" in welcome.text


def those(break_the_voice: Callable[[Copy], object]) -> list[tuple[str, str]]:
    """Names and texts of the responses of which something holds."""
    return [(copy.name, copy.said) for copy in COPY if break_the_voice(copy)]


def words_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


def forbidden_words() -> list[str]:
    """What the guide's fourth rule forbids to say, quoted there as «…» after "Ni" and "ni"."""
    rule = GUIDE.partition("**Sin culpa y sin teatro.**")[2].partition("\n5.")[0]
    words = [said.strip("¡!").lower() for said in re.findall(r"[Nn]i «([^»]+)»", rule)]
    assert {"ups", "lamentablemente"} <= set(words)  # or the guide is written otherwise now
    return words


def avoided_words() -> list[str]:
    """The glossary's middle column."""
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|[^|]*\|$", GUIDE, re.MULTILINE)
    words = [word.strip() for row in rows[1:] for word in row.split(",")]
    assert "courier" in words
    return words


def test_every_word_said_to_be_also_right_is_in_the_glossary() -> None:
    assert set(ALSO_RIGHT) <= set(avoided_words())


# --- every response is used, and every response that is used exists ------------------------------

# What the edges answer with sentences of their own; no action ever meets them.
ONLY_AT_THE_EDGE = (
    AgentRefused,
    CaseNotFound,
    CaseNotMoved,
    ConversationNotFound,
    ImportRefused,
    MessageRefused,
    PolicyRefused,
    TransitionRefused,
)
# Said by Rasa itself, without being named in anything of ours.
RASAS_OWN = {"utter_default"}
NAME = re.compile(r"utter_[a-z]\w*")


def test_every_response_that_is_named_exists() -> None:
    named = named_in_stories() | named_in_code() | computed_names() | said_by_journeys().whole
    assert named - set(DOMAIN["responses"]) == set()


def test_every_response_is_used() -> None:
    used = named_in_stories() | named_in_code() | computed_names() | names_of_readings() | RASAS_OWN
    said = said_by_journeys()
    unused = set(DOMAIN["responses"]) - used - said.whole - said.mentioned - words_for_codes()
    assert {name for name in unused if not any(p.fullmatch(name) for p in said.patterns)} == set()


def test_every_sentence_that_a_journey_completes_has_a_beginning() -> None:
    begun = [p.pattern for p in said_by_journeys().patterns if not any(map(p.match, RESPONSES))]
    assert begun == []


def test_a_code_that_customers_read_has_words_for_each_of_its_values() -> None:
    worded = {kind for kind in codes() if any(name in RESPONSES for name in words_of_code(kind))}
    missing = {name for kind in worded for name in words_of_code(kind) if name not in RESPONSES}
    assert missing == set()


class SaidByJourneys(NamedTuple):
    """The responses that journeys name: whole, as a text beside, or with a part filled in."""

    whole: set[str]
    mentioned: set[str]
    patterns: list[re.Pattern[str]]


@cache
def said_by_journeys() -> SaidByJourneys:
    """What `say("…")` names; a name that is handed on first is a text like any other."""
    said = SaidByJourneys(set(), set(), [])
    for file in sorted((ROOT / "bot" / "services" / "journeys").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "Say"):
                _note_said(node.args[0], said)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.mentioned.add(f"utter_{node.value}")
            elif isinstance(node, ast.JoinedStr):
                said.patterns.append(_pattern_of(node))
    said.patterns[:] = [pattern for pattern in said.patterns if any(map(pattern.match, RESPONSES))]
    return said


def _note_said(name: ast.expr, said: SaidByJourneys) -> None:
    if isinstance(name, ast.Constant):
        said.whole.add(f"utter_{name.value}")
    elif isinstance(name, ast.JoinedStr):
        said.patterns.append(_pattern_of(name))


def _pattern_of(name: ast.JoinedStr) -> re.Pattern[str]:
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
        for part in name.values
    ]
    return re.compile("utter_" + "".join(parts))


def codes() -> set[type[StrEnum]]:
    """Every enumeration of the business."""
    refusals()  # imports all of it
    return {kind for kind in StrEnum.__subclasses__() if kind.__module__.startswith("bot.domain")}


def words_of_code(kind: type[StrEnum]) -> set[str]:
    snake = re.sub("(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return {f"utter_word_{snake}_{value.value}" for value in kind}


def words_for_codes() -> set[str]:
    lengths = {name for name in RESPONSES if re.fullmatch(r"utter_word_term_\w+", name)}
    return lengths.union(*(words_of_code(kind) for kind in codes()))


def test_the_widgets_labels_are_those_it_asks_for() -> None:
    labels = {
        name.removeprefix("utter_widget_")
        for name in DOMAIN["responses"]
        if name.startswith("utter_widget_")
    }
    assert labels == set(TEXTS)


def test_every_button_means_something() -> None:
    known = {*DOMAIN["intents"], "back_to_assistant"}  # the gateway's own command
    payloads = {
        button["payload"]
        for variants in DOMAIN["responses"].values()
        for variant in variants
        for button in variant.get("buttons", [])
    }
    assert {p for p in payloads if p.removeprefix("/").partition("{")[0] not in known} == set()


def named_in_stories() -> set[str]:
    stories = sorted((ROOT / "data" / "stories").glob("*.yml"))
    return set(chain.from_iterable(NAME.findall(str(read_yaml(file))) for file in stories))


def named_in_code() -> set[str]:
    """Whole names among our literals; a name that a variable completes is in `computed_names`."""
    return {
        said.text
        for said in literals()
        if NAME.fullmatch(said.text)
        and not said.text.endswith("_")
        and not said.file.startswith("bot/bench/stock/")  # the other assistant has its own domain
    }


def computed_names() -> set[str]:
    """Names that are put together when they are needed, one line for each way."""
    form_questions = {
        f"utter_ask_{form}_{slot}"
        for form, about in DOMAIN["forms"].items()
        for slot in about["required_slots"]
    }
    return {
        *form_questions,
        *(f"utter_refusal_{code}" for code in refusal_codes() - edge_codes()),
        *(f"utter_order_{progress.value}" for progress in Progress),
        *(f"utter_arrival_{arrival}" for arrival in ("expected", "unknown")),
        *(f"utter_error_{code}" for code in webchat_errors()),
        *(f"utter_widget_{label}" for label in TEXTS),
        *(f"utter_document_{kind.value}" for kind in DocumentKind),
    }


def names_of_readings() -> set[str]:
    """An intent with such a name is one that a customer may be asked about; not every intent is."""
    return {f"utter_reading_{intent}" for intent in DOMAIN["intents"]}


@cache
def refusals() -> frozenset[type[Refusal]]:
    """Every refusal of the business."""
    for package in (bot.domain, bot.services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: set[type[Refusal]] = set()
    waiting = [Refusal]
    while waiting:
        children = waiting.pop().__subclasses__()
        found.update(children)
        waiting += children
    # Other tests of this process may have imported more, or made some of their own.
    layers = (f"{bot.domain.__name__}.", f"{bot.services.__name__}.")
    return frozenset(refusal for refusal in found if refusal.__module__.startswith(layers))


def refusal_codes() -> set[str]:
    return {refusal.code for refusal in refusals()}


def edge_codes() -> set[str]:
    return {refusal.code for refusal in refusals() if issubclass(refusal, ONLY_AT_THE_EDGE)}


def webchat_errors() -> set[str]:
    """Codes that the web chat answers with: its own, and those of messages that are refused."""
    endpoint = "".join(
        file.read_text(encoding="utf-8")
        for file in sorted((ROOT / "connectors" / "webchat").glob("*.py"))
    )
    own = set(re.findall(r'(?:NotValid|\.error)\(\s*"(\w+)"', endpoint))
    kinds = {refusal for refusal in refusals() if issubclass(refusal, MessageRefused)}
    return own | {refusal.code for refusal in kinds - {MessageRefused}}


# --- no customer reads a sentence of a program ---------------------------------------------------

SPANISH_LETTER = re.compile("[áéíóúüñ¿¡]", re.IGNORECASE)
# Words that Spanish sentences cannot do without and English ones do not have.
SPANISH_WORDS = frozenset(
    "de del la el los las una unos unas que por para con tu tus su sus al lo pero como hola gracias"
    " pedido pedidos equipo persona hoy ayer usted quieres puedes necesitas escribe espera lamento"
    " ahora ya hay son ha han fue".split()
)
SENTENCE = re.compile(r"[¿¡«]?[A-ZÁÉÍÓÚÑ].*\s.*[.!?…»]", re.DOTALL)

# What reads customers' words has Spanish words and patterns, and says nothing to them: only what
# has the form of a sentence would be prose there.
READ_SPANISH = (
    "bot/assistant/",
    "bot/adapters/calendar_days.py",
    "bot/domain/business_days.py",  # the names of regions
    "bot/domain/spoken/",
)
ALLOWED = {
    ("bot/adapters/spoken_lexicon.py", "DE"): "the code of Germany",
    ("bot/adapters/voice.py", "ayer"): "a day as people say it, a fact and not a sentence",
    ("bot/adapters/voice.py", "hoy"): "the same",
    ("bot/adapters/voice.py", "mañana"): "the same",
    ("bot/adapters/voice.py", " a las "): "a day and its hour",
    ("bot/adapters/voice.py", "'el' EEEE d 'de' MMMM"): "Babel's pattern of a day",
    ("bot/adapters/voice.py", " 'de' y"): "and of its year",
    ("bot/adapters/voice.py", "d 'de' MMMM 'de' y"): "and of a day on a receipt",
    ("bot/adapters/voice.py", " artículos más"): "the end of a list of articles",
    ("bot/bench/run.py", "hola"): "said by a customer of the benchmark",
    ("bot/dialogue_evaluation/topics.py", "¿"): "how a question begins",
    ("bot/domain/folios.py", "QUE"): "how the number of a queja begins",
}


class Literal(NamedTuple):
    """A text within a program."""

    file: str
    text: str


@cache
def literals() -> tuple[Literal, ...]:
    folders = ("actions", "bot", "connectors")
    files = [file for name in folders for file in sorted((ROOT / name).rglob("*.*"))]
    readers = {".py": python_literals, ".js": javascript_literals}
    return tuple(
        Literal(str(file.relative_to(ROOT)), text)
        for file in files
        if file.suffix in readers
        for text in readers[file.suffix](file.read_text(encoding="utf-8"))
    )


def python_literals(source: str) -> Iterator[str]:
    """All strings but docstrings."""
    tree = ast.parse(source)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in statements:
            yield node.value


COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"`\w])//[^\n]*", re.DOTALL)
STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`", re.DOTALL)


def javascript_literals(source: str) -> Iterator[str]:
    """All strings, templates without the code in them."""
    for string in STRING.findall(COMMENT.sub("", source)):
        yield re.sub(r"\$\{[^}]*\}", " ", string[1:-1])


def is_spanish(text: str) -> bool:
    words = re.findall(r"\w+", text.lower())
    return bool(SPANISH_LETTER.search(text) or SPANISH_WORDS.intersection(words))


def is_prose(said: Literal) -> bool:
    if said.file.startswith(READ_SPANISH):
        return is_spanish(said.text) and bool(SENTENCE.fullmatch(said.text.strip()))
    return is_spanish(said.text)


def test_no_program_speaks_spanish_to_a_customer() -> None:
    assert [said for said in literals() if is_prose(said) and said not in ALLOWED] == []


def test_every_exception_is_still_needed() -> None:
    assert set(ALLOWED) - {tuple(said) for said in literals()} == set()


@pytest.mark.parametrize(
    "prose",
    [
        'dispatcher.utter_message(text="Tu pedido va en camino.")',
        'text = f"Hola, {name}"',
        'text = f"{carrier} no ha dado fecha de entrega"',
    ],
)
def test_prose_in_a_program_is_noticed(prose: str) -> None:
    assert any(is_spanish(text) for text in python_literals(prose))


@pytest.mark.parametrize(
    "prose", ["say('Escribe tu mensaje')", "label = `Hablas con ${name}`", 'alert("¡Listo!") // x']
)
def test_prose_on_a_page_is_noticed(prose: str) -> None:
    assert any(is_spanish(text) for text in javascript_literals(prose))
