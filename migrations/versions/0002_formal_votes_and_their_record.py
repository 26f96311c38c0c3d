"""formal votes and their record."""

import sqlalchemy as sa
from alembic import op

from models.charter import Tally, count_straw_poll, judge, read_charter
from models.record.guards import guards

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('record',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('vote_number', sa.Integer(), nullable=True),
    sa.Column('entry', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_record_counts_from_one')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_record'))
    )
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_vote_number'), ['vote_number'], unique=False)

    op.create_table('record_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_record_head_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_head'))
    )
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)
    op.create_table('extensions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('old_closing', sa.DateTime(timezone=True), nullable=False),
    sa.Column('new_closing', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('new_closing > old_closing', name=op.f('ck_extensions_later')),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_extensions_made_by_people')),
    sa.ForeignKeyConstraint(['vote_number'], ['votes.number'], name=op.f('fk_extensions_vote_number_votes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extensions'))
    )
    with op.batch_alter_table('extensions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_extensions_vote_number'), ['vote_number'], unique=False)

    op.create_table('handovers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mandate_id', sa.Integer(), nullable=False),
    sa.Column('vote_number', sa.Integer(), nullable=True),
    sa.Column('holder_id', sa.Integer(), nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= given_at', name=op.f('ck_handovers_ends_after_giving')),
    sa.ForeignKeyConstraint(['deputy_id'], ['people.id'], name=op.f('fk_handovers_deputy_id_people')),
    sa.ForeignKeyConstraint(['holder_id'], ['people.id'], name=op.f('fk_handovers_holder_id_people')),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandates.id'], name=op.f('fk_handovers_mandate_id_mandates')),
    sa.ForeignKeyConstraint(['vote_number'], ['votes.number'], name=op.f('fk_handovers_vote_number_votes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers'))
    )
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handovers_mandate_id'), ['mandate_id'], unique=False)
        batch_op.create_index('uq_handovers_running', ['mandate_id', sa.literal_column('coalesce(vote_number, 0)')], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('options',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['vote_number'], ['votes.number'], name=op.f('fk_options_vote_number_votes')),
    sa.PrimaryKeyConstraint('vote_number', 'place', name=op.f('pk_options'))
    )
    op.create_table('objections',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('mandate_id', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_objections_made_by_people')),
    sa.ForeignKeyConstraint(['vote_number', 'mandate_id'], ['electorate.vote_number', 'electorate.mandate_id'], name=op.f('fk_objections_vote_number_mandate_id_electorate')),
    sa.PrimaryKeyConstraint('vote_number', name=op.f('pk_objections'))
    )
    with op.batch_alter_table('ballots', schema=None) as batch_op:
        batch_op.add_column(sa.Column('as_deputy', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('way', sa.String(), server_default='tap', nullable=False))
        batch_op.add_column(sa.Column('why', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('before_conflict', sa.String(), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_ballots_choice'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_ballots_choice'), "choice <> ''")
        batch_op.create_check_constraint(batch_op.f('ck_ballots_way'), "way IN ('tap', 'typed', 'paper', 'telephone')")
        batch_op.create_check_constraint(batch_op.f('ck_ballots_entered_with_reason'), "(way IN ('paper', 'telephone')) = (why <> '')")

    with op.batch_alter_table('electorate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('excluded_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('excluded_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('excluded_why', sa.String(), server_default='', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_electorate_excluded_by_people'), 'people', ['excluded_by'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_electorate_excluded_by_somebody'), '(excluded_at IS NULL) = (excluded_by IS NULL)')

    with op.batch_alter_table('votes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('again', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('round', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('follows', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('awaits_office', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('lot', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_votes_follows_votes'), 'votes', ['follows'], ['number'])

    judge_anew()


def judge_anew() -> None:
    """Results stored before had figures only; the same figures are judged anew, with their reasons."""
    votes = sa.table('votes', sa.column('number'), sa.column('kind'), sa.column('charter', sa.JSON), sa.column('result', sa.JSON))
    bind = op.get_bind()
    for number, kind, charter, old in bind.execute(sa.select(votes).where(votes.c.result.is_not(None))).all():
        if old is None:
            continue
        tally = Tally(old['mandates'], old['yes'], old['no'], old['abstained'], old['excluded'], present=old['voted'])
        verdict = count_straw_poll(tally) if kind == 'straw_poll' else judge(read_charter(charter), tally)
        bind.execute(votes.update().where(votes.c.number == number).values(result=verdict.to_json()))
