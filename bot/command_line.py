"""What the commands have in common: settings, a house with its database, and how they fail."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.settings import Settings, SettingsNotValid, load_settings

if TYPE_CHECKING:
    from bot.bootstrap import House

Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


def checked_settings(**overrides: object) -> Settings:
    """The settings; ends the command with all that are missing or wrong."""
    try:
        return load_settings(**overrides)
    except SettingsNotValid as error:
        fail("\n".join(["These settings are missing or wrong:", *error.problems]))


def prepared_house(settings: Settings, *, demo: bool = True) -> "House":
    """A house over a database of today's schema; the caller closes it.

    Args:
        demo: Whether an empty database may be given the demonstration shop.
    """
    from bot.bootstrap import House
    from bot.domain.errors import StorageUnavailable

    house = House(settings)
    try:
        house.prepare_database()
        if demo and settings.demo_shop and house.open_demo_shop():
            typer.echo("The database was empty: it now holds the demonstration shop.")
    except (StorageUnavailable, OSError) as error:
        house.close()
        fail(f"The database {settings.database} cannot be reached: {error}")
    return house


def fail(sentence: str) -> NoReturn:
    """End the command with exit code 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
