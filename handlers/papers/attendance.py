"""Who comes and who was there: the list to sign, the list as recorded, and the answers as a table."""

from collections.abc import Iterator, Sequence

from handlers.papers.lists import table_pdf
from handlers.papers.meeting_values import Attendance, Attendee, Expected, Pair, Sitting, Stay
from handlers.papers.sheets import csv_file, workbook
from handlers.papers.values import ListPaper, Table
from locales import N_, Voice

EMPTY_LINES = 4  # for guests whom nobody expected
NONE = "–"
SHARES = (7, 8, 5)  # of the width, in every table of the attendance
COLUMNS = (N_("Mandate"), N_("Name"), N_("As"), N_("Present"), N_("From"), N_("To"), N_("Excused"))


def heading(sitting: Sitting, voice: Voice) -> str:
    """„Regionaler Arbeitskreis Stendal · Sitzung Nr. 4"."""
    return voice.plain("%(body)s · Meeting no. %(number)s", body=sitting.body, number=sitting.number)


def facts(sitting: Sitting, voice: Voice) -> list[Pair]:
    """What the lists say of the meeting above their tables."""
    told = [
        (voice.plain("Meeting"), sitting.title),
        (voice.plain("Date"), sitting.when),
        (voice.plain("Place"), sitting.place or NONE),
    ]
    return [*told, *((voice.plain("Remark"), one) for one in sitting.notes)]


def sheet_to_sign(sitting: Sitting, expected: Sequence[Expected], voice: Voice) -> bytes:
    """The attendance list to be signed in the room, as PDF: every mandate, advisers and guests, lines left empty."""
    sign = voice.plain("Signature")
    seats = [(one.seat, _to_sign(one, voice), "") for one in expected if one.seat]
    others = [(one.name, one.capacity, "") for one in expected if not one.seat]
    return table_pdf(
        ListPaper(
            sitting.office,
            heading(sitting, voice),
            voice.plain("Attendance list"),
            sitting.as_of,
            [
                Table(
                    voice.plain("Mandates"),
                    (voice.plain("Mandate"), voice.plain("Name"), sign),
                    seats,
                    note=voice.plain("Who sits as a deputy corrects the name, please."),
                    to_sign=True,
                ),
                Table(
                    voice.plain("Advisers and guests, without a vote"),
                    (voice.plain("Name"), voice.plain("As"), sign),
                    [*others, *([("", "", "")] * EMPTY_LINES)],
                    to_sign=True,
                ),
            ],
            facts(sitting, voice),
            (voice.plain("Chair"), voice.plain("Minutes")),
        ),
        voice,
    )


def _to_sign(one: Expected, voice: Voice) -> str:
    return voice.plain("%(name)s (deputy)", name=one.deputy) if one.deputy_comes else one.name


def attendance_pdf(attendance: Attendance, voice: Voice) -> bytes:
    """The attendance list as it was recorded, as PDF."""
    sitting = attendance.sitting
    return table_pdf(
        ListPaper(
            sitting.office,
            heading(sitting, voice),
            voice.plain("Attendance list"),
            sitting.as_of,
            attendance_tables(attendance, voice),
            [*facts(sitting, voice), *attendance.facts],
            (voice.plain("Chair"), voice.plain("Minutes")),
        ),
        voice,
    )


def attendance_tables(attendance: Attendance, voice: Voice) -> list[Table]:
    """Who was there with a vote and without, and who was not."""
    mandate, name, there = voice.plain("Mandate"), voice.plain("Name"), voice.plain("Present")
    of_all = voice.plain(
        "Present with a vote: %(present)s of %(all)s",
        present=len({one.seat for one in attendance.present}),
        all=attendance.seats,
    )
    tables = [
        Table(
            of_all,
            (mandate, name, there),
            [(one.seat, named(one, voice), stayed(one, attendance, voice)) for one in attendance.present],
            shares=SHARES,
        ),
        Table(
            voice.plain("Present without a vote"),
            (voice.plain("As"), name, there),
            [(one.capacity, one.name, stayed(one, attendance, voice)) for one in attendance.advising],
            shares=SHARES,
        ),
        Table(
            voice.plain("Not present"),
            (voice.plain("Mandate, or as"), name, voice.plain("Excused")),
            [
                (one.seat or one.capacity, one.name or voice.plain("vacant"), _yes_no(voice, yes=one.excused))
                for one in attendance.missing
            ],
            shares=SHARES,
        ),
    ]
    return [one for one in tables if one.rows]


