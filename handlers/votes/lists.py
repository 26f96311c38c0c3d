"""``/abstimmungen``, the attachments of a vote, and the rehearsal."""

from handlers.callbacks import Open, Practise
from handlers.context import Context
from handlers.speech import File, Message, Row
from handlers.votes.naming import CHOICES
from handlers.way_back import to_office
from locales import Voice
from models.actor import Actor
from models.ballot import casting, entering, looking
from models.ballot.rules import Choice, Phase, phase
from models.member import Role
from models.refusals import NotEntitled, Unknown


async def my_votes(context: Context) -> None:
    """``/abstimmungen``: what is open, and the last results."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_member()
        voice = await context.voice(session)
        votes = await looking.votes_seen_by(session, who, context.now)
        practised = await casting.has_practised(session, who.telegram_id)
    rows: list[Row] = []
    for vote in votes:
        current = phase(vote, context.now)
        if current is Phase.CANCELLED:
            label = voice.plain("%(number)s · broken off · %(title)s", number=vote.number, title=vote.title)
            rows.append([(label, Open("result", vote.number))])
        elif current is Phase.OPEN:
            label = voice.plain("%(number)s · open · %(title)s", number=vote.number, title=vote.title)
            rows.append([(label, Open("vote", vote.number))])
        else:
            label = voice.plain("%(number)s · result · %(title)s", number=vote.number, title=vote.title)
            rows.append([(label, Open("result", vote.number))])
    if who.with_role(Role.MEMBER) and not practised:
        rows.append([(voice.plain("Rehearsal vote"), Open("practice"))])
    text = voice.say("Votes and results:") if votes else voice.say("There are no votes yet.")
    await context.toast()
    await context.say(Message(text, [*rows, *to_office(voice, who)]))


async def show_files(context: Context, number: int) -> None:
    """The attachments of a vote, for those who may see it."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        await looking.find_for(session, number, who, context.now)
        files = [File(one.name, one.content) for one in await entering.files_of(session, number, with_content=True)]
    await context.toast()
    await context.say(
        Message(voice.say("Attachments of vote no. %(number)s:", number=number), to_office(voice, who), files)
    )


async def rehearsal(context: Context) -> None:
    """„Probeabstimmung": a card like the real one, without any trace in a result."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        practised = await casting.has_practised(session, who.telegram_id)
    _need_seat(who)
    await context.toast()
    if practised:
        await context.say(Message(voice.say("You have practised already. The real votes come to you by themselves.")))
        return
    rows: list[Row] = [
        [(voice.plain(CHOICES[one]), Practise(one)) for one in (Choice.YES, Choice.NO)],
        [(voice.plain(CHOICES[Choice.ABSTAIN]), Practise(Choice.ABSTAIN))],
    ]
    text = voice.say("<b>Rehearsal vote</b>\nShall there be coffee at the next meeting?\nThis does not count anywhere.")
    await context.say(Message(text, rows))


def _need_seat(who: Actor) -> None:
    if not who.with_role(Role.MEMBER):
        raise NotEntitled("holder")


async def practise(context: Context, tap: Practise) -> None:
    """A tap in the rehearsal: the same words as in a real vote, and nothing is kept but that it took place."""
    if tap.choice not in [*Choice]:
        raise Unknown
    async with context.begin() as session:
        await context.account(session)
        who = await context.actor(session)
        voice = await context.voice(session)
        await casting.practise(session, who, context.now)
    await _practised(context, voice, Choice(tap.choice))


async def practise_again(context: Context, tap: Practise) -> None:
    """The rehearsal was noted before, only not spoken."""
    voice = await context.own_voice()
    await _practised(context, voice, Choice(tap.choice))


async def _practised(context: Context, voice: Voice, choice: Choice) -> None:
    said = voice.plain("Your vote: %(choice)s · rehearsal", choice=voice.plain(CHOICES[choice]))
    await context.toast(said)
    text = voice.say("<b>%(said)s</b>\nThat is all. In a real vote a receipt stands here.", said=said)
    await context.redraw(Message(text, [[(voice.plain("What is waiting for me"), Open("open"))]]))
