from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.actor import actor, ensure_account
from models.ballot.acting import in_charge
from models.ballot.handover import NewHandover, hand_over
from models.base import Base, Database
from models.charter import read_charter
from models.deadline import Deadline, Subscription, due_reminders, subscribe
from models.invariants import broken_promises
from models.meeting import Meeting
from models.member import Membership, Person, Role
from models.office import Body, Mandate, Office
from models.roll import Applied, Difference, FolderFaults, apply, prepare
from models.tables import METADATA

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = """
name = "ReKo Altmark"
contact = "Tel. 0123, a@example.org"
time_zone = "Europe/Berlin"
holiday_region = "DE-ST"
languages = ["de", "en"]
[[body]]
name = "RAK Stendal"
short = "RAK SDL"
charter = { chair = "Landrat", tie = "chair decides" }
"""
MEMBERS = """body;mandate;role;name;language;status
RAK SDL;Landrat;mitglied;Anna Adler;de;
RAK SDL;Landrat;stellvertretung;Ben Bach;;
RAK SDL;Jobcenter;mitglied;Cem Celik;en;
RAK SDL;;beratend;Dora Dorn;;
;;buero;Dora Dorn;;
;Lernwerk gGmbH;traeger;Emil Eich;;
"""
DEADLINES = """key;title;kind;areas;due;mode;audience;leads;status
stabil;Aufruf STABIL;Aufruf;C;20.03.2026 12:00;Posteingang;alle;14 7;
bericht;Sachbericht;Sachbericht;;30.06.2026 12:00;elektronisch;traeger:Lernwerk gGmbH;;
"""
MEETINGS = """key;body;title;start;end;place;agenda;status
fruehjahr;RAK SDL;Frühjahrssitzung;25.03.2026 14:00;16:00;Raum 2;1. Begrüßung;
"""
FOLDER = {"office.toml": OFFICE, "members.csv": MEMBERS, "deadlines.csv": DEADLINES, "meetings.csv": MEETINGS}


def files(**changed: str) -> dict[str, bytes]:
    """The folder, some of its files replaced (``members=…``)."""
    names = {name.split(".")[0]: name for name in FOLDER}
    return {
        name: text.encode() for name, text in (FOLDER | {names[key]: text for key, text in changed.items()}).items()
    }


async def take_in(
    database: Database, given: dict[str, bytes], now: datetime = NOW, *, told: bool = False
) -> tuple[Difference, Applied]:
    async with database.begin() as session:
        difference = await prepare(session, given)
        return difference, await apply(session, difference, now, told=told)


async def contents(database: Database) -> dict[str, list[object]]:
    """Every row of the store."""
    async with database.read() as session:
        return {table.name: sorted(map(repr, await session.execute(select(table)))) for table in METADATA.sorted_tables}


async def memberships(session: AsyncSession, *, ended: bool = False) -> set[tuple[str, str]]:
    rows = await session.execute(
        select(Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.ended_at.is_not(None) if ended else Membership.ended_at.is_(None))
    )
    return {(name, role) for name, role in rows}


async def count(session: AsyncSession, table: type[Base]) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


async def faults_of(database: Database, given: dict[str, bytes]) -> list[tuple[str, int | None, str | None, str]]:
    async with database.read() as session:
        with pytest.raises(FolderFaults) as found:
            await prepare(session, given)
    return [(fault.file, fault.row, fault.column, fault.reason) for fault in found.value.faults]


async def test_a_folder_fills_an_empty_store(database: Database) -> None:
    await take_in(database, files())
    async with database.read() as session:
        office = await session.get_one(Office, 1)
        assert (office.name, office.holiday_region) == ("ReKo Altmark", "DE-ST")
        body = (await session.scalars(select(Body))).one()
        assert read_charter(body.charter).chair == "Landrat"
        assert set(await session.scalars(select(Mandate.name))) == {"Landrat", "Jobcenter"}
        assert await memberships(session) == {
            ("Anna Adler", "mitglied"),
            ("Ben Bach", "stellvertretung"),
            ("Cem Celik", "mitglied"),
            ("Dora Dorn", "beratend"),
            ("Dora Dorn", "buero"),
            ("Emil Eich", "traeger"),
        }
        assert await count(session, Person) == 5
        sponsor = (await session.scalars(select(Membership).where(Membership.role == "traeger"))).one()
        assert (sponsor.sponsor, sponsor.mandate_id, sponsor.body_id) == ("Lernwerk gGmbH", None, None)
        meeting = (await session.scalars(select(Meeting))).one()
        assert meeting.invited_at is None
        assert meeting.uid
        call = (await session.scalars(select(Deadline).where(Deadline.key == "stabil"))).one()
        assert (call.leads, call.copies, call.revision, call.entered_at) == ([14, 7], "", 1, NOW)


