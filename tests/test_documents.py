"""What the documents name must be there."""

import re
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS as SHELL
from bot.settings import SECRETS, Settings
from handlers.commands import COMMANDS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
SETTINGS = {f"BOT_{name.upper()}" for name in Settings.model_fields} | {f"BOT_{name.upper()}_FILE" for name in SECRETS}
TELEGRAM = {name for one in COMMANDS for name in one.names}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_paths_that_are_named_exist(path: Path) -> None:
    named = re.findall(
        r"`((?:bot|handlers|models|scheduler|locales|demo|tests|docs)/[\w/.]+)`", path.read_text("utf-8")
    )
    missing = [one for one in named if not (ROOT / one).exists()]
    assert missing == []


def test_the_readme_names_every_command_of_the_shell_and_no_other() -> None:
    named = set(re.findall(r"^\| `(\w+)[ `A-Z]", README, re.MULTILINE)) - {"BOT_"}
    assert named & {*SHELL, "demo"} == {*SHELL, "demo"}


def test_the_readme_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"BOT_[A-Z_]+", README))
    assert named == SETTINGS


def test_telegram_commands_that_are_said_to_be_there_are_there() -> None:
    there = README.split("## Settings")[0]
    named = set(re.findall(r"`/(\w+)`", there)) - {"newbot"}
    assert named <= TELEGRAM
    assert {one.names[0] for one in COMMANDS} <= named


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"make (\w+)", README)) <= targets


README = (ROOT / "README.md").read_text("utf-8")
