"""„Verlängern" and „Abbrechen": a running vote gets another end."""

from datetime import datetime

from handlers.forms.parts import preview, read_back, read_instant, soon, text
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.running_vote.parts import body_of, done, the_vote
from handlers.speech import Message
from handlers.votes.announcing import broken_off_text, extended_text
from locales import N_
from models.ballot import office
from models.refusals import Unfit


async def _new_closing(desk: Desk) -> Ask:
    vote = await the_vote(desk)
    start = max(vote.closes_at, desk.now)
    return Ask(
        desk.voice.say(
            "It closes on %(moment)s. Until when shall it stay open? Tap, or write like this: 01.12.2026 12:00",
            moment=desk.voice.moment(vote.closes_at),
        ),
        soon(desk, start, (1, 3, 7)),
    )


async def _preview_extension(desk: Desk) -> Message:
    vote = await the_vote(desk)
    if desk.at("closes") <= vote.closes_at:
        raise Unfit("not later")
    shown = extended_text(
        desk.voice, vote, await body_of(desk, vote), vote.closes_at, desk.at("closes"), desk.answers["reason"]
    )
    return Message(f"{preview(desk.voice)}\n\n{shown}")


async def _extend(desk: Desk) -> Message:
    closes: datetime = desk.at("closes")
    number = desk.answers["vote"]
    await office.extend(desk.session, number, closes, desk.answers["reason"], desk.actor, desk.now)
    said = desk.voice.say("Extended until %(moment)s. Everyone is being told.", moment=desk.voice.moment(closes))
    return done(desk, said)


EXTEND = Form(
    "extend",
    N_("Extend a vote"),
    N_("Extend"),
    (
        Question("closes", _new_closing, read_instant, echo=read_back("closes", N_("Closes: %(moment)s"))),
        text("reason", N_("Why? All will read this.")),
    ),
    _preview_extension,
    _extend,
)


async def _preview_breaking_off(desk: Desk) -> Message:
    vote = await the_vote(desk)
    shown = broken_off_text(desk.voice, vote, await body_of(desk, vote), desk.answers["reason"])
    return Message(f"{preview(desk.voice)}\n\n{shown}")


async def _break_off(desk: Desk) -> Message:
    number = desk.answers["vote"]
    await office.break_off(desk.session, number, desk.answers["reason"], desk.actor, desk.now)
    said = desk.voice.say("Vote no. %(number)s is broken off. Everyone is being told.", number=number)
    return done(desk, said)


BREAK_OFF = Form(
    "break_off",
    N_("Break a vote off"),
    N_("Break the vote off"),
    (text("reason", N_("Why? All will read this.")),),
    _preview_breaking_off,
    _break_off,
)
