"""Codes anew in the chat, the letters with the QR code, the list for a mail merge: shown once, kept nowhere."""

import csv
import io
import logging
import re
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader
from telegram.error import TimedOut

from handlers.callbacks import OnCodes
from models.codes import digest_of
from models.inbox import InboxRow
from models.member import Code, Membership, Person, Role
from models.office import Office
from tests.auxil.party import COLLEAGUE, STAFF, STRANGER, VERA, Party

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")
MISSING = {50: "Nadine Neu", 51: "Ömer Özel & Co", 52: "Greta Ginster"}
LANGUAGES = {51: "leicht", 52: "en"}


@pytest.fixture
async def party_with_missing(party: Party) -> Party:
    """Three who are not in yet and read different languages; and one who does without Telegram."""
    async with party.database.begin() as session:
        (await session.get_one(Office, 1)).languages = ["de", *LANGUAGES.values()]
        for number, name in MISSING.items():
            session.add(Person(id=number, name=name, language=LANGUAGES.get(number)))
        session.add(Person(id=53, name="Paul Papier", without_telegram=True))
        await session.flush()
        session.add_all(Membership(person_id=one, role=Role.GUEST, body_id=1) for one in [*MISSING, 53])
        session.add(Membership(person_id=50, role=Role.SPONSOR, sponsor="Lernwerk <&> Söhne"))
    return party


async def page_of(party: Party, typed: str) -> None:
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Personen]", "[Suchen]", typed)


def shown_codes(party: Party, who: int = STAFF) -> list[str]:
    return [found for text in party.telegram.texts(who) if "Code für" in text for found in CODE.findall(text)[:1]]


def last_file(party: Party, name: str) -> bytes:
    sent = [call for call in party.telegram.sent("sendDocument", STAFF) if name in str(call.files)]
    [content] = [one[1] for one in sent[-1].files.values()]
    assert isinstance(content, bytes)
    return content


async def test_a_code_is_shown_once_and_kept_nowhere(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for name in ("bot", "handlers", "models", "scheduler"):
        caplog.set_level(logging.DEBUG, name)
    await page_of(party, "karl")
    await party.tap(STAFF, "Neuer Code")
    [code] = shown_codes(party)
    shown = next(one for one in party.telegram.chats[STAFF].values() if code in one.get("text", ""))
    # A tap on a button would bring the text of its message back to us, into the inbox.
    assert party.telegram.buttons(shown) == {}
    assert "1 Code gültig bis" in party.last_text(STAFF)
    for spelled in (code, code.replace("-", "")):
        assert not await party.holds(spelled)
        assert spelled not in caplog.text
    assert [one.digest for one in await party.rows(Code)] == [digest_of(code)]
    assert all(one.payload is None for one in await party.rows(InboxRow))


async def test_a_double_tap_issues_one_code_and_a_fresh_button_another(party: Party) -> None:
    await page_of(party, "karl")
    page = party.telegram.last(STAFF)
    await party.hear(*[party.telegram.tap(STAFF, "Neuer Code", message=page) for _ in range(2)])
    assert len(await party.rows(Code)) == 1
    assert "Eben wurde schon ein Code ausgestellt" in party.toast()
    party.clock.advance(minutes=1)
    await party.tap(STAFF, "Neuer Code")
    assert len(shown_codes(party)) == len(await party.rows(Code)) == 2
    first, second = shown_codes(party)
    await party.write(STRANGER, f"/start {first}")
    assert "Karl Probe" in party.last_text(STRANGER)  # the earlier one is good until one is used
    await party.write(STRANGER, f"/start {second}")
    await party.tap(STRANGER, "Das bin ich")
    await party.write(STRANGER, f"/start {first}")
    assert party.last_text(STRANGER).startswith("Dieser Code ist schon benutzt.")


async def test_a_code_that_could_not_be_shown_is_asked_for_again(party: Party) -> None:
    await page_of(party, "karl")
    party.telegram.fail("sendMessage", TimedOut(), chat_id=STAFF)
    await party.tap(STAFF, "Neuer Code")
    assert shown_codes(party) == []
    await party.tap(STAFF, "Neuer Code")
    assert len(shown_codes(party)) == 1
    assert len(await party.rows(Code)) == 2


async def test_letters_for_all_are_a_page_each_and_their_codes_work(party_with_missing: Party) -> None:
    party = party_with_missing
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Personen]", "[Wer ist noch nicht dabei? (3)]")
    assert "Paul Papier" not in party.last_text(STAFF)
    assert "Nadine Neu – " in party.last_text(STAFF)
    await party.tap(STAFF, "Einladungsbriefe (PDF)")
    assert party.last_text(STAFF).startswith("Es werden 3 neue Codes ausgestellt, gültig bis Di, 08.12.2026, 10:00 Uhr")
    assert await party.rows(Code) == []
    question = party.telegram.last(STAFF)
    label = "Briefe erstellen (PDF)"
    await party.hear(*[party.telegram.tap(STAFF, label, message=question) for _ in range(2)])
    assert len(await party.rows(Code)) == 3
    assert len(party.telegram.sent("sendDocument", STAFF)) == 1
    assert "Eben wurden schon Codes ausgestellt" in party.toast()
    made = last_file(party, "einladungsbriefe.pdf")
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    assert len(texts) == 3
    for text, name in zip(texts, sorted(MISSING.values()), strict=True):
        assert name in text
        assert "03931 000000" in text
        [code] = CODE.findall(text)
        link = f"https://t.me/{party.assistant.application.bot.username}?start={code}"
        assert read_picture(made, texts.index(text)) == [link]
        assert not await party.holds(code)
    german = next(text for text in texts if "Nadine" in text)
    assert "In drei Schritten dabei" in german
    assert "Gültig bis Di, 08.12.2026, 10:00 Uhr, einmal verwendbar." in german
    assert "Gast · RAK Stendal; Projektträger · Lernwerk <&> Söhne" in " ".join(german.split())
    assert "Öffnen Sie den Link.\nOder suchen Sie" in next(text for text in texts if "Ömer" in text)
    assert "Three steps" in next(text for text in texts if "Greta" in text)
    await party.write(STRANGER, f"/start {CODE.findall(german)[0]}")
    assert "Nadine Neu" in party.last_text(STRANGER)


