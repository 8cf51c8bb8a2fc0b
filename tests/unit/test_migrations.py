from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from bot.adapters.database import engine as engine_module
from bot.adapters.database.engine import migrate
from bot.adapters.database.tables import Base


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, Base.metadata)
    return found


def downgrade_to_nothing(engine: Engine) -> None:
    from pathlib import Path

    config = Config()
    config.set_main_option(
        "script_location", str(Path(engine_module.__file__).parent / "migrations")
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def test_the_migrations_build_exactly_the_schema_of_the_code(bare_engine: Engine) -> None:
    migrate(bare_engine)
    assert differences(bare_engine) == []


def test_migrating_twice_changes_nothing(bare_engine: Engine) -> None:
    migrate(bare_engine)
    migrate(bare_engine)
    assert differences(bare_engine) == []


def test_the_schema_can_be_taken_down_and_built_again(bare_engine: Engine) -> None:
    migrate(bare_engine)
    downgrade_to_nothing(bare_engine)
    assert inspect(bare_engine).get_table_names() == ["alembic_version"]
    migrate(bare_engine)
    assert differences(bare_engine) == []
