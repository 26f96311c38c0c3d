"""„In die Wissensbasis", other ways of asking, and what askers hear when a source has changed."""

from datetime import UTC, date, datetime

import pytest

from bot.office_folder import Folder
from bot.office_folder import load as load_folder
from models import question as questions
from models.base import Database
from models.knowledge import Edition, Passage
from models.knowledge.aliases import Alias, aliases_in_force
from models.outbox import Letter
from tests.auxil.asking import REFUSED, UNKNOWN, answered, hand_on, load, passages, source
from tests.auxil.clock import Clock
from tests.auxil.fake_telegram import FakeTelegram
from tests.auxil.party import COLLEAGUE, GUEST, STAFF, STRANGER, VERA, Party, at_work

RATE = "Die Zuwendung beträgt höchstens 90 Prozent der zuwendungsfähigen Ausgaben."
LOWER = "Die Zuwendung beträgt höchstens 80 Prozent der zuwendungsfähigen Ausgaben."
PLACE = "Antragstellung erfolgt beim Landesverwaltungsamt in Halle."
CHANGED = "Eine Auskunft, nach der Sie gefragt haben, hat sich geändert:"


async def learn(party: Party, who: int = STAFF) -> None:
    await party.fill(who, "[In die Wissensbasis]", "[Weiter]", "[Weiter]", "[Übernehmen]")


# --- into the knowledge base


async def test_an_answer_becomes_a_source_that_is_cited(party: Party) -> None:
    await hand_on(party)
    await answered(party, "Vom Mond bekommt <niemand> Geld & auch sonst nichts.")
    await party.tap(STAFF, "In die Wissensbasis")
    assert f"„{UNKNOWN}“" in party.last_text(STAFF)
    assert party.labels(STAFF) == ["Weiter", "Abbrechen"]
    await party.write(STAFF, "Wer bekommt Geld vom Mond oder vom Mars?")
    assert "„Vom Mond bekommt <niemand> Geld & auch sonst nichts.“" in party.last_text(STAFF)
    await party.write(STAFF, "Vom Mond und vom Mars bekommt <niemand> Geld.")
    preview = party.last_text(STAFF).split("\n\n", 1)
    assert preview[0] == "Vorschau – so wird es zitiert, bis 24.11.2027:"
    await party.tap(STAFF, "Übernehmen")
    assert party.last_text(STAFF) == (
        "Steht in der Wissensbasis: „Auskunft der ReKo vom 24.11.2026“, gültig bis 24.11.2027."
    )
    [edition] = await party.rows(Edition)
    assert (edition.rank, edition.dated, edition.valid_until) == ("office", date(2026, 11, 24), date(2027, 11, 24))
    await party.write(VERA, UNKNOWN)
    assert party.last_text(VERA) == preview[1]
    assert preview[1].splitlines() == [
        "Vom Mond und vom Mars bekommt <niemand> Geld.",
        "",
        "Fundstelle: Auskunft der ReKo vom 24.11.2026, ReKo Stendal, Wer bekommt Geld vom Mond oder vom Mars?",
        "Stand: 24.11.2026",
    ]


async def test_nothing_of_who_asked_goes_into_it(party: Party) -> None:
    await hand_on(party)
    await answered(party)
    await learn(party)
    [edition], [passage] = await party.rows(Edition), await party.rows(Passage)
    stored = {**vars(edition), **vars(passage)}
    assert STRANGER not in stored.values()
    assert not any("U7" in str(value) for value in stored.values())


async def test_after_twelve_months_it_is_quoted_with_a_warning(party: Party) -> None:
    await hand_on(party)
    await answered(party)
    await learn(party)
    party.clock.jump(datetime(2027, 11, 25, 9, 0, tzinfo=UTC))
    await party.write(VERA, UNKNOWN)
    assert "Achtung: gültig nur bis 24.11.2027." in party.last_text(VERA)


async def test_it_can_be_taken_out_again(party: Party) -> None:
    await hand_on(party)
    await answered(party)
    await learn(party)
    await party.tap(STAFF, "Wieder herausnehmen")
    await party.write(VERA, UNKNOWN)
    assert party.last_text(VERA) == REFUSED
    data = "q:1:unlearn"
    await party.hear(party.telegram.tap_data(STAFF, data, party.telegram.last(STAFF)))
    assert party.toast() == "Das ist schon geschehen. Nichts hat sich geändert."


