"""Rundrufe, and each recipient's copy; files that Telegram sends on by their handle; formatting of a held text."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('broadcasts',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_by', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('revisions', sa.JSON(), nullable=False),
    sa.Column('file_ids', sa.JSON(), nullable=False),
    sa.Column('captioned', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('asks_read', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('needs_release', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('released_by', sa.Integer(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rounds', sa.Integer(), server_default='0', nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(released_by IS NULL) = (released_at IS NULL)', name=op.f('ck_broadcasts_release_has_its_person')),
    sa.CheckConstraint('ended_at IS NULL OR started_at IS NOT NULL', name=op.f('ck_broadcasts_ended_was_begun')),
    sa.ForeignKeyConstraint(['edited_by'], ['people.id'], name=op.f('fk_broadcasts_edited_by_people')),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_broadcasts_made_by_people')),
    sa.ForeignKeyConstraint(['released_by'], ['people.id'], name=op.f('fk_broadcasts_released_by_people')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_broadcasts'))
    )
    with op.batch_alter_table('broadcasts', schema=None) as batch_op:
        batch_op.create_index('ix_broadcasts_ahead', ['starts_at'], unique=False, sqlite_where=sa.text('started_at IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('started_at IS NULL AND withdrawn_at IS NULL'))
        batch_op.create_index('ix_broadcasts_under_way', ['number'], unique=False, sqlite_where=sa.text('started_at IS NOT NULL AND ended_at IS NULL'), postgresql_where=sa.text('started_at IS NOT NULL AND ended_at IS NULL'))

    op.create_table('broadcast_copies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('broadcast_number', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('telegram_id', sa.BigInteger(), nullable=True),
    sa.Column('letter_id', sa.Integer(), nullable=True),
    sa.Column('attempt', sa.Integer(), server_default='0', nullable=False),
    sa.Column('shown', sa.Integer(), server_default='0', nullable=False),
    sa.Column('update_id', sa.Integer(), nullable=True),
    sa.Column('updated_to', sa.Integer(), server_default='0', nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_revision', sa.Integer(), nullable=True),
    sa.CheckConstraint('(read_at IS NULL) = (read_revision IS NULL)', name=op.f('ck_broadcast_copies_read_has_its_time')),
    sa.CheckConstraint('person_id IS NOT NULL OR telegram_id IS NOT NULL', name=op.f('ck_broadcast_copies_of_somebody')),
    sa.ForeignKeyConstraint(['broadcast_number'], ['broadcasts.number'], name=op.f('fk_broadcast_copies_broadcast_number_broadcasts')),
    sa.ForeignKeyConstraint(['letter_id'], ['letters.id'], name=op.f('fk_broadcast_copies_letter_id_letters')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_broadcast_copies_person_id_people')),
    sa.ForeignKeyConstraint(['telegram_id'], ['accounts.telegram_id'], name=op.f('fk_broadcast_copies_telegram_id_accounts')),
    sa.ForeignKeyConstraint(['update_id'], ['letters.id'], name=op.f('fk_broadcast_copies_update_id_letters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast_copies')),
    sa.UniqueConstraint('broadcast_number', 'person_id', name=op.f('uq_broadcast_copies_broadcast_number_person_id')),
    sa.UniqueConstraint('broadcast_number', 'telegram_id', name=op.f('uq_broadcast_copies_broadcast_number_telegram_id')),
    sa.UniqueConstraint('letter_id', name=op.f('uq_broadcast_copies_letter_id')),
    sa.UniqueConstraint('update_id', name=op.f('uq_broadcast_copies_update_id'))
    )
    with op.batch_alter_table('broadcast_copies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_broadcast_copies_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_broadcast_copies_telegram_id'), ['telegram_id'], unique=False)

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held_entities', sa.JSON(), nullable=True))

    with op.batch_alter_table('files', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), server_default='document', nullable=False))
        batch_op.add_column(sa.Column('handle', sa.String(), nullable=True))