def named(one: Attendee, voice: Voice) -> str:
    """Who it was; a deputy with the holder's name: „Dora Vertretung (in Vertretung für Vera Muster)"."""
    if one.deputy and one.deputy_for:
        return voice.plain("%(name)s (standing in for %(holder)s)", name=one.name, holder=one.deputy_for)
    return voice.plain("%(name)s (deputy)", name=one.name) if one.deputy else one.name


def stayed(one: Attendee, attendance: Attendance, voice: Voice) -> str:
    """„durchgehend", or from when until when: „ab 10:25 Uhr", „bis 11:00 Uhr"."""
    return ", ".join(_stay(stay, attendance, voice) for stay in one.stays)


def _stay(stay: Stay, attendance: Attendance, voice: Voice) -> str:
    late, early = stay.came > attendance.began, left_early(stay, attendance)
    if late and early and stay.left:
        return voice.plain("%(start)s to %(end)s", start=voice.time(stay.came), end=voice.time(stay.left))
    if late:
        return voice.plain("from %(time)s on", time=voice.time(stay.came))
    if early and stay.left:
        return voice.plain("until %(time)s", time=voice.time(stay.left))
    return voice.plain("throughout")


def left_early(stay: Stay, attendance: Attendance) -> bool:
    """Whether somebody went before the end."""
    return stay.left is not None and stay.left < attendance.ended


def _yes_no(voice: Voice, *, yes: bool) -> str:
    return voice.plain("yes") if yes else voice.plain("no")


def attendance_csv(attendance: Attendance, voice: Voice) -> bytes:
    """The attendance as CSV: heading lines, an empty line, one row for each time somebody was there."""
    sitting = attendance.sitting
    head = [(voice.plain("Office"), sitting.office), (voice.plain("Meeting no."), str(sitting.number))]
    head += [(voice.plain("Body"), sitting.body), *facts(sitting, voice), *attendance.facts]
    return csv_file([*head, (), *_rows(attendance, voice)])


def _rows(attendance: Attendance, voice: Voice) -> Iterator[Sequence[str]]:
    yield [voice.plain(one) for one in COLUMNS]
    yes, no = voice.plain("yes"), voice.plain("no")
    for one in [*attendance.present, *attendance.advising]:
        for stay in one.stays:
            until = voice.stamp(stay.left) if stay.left else ""
            yield one.seat, one.name, capacity(one, voice), yes, voice.stamp(stay.came), until, ""
    for gone in attendance.missing:
        yield gone.seat, gone.name, gone.capacity or voice.plain("Member"), no, "", "", yes if gone.excused else no


def capacity(one: Attendee, voice: Voice) -> str:
    """As what somebody was there: „Mitglied", „Stellvertretung", or what an adviser or guest is."""
    return one.capacity or (voice.plain("Deputy") if one.deputy else voice.plain("Member"))


def answers_headings(voice: Voice) -> list[str]:
    """The columns of the answers."""
    return [
        voice.plain("Mandate"),
        voice.plain("Name"),
        voice.plain("As"),
        voice.plain("Answer given"),
        voice.plain("Deputy"),
        voice.plain("Comes"),
        voice.plain("Answered"),
        voice.plain("Entered by"),
    ]


def answers_rows(expected: Sequence[Expected], voice: Voice) -> list[list[str]]:
    """Who comes, a row a mandate, adviser or guest."""
    return [
        [
            one.seat,
            one.name,
            one.capacity or voice.plain("Member"),
            one.said,
            one.deputy,
            one.comes,
            voice.stamp(one.answered_at) if one.answered_at else "",
            one.entered_by,
        ]
        for one in expected
    ]


def answers_csv(expected: Sequence[Expected], voice: Voice) -> bytes:
    """Who comes, as CSV: headings and one row for each who was invited."""
    return csv_file([answers_headings(voice), *answers_rows(expected, voice)])


def answers_xlsx(sitting: Sitting, expected: Sequence[Expected], voice: Voice) -> bytes:
    """Who comes, as a workbook."""
    title = voice.plain("Who comes, meeting %(number)s", number=sitting.number)
    return workbook(title, answers_headings(voice), answers_rows(expected, voice))
