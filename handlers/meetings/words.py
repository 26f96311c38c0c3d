"""What is said of a meeting wherever it is shown: its facts, the answers' names, its calendar entry."""

from collections.abc import Mapping
from datetime import datetime

from handlers.ics import meeting_ics
from handlers.speech import File
from locales import N_, Markup, Voice, bold, html
from models.meeting.agenda import Item, read_agenda
from models.meeting.rows import Meeting
from models.meeting.rules import CANCELLED

ANSWERS = {"yes": N_("Coming"), "no": N_("Not coming"), "deputy": N_("Deputy")}
SAID = {None: N_("no answer yet"), "yes": N_("accepted"), "no": N_("declined")}
DEPUTY_SAID = {None: N_("asked"), "yes": N_("accepted"), "no": N_("declined")}


def facts(voice: Voice, meeting: Meeting) -> list[Markup]:
    """Title, time, place and agenda, a line each."""
    lines = [
        *headline(voice, meeting),
        html(span(voice, meeting.starts_at, meeting.ends_at)),
        voice.say("Place: %(place)s", place=meeting.place) if meeting.place else Markup(""),
        voice.say("Agenda:\n%(agenda)s", agenda=agenda_text(voice, meeting)) if meeting.items else Markup(""),
        *_second(voice, meeting),
    ]
    return [line for line in lines if line]


def headline(voice: Voice, meeting: Meeting) -> list[Markup]:
    """Number and title; a preview has no number yet."""
    number = [voice.say("No. %(number)s", number=meeting.number)] if meeting.number else []
    return [*number, bold(meeting.title)]


def span(voice: Voice, start: datetime, end: datetime) -> str:
    """„Di, 08.12.2026, 10:00 Uhr bis 12:00 Uhr"; with its date where it ends on another day."""
    same_day = start.astimezone(voice.zone).date() == end.astimezone(voice.zone).date()
    until = voice.time(end) if same_day else voice.moment(end)
    return voice.plain("%(start)s to %(end)s", start=voice.moment(start), end=until)


def agenda_text(voice: Voice, meeting: Meeting) -> str:
    """The items, numbered, a line each."""
    return written(voice, [Item(one.text, one.decision) for one in meeting.items])


def written(voice: Voice, items: list[Item]) -> str:
    """Items in the reader's language, numbered, a line each."""
    return "\n".join(
        voice.plain("%(number)s. Decision: %(text)s", number=place, text=one.text)
        if one.decision
        else f"{place}. {one.text}"
        for place, one in enumerate(items, 1)
    )


def listed(voice: Voice, text: str) -> str:
    """An agenda as a list spells it, in the reader's language."""
    return written(voice, read_agenda(text))


def _second(voice: Voice, meeting: Meeting) -> list[Markup]:
    if meeting.second_of is None:
        return []
    return [
        voice.say(
            "Second meeting after no. %(number)s, which had no quorum: it decides whatever the number of those there.",
            number=meeting.second_of,
        )
    ]


def changed_lines(voice: Voice, meeting: Meeting, old: Mapping[str, str]) -> list[Markup]:
    """Old → new: when and where it was, when and where it is."""
    was = span(voice, datetime.fromisoformat(old["starts_at"]), datetime.fromisoformat(old["ends_at"]))
    now = span(voice, meeting.starts_at, meeting.ends_at)
    lines = []
    if was != now:
        lines += [
            voice.say("Until now: %(when)s", when=was),
            voice.say("<b>New: %(when)s</b>", when=now),
        ]
    else:
        lines.append(html(now))
    if old["place"] != meeting.place:
        none = voice.plain("(none)")
        lines += [
            voice.say("Place until now: %(place)s", place=old["place"] or none),
            voice.say("<b>New place: %(place)s</b>", place=meeting.place or none),
        ]
    elif meeting.place:
        lines.append(voice.say("Place: %(place)s", place=meeting.place))
    if meeting.reason:
        lines.append(voice.say("Reason: %(reason)s", reason=meeting.reason))
    return lines


def calendar_file(meeting: Meeting, voice: Voice, now: datetime) -> File:
    """The meeting's .ics as things stand now."""
    name = voice.plain("meeting-%(number)s.ics", number=meeting.number)
    return File(name, meeting_ics(meeting, voice.zone, now, agenda=agenda_text(voice, meeting)))


def replace_entry(voice: Voice, meeting: Meeting) -> Markup:
    """What to do with the calendar after a change."""
    if meeting.status == CANCELLED:
        return voice.say("Please delete the old entry if your calendar keeps it.")
    return voice.say("The attached entry replaces the old one. Please delete the old entry if your calendar keeps it.")
