from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot import doctor
from bot.backup import backup
from bot.doctor import Finding, examine, say
from bot.migrate import HEAD, migrate
from bot.settings import Settings, load_settings
from bot.transport import NeverLeft, NotTaken
from handlers.menu import introduce
from models.base import Database, open_database
from models.heartbeat import Heartbeat
from models.inbox import InboxRow
from models.office import DEFAULT_LANGUAGES, the_office
from tests.auxil import telegram_json as tg
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram

Rewrite = Callable[[str | None], object]
PO = '# x\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Cancel"\nmsgstr "Abbrechen"\n'


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rewrite:
    """Catalogues of one message stand in the place of the shipped ones; the test may replace the German or take it."""
    path, easy = (tmp_path / "locales" / one / "LC_MESSAGES" / "messages.po" for one in ("de", "leicht"))
    for one in (path, easy):
        one.parent.mkdir(parents=True)
    easy.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(doctor, "FOLDER", tmp_path / "locales")

    def write(content: str | None) -> None:
        path.unlink() if content is None else path.write_text(content, encoding="utf-8")

    write(PO)
    return write


TOKEN = "42:token"


def told(url: str, *, token: str = TOKEN, **more: str) -> Settings:
    env = {"BOT_DATABASE_URL": url, "BOT_TOKEN": token, **more}
    return load_settings({name: value for name, value in env.items() if value}, needs_token=False)


def faults(findings: list[Finding]) -> list[str]:
    assert all(each.advice for each in findings if not each.ok), "a fault comes with what to do about it"
    return [each.title for each in findings if not each.ok]


def open_to_all(url: str) -> None:
    Path(url.removeprefix("sqlite:///")).chmod(0o644)


async def test_a_house_in_order(database_url: str, telegram: FakeTelegram, clock: Clock) -> None:
    telegram.server_date = format_datetime(clock.now)
    findings = await examine(told(database_url), store=True, transport=telegram, clock=clock)
    assert faults(findings) == []
    said = " ".join(each.title for each in findings)
    for part in (
        "@reko_test_bot",
        "Uhr",
        "Europe/Berlin",
        HEAD,
        "stimmig",
        "Sprachkatalog de",
        "BOT_TOKEN ist gesetzt",
    ):
        assert part in said
    assert TOKEN not in said


