"""Reads `data/manuals`: general advice about kinds of articles, under all their regional names."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.adapters.yaml_file import read_yaml
from bot.domain.manuals import Advice, Manual, Manuals
from bot.domain.orders import HelpTopic


class ManualNotValid(ValueError):
    """A file of advice is not what it should be; the message names the file and the place."""

    code = "manual_not_valid"


def read_manuals(folder: Path, names_file: Path) -> Manuals:
    """All manuals of a folder.

    Args:
        folder: One YAML file for each kind of article.
        names_file: The regional names of articles (`data/lexicon/products.yml`).

    Raises:
        OSError: the file of names is not there.
        ManualNotValid: a file has another shape.
    """
    regional: Mapping[str, list[str]] = read_yaml(names_file)
    return Manuals(_manual(file, regional) for file in sorted(folder.glob("*.yml")))


def _manual(file: Path, regional: Mapping[str, list[str]]) -> Manual:
    content = read_yaml(file)
    if not isinstance(content, dict) or set(content) != {"names", "topics"}:
        raise ManualNotValid(f"{file.name}: `names` and `topics` are expected")
    names = content["names"]
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise ManualNotValid(f"{file.name}: names: a list of names is expected")
    if not isinstance(content["topics"], dict) or not content["topics"]:
        raise ManualNotValid(f"{file.name}: topics: advice by topic is expected")
    others = [other for name in names for other in regional.get(name.casefold(), ())]
    advice = dict(_advice(file, content["topics"]))
    return Manual((*names, *others), advice)


def _advice(file: Path, topics: Mapping[Any, Any]) -> Iterator[tuple[HelpTopic, Advice]]:
    for name, said in topics.items():
        if name not in set(HelpTopic):
            raise ManualNotValid(f"{file.name}: topics: there is no topic {name!r}")
        text = said.get("text") if isinstance(said, dict) else said
        if not isinstance(text, str) or not text.strip():
            raise ManualNotValid(f"{file.name}: topics: {name}: a text is expected")
        careful = isinstance(said, dict) and bool(said.get("careful"))
        yield HelpTopic(name), Advice(text.strip(), careful)
