"""Orders that were imported before returns existed go on as they are."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from bot.adapters.database import engine as engine_module
from bot.adapters.database.engine import migrate
from bot.adapters.database.unit_of_work import SqlUnits
from bot.domain.order_import import Counts
from bot.domain.orders import Condition
from bot.services.orders_import import OrdersImport
from tests.sample_orders import sample_document


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 20, 8, tzinfo=UTC)


def go_back_to_the_first_schema(engine: Engine) -> None:
    config = Config()
    migrations = Path(engine_module.__file__).parent / "migrations"
    config.set_main_option("script_location", str(migrations))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")


def test_orders_survive_the_migration_both_ways_and_the_next_file_changes_nothing(
    bare_engine: Engine,
) -> None:
    migrate(bare_engine)
    orders_import = OrdersImport(SqlUnits(bare_engine), FixedClock())
    orders_import.run(sample_document())
    go_back_to_the_first_schema(bare_engine)
    migrate(bare_engine)
    with bare_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM order_lines")) == 3
    assert orders_import.run(sample_document()).orders == Counts(unchanged=2)
    with SqlUnits(bare_engine).reading() as unit:
        assert {product.condition for product in unit.orders.products()} == {Condition.NEW}
