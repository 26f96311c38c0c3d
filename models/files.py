"""Files that belong to an act: fetched at once, stored with their SHA-256, so that nobody can swap them later."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import LargeBinary, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

# A bot may download at most 20 MB: https://core.telegram.org/bots/api#getfile
LARGEST = 20 * 1024 * 1024


class StoredFile(Base):
    """A file as it was received."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]  # bytes
    received_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default="document", server_default="document")  # or photo, video, audio
    handle: Mapped[str | None]  # by which Telegram sends it on without an upload; None: not, or no longer, known
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


async def keep(
    session: AsyncSession,
    name: str,
    content: bytes,
    now: datetime,
    *,
    kind: str = "document",
    handle: str | None = None,
) -> StoredFile:
    """Store a file and return its row."""
    row = StoredFile(
        name=name,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        received_at=now,
        content=content,
        kind=kind,
        handle=handle,
    )
    session.add(row)
    await session.flush()
    return row


async def content_of(session: AsyncSession, number: int) -> bytes:
    """The bytes of a stored file."""
    return (await session.execute(select(StoredFile.content).where(StoredFile.id == number))).scalar_one()


async def forget_handles(session: AsyncSession, numbers: Collection[int]) -> None:
    """Telegram knows these files by their handles no longer: they are to be uploaded again."""
    await session.execute(update(StoredFile).where(StoredFile.id.in_(numbers)).values(handle=None))


async def note_handle(session: AsyncSession, number: int, handle: str) -> None:
    """Telegram holds the file and sends it on by this handle."""
    await session.execute(update(StoredFile).where(StoredFile.id == number).values(handle=handle))
