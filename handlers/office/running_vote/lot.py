"""The lot, drawn by the office where votes are equal."""

from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.running_vote.parts import done, the_vote
from handlers.speech import Message
from locales import N_
from models.ballot import office
from models.ballot.office import lot_between
from models.ballot.paper import options_of
from models.refusals import Unknown


async def _drawn(desk: Desk) -> Ask:
    vote = await the_vote(desk)
    between = lot_between(vote)
    options = await options_of(desk.session, vote)
    choices = [(one.label, one.place) for one in options if one.label in between]
    if not choices:
        raise Unknown
    return Ask(desk.voice.say("On whom did the lot fall?"), choices)


async def _preview_lot(desk: Desk) -> Message:
    options = await options_of(desk.session, await the_vote(desk))
    name = options[desk.answers["option"] - 1].label
    return Message(desk.voice.say("The lot fell on <b>%(name)s</b>. Everyone is told.", name=name))


async def _enter_lot(desk: Desk) -> Message:
    number = desk.answers["vote"]
    await office.note_lot(desk.session, number, desk.answers["option"], desk.actor, desk.now)
    return done(desk, desk.voice.say("The lot is recorded. Everyone is being told."))


LOT = Form("lot", N_("Enter the lot"), N_("Enter"), (Question("option", _drawn),), _preview_lot, _enter_lot)
