"""How each process is started, by hand or by the supervisor."""

import gc
import sys

from bot.installation.training import QUIET_AND_PRIVATE
from bot.processes import Part
from bot.settings import PROJECT_ROOT, Settings

RASA_PYTHON = PROJECT_ROOT / ".venv-rasa" / "bin" / "python"
# One conversation is one small matrix product: more threads only fight for two cores.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def parts_of(settings: Settings) -> list[Part]:
    """The processes that this machine runs: a part with a URL of its own runs elsewhere."""
    own = {
        "POSVENTA_PORT": str(settings.port),
        "POSVENTA_SECRET": settings.shared_secret(),
        "PYTHONUNBUFFERED": "1",
    }
    parts = [Part("gateway", [sys.executable, "-m", "bot.cli", "serve", "gateway"], own)]
    if not settings.rasa_url:
        parts.append(Part("rasa", rasa_command(settings), own | rasa_environment(settings)))
    if not settings.actions_url:
        parts.append(Part("actions", [sys.executable, "-m", "bot.cli", "serve", "actions"], own))
    return parts


def rasa_command(settings: Settings) -> list[str]:
    """`rasa run` on loopback, with our private channel only."""
    return [
        str(RASA_PYTHON),
        "-m",
        "rasa",
        "run",
        "--interface",
        "127.0.0.1",
        "--port",
        str(settings.rasa_port),
        "--model",
        str(PROJECT_ROOT / "models" / "posventa.tar.gz"),
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        "credentials.yml",
    ]


def rasa_environment(settings: Settings) -> dict[str, str]:
    """What Rasa's configuration files and our components read."""
    return {
        "POSVENTA_ACTIONS_WEBHOOK": f"{settings.actions}/webhook",
        "POSVENTA_CATALOGUE": str(settings.catalogue_file.resolve()),
        "POSVENTA_ORDER_NUMBER_PATTERN": settings.order_number_pattern,
        "PYTHONPATH": str(PROJECT_ROOT),
        **QUIET_AND_PRIVATE,
        **ONE_THREAD,
    }


def serve_gateway(settings: Settings) -> None:
    """Run the gateway until told to stop."""
    import uvicorn

    from bot.gateway.app import Gateway

    application = Gateway(settings).application()
    _spare_what_stays()
    uvicorn.run(
        application,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        # Streams of open chats would keep a stopping gateway alive for ever.
        timeout_graceful_shutdown=3,
    )


def serve_actions(settings: Settings) -> None:
    """Run the action server until told to stop."""
    import uvicorn

    from actions.server import create_action_server
    from bot.bootstrap import House

    house = House(settings)
    application = create_action_server(house.action_services(), settings.shared_secret())
    _spare_what_stays()
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=settings.actions_port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )


def _spare_what_stays() -> None:
    """Keep the garbage collector from searching what lives as long as the process.

    Libraries, copy and lexicon are half a million objects: a tenth of a turn went into looking
    through them again and again.
    """
    gc.collect()
    gc.freeze()
