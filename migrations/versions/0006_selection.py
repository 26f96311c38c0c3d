"""Project selection: calls with criteria and projects, points, and what is decided of ties."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calls',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('budget', sa.BigInteger(), nullable=False),
    sa.Column('threshold', sa.Integer(), nullable=False),
    sa.CheckConstraint('budget > 0', name=op.f('ck_calls_budget')),
    sa.CheckConstraint('threshold >= 0', name=op.f('ck_calls_threshold')),
    sa.ForeignKeyConstraint(['vote_number'], ['votes.number'], name=op.f('fk_calls_vote_number_votes')),
    sa.PrimaryKeyConstraint('vote_number', name=op.f('pk_calls'))
    )
    op.create_table('criteria',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('maximum', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.CheckConstraint('maximum BETWEEN 1 AND 100', name=op.f('ck_criteria_maximum')),
    sa.CheckConstraint('weight > 0', name=op.f('ck_criteria_weight')),
    sa.ForeignKeyConstraint(['vote_number'], ['votes.number'], name=op.f('fk_criteria_vote_number_votes')),
    sa.PrimaryKeyConstraint('vote_number', 'place', name=op.f('pk_criteria'))
    )
    op.create_table('projects',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('sponsor', sa.String(), nullable=False),
    sa.Column('applied', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('applied > 0', name=op.f('ck_projects_applied')),
    sa.ForeignKeyConstraint(['vote_number'], ['votes.number'], name=op.f('fk_projects_vote_number_votes')),
    sa.PrimaryKeyConstraint('vote_number', 'number', name=op.f('pk_projects'))
    )
    op.create_table('scores',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('mandate_id', sa.Integer(), nullable=False),
    sa.Column('project', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('given_by', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('update_id', sa.BigInteger(), nullable=False),
    sa.Column('way', sa.String(), server_default='tap', nullable=False),
    sa.Column('why', sa.String(), server_default='', nullable=False),
    sa.CheckConstraint("(way IN ('paper', 'telephone')) = (why <> '')", name=op.f('ck_scores_entered_with_reason')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_scores_points')),
    sa.CheckConstraint("way IN ('tap', 'paper', 'telephone')", name=op.f('ck_scores_way')),
    sa.ForeignKeyConstraint(['given_by'], ['people.id'], name=op.f('fk_scores_given_by_people')),
    sa.ForeignKeyConstraint(['vote_number', 'criterion'], ['criteria.vote_number', 'criteria.place'], name=op.f('fk_scores_vote_number_criterion_criteria')),
    sa.ForeignKeyConstraint(['vote_number', 'mandate_id'], ['electorate.vote_number', 'electorate.mandate_id'], name=op.f('fk_scores_vote_number_mandate_id_electorate')),
    sa.ForeignKeyConstraint(['vote_number', 'project'], ['projects.vote_number', 'projects.number'], name=op.f('fk_scores_vote_number_project_projects')),
    sa.PrimaryKeyConstraint('vote_number', 'mandate_id', 'project', 'criterion', name=op.f('pk_scores'))
    )
    op.create_table('asides',
    sa.Column('vote_number', sa.Integer(), nullable=False),
    sa.Column('mandate_id', sa.Integer(), nullable=False),
    sa.Column('project', sa.Integer(), nullable=False),
    sa.Column('holds', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('said_by', sa.Integer(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('update_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['said_by'], ['people.id'], name=op.f('fk_asides_said_by_people')),
    sa.ForeignKeyConstraint(['vote_number', 'mandate_id'], ['electorate.vote_number', 'electorate.mandate_id'], name=op.f('fk_asides_vote_number_mandate_id_electorate')),
    sa.ForeignKeyConstraint(['vote_number', 'project'], ['projects.vote_number', 'projects.number'], name=op.f('fk_asides_vote_number_project_projects')),
    sa.PrimaryKeyConstraint('vote_number', 'mandate_id', 'project', name=op.f('pk_asides'))
    )
    with op.batch_alter_table('votes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ties', sa.JSON(), nullable=True))

    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('project', sa.Integer(), nullable=True))
