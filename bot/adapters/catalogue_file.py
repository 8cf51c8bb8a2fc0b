"""The catalogue as the understanding reads it: a small JSON file, replaced as a whole."""

import json
from collections.abc import Sequence
from pathlib import Path

from bot.domain.orders import Product


class CatalogueFile:
    """Written after every import; Rasa's product matcher notices the change by itself."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def write(self, products: Sequence[Product]) -> None:
        """Replace the file.

        Raises:
            OSError: the folder cannot be written.
        """
        entries = [{"sku": product.sku, "title": product.title} for product in products]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
        draft.replace(self._file)
