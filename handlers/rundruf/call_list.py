"""Whom to call: in a message, and as a file for a spreadsheet."""

from collections.abc import Sequence

from handlers.papers.sheets import csv_file
from handlers.speech import File, Message, Row
from locales import N_, Markup, Voice
from models.broadcast.looking import Missed
from models.broadcast.rules import Fate

MOST_NAMED = 30  # in the message; the file has all
ROLES = {
    "mitglied": N_("member"),
    "stellvertretung": N_("deputy"),
    "beratend": N_("adviser"),
    "gast": N_("guest"),
    "buero": N_("office"),
    "traeger": N_("sponsor"),
}
WHY = {
    "": N_("has not come in, or has blocked the bot"),
    "Forbidden": N_("has blocked the bot or closed the account"),
    "BadRequest": N_("Telegram did not accept the message"),
    "NotTakenError": N_("Telegram was out of order, also after several tries"),
}
SOMETHING = N_("an error")


def call_list(voice: Voice, number: int, found: Sequence[Missed], rows: Sequence[Row] = ()) -> Message:
    """The unreachable and those whose copy has failed, each with the reason."""
    heading = voice.plural(
        "<b>Broadcast no. %(broadcast)s: %(number)s person to be called</b>",
        "<b>Broadcast no. %(broadcast)s: %(number)s people to be called</b>",
        len(found),
        broadcast=number,
    )
    file = File(voice.plain("calls-%(number)s.csv", number=number), _csv(voice, found))
    return Message("\n".join([heading, *_names(voice, found)]), rows, [file])


def uncertain_list(voice: Voice, number: int, found: Sequence[Missed], rows: Sequence[Row]) -> Message:
    """Those of whom nobody knows whether they have got it, as one list."""
    heading = voice.plural(
        "<b>Broadcast no. %(broadcast)s: uncertain with %(number)s person</b>",
        "<b>Broadcast no. %(broadcast)s: uncertain with %(number)s people</b>",
        len(found),
        broadcast=number,
    )
    why = voice.say("The connection broke while sending. It may have arrived.")
    return Message("\n".join([heading, why, *_names(voice, found)]), rows)


def _names(voice: Voice, found: Sequence[Missed]) -> list[Markup]:
    lines = [voice.say("• %(name)s", name=_line(voice, one)) for one in found[:MOST_NAMED]]
    if more := len(found) - MOST_NAMED:
        lines += [voice.plural("… and %(number)s more", "… and %(number)s more", more)] if more > 0 else []
    return lines


def _line(voice: Voice, one: Missed) -> str:
    """„Jens Beispiel, IHK Magdeburg (RAK Stendal)"."""
    name = one.name or voice.plain("somebody not on your lists")
    place = ", ".join([name, *one.places])
    return f"{place} ({', '.join(one.bodies)})" if one.bodies else place


def _csv(voice: Voice, found: Sequence[Missed]) -> bytes:
    heads = [voice.plain("Name"), voice.plain("Role"), voice.plain("Body"), voice.plain("Mandate or sponsor")]
    rows = [[*heads, voice.plain("Reason")]]
    for one in found:
        roles = ", ".join(voice.plain(ROLES[role]) for role in one.roles)
        rows.append([one.name, roles, ", ".join(one.bodies), ", ".join(one.places), _why(voice, one)])
    return csv_file(rows)


def _why(voice: Voice, one: Missed) -> str:
    if one.fate is Fate.UNREACHABLE and one.error not in WHY:
        return voice.plain(WHY[""])
    return voice.plain(WHY.get(one.error, SOMETHING))
