"""Reads the word lists in `data/lexicon`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

LEXICON_FOLDER = Path(__file__).resolve().parents[2] / "data" / "lexicon"


class Feeling(NamedTuple):
    """The words of one feeling, and what sounds the same and is not meant."""

    words: tuple[str, ...]
    but: tuple[str, ...]


class LexiconError(ValueError):
    """A word list is not what it should be; the message names file and entry."""


def _mapping(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise LexiconError(f"{path.name}: a mapping is expected")
    for key in content:
        if not isinstance(key, str):
            # YAML reads a bare `no` or `yes` as a truth value.
            raise LexiconError(f"{path.name}: {key!r} must be quoted")
    return content


def _strings(path: Path, entries: object) -> dict[str, str]:
    if not isinstance(entries, dict):
        raise LexiconError(f"{path.name}: words with their meaning are expected")
    for key, value in entries.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise LexiconError(f"{path.name}: {key!r}: {value!r} must be quoted")
    return dict(entries)


def read_abbreviations(
    folder: Path = LEXICON_FOLDER,
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Read how customers shorten words.

    Returns:
        The words to replace anywhere, and those to replace where they are the whole message.

    Raises:
        LexiconError: An entry is not a pair of strings.
    """
    path = folder / "abbreviations.yml"
    content = _mapping(path)
    return _strings(path, content["words"]), _strings(path, content["alone"])


def read_emoji(folder: Path = LEXICON_FOLDER) -> Mapping[str, str]:
    """Read what each emoji says in words.

    Raises:
        LexiconError: An entry is not a pair of strings.
    """
    path = folder / "emoji.yml"
    entries = _strings(path, _mapping(path))
    return {sign: word for word, signs in entries.items() for sign in signs}


def read_products(folder: Path = LEXICON_FOLDER) -> Mapping[str, tuple[str, ...]]:
    """Read the regional names of each kind of product; the concept is its own first name.

    Raises:
        LexiconError: An entry is not a list of names.
    """
    path = folder / "products.yml"
    products: dict[str, tuple[str, ...]] = {}
    for concept, names in _mapping(path).items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise LexiconError(f"{path.name}: {concept}: a list of names is expected")
        products[concept] = (concept, *names)
    return products


def read_concepts(folder: Path = LEXICON_FOLDER) -> Mapping[str, tuple[str, ...]]:
    """Read the words that stand for one concept.

    Raises:
        LexiconError: An entry is not a list of names.
    """
    path = folder / "concepts.yml"
    concepts: dict[str, tuple[str, ...]] = {}
    for concept, names in _mapping(path).items():
        # YAML reads a bare `no` or `si` among the names as what it looks like to it.
        concepts[concept] = tuple(_name(path, concept, name) for name in names)
    return concepts


def read_feelings(folder: Path = LEXICON_FOLDER) -> Mapping[str, Feeling]:
    """Read the words that tell a feeling or a danger.

    Raises:
        LexiconError: An entry is not two lists of words.
    """
    path = folder / "feelings.yml"
    feelings: dict[str, Feeling] = {}
    for name, lists in _mapping(path).items():
        if not isinstance(lists, dict) or set(lists) != {"words", "but"}:
            raise LexiconError(f"{path.name}: {name}: the lists `words` and `but` are expected")
        words, but = (
            tuple(_name(path, name, word) for word in lists[which]) for which in ("words", "but")
        )
        feelings[name] = Feeling(words, but)
    return feelings


def _name(path: Path, concept: str, name: object) -> str:
    if not isinstance(name, str):
        raise LexiconError(f"{path.name}: {concept}: {name!r} must be quoted")
    return name
