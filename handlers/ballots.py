"""A vote on the member's phone: the card, the tap, the receipt, the result."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.callbacks import CastTap, Open, Practise
from handlers.context import Context
from handlers.phrases import CHOICES, KINDS, other_way
from handlers.speech import File, Message, Row
from locales import N_, Markup, Voice, bold, html
from models.actor import Actor
from models.ballot import acts
from models.ballot.paper import Paper, read_paper
from models.ballot.rows import Vote
from models.ballot.rules import Choice, Held, Kind, Phase, phase
from models.charter import Charter, Verdict, read_charter
from models.member import Role
from models.office import Body
from models.refusals import NotEntitled, Unknown

OUTCOMES = {
    "adopted": N_("adopted"),
    "rejected": N_("rejected"),
    "no quorum": N_("no quorum"),
}
MAJORITIES = {
    "simple": N_("more yes than no"),
    "absolute": N_("yes from more than half of those entitled"),
    "two thirds": N_("two thirds"),
}


def card(voice: Voice, seen: Paper, current: Phase, *, reminder: bool = False) -> Message:
    """A mandate's card: what is decided, until when, by which rule, and what its ballot says."""
    heading = N_("Vote still open · %(body)s") if reminder else N_("New vote · %(body)s")
    lines = [
        voice.say(heading, body=seen.body),
        voice.say("for %(mandate)s", mandate=seen.mandate),
        Markup(""),
        _what(voice, seen.vote),
        bold(seen.vote.title),
        html(seen.vote.text),
        Markup(""),
        voice.say("Closes: %(moment)s", moment=voice.moment(seen.vote.closes_at)),
        _rule(voice, seen),
    ]
    if seen.ballot:
        lines += [Markup(""), bold(receipt(voice, seen, current))]
    if current is Phase.OPEN:
        lines.append(other_way(voice, seen.contact))
        return Message("\n".join(lines).rstrip(), _buttons(voice, seen))
    lines.append(voice.say("The vote has ended."))
    return Message("\n".join(lines), [[(voice.plain("Result"), Open("result", seen.vote.number))]])


def _what(voice: Voice, vote: Vote) -> Markup:
    kind = voice.plain(KINDS[Kind(vote.kind)])
    if vote.kind == Kind.STRAW_POLL:
        return voice.say("No. %(number)s · %(kind)s (not binding)", number=vote.number, kind=kind)
    return voice.say("No. %(number)s · %(kind)s", number=vote.number, kind=kind)


def _rule(voice: Voice, seen: Paper) -> Markup:
    if seen.vote.kind == Kind.STRAW_POLL:
        return voice.say("A straw poll: it is counted, nothing is decided.")
    clause = (
        f" ({read_charter(seen.vote.charter).clause})"
        if read_charter(seen.vote.charter).clause and seen.vote.held == Held.CIRCULAR
        else ""
    )
    majority = MAJORITIES.get(read_charter(seen.vote.charter).majority, read_charter(seen.vote.charter).majority)
    return voice.say(
        "Rule: %(preset)s%(clause)s – majority: %(majority)s",
        preset=read_charter(seen.vote.charter).preset,
        clause=clause,
        majority=voice.plain(majority) if majority else "",
    )


def _buttons(voice: Voice, seen: Paper) -> list[Row]:
    def button(choice: Choice) -> tuple[str, CastTap]:
        label = voice.plain(CHOICES[choice])
        return label, CastTap(seen.vote.number, seen.mandate_id, choice)

    rows: list[Row] = [
        [button(Choice.YES), button(Choice.NO)],
        [button(Choice.ABSTAIN), button(Choice.CONFLICT)],
    ]
    if seen.files:
        rows.append([(voice.plain("Attachments"), Open("files", seen.vote.number))])
    return rows


def receipt(voice: Voice, seen: Paper, current: Phase) -> str:
    """„Ihre Stimme: Ja · Beleg 7F3K · änderbar bis 01.12.2026, 12:00 Uhr", without markup."""
    if seen.ballot is None:
        return ""
    choice = voice.plain(CHOICES[Choice(seen.ballot.choice)])
    if current is not Phase.OPEN or not read_charter(seen.vote.charter).changeable:
        return voice.plain("Your vote: %(choice)s · receipt %(code)s", choice=choice, code=seen.ballot.receipt)
    return voice.plain(
        "Your vote: %(choice)s · receipt %(code)s · changeable until %(moment)s",
        choice=choice,
        code=seen.ballot.receipt,
        moment=voice.stamp(seen.vote.closes_at),
    )


