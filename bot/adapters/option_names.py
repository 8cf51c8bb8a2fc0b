"""How options of articles are shown to customers, whatever language the shop keeps them in."""

from collections.abc import Mapping
from pathlib import Path

from bot.adapters.yaml_file import read_yaml

# "M", "XXL", "42": what is a size by its looks.
_LONGEST_SIZE = 4


class OptionNames:
    """See `bot.services.journeys.naming.Words`; read from `data/lexicon/option_names.yml`."""

    def __init__(self, file: Path) -> None:
        content = read_yaml(file)
        self._values: Mapping[str, str] = content["values"]
        self._named: Mapping[str, str] = content["named"]
        self._numbered: Mapping[str, str] = content["numbered"]

    def __call__(self, name: str, value: str) -> str:
        """A value in Spanish, with the option's name where it needs one."""
        known = self._named.get(f"{name}={value}") or self._values.get(value)
        if known is not None:
            return known
        unit = self._numbered.get(name.casefold())
        return f"{unit} {value}" if unit and len(value) <= _LONGEST_SIZE else value
