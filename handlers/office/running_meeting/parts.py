"""What the office's forms on a meeting share."""

from datetime import datetime

from handlers.callbacks import OnMeeting
from handlers.forms.shape import Desk
from handlers.speech import Message, Row
from handlers.way_back import office_row
from locales import Markup, Voice
from models.meeting import looking
from models.meeting.rows import Meeting
from models.meeting.rules import check_answerable, notice_kept


async def the_meeting(desk: Desk) -> Meeting:
    """The meeting that the form is about."""
    return await looking.find(desk.session, desk.answers["meeting"])


async def changeable(desk: Desk) -> Meeting:
    """The same, for staff and while it can be changed.

    Raises:
        NotEntitled: for everyone but staff.
        Late: it has begun.
    """
    desk.actor.need_staff()
    meeting = await the_meeting(desk)
    check_answerable(meeting, desk.now)
    return meeting


def done(voice: Voice, number: int, said: Markup) -> Message:
    """What was done, and the ways on from there."""
    rows: list[Row] = [
        [(voice.plain("Show the meeting"), OnMeeting(number, "show"))],
        office_row(voice),
    ]
    return Message(said, rows)


async def notice_warning(desk: Desk, body_id: int, starts_at: datetime) -> list[Markup]:
    """Whether the notice period of the charter is kept by what goes out now."""
    days = await looking.notice_days(desk.session, body_id)
    if notice_kept(starts_at, desk.now, days):
        return []
    return [
        desk.voice.plural(
            "<b>Attention:</b> the rules ask for a notice of %(number)s day. It is not kept.",
            "<b>Attention:</b> the rules ask for a notice of %(number)s days. It is not kept.",
            days,
        )
    ]