async def test_a_missing_token_is_said_and_telegram_not_asked(
    database_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    findings = await examine(told(database_url, token=""), store=False, transport=telegram, clock=clock)
    assert faults(findings) == ["BOT_TOKEN fehlt."]
    assert telegram.calls == []


async def test_a_token_that_telegram_does_not_know(sqlite_url: str, telegram: FakeTelegram, clock: Clock) -> None:
    telegram.fail("getMe", tg.error(401, "Unauthorized"))
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert "Telegram kennt dieses BOT_TOKEN nicht." in faults(findings)


@pytest.mark.parametrize("fault", [NeverLeft("ClientConnectorError"), NetworkError("x"), NotTaken("HTTP 502")])
async def test_telegram_out_of_reach(sqlite_url: str, telegram: FakeTelegram, clock: Clock, fault: Any) -> None:
    telegram.fail("getMe", fault)
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert "nicht zu erreichen" in " ".join(faults(findings))


async def test_a_webhook_left_over(sqlite_url: str, telegram: FakeTelegram, clock: Clock) -> None:
    info = {"url": "https://old.example/hook", "has_custom_certificate": False, "pending_update_count": 3}
    telegram.answer("getWebhookInfo", lambda _call: info)
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert "anderer Webhook" in " ".join(faults(findings))
    assert telegram.sent("getUpdates") == []


HOOK = {
    "BOT_WEBHOOK_URL": "https://reko.example/hook",
    "BOT_WEBHOOK_LISTEN": "127.0.0.1:8080",
    "BOT_WEBHOOK_SECRET": "s3cret",
}


@pytest.mark.parametrize(
    ("message", "minutes", "waiting", "told_of"),
    [
        (None, 0, 3, []),
        ("Wrong response from the webhook: 403 Forbidden", 5, 3, ["vor 5 Minuten", "Geheimnis"]),
        ("Wrong response from the webhook: 502 Bad Gateway", 59, 0, ["kein Bot"]),
        ("Connection refused", 5, 0, ["keine Verbindung"]),
        ("SSL error {error:1416F086:...:certificate verify failed}", 5, 0, ["Zertifikat"]),
        ("Wrong response from the webhook: 418 I'm a teapot", 5, 0, ["anders als erwartet"]),
        ("Wrong response from the webhook: 403 Forbidden", 61, 0, []),
        (None, 0, 101, ["101 Nachrichten"]),
    ],
)
async def test_what_telegram_says_of_its_calls(
    message: str | None,
    minutes: int,
    waiting: int,
    told_of: list[str],
    sqlite_url: str,
    telegram: FakeTelegram,
    clock: Clock,
) -> None:
    info: dict[str, Any] = {"url": HOOK["BOT_WEBHOOK_URL"], "has_custom_certificate": False}
    info["pending_update_count"] = waiting
    if message:
        at = int((clock.now - timedelta(minutes=minutes)).timestamp())
        info |= {"last_error_date": at, "last_error_message": message}
    telegram.answer("getWebhookInfo", lambda _call: info)
    findings = await examine(told(sqlite_url, **HOOK), store=False, transport=telegram, clock=clock)
    said = " ".join(faults(findings))
    assert all(part in said for part in told_of)
    assert bool(said) == bool(told_of)
    assert telegram.sent("getUpdates") == []


async def test_another_poller_is_found_without_confirming_anything(
    sqlite_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    telegram.fail("getUpdates", tg.error(409, "Conflict: terminated by other getUpdates request"))
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert "anderes Programm" in " ".join(faults(findings))
    assert "offset" not in telegram.sent("getUpdates")[0].params


async def test_our_own_running_bot_is_not_disturbed(
    database: Database, database_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    async with database.begin() as session:
        session.add(Heartbeat(id=1, at=clock.now - timedelta(seconds=70)))
    await introduce(ExtBot(TOKEN, request=telegram, get_updates_request=telegram), DEFAULT_LANGUAGES)
    findings = await examine(told(database_url), store=False, transport=telegram, clock=clock)
    assert faults(findings) == []
    assert telegram.sent("getUpdates") == []


# --- what @BotFather and the bot have set


async def test_a_missing_token_is_led_through_botfather_step_by_step(telegram: FakeTelegram, clock: Clock) -> None:
    finding = (await examine(told("sqlite:///none.db", token=""), store=False, transport=telegram, clock=clock))[0]
    said = say(finding)
    assert said.startswith("ACHTUNG: BOT_TOKEN fehlt.\n    1. Öffnen Sie in Telegram @BotFather")
    assert [word for word in ("/newbot", "auf bot enden", ".env", "BOT_TOKEN=") if word not in said] == []


@pytest.mark.parametrize(
    ("flag", "command"), [("can_read_all_group_messages", "/setprivacy"), ("supports_inline_queries", "/setinline")]
)
async def test_what_is_set_wrongly_at_botfather_comes_with_its_command(
    sqlite_url: str, telegram: FakeTelegram, clock: Clock, flag: str, command: str
) -> None:
    telegram.answer("getMe", lambda _call: tg.BOT_INFO | {flag: True})
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert [command in one.advice for one in findings if not one.ok] == [True]


@pytest.mark.parametrize(("runs", "changed", "wrong"), [(False, True, 0), (True, True, 1), (True, False, 0)])
async def test_menu_and_description_are_as_the_bot_sets_them_while_it_runs(
    sqlite_database: Database,
    sqlite_url: str,
    telegram: FakeTelegram,
    clock: Clock,
    *,
    runs: bool,
    changed: bool,
    wrong: int,
) -> None:
    async with sqlite_database.begin() as session:
        session.add(Heartbeat(id=1, at=clock.now - timedelta(seconds=10 if runs else 1000)))
    bot = ExtBot(TOKEN, request=telegram, get_updates_request=telegram)
    await introduce(bot, DEFAULT_LANGUAGES)
    if changed:
        await bot.set_my_description("Ein Bot.", language_code="en")
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert len(faults(findings)) == wrong
    assert any("Vorstellung" in one.title for one in findings)


@pytest.mark.parametrize(("seconds", "right"), [(29, True), (-29, True), (31, False), (-3600, False)])
async def test_a_clock_that_differs_from_telegrams(
    sqlite_url: str, telegram: FakeTelegram, clock: Clock, seconds: int, right: bool
) -> None:
    telegram.server_date = format_datetime(clock.now + timedelta(seconds=seconds))
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert ("Die Uhr dieses Computers geht richtig." in [each.title for each in findings]) is right
    assert any("weicht um" in title for title in faults(findings)) is not right


async def test_a_store_to_be_made_is_no_fault_and_is_not_made(
    tmp_path: Path, telegram: FakeTelegram, clock: Clock
) -> None:
    file = tmp_path / "data" / "reko.db"
    findings = await examine(told(f"sqlite:///{file}"), store=True, transport=telegram, clock=clock)
    assert faults(findings) == []
    assert not file.parent.exists()


async def test_a_store_in_a_place_where_nothing_can_be_made(
    tmp_path: Path, telegram: FakeTelegram, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda _path, _mode: False)  # root may write everywhere
    findings = await examine(told(f"sqlite:///{tmp_path}/reko.db"), store=False, transport=telegram, clock=clock)
    assert "nicht anlegen" in " ".join(faults(findings))


async def test_a_file_that_is_no_store(tmp_path: Path, telegram: FakeTelegram, clock: Clock) -> None:
    (file := tmp_path / "reko.db").write_bytes(b"this is a letter, not a database " * 100)
    findings = await examine(told(f"sqlite:///{file}"), store=True, transport=telegram, clock=clock)
    assert "nicht öffnen" in " ".join(faults(findings))


async def test_a_database_server_that_is_not_there(tmp_path: Path, telegram: FakeTelegram, clock: Clock) -> None:
    settings = told(f"postgresql:///reko?host={tmp_path}")
    findings = await examine(settings, store=True, transport=telegram, clock=clock)
    assert "nicht öffnen" in " ".join(faults(findings))


async def test_a_store_that_is_not_migrated_yet(
    kind: str, request: pytest.FixtureRequest, telegram: FakeTelegram, clock: Clock
) -> None:
    url: str = request.getfixturevalue(f"bare_{kind}_url")
    await open_database(url).close()  # the file of an SQLite store is there, and empty
    findings = await examine(told(url), store=True, transport=telegram, clock=clock)
    assert faults(findings) == []
    assert any("noch leer" in each.title for each in findings)


async def test_a_store_from_a_newer_program(
    database: Database, database_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    async with database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    findings = await examine(told(database_url), store=True, transport=telegram, clock=clock)
    assert "9999" in " ".join(faults(findings))


async def test_a_file_that_others_may_read(bare_sqlite_url: str, telegram: FakeTelegram, clock: Clock) -> None:
    database = open_database(bare_sqlite_url)
    await migrate(database)
    await database.close()
    open_to_all(bare_sqlite_url)
    findings = await examine(told(bare_sqlite_url), store=False, transport=telegram, clock=clock)
    assert "Andere Benutzer" in " ".join(faults(findings))


async def test_a_backup_beside_the_store_that_others_may_read(
    sqlite_database: Database, sqlite_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent / "backups"
    folder.mkdir(exist_ok=True)
    path = folder / "reko-saved"
    await backup(sqlite_database, path, clock.now)
    (folder / "notes.zip").write_bytes(b"PK")
    assert path.stat().st_mode & 0o777 == 0o600
    assert faults(await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)) == []
    path.chmod(0o640)
    [fault] = faults(await examine(told(sqlite_url), store=False, transport=telegram, clock=clock))
    assert "Andere Benutzer" in fault
    assert "reko-saved" in fault


async def test_a_new_store_and_its_log_are_its_owners_alone(bare_sqlite_url: str, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/data/fresh.db")
    await migrate(database)
    modes = {one.name: one.stat().st_mode & 0o777 for one in (tmp_path / "data").iterdir()}
    await database.close()
    assert modes.keys() >= {"fresh.db", "fresh.db-wal"}
    assert set(modes.values()) == {0o600}


async def test_a_zone_that_nobody_knows(
    database: Database, database_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    async with database.begin() as session:
        session.add(office := await the_office(session))
        office.time_zone = "Europe/Stendal"
    findings = await examine(told(database_url), store=False, transport=telegram, clock=clock)
    assert "Europe/Stendal" in " ".join(faults(findings))


async def test_a_broken_promise_shows_only_when_asked_for(
    database: Database, database_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    async with database.begin() as session:
        session.add(
            InboxRow(update_id=7, lane=1, received_at=clock.now, payload="{}", state="pending", tries=3, kind="message")
        )
    assert faults(await examine(told(database_url), store=False, transport=telegram, clock=clock)) == []
    assert "stuck: 7" in " ".join(
        faults(await examine(told(database_url), store=True, transport=telegram, clock=clock))
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda po: po.replace('msgstr "Abbrechen"', 'msgstr ""', 1), "nicht vollständig"),
        (lambda po: po.replace('msgid "Cancel"', '#, fuzzy\nmsgid "Cancel"', 1), "nicht vollständig"),
        (lambda _po: "msgid nonsense", "nicht lesbar"),
    ],
)
async def test_a_catalogue_that_is_not_as_it_should_be(
    catalogue: Rewrite,
    sqlite_url: str,
    telegram: FakeTelegram,
    clock: Clock,
    change: Any,
    said: str,
) -> None:
    catalogue(change(PO))
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert said in " ".join(faults(findings))


async def test_a_catalogue_that_is_missing(
    catalogue: Rewrite, sqlite_url: str, telegram: FakeTelegram, clock: Clock
) -> None:
    catalogue(None)
    findings = await examine(told(sqlite_url), store=False, transport=telegram, clock=clock)
    assert "fehlt" in " ".join(faults(findings))
