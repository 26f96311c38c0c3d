"""Secret votes: what is stored. No time, no person, no sequence, and no key that both tables share.

While a vote runs it has marks and ballots; after the closing only the turnout and the counts are left of them.
"""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

# A table with row numbers of its own would keep the order of arrival.
NO_ROW_NUMBERS = {"sqlite_with_rowid": False}


class SecretVoter(Base):
    """A mandate has voted in a vote that runs. The primary key is the promise: one ballot a mandate.

    No foreign key: PostgreSQL would mark the elector's row at every check, and all of these are written anew at every
    ballot.
    """

    __tablename__ = "secret_voters"
    __table_args__ = (NO_ROW_NUMBERS,)

    vote_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mandate_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    receipt: Mapped[str | None]  # None where the ballot carries it, see ``rules.lists_receipts``


class SecretBallot(Base):
    """A ballot of a vote that runs. ``key`` is random and another one after every further ballot."""

    __tablename__ = "secret_ballots"
    __table_args__ = (CheckConstraint("choice <> 'conflict'", name="no_declaration"), NO_ROW_NUMBERS)

    key: Mapped[str] = mapped_column(primary_key=True)
    vote_number: Mapped[int]
    choice: Mapped[str]
    receipt: Mapped[str | None]


class SecretCast(Base):
    """The update that brought some ballot, so that a redelivery meets its own id. Nothing says which ballot."""

    __tablename__ = "secret_casts"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class SecretTurnout(Base):
    """A mandate took part in a vote that has closed."""

    __tablename__ = "secret_turnout"
    __table_args__ = (
        ForeignKeyConstraint(["vote_number", "mandate_id"], ["electorate.vote_number", "electorate.mandate_id"]),
    )

    vote_number: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str | None]
    on_paper: Mapped[bool] = mapped_column(default=False, server_default=false())


class SecretCount(Base):
    """How many ballots of a closed vote say this, those on paper counted apart."""

    __tablename__ = "secret_counts"
    __table_args__ = (CheckConstraint("ballots > 0", name="some"),)

    vote_number: Mapped[int] = mapped_column(ForeignKey("votes.number"), primary_key=True)
    on_paper: Mapped[bool] = mapped_column(primary_key=True)
    choice: Mapped[str] = mapped_column(primary_key=True)
    ballots: Mapped[int]