async def test_a_second_load_changes_nothing(database: Database) -> None:
    await take_in(database, files())
    before = await contents(database)
    difference, applied = await take_in(database, files(), NOW + timedelta(days=1))
    assert difference.empty
    assert applied.revisions == ()
    assert not any(section.missing for section in difference.lists.values())
    assert await contents(database) == before


async def test_a_fault_anywhere_keeps_everything_out(database: Database) -> None:
    wrong = files(members=MEMBERS + "RAK XX;IHK;mitglied;Fritz Falk;;\n", deadlines=DEADLINES + "x;;Termin;;;;;;\n")
    assert await faults_of(database, wrong) == [
        ("deadlines.csv", 4, "title", "missing"),
        ("deadlines.csv", 4, "kind", "unknown kind"),
        ("deadlines.csv", 4, "due", "missing"),
        ("members.csv", 8, "body", "unknown body"),
    ]
    async with database.read() as session:
        assert await count(session, Person) == await count(session, Body) == 0


async def test_rows_not_in_a_file_change_nothing_and_are_named(database: Database) -> None:
    await take_in(database, files())
    difference, _ = await take_in(
        database,
        files(members="body;mandate;role;name\n;;buero;Dora Dorn\n", deadlines="\n".join(DEADLINES.split("\n")[:2])),
    )
    assert difference.empty
    assert len(difference.lists["members"].missing) == 5
    assert difference.lists["deadlines"].missing == (("bericht",),)
    assert difference.lists["meetings"].missing == ()


async def test_one_file_alone_speaks_of_itself_alone(database: Database) -> None:
    await take_in(database, files())
    difference, _ = await take_in(database, {"deadlines.csv": DEADLINES.replace("20.03.2026", "27.03.2026").encode()})
    assert list(difference.lists) == ["deadlines"]
    assert difference.bodies.missing == ()
    (changed,) = difference.lists["deadlines"].changed
    assert [(one.field, one.old, one.new) for one in changed.changes] == [
        ("due_at", datetime(2026, 3, 20, 11, tzinfo=UTC), datetime(2026, 3, 27, 11, tzinfo=UTC))
    ]


async def test_who_leaves_is_ended_and_may_come_back(database: Database) -> None:
    await take_in(database, files())
    left = MEMBERS.replace("Cem Celik;en;", "Cem Celik;en;beendet")
    await take_in(database, files(members=left))
    async with database.read() as session:
        assert await memberships(session, ended=True) == {("Cem Celik", "mitglied")}
    assert (await take_in(database, files(members=left)))[0].empty
    await take_in(database, files())
    async with database.read() as session:
        assert await memberships(session, ended=True) == set()
        assert await count(session, Membership) == 6


@pytest.mark.parametrize("leaves", ["Anna Adler", "Ben Bach"])
async def test_a_handover_ends_with_either_role_and_does_not_come_back(database: Database, leaves: str) -> None:
    await take_in(database, files())
    async with database.begin() as session:
        for account, name in ((7, "Anna Adler"), (8, "Ben Bach")):
            person = (await session.scalars(select(Person).where(Person.name == name))).one()
            person.telegram_id = (await ensure_account(session, account, "de", NOW)).telegram_id
        await session.flush()
        deputy = (await session.scalars(select(Membership).where(Membership.role == Role.DEPUTY))).one()
        mandate = deputy.mandate_id or 0
        await hand_over(session, NewHandover(mandate, deputy.person_id), await actor(session, 7), NOW)
        assert await in_charge(session, [mandate], None, NOW) == [(mandate, 8)]
    line = next(line for line in MEMBERS.splitlines() if leaves in line)
    await take_in(database, files(members=MEMBERS.replace(line, f"{line}beendet")))
    await take_in(database, files())
    async with database.read() as session:
        assert await in_charge(session, [mandate], None, NOW) == [(mandate, 7)]
        assert await broken_promises(session) == []


