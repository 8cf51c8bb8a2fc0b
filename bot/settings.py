"""The only reader of the environment: `POSVENTA_…` variables and an `.env` file.

Every missing or wrong value is reported at once (`SettingsNotValid`), each with its variable's
name, so that an operator mends a file in one go.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.opening_hours import OpeningHours

# Recognises A-10234, #W2378156, ES-2024-000981 and 778812; a shop narrows it to its own shape.
DEFAULT_ORDER_NUMBER_PATTERN = ""

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class SettingsNotValid(Exception):
    """One or more settings are missing or wrong; `problems` has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return pattern


def _opening_hours(text: str) -> str:
    OpeningHours.parse(text, ZoneInfo("UTC"))
    return text


def _known_database(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("use sqlite:///FILE or postgresql://USER@HOST/NAME")
    return url


class Settings(BaseSettings):
    """Everything an operator can set, with the defaults of a first run on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="POSVENTA_", env_file=".env", extra="ignore", frozen=True
    )

    state_dir: Path = Field(Path("var"), description="Where the database, photos and logs live.")
    database_url: Annotated[str, AfterValidator(_known_database)] = Field(
        "", description="SQLAlchemy URL; empty means SQLite in the state folder."
    )
    host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port the gateway listens on.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s]+[^/\s])?$",
        description="Where the world reaches the gateway.",
    )
    rasa_port: int = Field(5005, ge=1, le=65535, description="Private port of Rasa (loopback).")
    actions_port: int = Field(
        5055, ge=1, le=65535, description="Private port of the action server (loopback)."
    )
    rasa_url: str = Field("", description="Where Rasa answers, when not on this machine.")
    actions_url: str = Field(
        "", description="Where the action server answers, when not on this machine."
    )
    secret: SecretStr = Field(
        SecretStr(""), description="Signs tokens and guards the private ports; made on first run."
    )
    order_number_pattern: Annotated[str, AfterValidator(_compiles)] = Field(
        DEFAULT_ORDER_NUMBER_PATTERN, description="Regular expression of the shop's order numbers."
    )
    shop_name: str = Field(
        "Casa Olmo", min_length=1, description="The shop's name, as customers know it."
    )
    shop_country: str = Field(
        "ES", pattern="^[A-Z]{2}$", description="Country of the shop: formats and time zone."
    )
    seller_tax_id: str = Field(
        "", description="The seller's tax number; without one the shop issues no invoices here."
    )
    seller_address: str = Field(
        "", description="The seller's address on documents, its lines separated by `|`."
    )
    opening_hours: Annotated[str, AfterValidator(_opening_hours)] = Field(
        "mon-fri 09:00-18:00",
        description="When the team answers, in the shop's time: days and hours.",
    )
    shop_phone: str = Field("", description="Telephone for customers; empty: there is none.")
    shop_email: str = Field("", description="E-mail for customers; empty: there is none.")
    shop_address: str = Field("", description="Where customers find the shop, in one line.")
    returns_address: str = Field("", description="Where returns are sent, in one line.")
    webchat_origins: str = Field(
        "*", description="Origins that may embed the chat, separated by commas."
    )
    webchat_sessions_per_minute: int = Field(
        60, ge=1, description="How many chats one internet address may open in a minute."
    )
    policy_file: Path | None = Field(
        None, description="The shop's own terms, where they are better than the law's."
    )
    identity_days: int = Field(
        30, ge=1, le=365, description="How long a proven identity stays linked to a channel."
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    demo_shop: bool = Field(
        True, description="Fill an empty database with the demonstration shop at start."
    )

    @property
    def database(self) -> str:
        """The effective SQLAlchemy URL, with the driver named."""
        if not self.database_url:
            return f"sqlite:///{self.state_dir / 'posventa.db'}"
        if self.database_url.startswith("postgresql://"):
            return "postgresql+psycopg://" + self.database_url.removeprefix("postgresql://")
        return self.database_url

    @property
    def rasa(self) -> str:
        """Base URL of Rasa, without a trailing slash."""
        return self.rasa_url.rstrip("/") or f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions(self) -> str:
        """Base URL of the action server, without a trailing slash."""
        return self.actions_url.rstrip("/") or f"http://127.0.0.1:{self.actions_port}"

    @property
    def catalogue_file(self) -> Path:
        """The catalogue the understanding reads, written by every import."""
        return self.state_dir / "catalogue.json"

    @property
    def attachments_dir(self) -> Path:
        """Where customers' photos are kept."""
        return self.state_dir / "attachments"

    def shared_secret(self) -> str:
        """The configured secret, or the one of the state folder, made on first use.

        Raises:
            OSError: the state folder cannot be written.
        """
        if self.secret.get_secret_value():
            return self.secret.get_secret_value()
        return _kept_secret(self.state_dir / "secret")


def load_settings(**overrides: object) -> Settings:
    """Read the environment and the `.env` file.

    Raises:
        SettingsNotValid: with one line for each missing or wrong value.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsNotValid([_sentence(problem) for problem in error.errors()]) from None


def _sentence(problem: object) -> str:
    assert isinstance(problem, dict)
    name = "_".join(str(part) for part in problem["loc"]).upper()
    variable = name if name.startswith("POSVENTA_") else f"POSVENTA_{name}"
    return f"{variable}: {problem['msg']} (got {problem['input']!r})"


def _kept_secret(file: Path) -> str:
    """Read or make the secret; two processes starting at once agree on one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    if not file.exists():
        draft.write_text(secrets.token_urlsafe(32))
        draft.chmod(0o600)
        try:
            os.link(draft, file)  # fails when the other process was first: theirs counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
