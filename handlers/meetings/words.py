"""What is said of a meeting wherever it is shown: its facts, the answers' names, its calendar entry."""

from handlers.ics import meeting_ics
from handlers.speech import File
from locales import N_, Markup, Voice, bold
from models.meeting.rows import Meeting

ANSWERS = {"yes": N_("Acceptance"), "no": N_("Refusal"), "deputy": N_("Deputy")}


def facts(voice: Voice, meeting: Meeting) -> list[Markup]:
    """Title, time, place and agenda, a line each."""
    lines = [
        voice.say("No. %(number)s", number=meeting.number) if meeting.number else Markup(""),
        bold(meeting.title),
        voice.say("%(start)s to %(end)s", start=voice.moment(meeting.starts_at), end=voice.time(meeting.ends_at)),
        voice.say("Place: %(place)s", place=meeting.place) if meeting.place else Markup(""),
        voice.say("Agenda:\n%(agenda)s", agenda=meeting.agenda) if meeting.agenda else Markup(""),
    ]
    return [line for line in lines if line]


def calendar_file(meeting: Meeting, voice: Voice) -> File:
    """The meeting's .ics."""
    name = voice.plain("meeting-%(number)s.ics", number=meeting.number)
    return File(name, meeting_ics(meeting, voice.zone, meeting.invited_at or meeting.starts_at))
