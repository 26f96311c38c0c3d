"""What each column of a list means, for the second sheet of its template."""

from typing import NamedTuple

from locales import N_
from models.roll import DEADLINES, MEETINGS, MEMBERS, SOURCES


class Hint(NamedTuple):
    """A column in a sentence, and an entry as an example."""

    text: str
    example: str = ""


_KEY = N_("The office's own name for it. It stays the same for good: by it the row is found again.")
_PLACE = N_("Where it is, in one line.")
_TIME = N_("Day and clock time.")
_STATUS = N_("Leave it empty as long as it holds.")
_DAY = N_("A day; leave it empty where there is none.")

HINTS: dict[str, dict[str, Hint]] = {
    MEMBERS: {
        "body": Hint(N_("The body's short name. Empty for buero; may be empty for traeger."), "RAK Stendal"),
        "mandate": Hint(
            N_("The seat; for traeger the sponsor's name. Empty for beratend, gast, buero."), "IHK Magdeburg"
        ),
        "role": Hint(N_("What the person is."), "mitglied"),
        "name": Hint(N_("First name and surname, always spelled the same way."), "Vera Muster"),
        "language": Hint(N_("The language the bot speaks. Empty: as Telegram says."), "de"),
        "status": Hint(N_("Ends the role; the history stays. Leave it empty as long as it holds."), ""),
    },
    DEADLINES: {
        "key": Hint(_KEY, "stabil-2027"),
        "title": Hint(N_("The title, as everyone will read it."), "Aufruf STABIL 2027"),
        "kind": Hint(N_("What sort of deadline it is."), "Aufruf"),
        "areas": Hint(N_("Funding areas A to M, separated by blanks; may be empty."), "B C"),
        "opens": Hint(N_("From when on it can be handed in; may be empty."), "01.12.2026"),
        "due": Hint(_TIME, "15.01.2027 12:00"),
        "mode": Hint(N_("How it is handed in."), "Posteingang"),
        "place": Hint(_PLACE, "Landesverwaltungsamt, Halle"),
        "copies": Hint(N_("How many copies."), "2"),
        "budget": Hint(N_("The budget in words."), "500.000 €"),
        "audience": Hint(N_("Whom it is for: alle, a body's short name, or traeger:NAME."), "alle"),
        "leads": Hint(N_("So many days before it is reminded of, separated by blanks."), "30 14 7 3 1"),
        "shift": Hint(N_("Whether it moves to the next working day (§ 31 Abs. 3 VwVfG)."), "nein"),
        "source": Hint(N_("Where it stands."), "Förderaufruf vom 01.12.2026"),
        "status": Hint(_STATUS, ""),
    },
    MEETINGS: {
        "key": Hint(_KEY, "rak-2027-1"),
        "body": Hint(N_("The body's short name."), "RAK Stendal"),
        "title": Hint(N_("The title, as everyone will read it."), "1. Sitzung 2027"),
        "start": Hint(_TIME, "08.01.2027 10:00"),
        "end": Hint(N_("Day and clock time, or the clock time alone."), "12:00"),
        "place": Hint(_PLACE, "Landratsamt, Raum 2"),
        "agenda": Hint(
            N_("An item a line; “Beschluss:” before what is to be decided."), "1. Begrüßung\n2. Beschluss: Haushalt"
        ),
        "status": Hint(_STATUS, ""),
    },
    SOURCES: {
        "key": Hint(
            N_("The file's name without its ending. Only sources that are there can be changed."), "richtlinie-2027"
        ),
        "title": Hint(N_("The document's title."), "Richtlinie STABIL"),
        "publisher": Hint(N_("Who publishes it."), "Ministerium für Arbeit"),
        "dated": Hint(_DAY, "21.06.2022"),
        "valid_from": Hint(_DAY, "01.07.2022"),
        "valid_until": Hint(_DAY, "31.12.2027"),
        "url": Hint(N_("Where it can be found."), "https://example.org/richtlinie"),
        "rank": Hint(N_("Where two sources differ, the higher one counts."), "directive"),
        "contradicts": Hint(
            N_("Sources that say something else: by key, separated by blanks, or by title, separated by semicolons."),
            "merkblatt-alt",
        ),
    },
    "projects": {
        "titel": Hint(N_("The project's title."), "Lernwerkstatt Altmark"),
        "traeger": Hint(N_("Who applies."), "Bildungswerk Altmark"),
        "summe": Hint(N_("The sum applied for, in euros."), "120.000,00"),
    },
}  # fmt: skip
