"""Indexes on what the years leave behind, so that no step has to read through it."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

# Name, table, columns, and on which rows: in SQLite's words, and in PostgreSQL's where they differ.
INDEXES = (
    ('ix_votes_running', 'votes', ['number'], 'closed_at IS NULL AND cancelled_at IS NULL', None),
    ('ix_votes_closed_at', 'votes', ['closed_at'], 'closed_at IS NOT NULL', None),
    ('ix_votes_cancelled_at', 'votes', ['cancelled_at'], 'cancelled_at IS NOT NULL', None),
    ('ix_votes_follows', 'votes', ['follows'], 'follows IS NOT NULL', None),
    ('ix_electorate_mandate_id', 'electorate', ['mandate_id'], None, None),
    ('ix_ballots_deputies', 'ballots', ['cast_by'], 'as_deputy = 1', 'as_deputy'),
    ('ix_meetings_starts_at', 'meetings', ['starts_at'], None, None),
    ('ix_meetings_ends_at', 'meetings', ['ends_at'], None, None),
    ('ix_presences_person_id', 'presences', ['person_id'], None, None),
    ('ix_questions_joined_to', 'questions', ['joined_to'], 'joined_to IS NOT NULL', None),
    (
        'ix_questions_waiting', 'questions', ['answered_at', 'handed_at'],
        'handed_at IS NOT NULL AND answered_at IS NULL', None,
    ),
)


def upgrade() -> None:
    for replaced in ('ix_questions_joined_to', 'ix_questions_waiting'):
        op.drop_index(replaced, 'questions')
    for name, table, columns, on_sqlite, on_postgresql in INDEXES:
        rows = {
            'sqlite_where': sa.text(on_sqlite) if on_sqlite else None,
            'postgresql_where': sa.text(on_postgresql or on_sqlite) if on_sqlite else None,
        }
        op.create_index(name, table, columns, **rows)
