import pytest
from sqlalchemy import select

from models.ballot.rows import Attachment, Vote
from models.drafts import Draft
from models.files import StoredFile
from models.member import Membership, Role
from models.office import Body
from models.question import OfficeQuestion
from models.roster import Listing, join
from tests.auxil.party import COLLEAGUE, STAFF, VERA, Party
from tests.auxil.telegram_json import bad_request

TITLE, TEXT = "Förderung 2027", "Der RAK stimmt zu."
TO_THE_TITLE = ("[Neue Abstimmung]", "[Beschluss]")
TO_THE_PREVIEW = (*TO_THE_TITLE, TITLE, TEXT, "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]")


@pytest.fixture
async def desk(party: Party) -> Party:
    """Staff has the menu of the office open."""
    await party.write(STAFF, "/buero")
    return party


async def test_cancel_stands_on_every_question_and_back_from_the_second(desk: Party) -> None:
    await desk.tap(STAFF, "Neue Abstimmung")
    assert desk.labels(STAFF) == ["Beschluss", "Meinungsbild", "Wahl", "Terminfindung", "Projektauswahl", "Abbrechen"]
    await desk.tap(STAFF, "Beschluss")
    for entry in (TITLE, TEXT, "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]"):
        assert desk.labels(STAFF)[-2:] == ["Zurück", "Abbrechen"]
        await desk.fill(STAFF, entry)
    assert desk.labels(STAFF) == ["Eröffnen", "Zurück", "Abbrechen"]
    assert "Neue Abstimmung · RAK Stendal" in desk.last_text(STAFF)


async def test_a_body_in_which_nobody_sits_any_more_is_not_offered(desk: Party) -> None:
    async with desk.database.begin() as session:
        session.add(Body(name="Probe (zum Üben)", short="Probe"))
        seat = await join(session, Listing(Role.MEMBER, "Berta Büro", "Probe", "Probesitz 1"))
    for kind in ("Neue Abstimmung", "Neue Sitzung"):
        await desk.write(STAFF, "/buero")
        await desk.tap(STAFF, kind)
        assert desk.labels(STAFF)[:2] == ["Probe", "RAK Stendal"]
    async with desk.database.begin() as session:
        (await session.get_one(Membership, seat.membership.id)).ended_at = desk.clock.now
    await desk.write(STAFF, "/buero")
    await desk.tap(STAFF, "Neue Abstimmung")
    assert desk.labels(STAFF)[0] == "Beschluss"


async def test_cancelling_leaves_nothing(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_PREVIEW, "[Abbrechen]")
    assert desk.last_text(STAFF) == "Abgebrochen. Nichts wurde gesendet."
    assert await desk.rows(Draft) == []
    assert await desk.rows(Vote) == []
    await desk.write(STAFF, "Guten Tag")
    assert desk.last_text(STAFF).startswith("Guten Tag.")


async def test_back_puts_the_question_before_and_the_new_answer_counts(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE, "Falscher Titel", "[Zurück]")
    assert desk.last_text(STAFF).startswith("Titel der Abstimmung?")
    await desk.fill(STAFF, TITLE, TEXT, "[Weiter]", "[Sofort]", "01.12.2026 12:00", "[Nein]", "[Eröffnen]")
    [vote] = await desk.rows(Vote)
    assert vote.title == TITLE


@pytest.mark.parametrize(
    ("before", "entry", "sentence", "question"),
    [
        (("[Neue Abstimmung]",), "Beschlüsse", "Bitte tippen Sie auf einen der Knöpfe.", "Welche Art von Abstimmung?"),
        (TO_THE_TITLE, "x" * 201, "Das ist zu lang.", "Titel der Abstimmung?"),
        ((*TO_THE_TITLE, TITLE), "🗳" * 4096, "Das ist zu lang.", "Text des Antrags?"),
        ((*TO_THE_TITLE, TITLE, TEXT), "später", "Bitte schicken Sie eine Datei", "Anlagen?"),
        (TO_THE_PREVIEW[:6], "01.12.2026 12:00", "Sie würde schließen, bevor sie öffnet.", "Wann schließt sie?"),
        (TO_THE_PREVIEW[:5], "irgendwann", "Das konnte ich nicht als Datum lesen.", "Wann öffnet sie?"),
        (TO_THE_PREVIEW[:5], "01.12.2026", "Die Uhrzeit fehlt.", "Wann öffnet sie?"),
        (TO_THE_PREVIEW[:5], "01.11.2026 12:00", "Diese Zeit ist schon vorbei.", "Wann öffnet sie?"),
        (TO_THE_PREVIEW, "ja bitte", "Bitte tippen Sie auf einen der Knöpfe.", "Vorschau"),
    ],
)
async def test_a_wrong_entry_gets_one_sentence_and_the_same_question(
    desk: Party, before: tuple[str, ...], entry: str, sentence: str, question: str
) -> None:
    steps = list(before)
    if question.startswith("Wann schließt"):
        steps[-1] = "02.12.2026 12:00"
    await desk.fill(STAFF, *steps)
    await desk.write(STAFF, entry)
    first, _, rest = desk.last_text(STAFF).partition("\n\n")
    assert first.startswith(sentence)
    assert rest.startswith(question)
    assert "Abbrechen" in desk.labels(STAFF)


