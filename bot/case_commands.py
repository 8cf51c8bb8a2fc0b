"""`posventa cases …`: the team sees what customers opened, and moves it on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.command_line import Json, checked_settings, fail, prepared_house

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.services.case_moves import CaseNotMoved

cases = typer.Typer(
    no_args_is_help=True, help="What customers opened: returns, claims, complaints, money, data."
)


@cases.command("list")
def list_cases(
    kind: Annotated[
        str | None, typer.Option(help="return, claim, complaint, refund or privacy")
    ] = None,
    with_closed: Annotated[bool, typer.Option("--all", help="The closed ones too.")] = False,
    as_json: Json = False,
) -> None:
    """List the open cases, the most urgent first."""
    from bot.services.case_document import written_card
    from bot.services.open_cases import CaseKind

    if kind is not None and kind not in list(CaseKind):
        fail(f"{kind} is no kind: use {_one_of(list(CaseKind))}.")
    with _house() as house:
        chosen = CaseKind(kind) if kind else None
        found = house.open_cases.list(chosen, with_closed=with_closed)
        zone = house.zone
    written = [written_card(card) for card in found]
    if as_json:
        typer.echo(json.dumps(written, ensure_ascii=False))
    elif written:
        typer.echo(_table([_HEADINGS, *(_line(card, zone) for card in written)]))
    else:
        typer.echo("There is no case." if with_closed else "No case is open.")


@cases.command("show")
def show_case(folio: str, as_json: Json = False) -> None:
    """Show everything about a case, and what it may become."""
    from bot.services.case_document import written_sheet

    with _house() as house:
        document = written_sheet(house.open_cases.show(folio))
        zone = house.zone
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else _readable(document, zone))


@cases.command("move")
def move_case(
    folio: str,
    status: str,
    answer: Annotated[
        str, typer.Option(help="What the customer is told of a complaint, in Spanish.")
    ] = "",
    repair: Annotated[
        str | None, typer.Option(help="Where the article under repair is, of a claim.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who of the team moves it.")] = "",
) -> None:
    """Move a case on, or say why it cannot be and what is possible."""
    from bot.services.case_moves import CaseNotMoved
    from bot.services.order_backend import Actor

    actor = Actor.agent(by.strip()) if by.strip() else Actor.shop()
    with _house() as house:
        try:
            moved = house.case_moves.move(
                folio, status, actor, answer=answer.strip(), repair=repair
            )
        except CaseNotMoved as refusal:
            fail(_refused(refusal))
    typer.echo(f"{moved.card.folio} is {moved.card.status}.")


@contextmanager
def _house() -> "Iterator[House]":
    from bot.domain.errors import StorageUnavailable
    from bot.services.open_cases import CaseNotFound

    house = prepared_house(checked_settings(), demo=False)
    try:
        yield house
    except CaseNotFound as refusal:
        fail(f"There is no case {refusal}; without its year a folio has to mean one case alone.")
    except StorageUnavailable:
        fail("The database cannot be reached; nothing was changed.")
    finally:
        house.close()


def _refused(refusal: "CaseNotMoved") -> str:
    """The reason and what is possible, in one line."""
    said = [f"{refusal.folio} was not moved: {refusal.reason}."]
    if refusal.may_become:
        said.append(f"It is {refusal.status} and may become {_one_of(refusal.may_become)}.")
    else:
        said.append(f"It is {refusal.status}, and nothing follows.")
    if refusal.repair_may_become:
        said.append(f"Its repair may become {_one_of(refusal.repair_may_become)}.")
    return " ".join(said)


# --- how it looks in a terminal -------------------------------------------------------------------

_HEADINGS = ("FOLIO", "KIND", "STATUS", "ORDER", "OPENED", "DUE", "")


def _line(card: Mapping[str, Any], zone: ZoneInfo) -> tuple[str, ...]:
    return (
        card["folio"],
        card["kind"],
        card["status"],
        card["order_number"] or "-",
        _moment(card["opened_at"], zone),
        card["due_on"] or "-",
        "OVERDUE" if card["overdue"] else "",
    )


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _readable(document: Mapping[str, Any], zone: ZoneInfo) -> str:
    customer = document["customer"]
    facts = {
        "kind": document["kind"],
        "status": document["status"],
        "order": document["order_number"],
        "customer": f"{customer['name']} <{customer['email']}>" if customer else None,
        "opened": _moment(document["opened_at"], zone),
        "due": document["due_on"] and document["due_on"] + "  OVERDUE" * document["overdue"],
    }
    told = [(name, value) for name, value in facts.items() if value]
    # "kind" of a claim is another than "claim".
    told += [(f"its {name}".replace("_", " "), each) for name, each in document["details"].items()]
    events = [
        (_moment(event["at"], zone), event["actor"], event["kind"], _told(event["detail"]))
        for event in document["events"]
    ]
    lines = [document["folio"], _table([(name, _told(value)) for name, value in told])]
    lines += ["", _table(events)] if events else []
    lines += ["", f"may become: {', '.join(document['may_become']) or 'nothing else'}"]
    if document["repair_may_become"]:
        lines.append(f"its repair may become: {', '.join(document['repair_may_become'])}")
    return "\n".join(lines)


def _told(value: object) -> str:
    """A value in one line, without what would command the terminal in a customer's words."""
    if isinstance(value, Mapping):
        text = ", ".join(f"{name} {_told(each)}" for name, each in value.items())
    elif isinstance(value, list):
        text = "; ".join(map(_told, value))
    else:
        text = str(value)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _moment(written: str, zone: ZoneInfo) -> str:
    """An instant in the shop's time."""
    return f"{datetime.fromisoformat(written).astimezone(zone):%Y-%m-%d %H:%M}"


def _one_of(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
