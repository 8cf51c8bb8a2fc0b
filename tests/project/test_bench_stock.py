"""The stock assistant that ours is compared with is a fair one."""

from pathlib import Path

from bot.adapters.yaml_file import read_yaml

ROOT = Path(__file__).resolve().parents[2]
STOCK = ROOT / "bot" / "bench" / "stock"


def read(path: Path) -> dict:
    return read_yaml(path)


def trained_intents() -> set[str]:
    files = (ROOT / "data" / "nlu").glob("*.yml")
    return {entry["intent"] for file in files for entry in read(file)["nlu"] if "intent" in entry}


def test_it_knows_every_intent_of_the_phrases_it_is_trained_on():
    assert set(read(STOCK / "domain.yml")["intents"]) == trained_intents()


def test_it_has_one_answer_for_every_intent():
    rules = read(STOCK / "data" / "rules.yml")["rules"]
    answered = {rule["steps"][0]["intent"] for rule in rules}
    assert answered == trained_intents() | {"nlu_fallback"}


def test_every_answer_it_gives_is_in_its_domain():
    domain = read(STOCK / "domain.yml")
    known = {*domain["responses"], *domain["actions"]}
    stories = read(STOCK / "data" / "stories.yml")["stories"]
    rules = read(STOCK / "data" / "rules.yml")["rules"]
    given = {
        step["action"] for each in [*rules, *stories] for step in each["steps"] if "action" in step
    }
    assert given <= known
