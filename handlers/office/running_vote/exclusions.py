"""A mandate excluded from an item (§ 33 KVG LSA), and let in again."""

from handlers.forms.parts import line
from handlers.forms.shape import Ask, Desk, Form, Question
from handlers.office.running_vote.parts import done, the_elector, the_vote
from handlers.speech import Message
from locales import N_
from models.ballot import looking, office
from models.ballot.rules import check_open
from models.ballot.secret.reading import voted_secretly
from models.refusals import Unfit, Unknown


async def _whom_to_exclude(desk: Desk) -> Ask:
    vote = await the_vote(desk)
    check_open(vote, desk.now)
    rows = await looking.electorate(desk.session, vote.number)
    voted = await voted_secretly(desk.session, vote)  # such a ballot could not be taken out of the count
    free = [
        (elector.name, elector.mandate_id)
        for elector, _ in rows
        if elector.excluded_at is None and elector.mandate_id not in voted
    ]
    if not free:
        raise Unfit("voted secretly")
    return Ask(desk.voice.say("Which mandate has been excluded (§ 33)?"), free)


async def _preview_exclusion(desk: Desk) -> Message:
    elector = await the_elector(desk)
    return Message(
        desk.voice.say(
            "Vote no. %(number)s\n%(mandate)s is excluded: %(why)s\n"
            "It cannot vote on this item; a ballot cast before does not count. The mandate is told.",
            number=elector.vote_number,
            mandate=elector.name,
            why=desk.answers["why"],
        )
    )


async def _exclude(desk: Desk) -> Message:
    number, mandate = desk.answers["vote"], desk.answers["mandate"]
    await office.exclude(desk.session, number, mandate, desk.answers["why"], desk.actor, desk.now)
    elector = await the_elector(desk)
    return done(desk, desk.voice.say("%(mandate)s is recorded as excluded.", mandate=elector.name))


EXCLUDE = Form(
    "exclude",
    N_("Enter an exclusion"),
    N_("Enter"),
    (Question("mandate", _whom_to_exclude), line("why", N_("Who decided it, and why? One line, for the record."))),
    _preview_exclusion,
    _exclude,
)


async def _whom_to_admit(desk: Desk) -> Ask:
    rows = await looking.electorate(desk.session, desk.answers["vote"])
    excluded = [(elector.name, elector.mandate_id) for elector, _ in rows if elector.excluded_at is not None]
    if not excluded:
        raise Unknown
    return Ask(desk.voice.say("Whose exclusion is lifted?"), excluded)


async def _preview_admission(desk: Desk) -> Message:
    elector = await the_elector(desk)
    return Message(
        desk.voice.say(
            "Vote no. %(number)s\n%(mandate)s takes part again; a ballot cast before counts again.",
            number=elector.vote_number,
            mandate=elector.name,
        )
    )


async def _admit(desk: Desk) -> Message:
    number = desk.answers["vote"]
    await office.lift_exclusion(desk.session, number, desk.answers["mandate"], desk.actor, desk.now)
    elector = await the_elector(desk)
    return done(desk, desk.voice.say("%(mandate)s takes part again.", mandate=elector.name))


ADMIT = Form(
    "admit", N_("Lift an exclusion"), N_("Enter"), (Question("mandate", _whom_to_admit),), _preview_admission, _admit
)
