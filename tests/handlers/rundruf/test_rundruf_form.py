"""„Rundruf": the form, and what arrives."""

from datetime import timedelta

from sqlalchemy import delete, update

from models.broadcast.rows import Broadcast
from models.drafts import Draft
from models.files import StoredFile
from models.member import Account, Membership, Person, Role
from models.office import Body
from tests.auxil.party import COLLEAGUE, DORA, GUEST, JENS, KARL, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.rundruf import (
    ALL,
    MEMBERS,
    TEXT,
    begin,
    copies,
    entity,
    having,
    numbers,
    preview,
    promises_hold,
    settle,
    texts,
    the_broadcast,
)
from tests.auxil.telegram_json import bad_request

PNG = b"\x89PNG\r\n\x1a\n"


async def test_the_shortest_way_is_text_next_all_send(party: Party) -> None:
    await preview(party)
    assert "Alle: 8 Personen" in party.last_text(STAFF)
    assert texts(party, STAFF)[-2] == TEXT
    await party.tap(STAFF, "Senden")
    await settle(party)
    for who in ALL:
        assert texts(party, who).count(TEXT) == 1 + (who == STAFF), who
    assert texts(party, STRANGER) == []
    report = party.last_text(STAFF)
    assert report.startswith("Bericht: Rundruf Nr. 1")
    assert report.splitlines()[-4:] == ["zugestellt: 8", "nicht erreichbar: 0", "fehlgeschlagen: 0", "ungewiss: 0"]
    await promises_hold(party)


async def test_what_staff_formatted_arrives_formatted_and_nothing_else_is_markup(party: Party) -> None:
    text = "🗳 Wichtig & <b>neu</b>: Anmeldung"
    marks = [
        entity("bold", 3, 7),
        entity("text_link", 25, 9, url='https://example.org/?a=1&b="2"'),
        entity("custom_emoji", 0, 2, custom_emoji_id="5"),
    ]
    await begin(party, text, entities=marks)
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Senden]")
    sent = party.telegram.sent("sendMessage", VERA)[-1].params
    assert sent["text"] == (
        "🗳 <b>Wichtig</b> &amp; &lt;b&gt;neu&lt;/b&gt;: "
        '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">Anmeldung</a>'
    )
    assert sent["parse_mode"] == "HTML"
    assert party.last_text(VERA) == text


async def test_a_text_held_back_after_a_pause_keeps_its_formatting(party: Party) -> None:
    await party.write(STAFF, "/buero")
    await party.tap(STAFF, "Rundruf")
    party.clock.advance(timedelta(hours=2))
    await party.write(STAFF, "Bitte kommen", entities=[entity("italic", 6, 6)])
    await party.fill(STAFF, "[Für das Formular]", "[Weiter]", "[Alle]", "[Senden]")
    assert party.telegram.sent("sendMessage", VERA)[-1].params["text"] == "Bitte <i>kommen</i>"


async def test_an_empty_or_personal_text_is_refused(party: Party) -> None:
    await begin(party, " \u202e ")
    assert "Bitte schreiben Sie einen Text." in party.last_text(STAFF)
    await party.write(STAFF, "Bitte überweisen an DE02120300000000202051")
    assert "Kontonummer" in party.last_text(STAFF)
    assert not await party.holds("DE02120300000000202051")


# --- attachments


async def test_one_picture_has_the_text_as_its_caption_and_the_button_under_it(party: Party) -> None:
    await begin(party)
    await party.hear(party.telegram.photo(STAFF))
    assert "foto-" in party.last_text(STAFF)
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Um „Gelesen“ bitten]", "[Senden]")
    sent = party.telegram.sent("sendPhoto", VERA)[-1]
    assert sent.params["caption"] == TEXT
    assert sent.params["photo"].startswith("photo")  # sent on by Telegram's own handle: nothing is uploaded
    assert not sent.files
    assert party.labels(VERA) == ["Gelesen"]


async def test_that_words_under_a_file_do_not_go_out_is_said(party: Party) -> None:
    await begin(party)
    await party.hear(party.telegram.photo(STAFF, caption="Nur hier, DE02120300000000202051"))
    assert party.last_text(STAFF).startswith("Die Worte unter der Datei gehen nicht mit hinaus.")
    assert "foto-" in party.last_text(STAFF)
    await party.hear(party.telegram.photo(STAFF))
    assert not party.last_text(STAFF).startswith("Die Worte")
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Senden]")
    assert [one.get("caption") for one in party.telegram.chats[VERA].values()] == [None, TEXT]
    assert not await party.holds("DE02120300000000202051")


