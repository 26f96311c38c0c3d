"""Backups the office ordered, what went wrong lately, and which revision of a deadline was confirmed."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('backups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.BigInteger(), nullable=True),
    sa.Column('open', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('name', sa.String(), server_default='', nullable=False),
    sa.Column('kilobytes', sa.Integer(), server_default='0', nullable=False),
    sa.Column('kept', sa.Integer(), server_default='0', nullable=False),
    sa.Column('left_out', sa.JSON(), server_default='[]', nullable=False),
    sa.Column('fault', sa.String(), server_default='', nullable=False),
    sa.CheckConstraint('open = (ended_at IS NULL)', name=op.f('ck_backups_open_until_ended')),
    sa.CheckConstraint("open OR (name = '') = (fault <> '')", name=op.f('ck_backups_made_or_failed')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.telegram_id'], name=op.f('fk_backups_asked_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backups'))
    )
    with op.batch_alter_table('backups', schema=None) as batch_op:
        batch_op.create_index('uq_backups_open', ['open'], unique=True, sqlite_where=sa.text('open'), postgresql_where=sa.text('open'))

    op.create_table('troubles',
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('many', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reference', sa.String(), server_default='', nullable=False),
    sa.CheckConstraint('many >= 1', name=op.f('ck_troubles_met')),
    sa.PrimaryKeyConstraint('place', 'what', name=op.f('pk_troubles'))
    )
    with op.batch_alter_table('deadlines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed', sa.Integer(), nullable=True))
