"""secret votes."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('secret_ballots',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('choice', sa.String(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=True),
    sa.CheckConstraint("choice <> 'conflict'", name=op.f('ck_secret_ballots_no_declaration')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_secret_ballots')),
    sqlite_with_rowid=False
    )
    op.create_table('secret_casts',
    sa.Column('update_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('update_id', name=op.f('pk_secret_casts'))
    )
    op.create_table('secret_voters',
    sa.Column('vote_number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('mandate_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('receipt', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('vote_number', 'mandate_id', name=op.f('pk_secret_voters')),
    sqlite_with_rowid=False
    )
    op.create_table('secret_counts',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('on_paper', sa.Boolean(), nullable=False),
    sa.Column('choice', sa.String(), nullable=False),
    sa.Column('ballots', sa.Integer(), nullable=False),
    sa.CheckConstraint('ballots > 0', name=op.f('ck_secret_counts_some')),
    sa.ForeignKeyConstraint(['vote_number'], ['votes.number'], name=op.f('fk_secret_counts_vote_number_votes')),
    sa.PrimaryKeyConstraint('vote_number', 'on_paper', 'choice', name=op.f('pk_secret_counts'))
    )
    op.create_table('secret_turnout',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('mandate_id', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=True),
    sa.Column('on_paper', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['vote_number', 'mandate_id'], ['electorate.vote_number', 'electorate.mandate_id'], name=op.f('fk_secret_turnout_vote_number_mandate_id_electorate')),
    sa.PrimaryKeyConstraint('vote_number', 'mandate_id', name=op.f('pk_secret_turnout'))
    )
    with op.batch_alter_table('votes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('secret', sa.Boolean(), server_default=sa.false(), nullable=False))
