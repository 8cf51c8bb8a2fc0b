"""Cases written out for people and programs of the shop (not for customers)."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.case_history import HistoryEntry
from bot.domain.money import Money
from bot.domain.order_export import written_instant
from bot.domain.privacy import PrivacyCase
from bot.services.open_cases import CaseCard, CaseSheet

# They stand on the card; `refund_due` of a return is its due day.
_ON_CARD = frozenset({"folio", "reference", "status", "order_number", "opened_at"})
_DUE = frozenset({"due_on", "refund_due"})


def written_card(card: CaseCard) -> dict[str, Any]:
    """A case in one line; null says that it has no order, or that no day is set."""
    return {
        "folio": card.folio,
        "kind": card.kind.value,
        "status": card.status,
        "order_number": card.order_number,
        "opened_at": written_instant(card.opened_at),
        "due_on": card.due_on.isoformat() if card.due_on else None,
        "open": card.is_open,
        "overdue": card.is_overdue,
    }


def written_sheet(sheet: CaseSheet) -> dict[str, Any]:
    """Everything about a case; what is not known of it is left out of `details`."""
    customer = sheet.customer
    about = sheet.case.request if isinstance(sheet.case, PrivacyCase) else sheet.case
    return written_card(sheet.card) | {
        "customer": {"id": customer.id, "name": customer.name, "email": customer.email}
        if customer
        else None,
        "details": {
            name: value for name, value in _parts(about).items() if name not in _ON_CARD | _DUE
        },
        "events": [_entry(entry) for entry in sheet.history],
        "may_become": list(sheet.may_become),
        "repair_may_become": list(sheet.repair_may_become),
    }


def _entry(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "at": written_instant(entry.at),
        "actor": entry.actor,
        "kind": entry.kind,
        "detail": dict(entry.detail),
    }


def _parts(thing: Any) -> dict[str, Any]:
    """The fields of a frozen value that hold something."""
    values = {field.name: getattr(thing, field.name) for field in fields(thing)}
    return {name: _plain(value) for name, value in values.items() if value not in (None, "", ())}


def _plain(value: object) -> object:
    match value:
        case StrEnum():
            return value.value
        case datetime():
            return written_instant(value)
        case date():
            return value.isoformat()
        case Money():
            return f"{value} {value.currency}"
        case tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return dict(value)
        case _ if is_dataclass(value):
            return _parts(value)
    return value
