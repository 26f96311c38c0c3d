"""What is told of a vote beside the call to it: put off, broken off, an exclusion, a handover, the lot."""

from datetime import datetime

from handlers.votes.naming import what
from locales import Markup, Voice, bold
from models.ballot.rows import Vote


def _heading(voice: Voice, vote: Vote, body: str) -> list[Markup]:
    # The first line says nothing that a stranger may not read over somebody's shoulder.
    return [voice.say("Vote · %(body)s", body=body), what(voice, vote), bold(vote.title), Markup("")]


def extended_text(voice: Voice, vote: Vote, body: str, old: datetime, new: datetime, reason: str) -> Markup:
    """The closing was put off: old → new, and why."""
    lines = [
        *_heading(voice, vote, body),
        voice.say("The vote stays open longer."),
        voice.say("Closes: until now %(old)s, now <b>%(new)s</b>", old=voice.moment(old), new=voice.moment(new)),
        voice.say("Reason: %(reason)s", reason=reason),
        voice.say("Your vote stands."),
    ]
    return Markup("\n".join(lines))


def broken_off_text(voice: Voice, vote: Vote, body: str, reason: str) -> Markup:
    """The vote was broken off, and why."""
    lines = [
        *_heading(voice, vote, body),
        voice.say("The office has broken this vote off. It has no result."),
        voice.say("Reason: %(reason)s", reason=reason),
    ]
    return Markup("\n".join(lines))


def awaits_office_text(voice: Voice, vote: Vote, body: str) -> Markup:
    """To the office: the closing fell into an outage."""
    lines = [
        *_heading(voice, vote, body),
        voice.say(
            "I was out of order when this vote was to close (%(moment)s). Close it, or extend it?",
            moment=voice.moment(vote.closes_at),
        ),
    ]
    return Markup("\n".join(lines))


def excluded_text(voice: Voice, vote: Vote, body: str, mandate: str, why: str, doubt: str) -> Markup:
    """To a mandate: it takes no part in this item."""
    lines = [
        *_heading(voice, vote, body),
        voice.say("%(mandate)s is excluded from this item (§ 33): %(why)s", mandate=mandate, why=why),
        voice.say("If you doubt that, tell the office. %(doubt)s", doubt=doubt),
    ]
    return Markup("\n".join(lines))
