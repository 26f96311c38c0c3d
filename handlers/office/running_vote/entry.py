"""„Papier oder Telefon": a ballot that came in another way than by a tap."""

from handlers.forms.parts import line
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.running_vote.parts import entered_for, the_elector, the_vote, which_way, whose
from handlers.speech import Message
from handlers.votes.naming import CHOICES, WAYS, option_label
from locales import N_
from models.ballot import casting
from models.ballot.paper import options_of
from models.ballot.rules import Choice, Way


async def _choice(desk: Desk) -> Ask:
    vote = await the_vote(desk)
    options = [(option_label(desk.voice, one), str(one.place)) for one in await options_of(desk.session, vote)]
    words = [Choice.ABSTAIN] if options else [*Choice]
    return Ask(
        desk.voice.say("What did they say?"),
        [*options, *((desk.voice.plain(CHOICES[one]), one.value) for one in words)],
    )


async def _preview_entry(desk: Desk) -> Message:
    voice, elector = desk.voice, await the_elector(desk)
    choice = next(label for label, value in (await _choice(desk)).choices if value == desk.answers["choice"])
    shown = voice.say(
        "Vote no. %(number)s\nfor %(mandate)s, %(way)s: <b>%(choice)s</b>\nReason: %(why)s\n"
        "It is marked as entered by the office. If the member votes on the phone, that replaces it.",
        number=elector.vote_number,
        mandate=elector.name,
        way=voice.plain(WAYS[Way(desk.answers["way"])]),
        choice=choice,
        why=desk.answers["why"],
    )
    return Message(shown)


async def _enter(desk: Desk) -> Message:
    said = casting.Said(
        desk.answers["vote"],
        desk.answers["mandate"],
        desk.answers["choice"],
        desk.now,
        update_id=0,  # no tap of the member's is older
        way=Way(desk.answers["way"]),
        why=desk.answers["why"],
    )
    return entered_for(desk, await casting.enter_for(desk.session, said, desk.actor))


ENTER_BALLOT = Form(
    "enter_ballot",
    N_("Enter a vote from paper or telephone"),
    N_("Enter"),
    (
        Question("mandate", whose),
        Question("way", which_way),
        Question("choice", _choice),
        line("why", N_("Why was it not cast on the phone? One line, for the record.")),
    ),
    _preview_entry,
    _enter,
)
