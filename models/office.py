"""The office itself and the bodies it looks after."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

DEFAULT_ZONE = "Europe/Berlin"
DEFAULT_REGION = "DE-ST"
DEFAULT_LANGUAGES = ("de", "leicht", "en")


class Office(Base):
    """The one office this store belongs to (a single row, id 1)."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default=DEFAULT_ZONE)
    holiday_region: Mapped[str] = mapped_column(default=DEFAULT_REGION)
    languages: Mapped[list[str]] = mapped_column(default=lambda: [*DEFAULT_LANGUAGES])
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Body(Base):
    """A Gremium: the RAK, a Begleitgremium. Its charter is data (``models/charter.py`` reads it)."""

    __tablename__ = "bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    short: Mapped[str] = mapped_column(unique=True)
    charter: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Mandate(Base):
    """A seat with a vote in a body, e.g. „IHK Magdeburg"; who holds it is a membership."""

    __tablename__ = "mandates"
    __table_args__ = (UniqueConstraint("body_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    name: Mapped[str]


_THE_OFFICE = select(Office).where(Office.id == 1).execution_options(autoflush=False)


async def the_office(session: AsyncSession) -> Office:
    """The office's row; an empty one with defaults before the first ``load``."""
    # A statement made once takes half as long as ``get`` makes one.
    office = await (session.get(Office, 1) if Office in session.info else session.scalar(_THE_OFFICE))
    if office is None:
        office = Office(id=1, name="", contact="", time_zone=DEFAULT_ZONE, holiday_region=DEFAULT_REGION)
        office.languages, office.settings = [*DEFAULT_LANGUAGES], {}
    session.info[Office] = office  # a session forgets what nobody holds; so it is read once a session
    return office


async def bodies(session: AsyncSession) -> list[Body]:
    """All bodies, by name."""
    return list(await session.scalars(select(Body).order_by(Body.name)))
