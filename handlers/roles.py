"""Roles in words."""

from locales import N_, Markup, Voice, html
from models.member import Role

ROLES = {
    Role.MEMBER: N_("member"),
    Role.DEPUTY: N_("deputy"),
    Role.ADVISER: N_("adviser"),
    Role.GUEST: N_("guest"),
    Role.STAFF: N_("office staff"),
    Role.SPONSOR: N_("sponsor"),
}


def role_line(voice: Voice, role: str, place: str, mandate: str) -> Markup:
    """A role in words: „Mitglied · RAK Stendal · IHK Magdeburg"."""
    parts = [voice.plain(ROLES[Role(role)]), place, mandate]
    return html(" · ".join(part for part in parts if part))
