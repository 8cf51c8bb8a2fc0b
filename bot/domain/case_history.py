"""What became of a case, step by step: who did what, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step; `actor` and `detail` hold names and amounts, and no personal data."""

    at: datetime
    actor: str
    kind: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def concerns(self, folio: str) -> bool:
        """Whether it tells of the case, or of the refund, with this folio."""
        return folio in (self.detail.get("folio"), self.detail.get("reference"))
