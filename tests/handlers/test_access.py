"""Every command, button, place and form by every role, generated from the code's own lists."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from telegram import BotCommand

from handlers import FORMS, HANDLERS, OFFICE_ACTS, PLACES, TAPS
from handlers import callbacks as cb
from handlers.callbacks.tap import _KINDS
from handlers.commands import COMMANDS, Command, Right
from handlers.forms.shape import Form
from handlers.meetings.office import FORM_OF as MEETING_ACTS
from handlers.meetings.papers import PAPERS
from handlers.menu import commands
from handlers.office.files.place import ACTS as FILE_ACTS
from handlers.office.files.tables import TITLES
from handlers.office.people.tapping import ACTS as PERSON_ACTS
from handlers.office.people.tapping import FORM_OF as PERSON_FORMS
from handlers.office.running_vote.tapping import FORM_OF
from handlers.rundruf.acting import ACTS as BROADCAST_ACTS
from models import deadline as deadlines
from models import question as questions
from models.actor import actor, ensure_account
from models.ballot import entering
from models.ballot.handover import NewHandover, hand_over
from models.ballot.rules import Held, Kind
from models.base import Database
from models.broadcast import acts as broadcasting
from models.drafts import Draft
from models.files import keep
from models.inbox import InboxRow
from models.knowledge import read_sources, take_in
from models.meeting import acts as meetings
from models.meeting.rules import MeetingPlan
from models.office import Body
from models.outbox import Letter
from tests.auxil.clock import Clock
from tests.auxil.party import DORA, GUEST, SPONSOR, STAFF, STRANGER, VERA, Party
from tests.auxil.selecting import CALL
from tests.auxil.telegram_json import BOT, SENT_AT, chat
from tests.auxil.templates import filled

ROLES = {"stranger": STRANGER, "sponsor": SPONSOR, "guest": GUEST, "deputy": DORA, "member": VERA, "staff": STAFF}
LACKING = {
    Right.ANYONE: [],
    Right.MEMBER: ["stranger", "sponsor"],
    Right.STAFF: ["stranger", "sponsor", "guest", "deputy", "member"],
}
FORM_ID, LETTER, VOTE, MANDATE, INVITATION, MEETING, QUESTION, DEADLINE, HANDOVER = 500, 1, 1, 1, 1, 1, 1, 1, 1
BROADCAST = 1
SECRET_VOTE, SELECTION = 2, 3
ITEM = 1
PASSAGE, STAFFS_QUESTION, ANSWERED, LIST = 1, 2, 3, 1
DEADLINE_ACTS = ("show", "remind", "ics", "mute", "done", "confirm", "change", "cancel", "renew")
OTHER_MEETING_ACTS = ("ics", "files", "show", "agenda", "invite", "second", *PAPERS, "papers", "minutes")
# One tap of every act that a kind of button knows.
FRIDAY = int(datetime(2026, 11, 27, 8, tzinfo=UTC).timestamp())  # 9:00 in Berlin: the office's week

SAMPLES: dict[type[cb.Tap], list[cb.Tap]] = {
    cb.Open: [cb.Open("office", 1)],  # each place has a test of its own
    cb.Claim: [cb.Claim("yes", VERA), cb.Claim("no", VERA)],
    cb.Language: [cb.Language("de")],
    cb.PreferTyping: [cb.PreferTyping(answer) for answer in ("on", "off", "perhaps")],
    cb.Leave: [cb.Leave(answer) for answer in ("no", "yes", "perhaps")],
    cb.CastTap: [cb.CastTap(VOTE, MANDATE, choice) for choice in ("yes", "no", "abstain", "conflict")],
    cb.TypedCast: [cb.TypedCast(VOTE, MANDATE, "yes")],
    cb.ShowDate: [cb.ShowDate(VOTE, MANDATE, 1)],
    cb.Score: [cb.Score(SELECTION, MANDATE, 1, 1, 3), cb.Score(VOTE, MANDATE, 1, 1, 3)],
    cb.ShowProject: [cb.ShowProject(SELECTION, MANDATE, project) for project in (0, 1, 9)],
    cb.OnSelection: [cb.OnSelection(SELECTION, MANDATE, 0, act) for act in ("confirm", "aside", "back")],
    cb.Papers: [cb.Papers(SELECTION, 1)],
    cb.Object: [cb.Object(VOTE, MANDATE, act) for act in ("ask", "back", "yes")],
    cb.SecretChoose: [cb.SecretChoose(SECRET_VOTE, MANDATE, choice) for choice in ("yes", "back")],
    cb.SecretCast: [cb.SecretCast(SECRET_VOTE, MANDATE, "yes")],
    cb.WithdrawConflict: [cb.WithdrawConflict(SECRET_VOTE, MANDATE)],
    cb.HandOver: [cb.HandOver(MANDATE, DORA)],
    cb.TakeBack: [cb.TakeBack(HANDOVER)],
    cb.OnVote: [cb.OnVote(VOTE, act) for act in (*FORM_OF, "paper", "papers", "close", "run_off", "meeting1")],
    cb.Practise: [cb.Practise("yes")],
    cb.Answer: [cb.Answer(INVITATION, 0, answer) for answer in ("yes", "no", "deputy")],
    cb.AskDeputy: [cb.AskDeputy(INVITATION, 0, DORA)],
    cb.DeputyAnswer: [cb.DeputyAnswer(INVITATION, 0, answer) for answer in ("yes", "no")],
    cb.Arrive: [cb.Arrive(INVITATION)],
    cb.OnItem: [cb.OnItem(ITEM, act) for act in ("show", "decide", "undecide", "vote")],
    cb.OnMeeting: [cb.OnMeeting(MEETING, act) for act in (*MEETING_ACTS, *OTHER_MEETING_ACTS)],
    cb.OnDeadline: [cb.OnDeadline(DEADLINE, act) for act in DEADLINE_ACTS],
    cb.DeadlineList: [cb.DeadlineList(area, 0, act) for area in ("", "C") for act in ("show", "ics")],
    cb.Follow: [cb.Follow("area", "C"), cb.Follow("kind", "Aufruf"), cb.Follow("area", "X"), cb.Follow("so", "C")],
    cb.OnFiles: [cb.OnFiles(act, kind) for act in FILE_ACTS for kind in ("", *TITLES)],
    cb.OnList: [cb.OnList(LIST, act) for act in ("take", "drop", "keep")],
    cb.OnReminder: [cb.OnReminder(LETTER, act) for act in ("done", "mute")],
    cb.OnQuestion: [
        cb.OnQuestion(QUESTION, act)
        for act in ("office", "alone", "good", "bad", "more", "again", "tell", *OFFICE_ACTS)
    ],
    cb.Near: [cb.Near(QUESTION, PASSAGE)],
    cb.FormTap: [cb.FormTap(FORM_ID, 0, 0)],
    cb.FormAct: [
        cb.FormAct(FORM_ID, 0, act) for act in ("resume", "back", "skip", "confirm", "form", "question", "cancel")
    ],
    cb.OnPlanned: [cb.OnPlanned("week", 0, FRIDAY, act) for act in ("show", "hold", "release", "now")],
    cb.OnBroadcast: [cb.OnBroadcast(BROADCAST, act) for act in BROADCAST_ACTS],
    cb.OnReport: [cb.OnReport("2026-11", act) for act in ("show", "csv", "nonsense")] + [cb.OnReport("x", "show")],
    cb.Read: [cb.Read(copy, 0) for copy in (0, 1, 999)],
    cb.OnBackup: [cb.OnBackup(act) for act in ("look", "now", "now", "away")],
    cb.OnLetter: [cb.OnLetter(LETTER, act) for act in ("again", "drop")],
    cb.PeopleList: [cb.PeopleList(where) for where in ("1", "999", "staff", "sponsors", "missing", "without", "x")],
    cb.OnPerson: [cb.OnPerson(person, act) for person in (VERA, 999) for act in (*PERSON_ACTS, "x")],
    cb.OnCodes: [cb.OnCodes(person, act) for person in (0, VERA, 999) for act in ("ask", "pdf", "csv", "x")],
}


@pytest.fixture(scope="module")
def world_template(office_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with one of everything that a button can name, to be copied."""
    path = tmp_path_factory.mktemp("world") / "store.db"
    return filled(office_template, path, lambda database: fill(database, Clock().now))


