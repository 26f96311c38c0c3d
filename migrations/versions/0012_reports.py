"""Questions counted by day, from now on, and a way to those handed to the office; copies that were sent anew."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    asked = op.create_table('asked',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('finding', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('areas', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 0', name=op.f('ck_asked_number')),
    sa.PrimaryKeyConstraint('day', 'finding', 'topic', 'areas', name=op.f('pk_asked'))
    )
    # The mark of the first day: before it nobody counted, and a report must not say nought.
    op.bulk_insert(asked, [{'day': datetime.now(UTC).date(), 'finding': 'begun', 'topic': '', 'areas': '', 'number': 0}])
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index('ix_questions_handed', ['handed_at'], unique=False, sqlite_where=sa.text('handed_at IS NOT NULL'), postgresql_where=sa.text('handed_at IS NOT NULL'))
    with op.batch_alter_table('broadcast_copies', schema=None) as batch_op:
        batch_op.add_column(sa.Column('anew', sa.Integer(), server_default='0', nullable=False))
