"""What the database itself refuses to do to the record, and the head that it moves along.

``create_all`` makes these triggers with the table; a migration that makes or copies the table runs ``guards`` after it.
They stop the program and a slip of the hand. Whoever owns the database can drop them: against that stand the hashes.
"""

_SQLITE = (
    """
    CREATE TRIGGER record_no_update BEFORE UPDATE ON record
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    """
    CREATE TRIGGER record_no_delete BEFORE DELETE ON record
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    # INSERT OR REPLACE would delete without asking the trigger above.
    """
    CREATE TRIGGER record_only_at_end BEFORE INSERT ON record
    WHEN NEW.number <= (SELECT max(number) FROM record)
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    """
    CREATE TRIGGER record_moves_head AFTER INSERT ON record
    BEGIN UPDATE record_head SET length = NEW.number, hash = NEW.hash; END
    """,
)
_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION record_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE OR REPLACE FUNCTION record_appends() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.number <= (SELECT max(number) FROM record) THEN
            RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        UPDATE record_head SET length = NEW.number, hash = NEW.hash;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER record_no_change BEFORE UPDATE OR DELETE ON record
    FOR EACH ROW EXECUTE FUNCTION record_refuses()
    """,
    """
    CREATE TRIGGER record_no_truncate BEFORE TRUNCATE ON record
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuses()
    """,
    """
    CREATE TRIGGER record_only_at_end BEFORE INSERT ON record
    FOR EACH ROW EXECUTE FUNCTION record_appends()
    """,
)


def guards(dialect: str) -> list[str]:
    """The statements that make the triggers, for ``sqlite`` or ``postgresql``, in their order."""
    statements = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[dialect]
    return [" ".join(statement.split()) for statement in statements]