@pytest.fixture
def with_world(sqlite_url: str, with_office: None, world_template: Path) -> None:
    """The store, before anybody opens it, is one with everything in it."""
    shutil.copyfile(world_template, sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def world(with_world: None, party: Party) -> Party:
    """One of everything that a button can name."""
    return party


async def fill(database: Database, now: datetime) -> None:
    """Enter it."""
    soon = now + timedelta(days=7)
    async with database.begin() as session:
        staff = await actor(session, STAFF)
        body = await session.get_one(Body, 1)
        body.charter = {**body.charter, "secret_on_request": True}
        plan = entering.VotePlan(1, Kind.MOTION, Held.MEETING, "Titel", "Text", now, soon)
        await entering.enter(session, plan, staff, now)
        secret = entering.VotePlan(1, Kind.STRAW_POLL, Held.MEETING, "Titel", "Text", now, soon, secret=True)
        await entering.enter(session, secret, staff, now)
        plan = entering.VotePlan(1, Kind.SELECTION, Held.MEETING, "Titel", "Text", now, soon, call=CALL)
        await entering.enter(session, plan, staff, now)
        meeting = MeetingPlan(1, "Sitzung", soon, soon + timedelta(hours=2), "Saal", "Auswahl")
        await meetings.invite(session, (await meetings.enter(session, meeting, staff)).number, staff, now)
        await deadlines.enter(session, {"title": "Frist", "kind": "Aufruf", "due_at": soon}, now)
        await ensure_account(session, 999, "de", now)
        await questions.hand_on(session, await questions.note(session, 999, "Frage", now, "none", None), now)
        source = "---\ntitle: T\npublisher: P\nrank: office\n---\nEin Satz, der etwas sagt.\n"
        await take_in(session, read_sources({"quelle.md": source.encode()}).sources, now)
        await questions.note(session, STAFF, "Was sagt er?", now, "answer", PASSAGE)
        answered = await questions.note(session, 999, "Noch eine", now, "none", None)
        await questions.hand_on(session, answered, now)
        await questions.answer(session, ANSWERED, "Ja.", staff, now)
        (await session.get_one(Letter, LETTER)).state = "uncertain"
        await hand_over(session, NewHandover(MANDATE, DORA, until=soon), await actor(session, VERA), now)
        await broadcasting.enter(session, broadcasting.Plan({"de": "Text"}, "de", ["role:traeger"]), staff, now)
        await keep(session, "deadlines.csv", b"key;title;kind;due\nk;Frist;Aufruf;24.12.2026 12:00\n", now)
        session.add(_half_filled(FORMS[0], now))


def _half_filled(form: Form, now: datetime) -> Draft:
    draft = Draft(id=FORM_ID, telegram_id=STAFF, form=form.name, asked=[form.questions[0].key])
    draft.answers, draft.offered, draft.held_text, draft.updated_at = {"number": 1}, [1], "Text", now
    return draft


async def tap(party: Party, who: int, tapped: cb.Tap) -> dict[str, Any]:
    """Tap it; what the tap was answered with."""
    (answer,) = await tap_all(party, [(who, tapped)])
    return answer


async def tap_all(party: Party, taps: Iterable[tuple[int, cb.Tap]]) -> list[dict[str, Any]]:
    """Tap all of these at once; what each was answered with."""
    updates = [party.telegram.tap_data(who, tapped.pack(), _message(who)) for who, tapped in taps]
    party.telegram.calls.clear()
    await party.assistant.intake.take(updates)
    await party.assistant.intake.idle()
    async with party.database.read() as session:
        assert list(await session.scalars(select(InboxRow.error).where(InboxRow.error.is_not(None)))) == []
    answers = {call.params["callback_query_id"]: call.params for call in party.telegram.sent("answerCallbackQuery")}
    return [answers[str(one["update_id"])] for one in updates]


def _message(who: int) -> dict[str, Any]:
    return {"message_id": 1, "date": SENT_AT, "chat": chat(who), "from": BOT, "text": "?"}


async def assert_refused(party: Party, roles: Iterable[str], *taps: cb.Tap) -> None:
    """Each of these roles taps each of these buttons, gets the sentence, and nothing has changed."""
    before, tried = await party.state(), list(product(roles, taps))
    answers = await tap_all(party, [(ROLES[role], tapped) for role, tapped in tried])
    for what, answered in zip(tried, answers, strict=True):
        assert answered.get("text", "").startswith("Das darf nur"), what
        assert answered["show_alert"] is True
    assert await party.state() == before


def test_the_lists_name_each_other() -> None:
    assert set(HANDLERS) == {one.names[0] for one in COMMANDS}
    assert set(TAPS) == set(_KINDS.values())
    assert set(SAMPLES) == set(TAPS)
    assert len({name for one in COMMANDS for name in one.names}) == sum(len(one.names) for one in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.names[0])
async def test_a_command_is_heard_by_whom_it_is_for(party: Party, command: Command) -> None:
    for name in command.names:
        for role, who in ROLES.items():
            before = await party.state()
            await party.write(who, f"/{name}")
            refused = party.last_text(who).startswith("Das darf nur")
            assert refused == (role in LACKING[command.right]), (name, role)
            if refused:
                assert await party.state() == before


@pytest.mark.parametrize(("role", "who"), ROLES.items())
async def test_the_menu_shows_what_one_may_use(party: Party, role: str, who: int) -> None:
    async with party.database.read() as session:
        shown = commands("de", await actor(session, who))
    allowed = [one for one in COMMANDS if role not in LACKING[one.right]]
    assert [one.command for one in shown] == [one.names[0] for one in allowed]
    assert all(isinstance(one, BotCommand) and one.description for one in shown)


@pytest.mark.parametrize("kind", TAPS, ids=lambda one: one.__name__)
async def test_a_button_obeys_whom_it_is_for_whoever_taps_it(world: Party, kind: type[cb.Tap]) -> None:
    assert [cb.parse(tapped.pack()) for tapped in SAMPLES[kind]] == SAMPLES[kind]
    await assert_refused(world, LACKING[TAPS[kind].right], *SAMPLES[kind])
    others = [role for role in ROLES if role not in LACKING[TAPS[kind].right]]
    for tapped, role in product(SAMPLES[kind], others):
        await tap(world, ROLES[role], tapped)  # an answer of some kind, and no fault


@pytest.mark.parametrize("where", PLACES)
async def test_a_place_opens_to_whom_it_is_for(world: Party, where: str) -> None:
    await assert_refused(world, LACKING[PLACES[where][0]], cb.Open(where, 1))
    for role in ROLES.keys() - set(LACKING[PLACES[where][0]]):
        await tap(world, ROLES[role], cb.Open(where, 1))
    answered = await tap(world, STAFF, cb.Open(where, 1))
    staff_alone_may_not = {"practice"}  # a rehearsal is for who holds a mandate
    assert answered.get("text", "").startswith("Das darf nur") == (where in staff_alone_may_not)


async def test_a_half_filled_form_is_its_writers_alone(world: Party) -> None:
    await assert_refused(world, ROLES.keys() - {"staff"}, *SAMPLES[cb.FormTap], *SAMPLES[cb.FormAct])


# Forms that begin with a file: its name and what it holds.
SENT = {"source": ("a.txt", b"Ein Satz, der etwas sagt.")}


def ways_in(form: Form) -> Iterator[cb.Tap]:
    """The buttons that begin a form."""
    yield from (cb.Open(where) for where in PLACES if where == f"new_{form.name}")
    number = SELECTION if form.name == "enter_points" else VOTE
    yield from (cb.OnVote(number, act) for act, name in FORM_OF.items() if name == form.name)
    numbers = {"answer": QUESTION, "learn": ANSWERED, "alias": STAFFS_QUESTION}
    yield from (cb.OnQuestion(numbers[act], act) for act in OFFICE_ACTS if act == form.name)
    if form.name == "secret_paper":
        yield cb.OnVote(SECRET_VOTE, "paper")
    yield from (cb.OnMeeting(MEETING, act) for act, name in MEETING_ACTS.items() if name == form.name)
    yield from (cb.OnPerson(VERA, act) for act, name in PERSON_FORMS.items() if name == form.name)
    if form.name == "find_person":
        yield cb.Open("find_person")
    if form.name == "arrive":
        yield cb.Arrive(INVITATION)
    if form.name == "handover":
        yield cb.HandOver(MANDATE, DORA)
    if form.name == "broadcast_correct":
        yield cb.OnBroadcast(BROADCAST, "correct")
    if form.name.startswith("deadline_"):
        yield cb.OnDeadline(DEADLINE, {"deadline_change": "change", "deadline_status": "cancel"}[form.name])


# In a vote that is open and excludes nobody; of a meeting with nobody there.
NOTHING_TO_ASK = {"lot", "tie", "admit", "secret_paper", "meeting_left"}
ON_THE_DAY = {"arrive", "meeting_present", "meeting_left", "meeting_begin", "meeting_end", "minutes"}


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.name)
async def test_a_form_is_filled_in_by_whom_it_is_for(world: Party, form: Form) -> None:
    if form.name in ON_THE_DAY:
        world.clock.jump(world.clock.now + timedelta(days=7, minutes=1))
    begins = list(ways_in(form))
    assert len(begins) + (form.name in SENT) == 1
    whose = "staff" if form.right is Right.STAFF else "member"
    async with world.database.begin() as session:
        await session.delete(await session.get_one(Draft, FORM_ID))
        await session.flush()
        session.add(_half_filled(form, world.clock.now))
    await assert_refused(world, ROLES.keys() - {whose}, *begins)
    await assert_refused(world, ["member"], *SAMPLES[cb.FormTap], *SAMPLES[cb.FormAct])
    for who in [*(ROLES[role] for role in LACKING[Right.STAFF]), STAFF] if form.name in SENT else ():
        await world.hear(world.telegram.upload(who, *SENT[form.name]))
    for begin in begins:
        await tap(world, ROLES[whose], begin)
    assert {one.form for one in await world.rows(Draft)} == {form.name}
    assert len(await world.rows(Draft)) == (1 if form.name in NOTHING_TO_ASK else 2)