def read_picture(made: bytes, page: int) -> list[str]:
    """What a telephone's camera reads on a page as it is printed."""
    document = pypdfium2.PdfDocument(made)
    picture = document[page].render(scale=1.5, grayscale=True).to_numpy()
    found = [one.text for one in zxingcpp.read_barcodes(picture[:, :, 0] if picture.ndim > 2 else picture)]
    document.close()
    return found


async def test_the_list_is_the_same_as_the_command_lines(party_with_missing: Party) -> None:
    party = party_with_missing
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Personen]", "[Wer ist noch nicht dabei? (3)]", "[Einladungsbriefe (PDF)]")
    await party.tap(STAFF, "Liste für Serienbriefe (CSV)")
    rows = list(csv.DictReader(io.StringIO(last_file(party, "einladungen.csv").decode("utf-8-sig")), delimiter=";"))
    assert list(rows[0]) == ["role", "body", "mandate", "name", "code", "link", "expires"]
    assert {(row["name"], row["body"]) for row in rows} == {(name, "RAK Stendal") for name in MISSING.values()}
    assert {digest_of(row["code"]) for row in rows} == {one.digest for one in await party.rows(Code)}
    assert all(row["link"].endswith(f"?start={row['code']}") for row in rows)


async def test_a_letter_for_one(party_with_missing: Party) -> None:
    party = party_with_missing
    await page_of(party, "özel")
    await party.tap(STAFF, "Brief (PDF)")
    assert party.last_text(STAFF).startswith("Es wird 1 neuer Code ausgestellt")
    await party.tap(STAFF, "Zurück")
    assert party.last_text(STAFF).startswith("Ömer Özel")
    await party.fill(STAFF, "[Brief (PDF)]", "[Brief erstellen (PDF)]")
    [page] = PdfReader(io.BytesIO(last_file(party, "einladungsbriefe.pdf"))).pages
    assert "Ömer Özel & Co" in page.extract_text()


async def test_letters_of_two_at_the_desk_issue_once(party_with_missing: Party) -> None:
    party = party_with_missing
    for who in (STAFF, COLLEAGUE):
        await party.write(who, "/buero")
        await party.fill(who, "[Personen]", "[Wer ist noch nicht dabei? (3)]", "[Einladungsbriefe (PDF)]")
    await party.hear(*[party.telegram.tap(who, "Briefe erstellen (PDF)") for who in (STAFF, COLLEAGUE)])
    assert len(await party.rows(Code)) == 3
    assert len(party.telegram.sent("sendDocument")) == 1


async def test_letters_that_could_not_be_sent_are_asked_for_again(party_with_missing: Party) -> None:
    party = party_with_missing
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Personen]", "[Wer ist noch nicht dabei? (3)]", "[Einladungsbriefe (PDF)]")
    party.telegram.fail("sendMessage", TimedOut(), chat_id=STAFF)
    await party.tap(STAFF, "Briefe erstellen (PDF)")
    await party.tap(STAFF, "Briefe erstellen (PDF)")
    assert len(party.telegram.sent("sendDocument", STAFF)) == 1
    assert len(await party.rows(Code)) == 6


async def test_letters_are_the_offices_alone(party_with_missing: Party) -> None:
    party = party_with_missing
    await page_of(party, "karl")
    for act in ("ask", "pdf", "csv"):
        await party.hear(party.telegram.tap_data(VERA, OnCodes(0, act).pack(), party.telegram.last(STAFF)))
        assert party.toast().startswith("Das darf nur")
    assert await party.rows(Code) == []
    assert party.telegram.sent("sendDocument") == []


async def test_an_expired_code_is_no_longer_counted(party: Party) -> None:
    await page_of(party, "karl")
    await party.tap(STAFF, "Neuer Code")
    party.clock.jump(party.clock.now + timedelta(days=15))
    await page_of(party, "karl")
    assert "gültig" not in party.last_text(STAFF)
