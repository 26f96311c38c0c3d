"""Project selection: what is stored beside the vote. The primary keys keep the promise: one number of points each.

A mandate's ballot (``models.ballot.rows.Ballot``) says how far it is; the points themselves stand here.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CallRow(Base):
    """The call that a selection is about; frozen at its opening, as are its criteria and projects."""

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("budget > 0", name="budget"),
        CheckConstraint("threshold >= 0", name="threshold"),
    )

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    budget: Mapped[int] = mapped_column(BigInteger)  # euro cents
    threshold: Mapped[int]  # hundredths of a point, on the scale of the weighted mean; 0: none


class CriterionRow(Base):
    """What points are given for; ``place`` counts from 1."""

    __tablename__ = "criteria"
    __table_args__ = (
        CheckConstraint("maximum BETWEEN 1 AND 100", name="maximum"),
        CheckConstraint("weight > 0", name="weight"),
    )

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    maximum: Mapped[int]
    weight: Mapped[int]  # in hundredths


class ProjectRow(Base):
    """A project of the call; ``number`` counts from 1."""

    __tablename__ = "projects"
    __table_args__ = (CheckConstraint("applied > 0", name="applied"),)

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    sponsor: Mapped[str]
    applied: Mapped[int] = mapped_column(BigInteger)  # euro cents


class ScoreRow(Base):
    """The points of a mandate for a project by one criterion, as they stand now."""

    __tablename__ = "scores"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
        ForeignKeyConstraint(["vote_number", "project"], ["projects.vote_number", "projects.number"]),
        ForeignKeyConstraint(["vote_number", "criterion"], ["criteria.vote_number", "criteria.place"]),
        CheckConstraint("points >= 0", name="points"),
        CheckConstraint("way IN ('tap', 'paper', 'telephone')", name="way"),
        CheckConstraint("(way IN ('paper', 'telephone')) = (why <> '')", name="entered_with_reason"),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(primary_key=True)
    project: Mapped[int] = mapped_column(primary_key=True)
    criterion: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[int]
    receipt: Mapped[str]
    given_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime]
    update_id: Mapped[int] = mapped_column(BigInteger)  # of the tap, for the order of taps
    way: Mapped[str] = mapped_column(default="tap", server_default="tap")  # ``models.ballot.rules.Way``
    why: Mapped[str] = mapped_column(default="", server_default="")  # the reason for an entry by the office


class AsideRow(Base):
    """A mandate takes no part in one project (§ 33 KVG LSA), where the charter's ``conflict_scope`` is „project".

    ``holds``: False once it was taken back; the row stays, so that an older tap cannot undo a later one.
    """

    __tablename__ = "asides"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
        ForeignKeyConstraint(["vote_number", "project"], ["projects.vote_number", "projects.number"]),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(primary_key=True)
    project: Mapped[int] = mapped_column(primary_key=True)
    holds: Mapped[bool] = mapped_column(default=True, server_default=true())
    receipt: Mapped[str]
    said_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime]
    update_id: Mapped[int] = mapped_column(BigInteger)  # of the tap, for the order of taps