async def test_a_successor_takes_the_seat_in_one_load(database: Database) -> None:
    await take_in(database, files())
    successor = "RAK SDL;Jobcenter;mitglied;Gerd Gans;;\n"
    after = MEMBERS.replace("Cem Celik;en;", "Cem Celik;en;beendet")
    # whichever of the two lines comes first
    await take_in(database, files(members=after.replace("RAK SDL;Jobcenter", f"{successor}RAK SDL;Jobcenter", 1)))
    async with database.read() as session:
        assert ("Gerd Gans", "mitglied") in await memberships(session)
        assert await memberships(session, ended=True) == {("Cem Celik", "mitglied")}
        assert await count(session, Mandate) == 2


async def test_a_seat_is_held_by_one(database: Database) -> None:
    second = MEMBERS + "RAK SDL;Jobcenter;mitglied;Gerd Gans;;\n"
    assert await faults_of(database, files(members=second)) == [("members.csv", 8, "mandate", "seat taken")]
    await take_in(database, files())
    alone = "body;mandate;role;name\nRAK SDL;Jobcenter;mitglied;Gerd Gans\n"
    assert await faults_of(database, {"members.csv": alone.encode()}) == [("members.csv", 2, "mandate", "seat taken")]


async def test_what_no_line_shows_alone(database: Database) -> None:
    members = MEMBERS + "RAK SDL;Kammer;stellvertretung;Hans Hai;;\n;;buero;Dora Dorn;;\n;;buero;Cem Celik;de;\n"
    deadlines = DEADLINES + "stabil;Zwei;Antrag;;20.03.2026 12:00;;;;\nx;X;Antrag;;20.03.2026 12:00;;RAK YY;;\n"
    meetings = MEETINGS + "herbst;RAK YY;Herbst;25.10.2026 14:00;16:00;;;\n"
    office = OFFICE.replace('chair = "Landrat"', 'chair = "Kammer"')
    given = files(office=office, members=members, deadlines=deadlines, meetings=meetings)
    assert await faults_of(database, given) == [
        ("deadlines.csv", 4, "key", "duplicate"),
        ("deadlines.csv", 5, "audience", "not an audience"),
        ("meetings.csv", 3, "body", "unknown body"),
        ("members.csv", 8, "mandate", "unknown mandate"),
        ("members.csv", 9, "name", "duplicate"),
        ("members.csv", 10, "language", "two languages"),
        ("office.toml", 10, "[[body]] 1, charter.chair", "unknown mandate"),
    ]


async def test_a_broken_office_file_does_not_make_every_line_wrong(database: Database) -> None:
    assert await faults_of(database, files(office="name = \n")) == [("office.toml", 1, None, "toml")]
    wrong = OFFICE.replace("chair decides", "Los")
    assert await faults_of(database, files(office=wrong)) == [("office.toml", 10, "[[body]] 1, charter.tie", "charter")]


async def test_a_list_twice_in_the_folder_is_no_list(database: Database) -> None:
    twice = files() | {"members (1).csv": MEMBERS.encode()}
    assert await faults_of(database, twice) == [("members.csv", None, None, "twice as file")]


async def test_a_person_who_left_before_is_history_of_another_store(database: Database) -> None:
    difference, _ = await take_in(database, files(members=MEMBERS + ";;buero;Ida Igel;;beendet\n"))
    assert len(difference.lists["members"].new) == 6
    async with database.read() as session:
        assert await session.scalar(select(Person).where(Person.name == "Ida Igel")) is None


async def test_a_language_is_taken_and_an_empty_cell_leaves_it(database: Database) -> None:
    await take_in(database, files())
    await take_in(
        database, files(members=MEMBERS.replace("Ben Bach;;", "Ben Bach;en;").replace("Celik;en;", "Celik;;"))
    )
    async with database.read() as session:
        languages = {person.name: person.language for person in await session.scalars(select(Person))}
    assert (languages["Ben Bach"], languages["Cem Celik"], languages["Dora Dorn"]) == ("en", "en", None)


