"""`posventa …`: what an operator and a developer type."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.case_commands import cases
from bot.command_line import Json, checked_settings, fail, prepared_house
from bot.settings import PROJECT_ROOT, Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, rich_markup_mode=None)
orders = typer.Typer(no_args_is_help=True, help="The shop's orders.")
evaluate = typer.Typer(no_args_is_help=True, help="How well customers are understood.")
agents = typer.Typer(no_args_is_help=True, help="The people of the team.")
app.add_typer(orders, name="orders")
app.add_typer(cases, name="cases")
app.add_typer(evaluate, name="evaluate")
app.add_typer(agents, name="agents")

RASA_PYTHON = PROJECT_ROOT / ".venv-rasa" / "bin" / "python"
MODEL = PROJECT_ROOT / "models" / "posventa.tar.gz"


@app.command()
def run(port: Annotated[int | None, typer.Option(help="Port of the gateway.")] = None) -> None:
    """Start gateway, Rasa and action server; Ctrl-C stops all three."""
    from bot.parts import parts_of
    from bot.processes import Supervisor

    settings = checked_settings(port=port) if port else checked_settings()
    _logging(settings)
    _require_model()
    for name, number in (
        ("POSVENTA_PORT", settings.port),
        ("POSVENTA_RASA_PORT", settings.rasa_port),
        ("POSVENTA_ACTIONS_PORT", settings.actions_port),
    ):
        if _taken(number):
            fail(f"Port {number} is taken by another program: set {name} to a free one.")
    house = prepared_house(settings)
    house.close()
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    typer.echo(f"Shop page  {address}/\nDesk       {address}/desk")
    typer.echo("The assistant takes up to half a minute to wake up. Ctrl-C stops everything.")
    supervisor = Supervisor(parts_of(settings), settings.state_dir / "log", PROJECT_ROOT)
    asyncio.run(supervisor.run())


@app.command()
def serve(part: str) -> None:
    """Start one part alone: gateway or actions (Rasa is started with `rasa run`)."""
    from bot.parts import serve_actions, serve_gateway

    settings = checked_settings()
    _logging(settings)
    {"gateway": serve_gateway, "actions": serve_actions}[part](settings)


@app.command()
def train() -> None:
    """Train the model if anything it is made of has changed."""
    command = [sys.executable, "-m", "bot.installation", "train"]
    raise typer.Exit(subprocess.call(command, cwd=PROJECT_ROOT))


@app.command()
def chat() -> None:
    """Talk to the running assistant in the terminal."""
    from bot.terminal_chat import talk

    settings = checked_settings()
    raise typer.Exit(asyncio.run(talk(f"http://{settings.host}:{settings.port}")))


@app.command()
def parse(text: str) -> None:
    """Show what is understood of a text: intent, entities, confidence."""
    from bot.adapters.rasa import AssistantUnavailable, RasaClient

    settings = checked_settings()

    async def ask() -> object:
        rasa = RasaClient(settings.rasa, settings.shared_secret())
        try:
            return await rasa.parse(text)
        finally:
            await rasa.close()

    try:
        typer.echo(json.dumps(asyncio.run(ask()), ensure_ascii=False, indent=1))
    except AssistantUnavailable:
        _require_model()
        raise typer.Exit(_in_rasa("bot.assistant.parse", str(MODEL), text)) from None


@orders.command("import")
def import_orders(file: Path) -> None:
    """Take in products, customers and orders from a JSON file, all or nothing."""
    from bot.domain.errors import StorageUnavailable
    from bot.domain.order_import import ImportRefused

    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        fail(f"{file} is not JSON: {error}")
    house = prepared_house(checked_settings(), demo=False)
    try:
        counts = house.import_orders(raw)
    except ImportRefused as refusal:
        lines = [f"  {problem.place}: {problem.problem}" for problem in refusal.problems]
        fail("\n".join([f"Nothing was imported. {file} has mistakes:", *lines]))
    except StorageUnavailable:
        fail("The database cannot be reached; nothing was imported.")
    finally:
        house.close()
    for kind in ("products", "customers", "orders"):
        count = getattr(counts, kind)
        typer.echo(
            f"{kind}: {count.created} new, {count.updated} changed, {count.unchanged} unchanged"
        )


@orders.command("show")
def show_order(number: str, as_json: Json = False) -> None:
    """Show an order with all that happened to it."""
    from bot.domain.errors import OrderNotIdentified

    house = prepared_house(checked_settings(), demo=False)
    try:
        document = house.order_document.show(number)
    except OrderNotIdentified:
        fail(f"There is no order {number}.")
    finally:
        house.close()
    typer.echo(json.dumps(document, ensure_ascii=False, indent=None if as_json else 2))


@evaluate.command("nlu")
def evaluate_nlu(
    files: list[Path],
    as_json: Json = False,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder to draw the confusions and the reliability into.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="File to record the figures in that must not get worse.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Another Rasa model to measure on the same lines.")
    ] = None,
    hostile: Annotated[
        int | None, typer.Option(help="How many hostile texts to parse besides.", min=1)
    ] = None,
) -> None:
    """Measure the understanding on files of labelled lines."""
    _require_model()
    options = ["--json"] if as_json else []
    given = {"pictures": pictures, "record": record, "compare": compare, "hostile": hostile}
    for name, value in given.items():
        options += [f"--{name}", str(value)] if value is not None else []
    raise typer.Exit(_in_rasa("bot.assistant.evaluation", str(MODEL), *map(str, files), *options))


@evaluate.command("dialogues")
def evaluate_dialogues(folder: Path, as_json: Json = False) -> None:
    """Play the conversations written in a folder against a house of their own."""
    from bot.dialogue_evaluation.house import HouseNotReady
    from bot.dialogue_evaluation.report import readable, report_of
    from bot.dialogue_evaluation.run import ORDERS, play_all
    from bot.dialogue_evaluation.script import DialogueNotValid, read_dialogues

    _require_model()
    try:
        dialogues = read_dialogues(folder)
    except (DialogueNotValid, OSError) as error:
        fail(str(error))
    if not dialogues:
        fail(f"There is no dialogue in {folder}.")
    # Standard output belongs to the report.
    tell = partial(typer.echo, err=True)
    # Whoever stops us stops what we have started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        report = report_of(play_all(dialogues, ORDERS, tell))
    except HouseNotReady as failure:
        fail(f"The house does not start: {failure}")
    typer.echo(json.dumps(report, ensure_ascii=False) if as_json else readable(report))


@evaluate.command("tasks")
def evaluate_tasks(
    folder: Path,
    as_json: Json = False,
    times: Annotated[
        int, typer.Option(help="How often each is played: it must go the same way.", min=1)
    ] = 1,
) -> None:
    """Play customers with the tasks written in a folder; the shop's database is the judge."""
    from bot.dialogue_evaluation.house import HouseNotReady
    from bot.dialogue_evaluation.run import ORDERS
    from bot.dialogue_evaluation.script import DialogueNotValid
    from bot.dialogue_evaluation.task_report import readable_tasks, task_report
    from bot.dialogue_evaluation.task_run import play_tasks
    from bot.dialogue_evaluation.tasks import read_tasks

    _require_model()
    try:
        tasks = read_tasks(folder)
    except (DialogueNotValid, OSError) as error:
        fail(str(error))
    if not tasks:
        fail(f"There is no task in {folder}.")
    tell = partial(typer.echo, err=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        played, *again = play_tasks(tasks, ORDERS, tell, times)
    except HouseNotReady as failure:
        fail(f"The house does not start: {failure}")
    report = task_report(played, again)
    typer.echo(json.dumps(report, ensure_ascii=False) if as_json else readable_tasks(report))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure speed and memory beside a stock Rasa assistant (`--help-bench` lists options)."""
    from bot.bench.run import main

    options = ["--help" if option == "--help-bench" else option for option in context.args]
    raise typer.Exit(main(options))


@agents.command("add")
def add_agent(
    name: str,
    email: str,
    role: Annotated[str, typer.Option(help="agent, supervisor or admin")] = "agent",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)
    ] = "",
) -> None:
    """Add somebody to the team; the password is asked for."""
    from bot.domain.agents import AgentRole
    from bot.domain.errors import AgentRefused

    house = prepared_house(checked_settings(), demo=False)
    try:
        agent = house.agents.add(name, email, password, AgentRole(role))
    except ValueError:
        fail(f"{role} is no role: use agent, supervisor or admin.")
    except AgentRefused as refusal:
        fail(str(refusal) or refusal.code)
    finally:
        house.close()
    typer.echo(f"{agent.name} <{agent.email}> can now log in at /desk.")


def _require_model() -> None:
    if not RASA_PYTHON.exists():
        fail("Rasa's environment is missing: `make setup` makes it.")
    if not MODEL.exists():
        fail("There is no trained model yet: `posventa train` makes it (a minute or two).")


def _in_rasa(module: str, *arguments: str) -> int:
    """Run a module in Rasa's environment."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.call([str(RASA_PYTHON), "-m", module, *arguments], env=environment)


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _logging(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for talkative in ("alembic", "rasa_sdk"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


if __name__ == "__main__":
    app()
