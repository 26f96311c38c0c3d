"""People are kept in the chat: when they came in, who does without Telegram, former names, what was ended there."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('came_in_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('without_telegram', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('former_names', sa.JSON(), server_default='[]', nullable=False))

    # Not by copying the table, as a batch would: SQLAlchemy does not see an index on expressions, and it would be lost.
    op.add_column(
        'memberships', sa.Column('ended_in_chat', sa.Boolean(), server_default=sa.false(), nullable=False)
    )

    # The last code that somebody used is kept for a month after its day; of others it is not known any more.
    op.execute(
        'UPDATE people SET came_in_at = (SELECT max(used_at) FROM codes WHERE codes.person_id = people.id) '
        'WHERE telegram_id IS NOT NULL'
    )