async def test_read_after_an_album_has_a_message_of_its_own(party: Party) -> None:
    await begin(party)
    for _ in range(3):
        await party.hear(party.telegram.photo(STAFF, media_group_id="7"))
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Um „Gelesen“ bitten]", "[Senden]")
    album = party.telegram.sent("sendMediaGroup", VERA)[-1].params["media"]
    assert [one["type"] for one in album] == ["photo"] * 3
    assert [one.get("caption") for one in album] == [None, None, TEXT]
    assert party.last_text(VERA).startswith("Bitte tippen Sie auf „Gelesen“")
    assert party.labels(VERA) == ["Gelesen"]
    await party.tap(VERA, "Gelesen")
    assert (await copies(party))[VERA].read_revision == 0


async def test_pictures_documents_and_a_long_text_come_one_after_the_other(party: Party) -> None:
    await begin(party, "Zeile. " * 300)
    await party.hear(party.telegram.photo(STAFF), party.telegram.photo(STAFF))
    await party.hear(party.telegram.upload(STAFF, "a.pdf", b"%PDF"), party.telegram.upload(STAFF, "b.pdf", b"%PDF"))
    await party.fill(STAFF, "[Weiter]", "[Alle]", "[Senden]")
    albums = [[one["type"] for one in call.params["media"]] for call in party.telegram.sent("sendMediaGroup", VERA)]
    assert albums == [["photo", "photo"], ["document", "document"]]
    assert party.last_text(VERA) == ("Zeile. " * 300).strip()


async def test_films_and_sounds_are_taken_too(party: Party) -> None:
    await begin(party)
    for kind in ("video", "audio"):
        film = party.telegram.photo(STAFF)
        one = film["message"].pop("photo")[0]
        more = {"duration": 1} | ({"width": 9, "height": 9} if kind == "video" else {})
        film["message"][kind] = {key: one[key] for key in ("file_id", "file_unique_id", "file_size")} | more
        await party.hear(film)
    await party.fill(STAFF, "[Weiter]", "[Alle]")
    assert [one.kind for one in await party.rows(StoredFile)] == ["video", "audio"]


async def test_a_file_telegram_knows_no_more_is_uploaded_once_and_then_sent_on(party: Party) -> None:
    await begin(party)
    await party.hear(party.telegram.photo(STAFF, PNG))
    await party.fill(STAFF, "[Weiter]", "[Alle]")
    async with party.database.begin() as session:
        await session.execute(delete(Membership).where(Membership.person_id.not_in([VERA, JENS, STAFF])))
    gone = bad_request("wrong file identifier/HTTP URL specified")
    party.telegram.fail("sendPhoto", gone, gone, gone)
    await party.tap(STAFF, "Senden")
    assert (await party.rows(StoredFile))[0].handle is None
    party.clock.advance(timedelta(seconds=6))
    await settle(party)
    uploads = [call.files for call in party.telegram.sent("sendPhoto") if call.files]
    assert {content for one in uploads for _, content in one.values()} == {PNG}
    handle = (await party.rows(StoredFile))[0].handle
    assert handle is not None
    assert handle.startswith("file")
    assert numbers(party.last_text(STAFF))["zugestellt"] == 3
    await promises_hold(party)


# --- to whom


async def test_ticks_of_one_kind_add_up_and_of_two_kinds_narrow(party: Party) -> None:
    async with party.database.begin() as session:
        session.add(Body(id=9, name="Begleitgremium", short="BG"))
        await session.flush()
        session.add(Membership(person_id=COLLEAGUE, role=Role.ADVISER, body_id=9))
    await begin(party)
    await party.fill(STAFF, "[Weiter]", "[RAK Stendal]")
    assert "RAK Stendal: 5 Personen" in party.last_text(STAFF)
    await party.tap(STAFF, "Mitglieder")
    assert "RAK Stendal · Mitglieder: 3 Personen" in party.last_text(STAFF)
    await party.fill(STAFF, "[BG]", "[Beratende]")
    assert "5 Personen" in party.last_text(STAFF)  # three members, a guest, and the adviser there
    await party.fill(STAFF, "[Gewählt: BG]", "[Gewählt: Mitglieder]", "[Träger]")
    assert "RAK Stendal · Beratende · Träger: 2 Personen" in party.last_text(STAFF)
    await party.fill(STAFF, "[Weiter]", "[Senden]")
    assert {one for one in ALL if TEXT in texts(party, one)} - {STAFF} == {GUEST, SPONSOR}


