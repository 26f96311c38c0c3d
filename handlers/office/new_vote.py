"""The form „Neue Abstimmung"."""

from datetime import datetime
from typing import Any

from handlers.callbacks import Open
from handlers.forms.parts import BODY, line, preview, read_after, read_back, read_instant, soon
from handlers.forms.shape import NOW, Ask, Desk, Form, Question, a_line, a_text
from handlers.selection.form import (
    SELECTION_QUESTIONS,
    call_of_answers,
    first_page,
    how_to_attach,
    labelled,
    preview_sheet,
)
from handlers.speech import Message, shorten
from handlers.votes.cards import card
from handlers.votes.naming import KINDS, PLACES
from handlers.way_back import office_row
from locales import N_, Markup
from models.ballot import entering
from models.ballot.paper import Paper, item_of
from models.ballot.rows import Elector, Option, Vote
from models.ballot.rules import Held, Kind, Phase, check_options, held_where
from models.ballot.secret.rules import secrecy
from models.charter import Charter, read_charter
from models.files import StoredFile
from models.meeting.changing import find_item
from models.office import Body, the_office
from models.refusals import Unfit

LABEL = 40  # characters of an item on a button


async def _charter(desk: Desk) -> Charter:
    return read_charter((await desk.session.get_one(Body, desk.answers["body"])).charter)


async def _kind(desk: Desk) -> Ask:
    return Ask(desk.voice.say("What kind of vote?"), [(desk.voice.plain(KINDS[kind]), kind) for kind in Kind])


async def _held(desk: Desk) -> Ask:
    ways = held_where(await _charter(desk), Kind(desk.answers["kind"]))
    return Ask(desk.voice.say("Where is it held?"), [(desk.voice.plain(PLACES[way]), way) for way in ways])


async def _simple_matter(desk: Desk) -> Ask | None:
    if desk.answers["held"] != Held.CIRCULAR or not Kind(desk.answers["kind"]).binding:
        return None
    charter = await _charter(desk)
    return Ask(
        desk.voice.say(
            "A binding vote by circulation is only for matters of a simple kind. The rules say: %(clause)s",
            clause=charter.clause,
        ),
        [(desk.voice.plain("A matter of a simple kind"), True)],
        must_be_tapped=True,
    )


async def _secret(desk: Desk) -> Ask:
    labels = {False: desk.voice.plain("Open"), True: desk.voice.plain("Secret")}
    ways = secrecy(await _charter(desk), Kind(desk.answers["kind"]), Held(desk.answers["held"]))
    return Ask(desk.voice.say("Open or secret?"), [(labels[one], one) for one in ways])


async def _open_election(desk: Desk) -> Ask | None:
    """§ 56 KVG LSA: elections are secret; open where nobody objects, which the office records here."""
    if desk.answers["kind"] != Kind.ELECTION or desk.answers.get("secret", False):
        return None
    return Ask(
        desk.voice.say("An election is open only if nobody has objected to that."),
        [(desk.voice.plain("Nobody has objected"), True)],
        must_be_tapped=True,
    )


async def _again(desk: Desk) -> Ask | None:
    """Whether the quorum is waived, where the charter knows a second meeting."""
    charter = await _charter(desk)
    if desk.answers["held"] != Held.MEETING or not charter.second_meeting or not Kind(desk.answers["kind"]).binding:
        return None
    return Ask(
        desk.voice.say("Was the body invited again because there was no quorum the last time?"),
        [(desk.voice.plain("No"), False), (desk.voice.plain("Yes"), True)],
    )


async def _text(desk: Desk) -> Ask:
    item = desk.answers.get("item")
    written = [] if item is None else [(await find_item(desk.session, item))[0].text]
    as_written = [(desk.voice.plain("As on the agenda: %(text)s", text=shorten(one, LABEL)), one) for one in written]
    return Ask(desk.voice.say("Text of the motion? Exactly as it is to be decided."), as_written)


async def _options(desk: Desk) -> Ask | None:
    match Kind(desk.answers["kind"]):
        case Kind.ELECTION:
            return Ask(desk.voice.say("What can be chosen? One option a line, 2 to 20."))
        case Kind.DATES:
            return Ask(desk.voice.say("Which dates? One a line, 2 to 20, like this: 01.12.2026 12:00"))
        case _:
            return None


def _read_options(desk: Desk, entry: str) -> list[dict[str, str]]:
    """The options of a typed list.

    Raises:
        Unfit: too few or too many, one twice, or a line that is no date to come.
    """
    kind = Kind(desk.answers["kind"])
    lines = [a_line(desk, one) for one in entry.splitlines() if one.strip()]
    if kind is Kind.DATES:
        found = [{"starts_at": read_instant(desk, one)} for one in lines]
    else:
        found = [{"label": one} for one in lines]
    check_options(kind, found)
    if len({*map(str, found)}) < len(found):
        raise Unfit("option twice")
    return found


def _new_options(desk: Desk) -> list[entering.NewOption]:
    return [
        entering.NewOption(
            one.get("label", ""), datetime.fromisoformat(one["starts_at"]) if "starts_at" in one else None
        )
        for one in desk.answers.get("options", ())
    ]


