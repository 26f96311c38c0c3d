"""Deadlines one can rely on: what became of a letter in parts, planned messages that are held."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
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
        batch_op.create_index('ix_letters_lease', ['lease_until'], unique=False, sqlite_where=sa.text('lease_until IS NOT NULL'), postgresql_where=sa.text('lease_until IS NOT NULL'))

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

    # --- who follows a funding area or a kind of deadline, and why somebody is reminded
    op.create_table('follows',
    sa.Column('telegram_id', sa.BigInteger(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("what IN ('area', 'kind')", name=op.f('ck_follows_what')),
    sa.ForeignKeyConstraint(['telegram_id'], ['accounts.telegram_id'], name=op.f('fk_follows_telegram_id_accounts')),
    sa.PrimaryKeyConstraint('telegram_id', 'what', 'value', name=op.f('pk_follows'))
    )
    with op.batch_alter_table('follows', schema=None) as batch_op:
        batch_op.create_index('ix_follows_what_value', ['what', 'value'], unique=False)

    with op.batch_alter_table('subscriptions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(), server_default='asked', nullable=False))

    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_steps_telegram_id'), ['telegram_id'], unique=False)

    # --- „Sagen Sie mir Bescheid"
    op.create_table('wishes',
    sa.Column('question_number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('telegram_id', sa.BigInteger(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('wanted', sa.JSON(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("about IN ('deadline', 'meeting')", name=op.f('ck_wishes_about')),
    sa.ForeignKeyConstraint(['question_number'], ['questions.number'], name=op.f('fk_wishes_question_number_questions')),
    sa.ForeignKeyConstraint(['telegram_id'], ['accounts.telegram_id'], name=op.f('fk_wishes_telegram_id_accounts')),
    sa.PrimaryKeyConstraint('question_number', name=op.f('pk_wishes'))
    )
    with op.batch_alter_table('wishes', schema=None) as batch_op:
        batch_op.create_index('ix_wishes_open', ['about', 'seen'], unique=False, sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_wishes_telegram_id'), ['telegram_id'], unique=False)