async def test_a_typed_time_is_read_back_with_its_weekday(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_PREVIEW[:5], "1.12. 12 Uhr")
    assert desk.last_text(STAFF).startswith("Öffnet: Di, 01.12.2026, 12:00 Uhr\n\nWann schließt sie?")
    await desk.write(STAFF, "3.12. 12 Uhr")
    assert desk.last_text(STAFF).startswith("Schließt: Do, 03.12.2026, 12:00 Uhr\n\n")


@pytest.mark.parametrize("menu", ["/buero", "/offen"])
async def test_a_command_puts_the_form_aside_and_it_is_taken_up_again(desk: Party, menu: str) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE)
    await desk.write(STAFF, "/hilfe")
    await desk.write(STAFF, "Guten Tag")
    assert desk.last_text(STAFF).startswith("Guten Tag.")
    await desk.write(STAFF, menu)
    await desk.fill(STAFF, "[Weiter ausfüllen: Neue Abstimmung]")
    assert desk.last_text(STAFF).startswith("Titel der Abstimmung?")
    await desk.fill(STAFF, *TO_THE_PREVIEW[2:], "[Eröffnen]")
    assert len(await desk.rows(Vote)) == 1


async def test_after_an_hours_pause_a_text_is_asked_back(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE)
    desk.clock.advance(hours=1, seconds=1)
    await desk.write(STAFF, TITLE)
    assert desk.labels(STAFF) == ["Für das Formular", "Als Frage"]
    await desk.tap(STAFF, "Für das Formular")
    assert desk.last_text(STAFF).startswith("Text des Antrags?")
    desk.clock.advance(days=7)
    await desk.write(STAFF, "Wer bekommt Geld vom Mond?")
    await desk.tap(STAFF, "Als Frage")
    assert desk.last_text(STAFF).startswith("Dazu habe ich keine belegte Auskunft.")
    [question] = await desk.rows(OfficeQuestion)
    assert question.text == "Wer bekommt Geld vom Mond?"
    [draft] = await desk.rows(Draft)
    assert (draft.answers["title"], draft.parked, draft.held_text) == (TITLE, True, None)


async def test_personal_data_is_not_kept_while_it_is_asked_back(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE)
    desk.clock.advance(hours=2)
    await desk.write(STAFF, "Geht das an DE89 3704 0044 0532 0130 00?")
    assert desk.last_text(STAFF).startswith("Ihre Nachricht enthält eine Kontonummer (IBAN).")
    assert not await desk.holds("0532 0130")


async def test_a_reply_to_the_forms_question_always_belongs_to_it(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE)
    question = desk.telegram.last(STAFF)
    await desk.write(STAFF, "/hilfe")
    desk.clock.advance(days=2)
    await desk.write(STAFF, TITLE, reply_to=question)
    assert desk.last_text(STAFF).startswith("Text des Antrags?")


async def test_a_question_whose_message_was_deleted_is_put_anew(desk: Party) -> None:
    await desk.tap(STAFF, "Neue Abstimmung")
    tap = desk.telegram.tap(STAFF, "Beschluss")
    desk.telegram.fail("editMessageText", bad_request("message to edit not found"))
    await desk.hear(tap)
    assert desk.last_text(STAFF).startswith("Titel der Abstimmung?")
    [draft] = await desk.rows(Draft)
    assert draft.message_id == desk.telegram.last(STAFF)["message_id"]


async def test_a_form_outlives_a_restart_at_every_question(desk: Party) -> None:
    for entry in (*TO_THE_PREVIEW, "[Eröffnen]"):
        await desk.restart()
        await desk.fill(STAFF, entry)
    [vote] = await desk.rows(Vote)
    assert (vote.title, vote.text) == (TITLE, TEXT)


async def test_an_old_button_of_an_earlier_step_is_harmless(desk: Party) -> None:
    await desk.fill(STAFF, "[Neue Abstimmung]")
    old = desk.telegram.buttons(desk.telegram.last(STAFF))
    await desk.fill(STAFF, "[Beschluss]", TITLE)
    [before] = await desk.rows(Draft)
    await desk.hear(desk.telegram.tap_data(STAFF, old["Meinungsbild"], desk.telegram.last(STAFF)))
    assert desk.toast() == "Das ist schon geschehen. Nichts hat sich geändert."
    [after] = await desk.rows(Draft)
    assert (after.answers, after.asked) == (before.answers, before.asked)


