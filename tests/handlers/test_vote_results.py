"""What a vote has come to: who is told what, with the picture, the words, the block for the minutes, and the papers."""

import csv
import json
import re
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

from models.ballot.closing import close_as_of
from models.ballot.rows import Vote
from models.record import head
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.telegram_json import plain
from tests.auxil.voting import close, end_role, open_vote, promises_hold, seat, set_rules

PAPERS = "Entscheidungsprotokoll (PDF, CSV, JSON)"
PNG = b"\x89PNG"
# exact.md, „Votes"
KEYS = [
    *("number", "body", "kind", "title", "text", "opened_at", "closed_at", "mandates", "excluded", "voted"),
    *("yes", "no", "abstained", "quorum", "majority", "tie", "verdict", "ballots", "attachments", "record"),
]
FORMULA = '=HYPERLINK("http://x")'


async def decided(party: Party, *, title: str = "", **rules: object) -> None:
    """A motion with two ayes and one no, closed."""
    if rules:
        await set_rules(party.database, **rules)
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]", title or "Förderung 2027", "Der RAK stimmt zu.")
    await party.hear(party.telegram.upload(STAFF, "Haushalt & <mehr>.txt", b"Zahlen"))
    await party.fill(STAFF, "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]", "[Eröffnen]")
    for who, label in ((VERA, "Ja"), (JENS, "Ja"), (KARL, "Nein")):
        await party.tap(who, label)
    await close(party)


# --- who is told


async def test_the_result_goes_to_holders_and_staff_and_nobody_else(party: Party) -> None:
    for who in (GUEST, SPONSOR, STRANGER, DORA):
        await party.write(who, "/start")
    before = {who: len(party.telegram.chats[who]) for who in (GUEST, SPONSOR, STRANGER, DORA)}
    await decided(party)
    for who in (VERA, JENS, KARL, STAFF, COLLEAGUE):
        assert "Ergebnis · RAK Stendal" in party.last_text(who)
    assert {who: len(party.telegram.chats[who]) for who in before} == before
    for who in before:
        for place in ("result", "vote", "files"):
            await party.hear(party.telegram.tap_data(who, f"o:{place}:1", party.telegram.last(who)))
            assert party.toast().startswith("Das darf nur")


async def test_who_loses_the_seat_before_the_letter_goes_out_is_told_nothing(party: Party) -> None:
    await open_vote(party)
    async with party.database.begin() as session:
        vote = await session.get_one(Vote, 1)
        await close_as_of(session, vote, party.clock.now, party.clock.now)
    await end_role(party, VERA)
    await party.deliver()
    assert "Ergebnis" not in " ".join(party.telegram.texts(VERA))
    assert "Ergebnis" in party.last_text(JENS)


async def test_the_first_line_of_every_letter_about_a_vote_is_neutral(party: Party) -> None:
    await decided(party, title="Kündigung von Bernd Beispiel")
    sent = [call.params.get("text") or call.params.get("caption") or "" for call in party.telegram.calls]
    letters = [plain(one) for one in sent if "Kündigung" in one and "Vorschau" not in one and "Öffne" not in one]
    first = {one.split("\n")[0] for one in letters}
    assert first >= {"Neue Abstimmung · RAK Stendal", "Ergebnis · RAK Stendal"}
    assert not [line for line in first if "Kündigung" in line or "Bernd" in line]


# --- what it says


async def test_the_words_say_the_verdict_line_by_line_and_the_block_for_the_minutes(party: Party) -> None:
    await decided(party)
    text = party.last_text(VERA)
    assert text.startswith("Ergebnis · RAK Stendal\nNr. 1 · Beschluss\nFörderung 2027\n")
    for line in (
        "Stimmberechtigt: 3",
        "Ausgeschlossen (§ 33): 0",
        "Abgestimmt: 3",
        "Ja: 2",
        "Nein: 1",
        "Enthaltung: 0",
        "Quorum: 3 von 3 (alle Mandate), nötig > 1/2, also 2 – erreicht",
        "Mehrheit: mehr Ja als Nein: 2 von 3 (abgegebene Ja- und Nein-Stimmen), nötig > 1/2, also 2 – erreicht",
        "Regel: angelehnt an KVG LSA",
        "angenommen – nach der Geschäftsordnung (angelehnt an KVG LSA)",
    ):
        assert line in text.split("\n")
    block = "gesetzliche Mitgliederzahl: 3\nanwesend: 3\nJa: 2\nNein: 1\nEnthaltung: 0\nnach § 33 ausgeschlossen: 0"
    assert text.endswith(block)


async def test_the_picture_comes_with_the_words_as_its_caption(party: Party) -> None:
    await decided(party)
    photo = party.telegram.sent("sendPhoto", VERA)[-1]
    [(name, content)] = photo.files.values()
    assert (name, content[:4]) == ("ergebnis-1.png", PNG)
    assert "angenommen" in photo.params["caption"]
    assert "photo" in party.telegram.last(VERA)


async def test_words_too_long_for_a_caption_come_right_after_the_picture(party: Party) -> None:
    for number in range(30):
        await seat(party, 1000 + number, f"Mitglied {number}", f"Mandat mit einem langen Namen Nummer {number}")
    await decided(party, names_published=True)
    calls = [one for one in party.telegram.calls if one.params.get("chat_id") == VERA]
    photo, words = calls[-2:]
    assert (photo.method, words.method) == ("sendPhoto", "sendMessage")
    assert "caption" not in photo.params
    assert "Ergebnis · RAK Stendal" in words.params["text"]
    assert "Mandat mit einem langen Namen Nummer 29: nicht abgestimmt" in words.params["text"]


