"""Whoever would rather type than tap says so; which buttons a chat shows is remembered."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('types', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table('shown',
    sa.Column('telegram_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('messages', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['telegram_id'], ['accounts.telegram_id'], name=op.f('fk_shown_telegram_id_accounts')),
    sa.PrimaryKeyConstraint('telegram_id', name=op.f('pk_shown'))
    )
