"""The number of a case, as it is given to a customer and as customers write it back."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class FolioPrefix(StrEnum):
    """What kind of case a folio names. `bot.assistant.identifiers` recognises all but refunds."""

    RETURN = "DEV"
    WARRANTY = "GAR"
    INCIDENT = "INC"
    FORMAL_COMPLAINT = "REC"
    INFORMAL_COMPLAINT = "QUE"
    REFUND = "RMB"
    PRIVACY = "PRI"


_WRITTEN = re.compile(
    rf"(?P<prefix>{'|'.join(FolioPrefix)})[^0-9A-Z]*"
    r"(?:(?P<year>20[0-9]{2})(?:[^0-9A-Z]+|(?=[0-9]{4})))?(?P<serial>[0-9]{1,7})"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>20[0-9]{{2}})[^0-9A-Z]*(?P<prefix>{'|'.join(FolioPrefix)})[^0-9A-Z]*"
    r"(?P<serial>[0-9]{1,7})"
)


@dataclass(frozen=True, slots=True)
class Folio:
    """`DEV-2026-000123`; `year` is None when a customer left it out."""

    prefix: FolioPrefix
    year: int | None
    serial: int

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """Read a folio as a customer writes it ("dev 2026 123", "#DEV2026-000123"), or None."""
        plain = unicodedata.normalize("NFKC", written).upper().strip(" \t\n#.")
        match = _WRITTEN.fullmatch(plain) or _YEAR_FIRST.fullmatch(plain)
        if match is None:
            return None
        year = int(match["year"]) if match["year"] else None
        return cls(FolioPrefix(match["prefix"]), year, int(match["serial"]))

    def __str__(self) -> str:
        parts = (self.prefix.value, str(self.year) if self.year else "", f"{self.serial:06}")
        return "-".join(part for part in parts if part)
