"""Run by Alembic, on the connection and in the transaction that it is given."""

from __future__ import annotations

from alembic import context

from api.store import intake_tables, judgement_tables, work_tables  # noqa: F401  (add their tables)
from api.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
