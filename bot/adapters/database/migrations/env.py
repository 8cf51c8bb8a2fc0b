"""Alembic's entry: runs revisions on the connection that `engine.migrate` hands over."""

from alembic import context

from bot.adapters.database.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
