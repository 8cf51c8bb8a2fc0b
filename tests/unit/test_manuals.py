"""General advice: found by any name of an article, and never a danger to anybody."""

import re
from pathlib import Path

import pytest

from bot.adapters.manuals import ManualNotValid, read_manuals
from bot.adapters.yaml_file import read_yaml
from bot.domain.orders import HelpTopic
from bot.settings import PROJECT_ROOT
from tests.sample_orders import retail_document

FOLDER = PROJECT_ROOT / "data" / "manuals"
NAMES = PROJECT_ROOT / "data" / "lexicon" / "products.yml"
MANUALS = read_manuals(FOLDER, NAMES)
ADVICE = [
    pytest.param(text, id=f"{file.stem}-{topic}")
    for file in sorted(FOLDER.glob("*.yml"))
    for topic, text in read_yaml(file)["topics"].items()
]
RISKY = re.compile(r"desench|no l[oa] abras|gas |cuchillas|quema", re.IGNORECASE)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Máquina de café espresso Lumbre", "máquina de café espresso"),
        ("mis audífonos", "auriculares"),
        ("los Auriculares inalámbricos Eco", "auriculares inalámbricos"),
        ("TETERAS de cristal", "tetera"),
        ("la notebook nueva", "portátil"),
    ],
)
def test_a_kind_is_found_by_any_of_its_names(said: str, kind: str) -> None:
    manual = MANUALS.about(said)
    assert manual is not None
    assert manual.names[0] == kind


def test_a_word_that_only_contains_a_name_is_not_it() -> None:
    assert MANUALS.about("la camarada de Teteras") is not None
    assert MANUALS.about("mantarraya") is None


def test_there_is_advice_about_everything_that_the_demonstration_shops_sell() -> None:
    demo = read_yaml(PROJECT_ROOT / "bot" / "adapters" / "demo_shop.yml")
    titles = {row["title"] for row in (*demo["products"], *retail_document()["products"])}
    assert {title for title in titles if MANUALS.about(title) is None} == set()


@pytest.mark.parametrize("said", ADVICE)
def test_what_may_hurt_is_marked_so_that_a_person_is_offered(said: object) -> None:
    text = said["text"] if isinstance(said, dict) else said
    assert isinstance(text, str)
    careful = isinstance(said, dict) and said["careful"]
    assert careful or not RISKY.search(text)


@pytest.mark.parametrize("said", ADVICE)
def test_advice_is_read_at_a_glance(said: object) -> None:
    text = said["text"] if isinstance(said, dict) else str(said)
    sentences = re.split(r"(?<=[.!?…])\s+", text)
    assert len(text) <= 160
    assert len(sentences) <= 2
    assert max(map(len, sentences)) <= 120


@pytest.mark.parametrize(
    "content",
    [
        "topics: {use: x}",
        "names: []\ntopics: {use: x}",
        "names: [taza]\ntopics: {}",
        "names: [taza]\ntopics: {cooking: x}",
        "names: [taza]\ntopics: {use: ''}",
    ],
)
def test_a_file_with_a_mistake_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "taza.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ManualNotValid):
        read_manuals(tmp_path, NAMES)


def test_a_manual_tells_its_advice_by_topic(tmp_path: Path) -> None:
    content = "names: [taza]\ntopics: {use: Llénala., maintenance: {text: Lávala., careful: true}}"
    (tmp_path / "taza.yml").write_text(content, encoding="utf-8")
    manual = read_manuals(tmp_path, NAMES).about("una taza")
    assert manual is not None
    assert not manual.advice[HelpTopic.USE].careful
    assert manual.advice[HelpTopic.MAINTENANCE].careful
