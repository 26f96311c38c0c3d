"""Files that belong to an act: fetched at once, stored with their SHA-256, so that nobody can swap them later."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import LargeBinary
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
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


async def keep(session: AsyncSession, name: str, content: bytes, now: datetime) -> StoredFile:
    """Store a file and return its row."""
    row = StoredFile(name=name, sha256=sha256(content).hexdigest(), size=len(content), received_at=now, content=content)
    session.add(row)
    await session.flush()
    return row
