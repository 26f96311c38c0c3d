"""Run by Alembic within a transaction that ``bot/migrate.py`` or ``migrations/__main__.py`` has opened."""

import warnings
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.ddl.sqlite import SQLiteImpl
from alembic.util.sqla_compat import is_expression_index
from sqlalchemy.exc import SAWarning

from models.columns import UtcDateTime, Word
from models.tables import METADATA


class ByName(SQLiteImpl):
    """SQLite cannot describe an index on an expression, so Alembic leaves such ones out; here the name decides."""

    __dialect__ = "sqlite"

    def correct_for_autogen_constraints(
        self, _reflected_constraints: Any, _reflected_indexes: Any, _constraints: Any, indexes: set[sa.Index]
    ) -> None:
        """Take an index on an expression for unchanged where the store knows its name."""
        if self.connection is None:
            return
        known = set(self.connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'index'")))
        indexes -= {index for index in indexes if is_expression_index(index) and index.name in known}


_SPELLED: dict[type[Any], str] = {UtcDateTime: "sa.DateTime(timezone=True)", Word: "sa.String()"}


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Revisions stand alone: they name SQLAlchemy's types, never ours, which may change under them."""
    if kind != "type":
        return False
    return _SPELLED.get(type(item), False)


def run() -> None:
    """Work on the connection that was handed over."""
    connection: sa.Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_item=render,
        render_as_batch=True,  # SQLite alters a table by copying it
        transactional_ddl=True,  # ours is, on SQLite too: the engine says BEGIN itself
        transaction_per_migration=False,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
        context.run_migrations()


run()
