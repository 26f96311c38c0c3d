"""A store's schema as the store itself tells it, in an order that does not depend on how it came about."""

import re

from sqlalchemy import Connection, text

COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


def schema(connection: Connection) -> set[tuple[str, ...]]:
    """Every column, constraint and index, without Alembic's own table."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT tbl_name, name, sql FROM sqlite_master")).all()
        found = {(table, name, *_parts(sql or "")) for table, name, sql in rows}
    else:
        queries = (COLUMNS, CONSTRAINTS, INDEXES)
        found = {tuple(map(str, row)) for query in queries for row in connection.execute(text(query))}
    return {row for row in found if row[0] != "alembic_version"}


def _parts(sql: str) -> list[str]:
    """The lines of a CREATE, sorted: columns and constraints may stand in another order."""
    flat = re.sub(r"\s+", " ", sql.replace('"', ""))
    name, _, columns = flat.partition("( ")
    return [name, *sorted(part.strip(" ,)") for part in columns.split(", "))]
