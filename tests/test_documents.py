"""What the documents name must be there."""

import ast
import re
import shlex
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS as SHELL
from bot.__main__ import parser
from bot.backup.keeping import OURS, SAVED_BEFORE
from bot.settings import SECRETS, Settings
from handlers.commands import COMMANDS
from models.roll.office import DAYS, FLAGS, NUMBERS, TEXTS

pytestmark = pytest.mark.usefixtures("no_collecting")
ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
SETTINGS = {f"BOT_{name.upper()}" for name in Settings.model_fields} | {f"BOT_{name.upper()}_FILE" for name in SECRETS}
TELEGRAM = {name for one in COMMANDS for name in one.names}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_paths_that_are_named_exist(path: Path) -> None:
    named = re.findall(
        r"`((?:bot|deploy|handlers|models|scheduler|locales|demo|tests|docs)/[\w/.]+)`", path.read_text("utf-8")
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
    assert named & {*SHELL, "demo", "init"} == {*SHELL, "demo", "init"}


def test_the_readme_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"BOT_[A-Z_]+", README))
    assert named == SETTINGS


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


def test_what_the_manual_says_to_type_can_be_typed() -> None:
    typed = [
        line
        for line in re.split(r"[`\n]", OPERATION)
        if re.match(r"(sudo reko-bot|docker compose|\.venv/bin/python|/opt/venv)", line)
    ]
    words = [match[1] for line in typed if (match := re.search(r"(?:sudo reko-bot|--rm.* bot|-m bot) (\w.*)", line))]
    assert {*SHELL, "init"} - {"run"} == {one.split()[0] for one in words}
    for one in words:
        assert parser().parse_args(shlex.split(one.replace("…", "")))


def test_what_the_manual_names_is_there() -> None:
    assert set(re.findall(r"BOT_[A-Z_]+", OPERATION)) <= SETTINGS
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", OPERATION, re.MULTILINE)) <= made
    units = {path.name for path in (ROOT / "deploy").glob("reko-bot*.*")}
    assert set(re.findall(r"reko-bot[a-z-]*\.(?:service|timer)", OPERATION)) == units
    copied = re.findall(r"(?<!/)\bdeploy/[\w.-]+", OPERATION)
    assert [one for one in copied if one != "deploy/secrets" and not (ROOT / one).exists()] == []


@pytest.mark.parametrize("key", ["backup_hour", "backups_kept", "text_months", "retention_years"])
def test_what_the_manual_says_of_the_office_is_read_somewhere(key: str) -> None:
    assert key in OPERATION
    assert any(f'"{key}"' in path.read_text("utf-8") for path in (ROOT / "models").rglob("*.py"))


def test_the_manual_knows_the_health_check_the_backups_and_the_ports_that_there_are() -> None:
    for name in re.findall(r"reko-[\d-]+Z(?:-before-\d+)?\.zip", OPERATION):
        assert OURS.fullmatch(name) or SAVED_BEFORE.fullmatch(name)
    assert {"/healthz", "/readyz", "/metrics"} <= set(re.findall(r"`(/\w+)`", OPERATION))
    networks = re.findall(r"^\s+allow (.+);", (ROOT / "deploy" / "nginx.conf").read_text("utf-8"), re.MULTILINE)
    assert all(network in OPERATION for network in networks)


README = (ROOT / "README.md").read_text("utf-8")
OPERATION = (ROOT / "docs" / "betrieb.md").read_text("utf-8")