async def test_who_follows_a_funding_area_is_reached_also_without_being_on_a_list(party: Party) -> None:
    await party.write(STRANGER, "/start")
    await party.tap(STRANGER, "Förderbereiche wählen")
    await party.tap(STRANGER, next(one for one in party.labels(STRANGER) if one.startswith("C")))
    await begin(party)
    await party.fill(STAFF, "[Weiter]", "[Förderbereich …]", "[Förderbereich C]", "[Zurück zur Auswahl]")
    assert "Förderbereich C: 1 Person" in party.last_text(STAFF)
    await party.fill(STAFF, "[Weiter]", "[Senden]")
    assert texts(party, STRANGER)[-1] == TEXT
    await promises_hold(party)


async def test_who_has_not_answered_a_vote_an_invitation_or_a_rundruf(party: Party) -> None:
    await party.open_vote()
    await party.tap(VERA, "Ja")
    await begin(party)
    await party.fill(STAFF, "[Weiter]", "[Nicht geantwortet auf …]", "[Abstimmung Nr. 1: Förderung 2027]")
    assert "2 Personen" in party.last_text(STAFF)
    await party.fill(STAFF, "[Zurück zur Auswahl]", "[Weiter]", "[Um „Gelesen“ bitten]", "[Senden]")
    assert {one for one in MEMBERS if TEXT in texts(party, one)} == {JENS, KARL}
    await party.tap(JENS, "Gelesen")
    await settle(party)
    await begin(party, "Noch einmal")
    await party.fill(STAFF, "[Weiter]", "[Nicht geantwortet auf …]", "[Rundruf Nr. 1 (nicht gelesen)]")
    await party.fill(STAFF, "[Zurück zur Auswahl]", "[Weiter]", "[Senden]")
    assert [one for one in ALL if "Noch einmal" in texts(party, one)] == [KARL, STAFF]  # STAFF: the preview


async def test_who_cannot_be_reached_is_counted_and_stands_in_the_call_list(party: Party) -> None:
    async with party.database.begin() as session:
        session.add(Person(id=50, name="=HYPERLINK(1)"))
        await session.execute(update(Account).where(Account.telegram_id == KARL).values(reachable=False))
        await session.flush()
        session.add(Membership(person_id=50, role=Role.SPONSOR, sponsor="+49 Bildung"))
    party.telegram.blocked.add(JENS)
    await preview(party)
    assert "Alle: 9 Personen, davon 2 nicht erreichbar" in party.last_text(STAFF)
    await party.tap(STAFF, "Senden")
    await settle(party)
    assert numbers(party.last_text(STAFF)) == {
        "zugestellt": 6, "nicht erreichbar": 3, "fehlgeschlagen": 0, "ungewiss": 0}  # fmt: skip
    await party.tap(STAFF, "Anrufliste")
    assert "Jens Beispiel, IHK Magdeburg (RAK Stendal)" in having(party, STAFF, "anrufen")[-1]["text"]
    written = party.telegram.sent("sendDocument", STAFF)[-1].files
    rows = next(iter(written.values()))[1].decode("utf-8-sig").splitlines()
    assert rows[0] == "Name;Rolle;Gremium;Mandat oder Träger;Grund"
    assert rows[1].startswith("'=HYPERLINK(1);Projektträger;;'+49 Bildung;ist noch nicht angemeldet")
    assert len(rows) == 4


async def test_nobody_is_no_audience(party: Party) -> None:
    async with party.database.begin() as session:
        await session.execute(delete(Membership).where(Membership.role == Role.DEPUTY))
    await begin(party)
    await party.fill(STAFF, "[Weiter]", "[Stellvertretungen]", "[Weiter]", "[Senden]")
    assert party.toast() == "Auf diese Auswahl trifft niemand zu. Bitte wählen Sie anders."
    assert not await party.rows(Broadcast)
    await party.fill(STAFF, "[Zurück]", "[Alle]", "[Senden]")
    assert TEXT in texts(party, VERA)


async def test_unticked_again_there_is_no_way_on_and_a_stale_next_sends_nothing(party: Party) -> None:
    await begin(party)
    await party.fill(STAFF, "[Weiter]", "[Mitglieder]")
    shown = dict(party.telegram.last(STAFF))
    await party.tap(STAFF, "Gewählt: Mitglieder")
    assert "Weiter" not in party.labels(STAFF)
    await party.hear(party.telegram.tap(STAFF, "Weiter", message=shown))
    await party.tap(STAFF, "Senden")
    assert not await party.rows(Broadcast)