async def test_an_old_button_of_a_finished_form_does_not_touch_the_next_one(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE, TITLE)
    old = desk.telegram.buttons(desk.telegram.last(STAFF))
    await desk.fill(STAFF, *TO_THE_PREVIEW[3:], "[Eröffnen]")
    await desk.write(STAFF, "/buero")
    await desk.fill(STAFF, *TO_THE_TITLE, "Der zweite")
    for label in ("Zurück", "Abbrechen"):
        await desk.hear(desk.telegram.tap_data(STAFF, old[label], desk.telegram.last(STAFF)))
        assert desk.toast() == "Das ist schon geschehen. Nichts hat sich geändert."
    [draft] = await desk.rows(Draft)
    assert draft.answers["title"] == "Der zweite"


async def test_a_colleagues_form_is_not_mine(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE)
    shown = desk.telegram.last(STAFF)
    await desk.hear(desk.telegram.tap_data(COLLEAGUE, desk.telegram.buttons(shown)["Abbrechen"], shown))
    assert desk.toast().startswith("Das darf nur")
    assert len(await desk.rows(Draft)) == 1


async def test_a_double_tap_opens_one_vote(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_PREVIEW)
    taps = [desk.telegram.tap(STAFF, "Eröffnen"), desk.telegram.tap(STAFF, "Eröffnen")]
    await desk.hear(*taps)
    await desk.hear(taps[0])
    assert len(await desk.rows(Vote)) == 1
    assert len(desk.telegram.texts(VERA)) == 1
    assert desk.toast() == "Das ist schon geschehen. Nichts hat sich geändert."


async def test_attachments_are_kept_and_shown_to_the_members(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_PREVIEW[:4])
    for name, content in (("Antrag <1>.pdf", b"%PDF-1"), ("../../etc/passwd", b"root")):
        await desk.hear(desk.telegram.upload(STAFF, name, content))
        assert f"• {name}" in desk.last_text(STAFF)
    await desk.fill(STAFF, *TO_THE_PREVIEW[4:], "[Eröffnen]")
    assert [one.name for one in await desk.rows(StoredFile)] == ["Antrag <1>.pdf", "../../etc/passwd"]
    assert len(await desk.rows(Attachment)) == 2
    await desk.tap(VERA, "Anlagen")
    sent = [content for call in desk.telegram.sent("sendDocument", VERA) for _, content in call.files.values()]
    assert sent == [b"%PDF-1", b"root"]


async def test_a_file_elsewhere_or_too_large_is_not_taken(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE)
    await desk.hear(desk.telegram.upload(STAFF, "a.zip", b"x"))
    assert desk.last_text(STAFF).startswith("Ich kann hier nur Text lesen.")
    await desk.fill(STAFF, TITLE, TEXT)
    large = desk.telegram.upload(STAFF, "a.pdf", b"x")
    large["message"]["document"]["file_size"] = 20 * 1024 * 1024 + 1
    await desk.hear(large)
    assert desk.last_text(STAFF).startswith("Die Datei ist größer als 20 MB.")
    assert await desk.rows(StoredFile) == []


@pytest.mark.parametrize("title", ["<b>fett</b> & _kursiv_ *stark*", "</b>", "&lt;", "شكرا 1", "%(name)s 100 %"])
async def test_a_title_reaches_the_members_as_it_was_typed(desk: Party, title: str) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE, title, *TO_THE_PREVIEW[3:], "[Eröffnen]")
    assert title in desk.last_text(VERA).splitlines()
    await desk.write(VERA, "/abstimmungen")
    assert f"1 · offen · {title}" in desk.labels(VERA)


async def test_marks_that_turn_the_writing_around_are_left_out(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_TITLE, "Antrag \u202egnunhelba\u2066", *TO_THE_PREVIEW[3:], "[Eröffnen]")
    assert "Antrag gnunhelba" in desk.last_text(VERA).splitlines()


async def test_a_text_of_emojis_as_long_as_one_may_write_still_fits_one_card(desk: Party) -> None:
    text = "🗳" * 1500
    await desk.fill(STAFF, *TO_THE_TITLE, TITLE, text, *TO_THE_PREVIEW[4:], "[Eröffnen]")
    assert [text in one for one in desk.telegram.texts(VERA)] == [True]
    await desk.tap(VERA, "Ja")
    assert len(desk.telegram.texts(VERA)) == 1


async def test_who_is_no_longer_staff_fills_in_nothing(desk: Party) -> None:
    await desk.fill(STAFF, *TO_THE_PREVIEW)
    async with desk.database.begin() as session:
        role = await session.scalar(select(Membership).where(Membership.person_id == STAFF))
        role.ended_at = desk.clock.now
    await desk.tap(STAFF, "Eröffnen")
    assert desk.toast().startswith("Das darf nur")
    assert await desk.rows(Vote) == []
