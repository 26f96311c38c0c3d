"""Meetings: agenda items, files, who was there from when until when, votes on an item."""

import re

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # --- the agenda, an item a row
    op.create_table('agenda_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_number', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('decision', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_number'], ['meetings.number'], name=op.f('fk_agenda_items_meeting_number_meetings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_items'))
    )
    with op.batch_alter_table('agenda_items', schema=None) as batch_op:
        batch_op.create_index('ix_agenda_items_meeting', ['meeting_number', 'position'], unique=False)

    _split_agendas()

    # --- what goes with an invitation, and who was there
    op.create_table('meeting_files',
    sa.Column('meeting_number', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_meeting_files_file_id_files')),
    sa.ForeignKeyConstraint(['meeting_number'], ['meetings.number'], name=op.f('fk_meeting_files_meeting_number_meetings')),
    sa.PrimaryKeyConstraint('meeting_number', 'file_id', name=op.f('pk_meeting_files'))
    )
    op.create_table('presences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_number', sa.Integer(), nullable=False),
    sa.Column('mandate_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('came_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('by_self', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.CheckConstraint('left_at IS NULL OR left_at >= came_at', name=op.f('ck_presences_leaves_after_coming')),
    sa.ForeignKeyConstraint(['entered_by'], ['people.id'], name=op.f('fk_presences_entered_by_people')),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandates.id'], name=op.f('fk_presences_mandate_id_mandates')),
    sa.ForeignKeyConstraint(['meeting_number'], ['meetings.number'], name=op.f('fk_presences_meeting_number_meetings')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_presences_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presences'))
    )
    with op.batch_alter_table('presences', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_presences_meeting_number'), ['meeting_number'], unique=False)
        batch_op.create_index('uq_presences_guest', ['meeting_number', 'person_id'], unique=True, sqlite_where=sa.text('left_at IS NULL AND mandate_id IS NULL'), postgresql_where=sa.text('left_at IS NULL AND mandate_id IS NULL'))
        batch_op.create_index('uq_presences_seat', ['meeting_number', 'mandate_id'], unique=True, sqlite_where=sa.text('left_at IS NULL AND mandate_id IS NOT NULL'), postgresql_where=sa.text('left_at IS NULL AND mandate_id IS NOT NULL'))

    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answer_before', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('deputy_answered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('declined', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('entered_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('wrong_words', sa.Integer(), server_default='0', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_invitations_entered_by_people'), 'people', ['entered_by'], ['id'])

    with op.batch_alter_table('meetings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('moves', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('second_of', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('day_code', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('began_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('minutes_file_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('minutes_sent_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('minutes_sent_by', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_meetings_minutes_sent_by_people'), 'people', ['minutes_sent_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_meetings_second_of_meetings'), 'meetings', ['second_of'], ['number'])
        batch_op.create_foreign_key(batch_op.f('fk_meetings_minutes_file_id_files'), 'files', ['minutes_file_id'], ['id'])
        batch_op.drop_column('agenda')

    with op.batch_alter_table('votes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('item_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('present', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_votes_item_id'), ['item_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_votes_item_id_agenda_items'), 'agenda_items', ['item_id'], ['id'])


_NUMBER = re.compile(r"(?:TOP\s*(\d+)\s*[.:)]?|(\d+)[.)])\s+(?=\S)", re.IGNORECASE)
_DECISION = re.compile(r"Beschluss\s*:\s*(?=\S)", re.IGNORECASE)


def _split_agendas() -> None:
    """An agenda was one text, an item a line."""
    meetings = sa.table('meetings', sa.column('number', sa.Integer), sa.column('agenda', sa.String))
    items = sa.table('agenda_items', *(sa.column(name) for name in ('meeting_number', 'position', 'text', 'decision')))
    store = op.get_bind()
    for number, agenda in store.execute(sa.select(meetings.c.number, meetings.c.agenda)).all():
        lines = [" ".join(line.split()) for line in agenda.splitlines() if line.strip()]
        for position, line in enumerate(lines, 1):
            counted = _NUMBER.match(line)
            text = line[counted.end():] if counted and int(counted[1] or counted[2]) == position else line
            decision = _DECISION.match(text)
            text = text[decision.end():] if decision else text
            values = {'meeting_number': number, 'position': position, 'text': text, 'decision': decision is not None}
            store.execute(items.insert().values(values))
