"""Whoever leaves is named nowhere but in formal acts: questions, aliases and holds may do without who it was."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.alter_column('telegram_id', existing_type=sa.BigInteger(), nullable=True)

    with op.batch_alter_table('aliases', schema=None) as batch_op:
        batch_op.alter_column('added_by', existing_type=sa.Integer(), nullable=True)

    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.alter_column('held_by', existing_type=sa.Integer(), nullable=True)
