"""How letters about votes are worded when their turn comes. None: it no longer holds."""

from handlers.callbacks import OnVote, Open
from handlers.speech import Message
from handlers.turn import Turn, Wording
from handlers.votes.announcing import awaits_office_text, broken_off_text, excluded_text, extended_text
from handlers.votes.cards import card
from handlers.votes.deputies import mandate_words
from handlers.votes.results import result_message
from locales import Voice
from models.ballot import looking
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Elector, Extension, Handover, Vote
from models.ballot.rules import Phase, acting_for, phase
from models.charter import read_charter
from models.member import Person
from models.office import Body


async def _vote(turn: Turn) -> Message | None:
    return await _call(turn, reminder=False)


async def _vote_reminder(turn: Turn) -> Message | None:
    return await _call(turn, reminder=True)


async def _call(turn: Turn, *, reminder: bool) -> Message | None:
    paper = await read_paper(turn.session, turn.letter.about["vote"], turn.letter.about["mandate"], turn.now)
    acting_for(turn.reader, paper.mandate_id, paper.deputy_id)
    current = phase(paper.vote, turn.now)
    if current is not Phase.OPEN or paper.elector.excluded_at or paper.mark or (reminder and paper.complete):
        return None
    return card(turn.voice, paper, current, reminder=reminder)


async def _entered_for_you(turn: Turn) -> Message | None:
    paper = await read_paper(turn.session, turn.letter.about["vote"], turn.letter.about["mandate"], turn.now)
    acting_for(turn.reader, paper.mandate_id, paper.deputy_id)
    return card(turn.voice, paper, phase(paper.vote, turn.now)) if _still_by_office(paper) else None


def _still_by_office(paper: Paper) -> bool:
    return paper.ballot is not None and bool(paper.ballot.why)


async def _result(turn: Turn) -> Message | None:
    vote = await _of(turn)
    if vote.closed_at is None:  # looked at in advance: there is nothing to say yet
        return None
    return await result_message(turn.session, turn.voice, vote, turn.reader, turn.now)


async def _of(turn: Turn) -> Vote:
    # Who may not see the vote any more when the letter's turn comes is told nothing.
    return await looking.find_for(turn.session, turn.letter.about["vote"], turn.reader, turn.now)


async def _body(turn: Turn, vote: Vote) -> str:
    return (await turn.session.get_one(Body, vote.body_id)).short


async def _extended(turn: Turn) -> Message | None:
    vote = await _of(turn)
    made = await turn.session.get_one(Extension, turn.letter.about["extension"])
    if vote.closes_at != made.new_closing:  # put off once more meanwhile
        return None
    body = await _body(turn, vote)
    text = extended_text(turn.voice, vote, body, made.old_closing, made.new_closing, made.reason)
    return Message(text, [[_show(turn.voice, vote)]])


def _show(voice: Voice, vote: Vote) -> tuple[str, Open]:
    return voice.plain("Show the vote"), Open("vote", vote.number)


async def _broken_off(turn: Turn) -> Message | None:
    vote = await _of(turn)
    return Message(broken_off_text(turn.voice, vote, await _body(turn, vote), vote.reason))


async def _awaits_office(turn: Turn) -> Message | None:
    turn.reader.need_staff()
    vote = await _of(turn)
    if not vote.awaits_office:
        return None
    rows = [
        [(turn.voice.plain("Close the vote"), OnVote(vote.number, "close"))],
        [(turn.voice.plain("Extend"), OnVote(vote.number, "extend"))],
    ]
    return Message(awaits_office_text(turn.voice, vote, await _body(turn, vote)), rows)


async def _excluded(turn: Turn) -> Message | None:
    vote = await _of(turn)
    elector = await turn.session.get_one(Elector, (vote.number, turn.letter.about["mandate"]))
    if elector.excluded_at is None:
        return None
    doubt = read_charter(vote.charter).doubt
    body = await _body(turn, vote)
    return Message(excluded_text(turn.voice, vote, body, elector.name, elector.excluded_why, doubt))


async def _handed_over(turn: Turn) -> Message | None:
    handover = await turn.session.get_one(Handover, turn.letter.about["handover"])
    if handover.ended_at is not None or handover.deputy_id not in _people(turn):
        return None
    holder = await turn.session.get_one(Person, handover.holder_id)
    mandate = await mandate_words(turn.session, turn.voice, handover.mandate_id)
    text = turn.voice.say(
        "%(holder)s has handed the mandate %(mandate)s over to you.", holder=holder.name, mandate=mandate
    )
    lines = [text, _how_long(turn.voice, handover)]
    return Message("\n".join(lines), [[(turn.voice.plain("What is waiting for me"), Open("open"))]])


def _people(turn: Turn) -> set[int]:
    return {one.person_id for one in turn.reader.standings}


def _how_long(voice: Voice, handover: Handover) -> str:
    if handover.vote_number is not None:
        return voice.say("You vote for it in vote no. %(number)s.", number=handover.vote_number)
    if handover.until is not None:
        return voice.say("You vote for it until %(moment)s.", moment=voice.moment(handover.until))
    return voice.say("You vote for it until further notice.")


async def _taken_back(turn: Turn) -> Message | None:
    handover = await turn.session.get_one(Handover, turn.letter.about["handover"])
    if handover.deputy_id not in _people(turn):
        return None
    mandate = await mandate_words(turn.session, turn.voice, handover.mandate_id)
    text = turn.voice.say(
        "The mandate %(mandate)s has been taken back. Where you have voted already, your vote stands.",
        mandate=mandate,
    )
    return Message(text)


VOTE_LETTERS: dict[str, Wording] = {
    "vote": _vote,
    "vote_reminder": _vote_reminder,
    "entered_for_you": _entered_for_you,
    "result": _result,
    "lot": _result,
    "tie": _result,
    "extended": _extended,
    "broken_off": _broken_off,
    "awaits_office": _awaits_office,
    "excluded": _excluded,
    "handed_over": _handed_over,
    "taken_back": _taken_back,
}