async def test_what_is_corrected_after_it_was_kept_is_said_and_kept_again(party: Party) -> None:
    await hand_on(party)
    reply = await answered(party, "Nimand.")
    await learn(party)
    await party.hear(party.telegram.edit(reply, "Niemand."))
    assert party.last_text(STAFF).endswith("In der Wissensbasis steht noch der alte Wortlaut.")
    await learn(party)
    assert [one.text for one in await passages(party)] == ["Niemand."]
    assert len(await party.rows(Edition)) == 2


async def test_only_what_the_office_has_answered_can_be_kept(party: Party) -> None:
    await hand_on(party)
    for number in (1, 99):
        await party.hear(party.telegram.tap_data(STAFF, f"q:{number}:learn", party.telegram.last(STAFF)))
        assert party.toast().startswith("Das finde ich nicht mehr.")


async def test_personal_data_never_go_into_the_knowledge_base(party: Party) -> None:
    await hand_on(party)
    await answered(party)
    await party.fill(STAFF, "[In die Wissensbasis]", "Was bekommt Max Mustermann, geb. 03.04.2005?")
    assert party.last_text(STAFF).startswith("Ihre Nachricht enthält ein Geburtsdatum mit Namen.")
    assert not await party.holds("Mustermann")


async def test_loading_the_folder_neither_misses_nor_touches_it(party: Party) -> None:
    await hand_on(party)
    await answered(party)
    await learn(party)
    folder = Folder({}, {"richtlinie.md": source(RATE)})
    async with party.database.begin() as session:
        loaded = await load_folder(session, folder, party.clock.now)
    assert loaded.lines == ("sources: neu: richtlinie",)
    await party.write(VERA, UNKNOWN)
    assert party.last_text(VERA).startswith("Niemand.")


# --- other ways of asking


async def test_staff_adds_other_ways_of_asking_to_what_answered(party: Party) -> None:
    await load(party, richtlinie=source(f"{RATE}\n\n{PLACE}"))
    await party.write(STAFF, "Wie hoch ist die Zuwendung?")
    assert party.labels(STAFF)[-1] == "So fragen die Leute auch"
    await party.tap(STAFF, "So fragen die Leute auch")
    await party.write(STAFF, " Was  gibts an Kohle? \n\nfördersatz\nfördersatz")
    assert party.last_text(STAFF).startswith(
        f"Wer so fragt:\n• Was gibts an Kohle?\n• fördersatz\nbekommt das:\n\n{RATE}\n\nFundstelle:"
    )
    await party.tap(STAFF, "Übernehmen")
    assert [one.text for one in await party.rows(Alias)] == ["Was gibts an Kohle?", "fördersatz"]
    for asked in ("fördersatz", "was gibts an kohle"):
        await party.write(STRANGER, asked)
        assert party.last_text(STRANGER).startswith(f"{RATE}\n\nFundstelle:")
    await party.write(STAFF, "Wie hoch ist die Zuwendung?")
    await party.fill(STAFF, "[So fragen die Leute auch]", "[Alle vergessen]", "[Übernehmen]")
    assert await party.rows(Alias) == []
    await party.write(STRANGER, "was gibts an kohle")
    assert not party.last_text(STRANGER).startswith(RATE)


