from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import DEFAULT_DATABASE, PUBLIC_API, Listen, SettingsFault, load_settings

TOKEN = "123456:AbC-dEf_ghi"


def faults(env: dict[str, str], *, needs_token: bool = False) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        load_settings(env, needs_token=needs_token)
    return caught.value.faults


def test_defaults_need_nothing_but_the_token() -> None:
    settings = load_settings({"BOT_TOKEN": TOKEN}, needs_token=True)
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert settings.api_url == PUBLIC_API
    assert settings.file_url == "https://api.telegram.org/file/bot"
    assert settings.database_url == DEFAULT_DATABASE
    assert settings.outbox_rate == 25


def test_a_command_without_network_needs_no_token() -> None:
    assert load_settings({}, needs_token=False).token is None


def test_every_fault_is_reported_at_once_with_its_variable() -> None:
    env = {
        "BOT_API_URL": "api.telegram.org",
        "BOT_DATABASE_URL": "mysql://localhost/x",
        "BOT_WEBHOOK_URL": "http://example.org/hook",
        "BOT_WEBHOOK_LISTEN": "8080",
        "BOT_WEBHOOK_SECRET": "mit Leerzeichen",
        "BOT_METRICS_LISTEN": "127.0.0.1:99999",
        "BOT_OUTBOX_RATE": "viele",
    }
    told = faults(env, needs_token=True)
    for name in [*env, "BOT_TOKEN"]:
        assert sum(name in fault for fault in told) == 1, name


def test_a_webhook_is_said_whole_or_not_at_all() -> None:
    told = faults({"BOT_WEBHOOK_URL": "https://example.org/hook"})
    assert [name for name in ("BOT_WEBHOOK_LISTEN", "BOT_WEBHOOK_SECRET") for fault in told if name in fault] == [
        "BOT_WEBHOOK_LISTEN",
        "BOT_WEBHOOK_SECRET",
    ]
    whole = {
        "BOT_WEBHOOK_URL": "https://example.org/hook",
        "BOT_WEBHOOK_LISTEN": "[::1]:8080",
        "BOT_WEBHOOK_SECRET": "s-1_x",
    }
    assert load_settings(whole, needs_token=False).webhook_listen == Listen("::1", 8080)


def test_a_misspelt_variable_is_named() -> None:
    assert faults({"BOT_TOKN": TOKEN}) == ["BOT_TOKN ist unbekannt. Gemeint ist wohl BOT_TOKEN."]


def test_a_stranger_that_resembles_nothing_is_left_alone() -> None:
    assert load_settings({"BOT_FAVOURITE_COLOUR": "blue"}, needs_token=False).outbox_rate == 25


def test_an_empty_value_means_not_set() -> None:
    assert load_settings({"BOT_API_URL": "", "BOT_OUTBOX_RATE": " "}, needs_token=False).api_url == PUBLIC_API


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///data/reko.db",
        "sqlite+aiosqlite:////var/lib/reko.db",
        "postgresql://reko@localhost/reko",
        "postgresql+psycopg:///reko?host=/run",
    ],
)
def test_known_databases_are_taken(url: str) -> None:
    assert load_settings({"BOT_DATABASE_URL": url}, needs_token=False).database_url == url


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///", "postgresql+asyncpg://x/y", "reko.db"]
)
def test_other_databases_are_refused(url: str) -> None:
    assert "BOT_DATABASE_URL" in faults({"BOT_DATABASE_URL": url})[0]


def test_a_local_bot_api_server_gives_its_files_from_the_same_host() -> None:
    settings = load_settings({"BOT_API_URL": "http://127.0.0.1:8081/bot"}, needs_token=False)
    assert settings.file_url == "http://127.0.0.1:8081/file/bot"


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=12))
def test_no_value_that_was_given_is_ever_shown(secret: str) -> None:
    env = {"BOT_TOKEN": f"{secret}!", "BOT_WEBHOOK_SECRET": f"{secret}!", "BOT_DATABASE_URL": f"mysql://{secret}"}
    assert secret not in " ".join(faults(env))


def test_secrets_do_not_show_themselves() -> None:
    env = {"BOT_TOKEN": TOKEN, "BOT_DATABASE_URL": "postgresql://reko:geheim@localhost/reko"}
    shown = repr(load_settings(env, needs_token=True))
    assert TOKEN not in shown
    assert "geheim" not in shown


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings({}, needs_token=False).outbox_rate = 3


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(f"BOT_TOKEN={TOKEN}\nBOT_OUTBOX_RATE=5\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_OUTBOX_RATE", "7")
    settings = load_settings(needs_token=True)
    assert settings.outbox_rate == 7
    assert settings.token is not None
