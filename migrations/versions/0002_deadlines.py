"""Deadlines one can rely on: what became of a letter in parts, planned messages that are held."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # --- letters: progress, refusals and doubts are counted apart
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('not_taken', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('doubts', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('parts', sa.JSON(), server_default='[]', nullable=False))
        batch_op.drop_column('attempts')

    # --- planned messages that staff has stopped
    op.create_table('holds',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('second', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('held_by', sa.Integer(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['held_by'], ['people.id'], name=op.f('fk_holds_held_by_people')),
    sa.PrimaryKeyConstraint('kind', 'number', 'second', name=op.f('pk_holds'))
    )