async def test_others_do_not_see_that_button_and_may_not_tap_it(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    for who in (VERA, STRANGER):
        await party.write(who, "Wie hoch ist die Zuwendung?")
        assert "So fragen die Leute auch" not in party.labels(who)
        await party.hear(party.telegram.tap_data(who, "q:1:alias", party.telegram.last(who)))
        assert party.toast().startswith("Das darf nur")


async def test_a_new_edition_that_keeps_the_passage_keeps_its_aliases(party: Party) -> None:
    await load(party, richtlinie=source(f"{RATE}\n\n{PLACE}"))
    await party.write(STAFF, "Wie hoch ist die Zuwendung?")
    await party.fill(STAFF, "[So fragen die Leute auch]", "fördersatz", "[Übernehmen]")
    await load(party, richtlinie=source(f"Neu vorangestellt ist dieser Satz.\n\n{RATE}"))
    async with party.database.read() as session:
        found = await aliases_in_force(session)
    kept = {one.id for one in await passages(party) if RATE in one.text}
    assert found == dict.fromkeys(kept, ("fördersatz",))


# --- what has changed


async def announce(party: Party, **files: bytes) -> int:
    intakes = await load(party, **files)
    async with party.database.begin() as session:
        told = await questions.tell_of_changes(session, intakes, party.clock.now)
        party.clock.advance(seconds=1)
        assert await questions.tell_of_changes(session, intakes, party.clock.now) == 0
    await party.deliver()
    return told


async def test_who_was_shown_what_has_changed_is_told_once(
    database: Database, telegram: FakeTelegram, clock: Clock
) -> None:
    async with at_work(database, telegram, clock) as party:
        await load(party, richtlinie=source(RATE), ort=source(PLACE, "Zuständigkeit"))
        await party.write(STRANGER, "Wie hoch ist die Zuwendung?")
        await party.write(GUEST, "Antragstellung beim Landesverwaltungsamt")
        assert party.last_text(GUEST).startswith(PLACE)
        await party.write(VERA, UNKNOWN)
        clock.advance(days=3)
        assert await announce(party, richtlinie=source(LOWER), ort=source(PLACE, "Zuständigkeit")) == 1
        assert party.last_text(STRANGER) == f"{CHANGED}\n\n24.11.2026: „Wie hoch ist die Zuwendung?“"
        assert CHANGED not in party.last_text(GUEST)
        assert CHANGED not in party.last_text(VERA)
        await party.tap(STRANGER, "Neu ansehen: Wie hoch ist die Zuwendung?")
        assert party.last_text(STRANGER).startswith(LOWER)
        assert await announce(party, richtlinie=source(LOWER)) == 0


async def test_a_passage_that_only_moved_has_not_changed(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    await party.write(STRANGER, "Wie hoch ist die Zuwendung?")
    moved = source(f"Vorab gilt dieser Satz. {RATE.replace('höchstens 90', 'höchstens  90')} Danach gilt ein anderer.")
    assert await announce(party, richtlinie=moved) == 0


async def test_the_same_words_of_an_earlier_edition_count_too(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    await party.write(STRANGER, "Wie hoch ist die Zuwendung?")
    await load(party, richtlinie=source(f"{RATE}\n\n{PLACE}"))
    assert await announce(party, richtlinie=source(f"{LOWER}\n\n{PLACE}")) == 1


async def test_after_twelve_months_nobody_is_told_any_more(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    await party.write(STRANGER, "Wie hoch ist die Zuwendung?")
    party.clock.jump(datetime(2027, 11, 24, 9, 1, tzinfo=UTC))
    assert await announce(party, richtlinie=source(LOWER)) == 0


async def test_nobody_is_told_at_night(party: Party) -> None:
    await load(party, richtlinie=source(RATE))
    await party.write(STRANGER, "Wie hoch ist die Zuwendung?")
    party.clock.jump(datetime(2026, 11, 28, 21, 0, tzinfo=UTC))  # a Saturday evening
    assert await announce(party, richtlinie=source(LOWER)) == 1
    [letter] = [one for one in await party.rows(Letter) if one.kind == "source_changed"]
    assert letter.not_before == datetime(2026, 11, 30, 7, 0, tzinfo=UTC)


async def test_who_asked_several_things_gets_one_letter(party: Party) -> None:
    await load(party, richtlinie=source(f"{RATE}\n\n{PLACE}"))
    for text in ("Wie hoch ist die Zuwendung?", "Antragstellung beim Landesverwaltungsamt"):
        await party.write(STRANGER, text)
    assert await announce(party, richtlinie=source("Ein ganz anderer Text über etwas anderes.")) == 1
    assert party.last_text(STRANGER).startswith("Auskünfte, nach denen Sie gefragt haben, haben sich geändert:")
    assert len(party.labels(STRANGER)) == 2


@pytest.mark.parametrize("who", [STAFF, COLLEAGUE])
async def test_a_corrected_entry_of_the_knowledge_base_is_announced(party: Party, who: int) -> None:
    await hand_on(party)
    await answered(party)
    await learn(party)
    await party.write(VERA, UNKNOWN)
    await party.hear(party.telegram.tap_data(who, "q:1:learn", party.telegram.last(who)))
    await party.fill(who, "[Weiter]", "Doch jemand.", "[Übernehmen]")
    assert party.last_text(VERA).startswith(CHANGED)
