"""People in words: roles, whether they use the bot, and rows of buttons that fit a phone."""

from collections.abc import Iterable, Sequence

from handlers.callbacks import OnPerson, Open, Tap
from handlers.roles import ROLES, role_line
from handlers.speech import Row
from handlers.way_back import office_row
from locales import N_, Markup, Voice, html
from models.member import Role
from models.people.looking import Listed, State

STATES = {
    State.IN: N_("is in"),
    State.MISSING: N_("not in yet"),
    State.WITHOUT: N_("without Telegram"),
}
TITLES = {
    Role.ADVISER: N_("Advisers"),
    Role.GUEST: N_("Guests"),
    Role.STAFF: N_("Office team"),
    Role.SPONSOR: N_("Sponsors"),
}
HALF = 18  # characters of a label that two in a row leave room for on a phone


def role_label(voice: Voice, role: Role) -> str:
    """The role on a button: „Mitglied"."""
    word = voice.plain(ROLES[role])
    return word[:1].upper() + word[1:]


def role_words(voice: Voice, one: Listed) -> Markup:
    """„Mitglied · RAK Stendal · IHK Magdeburg"."""
    return role_line(voice, one.role, one.body, one.mandate)


def then_and_now(voice: Voice, before: str, now: str) -> list[Markup]:
    """What somebody or something was and will be, a line each."""
    return [
        voice.say("until now: %(what)s", what=before),
        voice.say("from now on: <b>%(what)s</b>", what=now),
    ]


def title_words(voice: Voice, title: str) -> str:
    """A block's title: a mandate's or sponsor's name as it is, a role in words."""
    return voice.plain(TITLES[Role(title)]) if title in TITLES else title


def with_state(voice: Voice, one: Listed) -> Markup:
    """„Lars Linde", and whether something is missing: „Lars Linde – noch nicht dabei"."""
    if one.state is State.IN:
        return html(one.name)
    return Markup(f"{html(one.name)} – <i>{voice.say(STATES[one.state])}</i>")


def name_buttons(people: Iterable[tuple[int, str]]) -> list[Row]:
    """A button for each person, once."""
    return paired([(name, OnPerson(number, "show")) for number, name in dict(people).items()])


def paired(buttons: Sequence[tuple[str, Tap]]) -> list[Row]:
    """Buttons two in a row, where both are short enough."""
    rows: list[list[tuple[str, Tap]]] = []
    for one in buttons:
        fits = rows and len(rows[-1]) == 1 and max(len(rows[-1][0][0]), len(one[0])) <= HALF
        if fits:
            rows[-1].append(one)
        else:
            rows.append([one])
    return list(rows)


def ways_back(voice: Voice) -> Row:
    """„Personen" and „Büro"."""
    return [(voice.plain("People"), Open("people")), *office_row(voice)]
