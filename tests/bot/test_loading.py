"""``load``: nobody is sent anything, unless ``--announce`` says so."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.application import utc_now
from bot.loading import load_folder
from bot.settings import load_settings
from models.actor import ensure_account
from models.base import open_database
from models.knowledge import Passage
from models.outbox import Letter
from models.question import note
from tests.auxil.asking import source

ASKER = 7


async def test_who_asked_is_told_of_a_changed_source_only_when_the_office_announces(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings({"BOT_DATABASE_URL": sqlite_url}, needs_token=False)
    file = tmp_path / "office" / "sources" / "richtlinie.md"
    file.parent.mkdir(parents=True)

    async def load(percent: int, *, announce: bool) -> list[str]:
        file.write_bytes(source(f"Die Zuwendung beträgt höchstens {percent} Prozent der Ausgaben."))
        assert await load_folder(settings, file.parents[1], announce_changes=announce) == 0
        async with database.read() as session:
            return list(await session.scalars(select(Letter.kind)))

    database = open_database(sqlite_url)
    assert await load(90, announce=True) == []
    async with database.begin() as session:
        await ensure_account(session, ASKER, "de", utc_now())
        passage_id = await session.scalar(select(Passage.id))
        await note(session, ASKER, "Wie hoch?", utc_now(), "answer", passage_id)
    assert await load(80, announce=False) == []
    assert await load(90, announce=True) == []  # nobody was shown 80
    assert await load(70, announce=True) == ["source_changed"]
    assert "sources: neue Ausgabe: richtlinie" in capsys.readouterr().out
    await database.close()
