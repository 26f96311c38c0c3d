"""What the documents name must be there."""

import ast
import re
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS as SHELL
from bot.settings import Settings
from handlers.commands import COMMANDS
from models.roll.office import DAYS, FLAGS, NUMBERS, TEXTS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TELEGRAM = {name for one in COMMANDS for name in one.names}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_paths_that_are_named_exist(path: Path) -> None:
    named = re.findall(
        r"`((?:bot|handlers|models|scheduler|locales|demo|tests|docs)/[\w/.]+)`", path.read_text("utf-8")
    )
    missing = [one for one in named if not (ROOT / one).exists()]
    assert missing == []


def test_functions_that_a_walk_names_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:bot|handlers|models|scheduler)/[\w/]+\.py):(\w+)`", text)
    assert named
    there = {path: _functions(ROOT / path) for path, _ in named}
    assert [f"{path}:{name}" for path, name in named if name not in there[path]] == []


def _functions(path: Path) -> set[str]:
    """The names of a file's functions and methods."""
    walked = ast.walk(ast.parse(path.read_text("utf-8"))) if path.exists() else ()
    return {one.name for one in walked if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_the_readme_names_every_command_of_the_shell_and_no_other() -> None:
    named = set(re.findall(r"^\| `(\w+)[ `A-Z]", README, re.MULTILINE)) - {"BOT_"}
    assert named & {*SHELL, "demo"} == {*SHELL, "demo"}


def test_the_readme_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"BOT_[A-Z_]+", README))
    assert named == {f"BOT_{name.upper()}" for name in Settings.model_fields}


def test_the_readme_names_every_setting_of_the_office() -> None:
    assert {one for one in (*NUMBERS, *DAYS, *FLAGS, *TEXTS) if f"`{one}`" not in README} == set()


def test_telegram_commands_that_are_said_to_be_there_are_there() -> None:
    there = README.split("## Settings")[0]
    named = set(re.findall(r"`/(\w+)`", there)) - {"newbot"}
    assert named <= TELEGRAM
    assert {one.names[0] for one in COMMANDS} <= named


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([\w-]+)", README)) <= targets


README = (ROOT / "README.md").read_text("utf-8")