async def attachments_asked(desk: Desk) -> Ask:
    """Files one by one, until „Weiter"."""
    lines = [desk.voice.say("Attachments? Send files one by one (up to 20 MB each), then tap “Next”.")]
    lines += how_to_attach(desk)
    lines += [desk.voice.say("• %(name)s", name=name) for name in await file_names(desk)]
    return Ask(Markup("\n".join(lines)), optional=True)


async def file_names(desk: Desk) -> list[str]:
    """What was sent so far."""
    ids = desk.answers.get("attachments", [])
    return labelled(desk, [(await desk.session.get_one(StoredFile, number)).name for number in ids])


async def _opens(desk: Desk) -> Ask:
    now = (desk.voice.plain("At once"), NOW)
    return Ask(
        desk.voice.say("When does it open? Tap, or write like this: 01.12.2026 12:00"),
        [now, *soon(desk, desk.now, (1, 7))],
    )


async def _closes(desk: Desk) -> Ask:
    return Ask(
        desk.voice.say("When does it close? Tap, or write like this: 01.12.2026 12:00"),
        soon(desk, desk.at("opens"), (1, 3, 7, 14)),
    )


async def _when_all(desk: Desk) -> Ask:
    return Ask(
        desk.voice.say("Close as soon as all have voted?"),
        [(desk.voice.plain("Yes"), True), (desk.voice.plain("No"), False)],
    )


async def _preview(desk: Desk) -> Message:
    """The card as the members will see it."""
    body = await desk.session.get_one(Body, desk.answers["body"])
    vote = Vote(number=0, charter=body.charter, round=2 if "follows" in desk.answers else 1, **_facts(desk))
    everyone = desk.voice.plain("… (each member sees their own mandate)")
    seen = Paper(
        vote,
        body.short,
        Elector(vote_number=0, mandate_id=0, name=everyone),
        None,
        (await the_office(desk.session)).contact,
        len(desk.answers.get("attachments", [])),
        options=[
            Option(place=place, label=one.label, starts_at=one.starts_at)
            for place, one in enumerate(_new_options(desk), 1)
        ],
        sheet=preview_sheet(desk),
        item=await item_of(desk.session, desk.answers.get("item")),
    )
    shown = card(desk.voice, seen, Phase.OPEN)
    opens = desk.voice.plain("At once") if desk.answers["opens"] == NOW else desk.voice.moment(vote.opens_at)
    lines = [
        preview(desk.voice),
        shown.text,
        *first_page(desk, seen),
        desk.voice.say("Opens: %(moment)s", moment=opens),
    ]
    if names := await file_names(desk):
        lines.append(desk.voice.say("Attachments: %(names)s", names=", ".join(names)))
    if desk.answers["all"]:
        lines.append(desk.voice.say("Closes earlier as soon as all have voted."))
    return Message("\n\n".join(lines))


def _facts(desk: Desk) -> dict[str, Any]:
    return {
        "body_id": desk.answers["body"],
        "kind": Kind(desk.answers["kind"]),
        "held": Held(desk.answers["held"]),
        "secret": desk.answers.get("secret", False),
        "title": desk.answers["title"],
        "text": desk.answers["text"],
        "opens_at": desk.at("opens"),
        "closes_at": desk.at("closes"),
        "close_when_all": desk.answers["all"],
    }


async def _finish(desk: Desk) -> Message:
    if desk.at("closes") <= desk.now:
        raise Unfit("closes before it opens")
    plan = entering.VotePlan(
        **_facts(desk),
        file_ids=desk.answers.get("attachments", ()),
        options=_new_options(desk),
        again=desk.answers.get("again", False),
        call=call_of_answers(desk),
        follows=desk.answers.get("follows"),
        item_id=desk.answers.get("item"),
    )
    vote = await entering.enter(desk.session, plan, desk.actor, desk.now)
    voice = desk.voice
    done = (
        voice.say("Vote no. %(number)s is open. The members are being called now.", number=vote.number)
        if vote.opened_at
        else voice.say(
            "Vote no. %(number)s is entered. It opens on %(moment)s.",
            number=vote.number,
            moment=voice.moment(vote.opens_at),
        )
    )
    return Message(done, [[(voice.plain("Show the vote"), Open("result", vote.number))], office_row(voice)])


NEW_VOTE = Form(
    "vote",
    N_("New vote"),
    N_("Open the vote"),
    (
        BODY,
        Question("kind", _kind),
        Question("held", _held),
        Question("simple_matter", _simple_matter),
        Question("secret", _secret),
        Question("open_election", _open_election),
        Question("again", _again),
        line("title", N_("Title of the vote? One line.")),
        Question("text", _text, a_text),
        Question("options", _options, _read_options),
        *SELECTION_QUESTIONS,
        Question("attachments", attachments_asked, takes_files=True),
        Question("opens", _opens, read_instant, echo=read_back("opens", N_("Opens: %(moment)s"))),
        Question(
            "closes",
            _closes,
            read_after("opens", "closes before it opens"),
            echo=read_back("closes", N_("Closes: %(moment)s")),
        ),
        Question("all", _when_all),
    ),
    _preview,
    _finish,
)
