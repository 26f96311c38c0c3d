"""Secrets that lie in files of their own, as containers and systemd hand them over."""

import os
from pathlib import Path

import pytest

from bot.settings import SECRETS, Settings, SettingsFault, load_settings

TOKEN = "123456:AbC-dEf_ghi"
WEBHOOK = {"BOT_WEBHOOK_URL": "https://example.org/hook", "BOT_WEBHOOK_LISTEN": "127.0.0.1:8080"}


def faults(env: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        load_settings(env, needs_token=False)
    return caught.value.faults


def written(folder: Path, text: str | bytes) -> str:
    path = folder / "secret"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


@pytest.mark.parametrize("end", ["", "\n", "\r\n", " \n\n"])
def test_a_secret_is_read_from_its_file_without_the_end_of_the_line(tmp_path: Path, end: str) -> None:
    settings = load_settings({"BOT_TOKEN_FILE": written(tmp_path, TOKEN + end)}, needs_token=True)
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN


def test_the_address_of_the_store_and_the_secret_of_the_webhook_may_lie_in_files_too(tmp_path: Path) -> None:
    url = written(tmp_path, "postgresql://reko:geheim@db/reko\n")
    assert load_settings({"BOT_DATABASE_URL_FILE": url}, needs_token=False).database_url.endswith("geheim@db/reko")
    settings = load_settings(WEBHOOK | {"BOT_WEBHOOK_SECRET_FILE": written(tmp_path, "s-1\n")}, needs_token=False)
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "s-1"


@pytest.mark.parametrize("name", SECRETS)
def test_what_is_in_the_settings_and_in_a_file_is_named(tmp_path: Path, name: str) -> None:
    variable = f"BOT_{name.upper()}"
    told = faults({variable: "hier", f"{variable}_FILE": written(tmp_path, TOKEN)})
    assert f"{variable} und {variable}_FILE sind beide gesetzt. Lassen Sie eines davon weg." in told


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "ist leer"), (" \n", "ist leer"), (b"\xff\xfe\n", "keinen Text"), ("x" * 70_000, "zu groß")],
)
def test_a_file_that_holds_no_secret_is_named_with_its_setting(tmp_path: Path, content: str | bytes, why: str) -> None:
    told = faults({"BOT_TOKEN_FILE": written(tmp_path, content)})
    assert len(told) == 1
    assert why in told[0]
    assert told[0].startswith("Die Datei, die BOT_TOKEN_FILE nennt,")


def test_a_file_that_is_not_there_is_named_and_its_path_is_not_shown(tmp_path: Path) -> None:
    # Somebody may have put the token where its file belongs.
    told = faults({"BOT_TOKEN_FILE": f"{tmp_path}/{TOKEN}"})
    assert told[0].startswith("Die Datei, die BOT_TOKEN_FILE nennt, gibt es nicht.")
    assert TOKEN not in told[0]
    assert "lässt sich nicht lesen" in faults({"BOT_TOKEN_FILE": str(tmp_path)})[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, TOKEN)
    Path(path).chmod(0)
    assert "lässt sich nicht lesen" in faults({"BOT_TOKEN_FILE": path})[0]


def test_a_path_that_is_none_is_a_fault_and_no_crash() -> None:
    assert "BOT_TOKEN_FILE" in faults({"BOT_TOKEN_FILE": "a\0b"})[0]
    assert "BOT_TOKEN_FILE" in faults({"BOT_TOKEN_FILE": "x" * 5000})[0]


def test_a_file_for_what_is_no_secret_is_named() -> None:
    assert "BOT_LOG_FILE gibt es nicht" in faults({"BOT_LOG_FILE": "/log"})[0]


def test_a_missing_token_names_both_ways() -> None:
    with pytest.raises(SettingsFault) as caught:
        load_settings({}, needs_token=True)
    assert "BOT_TOKEN_FILE" in caught.value.faults[0]


def test_a_token_whose_file_cannot_be_read_is_one_fault_and_not_two(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault) as caught:
        load_settings({"BOT_TOKEN_FILE": str(tmp_path / "none")}, needs_token=True)
    assert len(caught.value.faults) == 1


def test_the_password_alone_may_lie_in_a_file(tmp_path: Path) -> None:
    env = {"BOT_DATABASE_URL": "postgresql://reko@db:5432/reko?sslmode=require"}
    path = written(tmp_path, "p@ss:w/ö rt%?#\n")
    url = load_settings(env | {"BOT_DATABASE_PASSWORD_FILE": path}, needs_token=False).database_url
    assert url == "postgresql://reko:p%40ss%3Aw%2F%C3%B6%20rt%25%3F%23@db:5432/reko?sslmode=require"


@pytest.mark.parametrize(
    "url", ["sqlite:///data/reko.db", "postgresql://db/reko", "postgresql://reko:x@db/reko", "postgresql:///reko"]
)
def test_a_password_that_fits_no_address_is_a_fault(url: str) -> None:
    told = faults({"BOT_DATABASE_URL": url, "BOT_DATABASE_PASSWORD": "geheim"})
    assert told[0].startswith("BOT_DATABASE_PASSWORD passt nur zu")
    assert "geheim" not in told[0]


def test_the_password_does_not_show_itself() -> None:
    env = {"BOT_DATABASE_URL": "postgresql://reko@db/reko", "BOT_DATABASE_PASSWORD": "geheim"}
    assert "geheim" not in repr(load_settings(env, needs_token=False))


def test_every_secret_is_a_setting() -> None:
    assert set(SECRETS) <= set(Settings.model_fields)