async def test_a_verdict_on_a_tie_and_its_rule(party: Party) -> None:
    await set_rules(party.database, tie="chair decides", chair="Jobcenter Stendal")
    await open_vote(party)
    await party.tap(VERA, "Ja")
    await party.tap(JENS, "Nein")
    await close(party)
    text = party.last_text(JENS)
    assert "Stimmengleichheit: die Stimme des Vorsitzes entscheidet" in text
    assert "angenommen – nach der Geschäftsordnung" in text
    assert "mit eigenen Regeln: Stimmengleichheit" in text


@pytest.mark.parametrize("published", [True, False])
async def test_names_only_where_the_charter_publishes_them(party: Party, published: bool) -> None:
    await decided(party, names_published=published)
    for who in (VERA, STAFF):
        assert ("IHK Magdeburg: Ja" in party.last_text(who)) is published
    assert ("Wer wie gestimmt hat:" in party.last_text(VERA)) is published


async def test_a_body_invited_again_may_decide_without_a_quorum(party: Party) -> None:
    await set_rules(party.database, second_meeting=True)
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Neue Abstimmung]", "[Beschluss]")
    assert "erneut eingeladen" in party.last_text(STAFF)
    await party.fill(STAFF, "[Ja]", "Titel", "Text", "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]", "[Eröffnen]")
    await party.tap(VERA, "Ja")
    await close(party)
    text = party.last_text(VERA)
    assert "Zweite Sitzung: erneut eingeladen, das Quorum entfällt" in text
    assert "angenommen" in text


# --- the papers


async def papers(party: Party) -> dict[str, bytes]:
    await party.tap(STAFF, PAPERS)
    files = [file for call in party.telegram.sent("sendDocument", STAFF) for file in call.files.values()]
    return {name.rsplit(".", 1)[1]: content for name, content in files if name.startswith("abstimmung-1.")}


async def test_the_json_has_the_keys_that_are_fixed_and_the_head_of_the_record(party: Party) -> None:
    await decided(party)
    told = json.loads((await papers(party))["json"])
    assert list(told) == KEYS
    assert (told["number"], told["body"], told["kind"]) == (1, "Regionaler Arbeitskreis Stendal", "Beschluss")
    assert (told["opened_at"], told["closed_at"]) == ("2026-11-24T10:00:00+01:00", "2026-12-01T12:00:00+01:00")
    figures = [told[key] for key in ("mandates", "excluded", "voted", "yes", "no", "abstained")]
    assert figures == [3, 0, 3, 2, 1, 0]
    assert (told["quorum"]["needed"], told["quorum"]["reached"]) == (2, True)
    assert (told["majority"]["reached"], told["tie"], told["verdict"]) == (True, False, "angenommen")
    assert [one["choice"] for one in told["ballots"]] == ["Ja", "Ja", "Nein"]
    [attached] = told["attachments"]
    assert attached["name"] == "Haushalt & <mehr>.txt"
    assert len(attached["sha256"]) == 64
    async with party.database.read() as session:
        now = await head(session)
    assert told["record"] == {"length": now.length, "head": now.hash}


async def test_the_pdf_holds_the_same_facts_as_text(party: Party) -> None:
    await decided(party, title="Größe & Änderung")
    content = (await papers(party))["pdf"]
    assert b"pdfaid" in content
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for words in ("Größe & Änderung", "angenommen", "IHK Magdeburg", "Jens Beispiel", "Haushalt & <mehr>.txt"):
        assert words in text.replace("\n", " ")
    async with party.database.read() as session:
        now = await head(session)
    assert now.hash in re.sub(r"[\s\u200b]", "", text)


async def test_the_csv_has_a_row_for_each_mandate_and_computes_nothing(party: Party) -> None:
    await decided(party, title=FORMULA)
    content = (await papers(party))["csv"].decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content), delimiter=";"))
    seats = [row for row in rows if row and row[0] in {"Jobcenter Stendal", "IHK Magdeburg", "Landkreis Stendal"}]
    assert [(row[0], row[1]) for row in seats] == [
        ("IHK Magdeburg", "Ja"),
        ("Jobcenter Stendal", "Ja"),
        ("Landkreis Stendal", "Nein"),
    ]
    assert ["Titel", f"'{FORMULA}"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


async def test_only_staff_gets_the_papers_and_only_of_what_has_ended(party: Party) -> None:
    await open_vote(party)
    await party.write(STAFF, "/buero")
    await party.hear(party.telegram.tap_data(STAFF, "va:1:papers", party.telegram.last(STAFF)))
    assert party.toast().startswith("Das finde ich nicht mehr.")
    await close(party)
    assert PAPERS not in party.labels(VERA)
    await party.hear(party.telegram.tap_data(VERA, "va:1:papers", party.telegram.last(VERA)))
    assert party.toast().startswith("Das darf nur")
    assert party.telegram.sent("sendDocument") == []


async def test_the_store_is_whole_afterwards(party: Party) -> None:
    await decided(party)
    await papers(party)
    assert await promises_hold(party)