# --- languages, time, quiet hours


async def test_each_reads_their_language_where_it_was_written(party: Party) -> None:
    async with party.database.begin() as session:
        await session.execute(update(Account).where(Account.telegram_id == VERA).values(language="en"))
    await preview(party, "[Text auf Englisch …]", "Good morning")
    assert texts(party, STAFF)[-3:-1] == [TEXT, "Good morning"]
    await party.tap(STAFF, "Senden")
    assert texts(party, VERA)[-1] == "Good morning"
    assert texts(party, JENS)[-1] == TEXT


async def test_the_preview_shows_anew_only_what_looks_different(party: Party) -> None:
    await preview(party)
    before = len(texts(party, STAFF))
    await party.fill(STAFF, "[Zu einer Zeit …]", "in 2 Tagen 9:00")
    assert len(texts(party, STAFF)) == before + 1  # the preview alone, since the question was its message
    await party.tap(STAFF, "Um „Gelesen“ bitten")
    assert len(texts(party, STAFF)) == before + 3
    await party.tap(STAFF, "Gelesen")
    assert party.toast() == "Das ist nur die Vorschau."


async def test_a_preview_from_before_a_change_sends_nothing(party: Party) -> None:
    await preview(party)
    old = dict(party.telegram.last(STAFF))
    await party.tap(STAFF, "Um „Gelesen“ bitten")
    await party.hear(party.telegram.tap(STAFF, "Senden", message=old))
    assert not await party.rows(Broadcast)
    assert not party.telegram.buttons(party.telegram.chats[STAFF][old["message_id"]])  # it has lost them
    await party.tap(STAFF, "Senden")
    assert (await the_broadcast(party)).asks_read


async def test_at_once_in_quiet_hours_it_makes_no_sound(party: Party) -> None:
    party.clock.advance(timedelta(hours=12))  # 22:00 in Berlin
    await preview(party)
    assert "ohne Ton" in party.last_text(STAFF)
    await party.tap(STAFF, "Senden")
    assert party.telegram.sent("sendMessage", VERA)[-1].params["disable_notification"] is True


async def test_at_a_time_it_goes_then_and_stands_among_the_planned_messages(party: Party) -> None:
    await preview(party, "[Zu einer Zeit …]", "01.12.2026 18:00", "[Senden]")
    assert "01.12.2026, 18:00 Uhr" in party.last_text(STAFF)
    await party.write(COLLEAGUE, "/buero")
    await party.tap(COLLEAGUE, "Geplante Nachrichten")
    assert "Rundruf: 1 · Guten Tag zusammen · 8 Personen" in party.last_text(COLLEAGUE)
    await party.tap(COLLEAGUE, next(one for one in party.labels(COLLEAGUE) if "Guten Tag" in one))
    assert TEXT in party.last_text(COLLEAGUE)
    await party.tap(COLLEAGUE, "Anhalten")
    party.clock.advance(timedelta(days=7, hours=8))
    await party.tick()
    assert TEXT not in texts(party, VERA)
    await party.tap(COLLEAGUE, "Freigeben")
    await party.tick()
    assert texts(party, VERA)[-1] == TEXT
    await promises_hold(party)


async def test_a_planned_one_can_be_sent_now_by_its_own_button_or_by_the_list(party: Party) -> None:
    await preview(party, "[Zu einer Zeit …]", "01.12.2026 18:00", "[Senden]", "[Rundruf ansehen]", "[Jetzt senden]")
    assert texts(party, VERA)[-1] == TEXT
    await preview(party, "[Zu einer Zeit …]", "01.12.2026 18:00", "[Senden]", text="Zweiter")
    await party.write(STAFF, "/buero")
    await party.fill(STAFF, "[Geplante Nachrichten]")
    await party.tap(STAFF, next(one for one in party.labels(STAFF) if "Zweiter" in one))
    await party.tap(STAFF, "Jetzt senden")
    assert texts(party, VERA)[-1] == "Zweiter"


async def test_of_a_form_confirmed_twice_one_rundruf_comes(party: Party) -> None:
    await preview(party)
    tap = party.telegram.tap(STAFF, "Senden")
    again = party.telegram.tap(STAFF, "Senden")
    await party.hear(tap)
    await party.hear(again)
    assert len(await party.rows(Broadcast)) == 1
    assert texts(party, DORA).count(TEXT) == 1
    assert not await party.rows(Draft)