# --- the office's screens

# Without a number of their own; a rehearsal is a member's.
SCREENS = [where for where in PLACES if where not in {"office", "practice", "open", "kinds", "areas", "words"}]
OPENED: list[cb.Tap] = [
    cb.OnDeadline(DEADLINE, "show"),
    cb.OnPlanned("week", 0, FRIDAY, "show"),
    cb.OnBroadcast(BROADCAST, "show"),
    cb.OnBroadcast(BROADCAST, "calls"),
    cb.OnItem(ITEM, "show"),
    *(cb.OnMeeting(MEETING, act) for act in ("show", "agenda", "papers")),
    cb.DeadlineList("", 0, "show"),
]
WAYS_BACK = {"Büro", "Zurück", "Abbrechen"}  # a form's end leads to the office as well


@pytest.mark.parametrize("screen", [*(cb.Open(where, 1) for where in SCREENS), *OPENED], ids=lambda one: one.pack())
async def test_every_screen_of_the_office_leads_back(world: Party, screen: cb.Tap) -> None:
    labels = set(await shown_by(world, screen))
    assert labels & WAYS_BACK, labels


async def shown_by(world: Party, screen: cb.Tap) -> dict[str, str]:
    """The buttons of all that staff is shown after a tap."""
    world.telegram.chats[STAFF].clear()
    world.telegram.chats[STAFF][1] = {"message_id": 1, "chat": chat(STAFF), "from": BOT, "date": SENT_AT, "text": "?"}
    await tap(world, STAFF, screen)
    shown = [one for one in world.telegram.chats[STAFF].values() if one["from"] == BOT]
    return {label: data for one in shown for label, data in world.telegram.buttons(one).items()}


async def test_everything_is_at_most_three_taps_away(world: Party) -> None:
    """By the buttons alone, from „/buero": what is a place of the office's without a number is found after two taps."""
    found: set[str] = set()
    ahead: list[cb.Tap] = [cb.Open("office")]
    for _tap in range(2):
        offered: set[cb.Tap] = set()
        for one in ahead:
            offered |= {leads for data in (await shown_by(world, one)).values() if (leads := cb.parse(data))}
        found |= {one.where for one in offered if isinstance(one, cb.Open)}
        ahead = [one for one in offered if isinstance(one, cb.Open) and not one.where.startswith("new_")]
    only_where_something_waits = {"waiting", "wishes", "missing", "question"}  # the last by typing
    of_the_office = {where for where, (right, _) in PLACES.items() if right is Right.STAFF}
    assert of_the_office - found <= only_where_something_waits
    assert {"votes", "meetings", "deadlines", "vote", "meeting", "broadcast"} <= found
