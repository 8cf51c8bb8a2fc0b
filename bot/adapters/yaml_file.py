"""YAML files of ours, read quickly."""

from pathlib import Path
from typing import Any

import yaml

# libyaml reads `domain.yml` in a tenth of the time; a PyYAML built without it has only the other.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> Any:
    """The content of a file.

    Raises:
        OSError: there is none.
        yaml.YAMLError: it is not YAML.
    """
    # A safe loader, chosen above.
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
