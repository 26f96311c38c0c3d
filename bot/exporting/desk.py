"""What everything that goes into an Akte works with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.exporting.folder import Akte
from handlers.papers.sheets import csv_file, workbook
from locales import Voice
from models.files import StoredFile, content_of


@dataclass(frozen=True, slots=True)
class Desk:
    """The store at one moment, the folder, and the voice of official papers."""

    session: AsyncSession
    akte: Akte
    voice: Voice

    def instant(self, at: datetime | None) -> str | None:
        """An instant as ISO in the office's zone."""
        return at.astimezone(self.voice.zone).isoformat() if at else None

    def table(self, folder: str, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows as CSV and as a workbook."""
        self.akte.put(folder, f"{name}.csv", csv_file([headings, *rows]))
        self.akte.put(folder, f"{name}.xlsx", workbook(name, headings, rows))

    async def attach(self, folder: str, files: Sequence[StoredFile]) -> list[dict[str, str]]:
        """Files that belong to an act, in their order: what they are called there and here, and their SHA-256."""
        return [
            {
                "name": one.name,
                "sha256": one.sha256,
                "path": self.akte.put(folder, f"{place:02}-{one.name}", await content_of(self.session, one.id)),
            }
            for place, one in enumerate(files, 1)
        ]
