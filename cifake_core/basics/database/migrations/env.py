"""Alembic's environment: migrates by the connection that it is given."""

from alembic import context

from cifake_core.basics.database.engines import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
