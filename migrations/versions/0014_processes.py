"""One pace for all processes; what waits in a chat is found by the chat."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pace',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('free_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('halt_told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('halted_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ticked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('webhook', sa.String(), nullable=True),
    sa.CheckConstraint('id = 1', name=op.f('ck_pace_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pace'))
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index('ix_inbox_open', ['lane'], unique=False, sqlite_where=sa.text("state IN ('pending', 'acted')"), postgresql_where=sa.text("state IN ('pending', 'acted')"))
