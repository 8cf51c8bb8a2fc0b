"""The agents' labels, read from `texts.yml`."""

from pathlib import Path
from typing import Any

from bot.adapters.yaml_file import read_yaml

TEXTS_FILE = Path(__file__).parent / "texts.yml"


class DeskTexts:
    """Labels and sentences of the agents' page."""

    def __init__(self, file: Path = TEXTS_FILE) -> None:
        self._texts: dict[str, Any] = read_yaml(file)

    def all(self) -> dict[str, Any]:
        """Everything, as the page gets it."""
        return self._texts

    def section(self, name: str) -> dict[str, Any]:
        """The labels of one part of the page."""
        section: dict[str, Any] = self._texts[name]
        return section

    def error(self, code: str, operation: str = "") -> str:
        """The sentence for an error code, in the words of the operation if it has its own."""
        errors = self._texts["errors"]
        sentence: str = errors.get(f"{code}.{operation}") or errors.get(code) or errors["other"]
        return sentence
