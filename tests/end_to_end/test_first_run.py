"""From nothing to the verdict of a first vote, by the lines of the README and what the bot itself says comes next."""

import asyncio
import io
import re
import shlex
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.__main__ import main
from demo.telegram import Answer, Message, Person, World, serve
from tests.auxil.party import TOKEN
from tests.end_to_end.stage import PATIENCE, ROOT, Program

README = (ROOT / "README.md").read_text("utf-8")
STAFF, COLLEAGUE = "Ihr Name", "Karl Kollege"
ANSWERS = ["Stendal", "", "", "03931 555 0142, reko@example.org", "", STAFF]
pytestmark = pytest.mark.crash


def line(word: str) -> list[str]:
    """The README's line for a command, as the shell splits it."""
    found = re.search(rf"^ *(?:\.venv/bin/)?python -m bot ({word}\b.*)$", README, re.MULTILINE)
    assert found, word
    return shlex.split(found[1])


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Telegram, and an empty folder with the one file that the README asks for."""
    monkeypatch.chdir(tmp_path)
    made = World()
    made.bot(TOKEN, name="ReKo", username="reko_bot")
    async with serve(made) as api:
        (tmp_path / ".env").write_text(f"BOT_TOKEN={TOKEN}\nBOT_API_URL={api}/bot\n")
        yield made


def newest(person: Person, label: str) -> Message | None:
    """The newest message that has this button."""
    return next((one for one in reversed(person.messages) if label in one.labels), None)


async def choose(person: Person, *labels: str) -> Answer:
    """Tap buttons one after the other, each once it is there."""
    answer = Answer("", False, "")
    for label in labels:
        await person.world.until(partial(newest, person, label), PATIENCE)
        found = newest(person, label)
        assert found
        answer = await person.tap(found, label, within=PATIENCE)
    return answer


async def come_in(world: World, number: int, link: str) -> Person:
    person = world.user(number, first_name="P", language_code="de")
    person.start(link.split("?start=")[1])
    await choose(person, "Das bin ich")
    return person


async def test_from_nothing_to_a_verdict(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def typed(*words: str) -> tuple[list[str], str]:
        assert await asyncio.to_thread(main, list(words)) in {0, 1}
        said = capsys.readouterr()
        return said.out.splitlines(), said.err

    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*ANSWERS, ""])))
    assert (await typed(*line("init")))[0][-1] == f"Nächster Schritt: python -m bot {' '.join(line('load'))}"
    assert (await typed(*line("load")))[0][
        -1
    ] == f"Nächster Schritt: python -m bot invite --role buero --name '{STAFF}'"
    (link, code, _expires), after = await typed(*line("invite"))
    assert link == f"https://t.me/reko_bot?start={code}"
    assert after == "Nächster Schritt: python -m bot run\n"
    seat = ("--role", "mitglied", "--name", COLLEAGUE, "--body", "Probe", "--mandate", "Probesitz 2")
    (second, *_), _ = await typed("invite", *seat)

    program = Program("", "", tmp_path / "log")
    program.environment = {key: one for key, one in program.environment.items() if not key.startswith("BOT_")}
    program.environment["PYTHONPATH"] = str(ROOT)
    monkeypatch.setattr("tests.end_to_end.stage.ROOT", tmp_path)  # where the program is started
    await program.start()
    try:
        staff = await come_in(world, 1, link)
        assert "Nobody of the office has come in yet." in program.log.read_text()
        colleague = await come_in(world, 2, second)
        staff.send("/buero")
        await choose(staff, "Neue Abstimmung", "Beschluss")
        for text in ("Kaffee", "Es gibt Kaffee."):
            await staff.receive("?", within=PATIENCE)
            staff.send(text)
        await choose(staff, "Weiter", "Sofort")
        staff.send("in 2 Tagen 12:00")
        await choose(staff, "Ja", "Eröffnen")
        assert (await choose(staff, "Ja")).text.startswith("Ihre Stimme: Ja · Beleg ")
        assert (await choose(colleague, "Ja")).text.startswith("Ihre Stimme: Ja · Beleg ")
        for person in (staff, colleague):
            await world.until(lambda person=person: "angenommen" in person.messages[-1].text, PATIENCE)
    finally:
        program.kill()
        await program.ended()
    assert "Traceback" not in program.log.read_text()