async def cast(context: Context, tap: CastTap) -> None:
    """A tap on the card: stored first, then said."""
    if tap.choice not in [*Choice]:
        raise Unknown
    async with context.begin() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        act = context.act
        seen = await acts.cast(session, tap.vote, tap.mandate, Choice(tap.choice), who, act.received_at, act.update_id)
    await _show(context, voice, seen)


async def cast_again(context: Context, tap: CastTap) -> None:
    """The tap was stored before, only not spoken: speak the receipt from the store."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        acts.acts_for(who, tap.mandate)
        seen = await read_paper(session, tap.vote, tap.mandate)
    await _show(context, voice, seen)


async def _show(context: Context, voice: Voice, seen: Paper) -> None:
    current = phase(seen.vote, context.now)
    # Side by side: the member sees both at once, and neither depends on the other.
    await asyncio.gather(context.toast(receipt(voice, seen, current)), context.redraw(card(voice, seen, current)))


async def show_cards(context: Context, number: int) -> None:
    """The cards of a vote for every mandate this account holds in it; its result where it has ended."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        vote = await acts.find(session, number)
        current = phase(vote, context.now)
        mine = [one.mandate_id for one in who.with_role(Role.MEMBER) if one.body_id == vote.body_id]
        seen = [await read_paper(session, number, one) for one in mine if one and vote.opened_at]
    if not seen and who.staff is None:
        raise NotEntitled("holder")
    if not seen or current in {Phase.CLOSED, Phase.CANCELLED}:
        await show_result(context, number)
        return
    await context.toast()
    for one in seen:
        await context.say(card(voice, one, current))