async def test_a_changed_charter_is_taken_as_a_whole(database: Database) -> None:
    await take_in(database, files())
    difference, _ = await take_in(
        database, files(office=OFFICE.replace("ReKo Altmark", "ReKo").replace(", tie", ", notice_days = 14, tie"))
    )
    assert [change.field for change in difference.office] == ["name"]
    assert [change.field for change in difference.bodies.changed[0].changes] == ["charter"]
    async with database.read() as session:
        assert read_charter((await session.scalars(select(Body))).one().charter).notice_days == 14


async def test_a_moved_deadline_is_armed_anew(database: Database) -> None:
    await take_in(database, files())
    async with database.begin() as session:
        await ensure_account(session, 7, "de", NOW)
        await subscribe(session, 1, await actor(session, 7), NOW)
    difference, applied = await take_in(
        database, files(deadlines=DEADLINES.replace("20.03.2026", "27.03.2026")), told=True
    )
    (revision,) = applied.revisions
    assert revision.deadline.revision == 2
    assert [change.field for change in revision.changes] == ["due_at"]
    assert not difference.empty
    async with database.begin() as session:
        armed = await session.get_one(Subscription, (1, 7))
        assert armed.next_at == datetime(2026, 3, 13, 8, tzinfo=UTC)


async def test_other_holidays_arm_every_deadline_anew(database: Database) -> None:
    friday = DEADLINES.replace("20.03.2026", "05.06.2026").replace("14 7", "1")  # the day after Corpus Christi
    await take_in(database, files(deadlines=friday))
    async with database.begin() as session:
        await ensure_account(session, 7, "de", NOW)
        await subscribe(session, 1, await actor(session, 7), NOW)
    await take_in(database, files(office=OFFICE.replace("DE-ST", "DE-BY"), deadlines=friday))
    async with database.begin() as session:
        armed = await session.get_one(Subscription, (1, 7))
        assert armed.next_at == datetime(2026, 6, 3, 7, tzinfo=UTC)
        assert await due_reminders(session, armed.next_at - timedelta(seconds=1)) == []
        assert len(await due_reminders(session, armed.next_at)) == 1


async def test_times_are_read_in_the_zone_of_the_same_folder(database: Database) -> None:
    await take_in(database, files(office=OFFICE.replace("Europe/Berlin", "Europe/Lisbon")))
    async with database.read() as session:
        call = (await session.scalars(select(Deadline).where(Deadline.key == "stabil"))).one()
        assert call.due_at == datetime(2026, 3, 20, 12, tzinfo=UTC)


async def test_a_draft_follows_the_file_and_an_invited_meeting_does_not(database: Database) -> None:
    await take_in(database, files())
    moved = MEETINGS.replace("14:00;16:00", "15:00;17:00")
    await take_in(database, files(meetings=moved))
    async with database.begin() as session:
        meeting = (await session.scalars(select(Meeting))).one()
        assert meeting.starts_at == datetime(2026, 3, 25, 14, tzinfo=UTC)
        uid, meeting.invited_at = meeting.uid, NOW
    difference, _ = await take_in(database, files())
    assert difference.empty
    assert [held.row.key for held in difference.lists["meetings"].held] == [("fruehjahr",)]
    await take_in(database, files(meetings=moved.replace("Begrüßung;", "Begrüßung;beendet")))
    async with database.read() as session:
        meeting = (await session.scalars(select(Meeting))).one()
        assert (meeting.starts_at, meeting.status) == (datetime(2026, 3, 25, 14, tzinfo=UTC), "beendet")
        assert meeting.uid == uid


async def test_what_was_made_in_the_chat_is_not_missing(database: Database) -> None:
    async with database.begin() as session:
        session.add(Deadline(title="Im Chat", kind="Antrag", due_at=NOW, entered_at=NOW))
    difference, _ = await take_in(database, files())
    assert difference.lists["deadlines"].missing == ()
