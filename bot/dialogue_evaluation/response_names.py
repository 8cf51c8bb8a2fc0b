"""Which responses of `domain.yml` a text is made of: the wire carries text, tests speak of names."""

import re
from functools import cache
from pathlib import Path

from bot.adapters.yaml_file import read_yaml
from bot.settings import PROJECT_ROOT

_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
# Words of buttons and of our codes, and labels of pages: no answers.
_NO_ANSWERS = ("utter_button_", "utter_word_", "utter_error_", "utter_widget_")
# What the house says while an answer is still being made; no answer itself.
NOTICES = frozenset({"utter_assistant_slow", "utter_assistant_waking_up"})


class ResponseNames:
    """Recognises responses line by line: the responses of one turn are joined by line breaks."""

    def __init__(self, domain_file: Path) -> None:
        domain = read_yaml(domain_file)
        self.names = frozenset(domain["responses"])
        templates = [
            (name, variant["text"])
            for name, variants in domain["responses"].items()
            for variant in variants
            if variant.get("text") and not name.startswith(_NO_ANSWERS)
        ]
        # The one with the most fixed words first: "{carrier} …" would recognise much.
        templates.sort(key=lambda each: -len(re.sub(r"\{\w+\}", "", each[1])))
        self._patterns = [(name, _pattern(text)) for name, text in templates]

    def of(self, text: str) -> list[str]:
        """The names of the responses in a text, in order; a line of nobody's is "?" and the line."""
        names = []
        rest = text
        while rest:
            name, said = self._longest_beginning(rest)
            names.append(name)
            rest = rest[len(said) :].removeprefix("\n")
        return names

    def _longest_beginning(self, text: str) -> tuple[str, str]:
        # A response may have several lines: the most lines that are one response count.
        lines = text.split("\n")
        for count in range(min(len(lines), 4), 0, -1):
            said = "\n".join(lines[:count])
            for name, pattern in self._patterns:
                if pattern.fullmatch(said):
                    return name, said
        return f"? {lines[0]}", lines[0]


@cache
def the_response_names() -> ResponseNames:
    """Of this project's domain."""
    return ResponseNames(PROJECT_ROOT / "domain.yml")


def _pattern(text: str) -> re.Pattern[str]:
    # A fact never spans lines, so that a line is never taken for the fact of another's.
    return re.compile(_PLACEHOLDER.sub("[^\\\\n]+", re.escape(text.strip())))