async def show_result(context: Context, number: int) -> None:
    """The result in words, for holders of the body and staff; staff sees of an open vote who is silent."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        message = await result_message(session, voice, number, who)
    await context.toast()
    await context.say(message)


async def result_message(session: AsyncSession, voice: Voice, number: int, who: Actor) -> Message:
    """The result of a closed vote; of one still open only how many mandates have voted.

    Raises:
        NotEntitled: neither a holder in the body nor staff.
    """
    vote = await acts.find(session, number)
    body = await session.get_one(Body, vote.body_id)
    if who.staff is None and vote.body_id not in {one.body_id for one in who.with_role(Role.MEMBER)}:
        raise NotEntitled("holder")
    if vote.closed_at is None:
        silent = await acts.silent_mandates(session, number)
        return Message(_still_open(voice, vote, body, [one.name for one in silent] if who.staff else []))
    return Message(result_text(voice, vote, body, await acts.verdict_of(session, vote)))


def _still_open(voice: Voice, vote: Vote, body: Body, silent: list[str]) -> Markup:
    lines = [
        voice.say("Vote · %(body)s", body=body.short),
        _what(voice, vote),
        bold(vote.title),
        voice.say("Opens: %(moment)s", moment=voice.moment(vote.opens_at)) if vote.opened_at is None else Markup(""),
        voice.say("Closes: %(moment)s", moment=voice.moment(vote.closes_at)),
    ]
    if silent:
        lines.append(voice.say("Not voted yet: %(number)s", number=len(silent)))
        lines += [voice.say("• %(name)s", name=name) for name in silent]
    return Markup("\n".join(line for line in lines if line))


def result_text(voice: Voice, vote: Vote, body: Body, verdict: Verdict) -> Markup:
    """The result in words, one figure a line, with the verdict and its rules."""
    tally = verdict.tally
    lines = [
        voice.say("Result · %(body)s", body=body.short),
        _what(voice, vote),
        bold(vote.title),
        Markup(""),
        voice.say("Entitled: %(number)s", number=tally.entitled),
        voice.say("Excluded (§ 33): %(number)s", number=tally.excluded),
        voice.say("Voted: %(number)s", number=tally.voted),
        voice.say("Yes: %(number)s", number=tally.yes),
        voice.say("No: %(number)s", number=tally.no),
        voice.say("Abstention: %(number)s", number=tally.abstained),
    ]
    if vote.kind == Kind.STRAW_POLL:
        return Markup("\n".join([*lines, Markup(""), voice.say("A straw poll: nothing is decided.")]))
    return Markup("\n".join([*lines, *_reasons(voice, vote, verdict)]))


def _reasons(voice: Voice, vote: Vote, verdict: Verdict) -> list[Markup]:
    charter = read_charter(vote.charter)
    majority = MAJORITIES.get(charter.majority, charter.majority)
    lines = [
        voice.say(
            "Quorum: %(counted)s took part, %(needed)s needed – %(reached)s",
            counted=verdict.quorum_counted,
            needed=verdict.quorum_needed,
            reached=voice.plain("reached") if verdict.quorum_reached else voice.plain("not reached"),
        ),
        voice.say(
            "Majority: %(rule)s, %(needed)s yes needed – %(reached)s",
            rule=voice.plain(majority),
            needed=verdict.majority_needed,
            reached=voice.plain("reached") if verdict.majority_reached else voice.plain("not reached"),
        ),
    ]
    if verdict.tie:
        lines.append(_tie(voice, charter, verdict))
    return [
        *lines,
        Markup(""),
        voice.say(
            "<b>%(outcome)s</b> – by the rules of procedure (%(preset)s)",
            outcome=voice.plain(OUTCOMES[verdict.outcome]),
            preset=charter.preset,
        ),
    ]


def _tie(voice: Voice, charter: Charter, verdict: Verdict) -> Markup:
    if charter.tie == "rejected":
        return voice.say("Tie: the motion is rejected.")
    if verdict.tally.chair_choice is None:
        return voice.say("Tie: the chair decides, but has cast no ballot. The motion is rejected.")
    return voice.say("Tie: the ballot of the chair decides.")


async def my_votes(context: Context) -> None:
    """``/abstimmungen``: what is open, and the last results."""
    async with context.read() as session:
        who = await context.actor(session)
        who.need_member()
        voice = await context.voice(session)
        votes = await acts.votes_seen_by(session, who)
    rows: list[Row] = []
    for vote in votes:
        if phase(vote, context.now) is Phase.OPEN:
            label = voice.plain("%(number)s · open · %(title)s", number=vote.number, title=vote.title)
            rows.append([(label, Open("vote", vote.number))])
        else:
            label = voice.plain("%(number)s · result · %(title)s", number=vote.number, title=vote.title)
            rows.append([(label, Open("result", vote.number))])
    if await _may_practise(context, who):
        rows.append([(voice.plain("Rehearsal vote"), Open("practice"))])
    text = voice.say("Votes and results:") if votes else voice.say("There are no votes yet.")
    await context.toast()
    await context.say(Message(text, rows))


async def _may_practise(context: Context, who: Actor) -> bool:
    async with context.read() as session:
        return bool(who.with_role(Role.MEMBER)) and not await acts.has_practised(session, who.telegram_id)


async def show_files(context: Context, number: int) -> None:
    """The attachments of a vote, for those who may see it."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        vote = await acts.find(session, number)
        if who.staff is None and vote.body_id not in {one.body_id for one in who.with_role(Role.MEMBER)}:
            raise NotEntitled("holder")
        files = [File(one.name, one.content) for one in await acts.files_of(session, number)]
    await context.toast()
    await context.say(Message(voice.say("Attachments of vote no. %(number)s:", number=number), files=files))


async def rehearsal(context: Context) -> None:
    """„Probeabstimmung": a card like the real one, without any trace in a result."""
    async with context.read() as session:
        who = await context.actor(session)
        voice = await context.voice(session)
        practised = await acts.has_practised(session, who.telegram_id)
    if not who.with_role(Role.MEMBER):
        raise NotEntitled("holder")
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


async def practise(context: Context, tap: Practise) -> None:
    """A tap in the rehearsal: the same words as in a real vote, and nothing is kept but that it took place."""
    if tap.choice not in [*Choice]:
        raise Unknown
    async with context.begin() as session:
        await context.account(session)
        who = await context.actor(session)
        voice = await context.voice(session)
        await acts.practise(session, who, context.now)
    await _practised(context, voice, Choice(tap.choice))


async def practise_again(context: Context, tap: Practise) -> None:
    """The rehearsal was noted before, only not spoken."""
    async with context.read() as session:
        voice = await context.voice(session)
    await _practised(context, voice, Choice(tap.choice))


async def _practised(context: Context, voice: Voice, choice: Choice) -> None:
    said = voice.plain("Your vote: %(choice)s · rehearsal", choice=voice.plain(CHOICES[choice]))
    await context.toast(said)
    text = voice.say("<b>%(said)s</b>\nThat is all. In a real vote a receipt stands here.", said=said)
    await context.redraw(Message(text, [[(voice.plain("What waits for me"), Open("open"))]]))
