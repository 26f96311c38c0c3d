"""office.toml of a new office: every key that it may hold, each explained. Pure.

A key that is left at its default stands commented out as ``#key = value``, without a blank after the sign; words for
people begin with ``# ``. So whoever takes the sign away has a key, and a test can do the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.exporting.toml import toml_value
from bot.founding.answers import OWN_RULES, Answers
from models.charter import DEFAULT_PRESET, PRESETS
from models.deadline.rules import POSTAL_DAYS
from models.meeting.rules import REMINDED_BEFORE
from models.office import DEFAULT_LANGUAGES, DEFAULT_REGION, DEFAULT_ZONE
from models.privacy.rules import RETENTION_YEARS, TEXT_MONTHS
from models.roster import REHEARSAL
from models.safekeeping import HOUR, KEPT

Key = tuple[str, Any, str]  # its name, its default, what it means

TOP: tuple[Key, ...] = (
    ("time_zone", DEFAULT_ZONE, "Zeitzone aller Uhrzeiten."),
    ("holiday_region", DEFAULT_REGION, "Wessen Feiertage gelten; DE-ST ist Sachsen-Anhalt."),
    ("languages", list(DEFAULT_LANGUAGES), "Was unter /sprache zur Wahl steht: Deutsch, Leichte Sprache, Englisch."),
)
SETTINGS: tuple[Key, ...] = (
    ("controller", "", "Für den Datenschutzhinweis: wer verantwortlich ist, mit Anschrift. Leer: Name und Kontakt."),
    ("privacy_officer", "", "Wie man die oder den Datenschutzbeauftragten erreicht."),
    ("legal_basis", "", "Auf welcher Rechtsgrundlage Daten verarbeitet werden, in Ihren Worten."),
    ("authority", "", "Bei wem man sich beschweren kann. Leer: die Landesbeauftragte für den Datenschutz."),
    ("retention_years", RETENTION_YEARS, "So viele Jahre bleibt der Name in förmlichen Vorgängen (1 bis 30)."),
    ("text_months", TEXT_MONTHS, "So viele Monate bleiben Texte von Fragen und Nachrichten (1 bis 36)."),
    ("postal_days", POSTAL_DAYS, "So viele Arbeitstage ist ein Brief unterwegs (0 bis 10)."),
    (
        "meeting_reminders",
        list(REMINDED_BEFORE),
        "So viele Tage vor einer Sitzung wird erinnert, wer schweigt.",
    ),
    ("broadcast_release", False, "true: einen Rundruf gibt eine zweite Person aus dem Büro frei."),
    ("backup_hour", HOUR, "Zu welcher Stunde nachts gesichert wird (0 bis 23)."),
    ("backups_kept", KEPT, "So viele Tage bleiben Sicherungen (1 bis 366)."),
)
CHARTER: Mapping[str, str] = {
    "quorum": "Beschlussfähig ist das Gremium, wenn mehr als (more_than) oder mindestens (at_least) so viele da sind: "
    'ein Bruch wie "1/2" oder eine Zahl wie 5. Gezählt an (base): "all" allen Mandaten, "present" den Anwesenden, '
    '"not excluded" allen, die nicht ausgeschlossen sind.',
    "majority": '"simple" mehr Ja als Nein, "absolute" mehr als die Hälfte aller Stimmberechtigten, "two thirds", '
    'oder ein Bruch wie "3/4".',
    "abstentions": 'Enthaltungen: "not counted" zählen nicht mit, "count as cast" zählen als abgegebene Stimmen.',
    "tie": 'Bei Stimmengleichheit: "rejected" abgelehnt, "chair decides" die Stimme des Vorsitzes entscheidet '
    "(dann chair nennen).",
    "chair": "Das Mandat des Vorsitzes, geschrieben wie in members.csv.",
    "election_base": 'Gewählt ist, wer die Mehrheit hat: "present" der Anwesenden, "cast" der abgegebenen Stimmen.',
    "second_meeting": "true: ist das Gremium wegen derselben Sache erneut eingeladen, ist es immer beschlussfähig.",
    "notice_days": "Ladungsfrist in Tagen; die Vorschau einer Einladung warnt, wenn sie nicht gehalten ist.",
    "changeable": "true: bis zum Ende darf man seine Stimme ändern (in offenen Abstimmungen).",
    "secret_on_request": "true: auch ein Beschluss oder Meinungsbild kann geheim sein. Eine Wahl kann es immer.",
    "circular": 'Umlauf: "never" nie, "straw poll only" nur Meinungsbilder, "no objection" angenommen, wenn niemand '
    'widerspricht, "majority" mit Mehrheit. Die beiden letzten nur, wenn clause die Stelle nennt, die es erlaubt.',
    "clause": "Die Stelle Ihrer Geschäftsordnung, die den Umlauf erlaubt, zum Beispiel „§ 7 Abs. 3 der "
    "Geschäftsordnung“. Sie steht auf jeder Karte.",
    "silence": 'Wer im Umlauf nicht antwortet: "no vote" hat nicht gestimmt, "abstention" enthält sich, "consent" '
    'stimmt zu (nur mit circular = "no objection").',
    "conflict_scope": 'Wer bei einer Projektauswahl befangen ist, ist es für "call" den ganzen Aufruf oder "project" '
    "nur das eine Projekt.",
    "first_that_does_not_fit": 'Passt ein Projekt nicht mehr in das Budget: "stop" endet die Auswahl, "skip" kommt das '
    "nächste dran.",
    "names_published": "true: das Ergebnis nennt, wer wie gestimmt hat (in offenen Abstimmungen).",
    "receipt_list": '"entitled": nach einem geheimen Meinungsbild bekommen die Stimmberechtigten die Liste der Belege, '
    '"none": niemand.',
    "doubt": "Wer im Zweifel entscheidet, ob jemand ausgeschlossen ist (§ 33 KVG LSA).",
}
WIDTH = 116


def office_toml(answers: Answers) -> bytes:
    """The file for these answers."""
    return ("\n".join(_lines(answers)) + "\n").encode()


def _lines(answers: Answers) -> Iterator[str]:
    yield from _told("Das Büro. Zeilen, die mit „# “ beginnen, sind Erklärungen.")
    yield from _told("Wo „#“ ohne Leerzeichen steht, gilt dieser Wert ohnehin; um ihn zu ändern, nehmen Sie das # weg.")
    yield from _told("Danach noch einmal load: dann gilt das Neue, und es steht da, was sich ändert.")
    yield ""
    yield from _told("So nennt sich der Bot Ihr Büro.")
    yield _said("name", answers.office)
    yield from _told("Telefon und E-Mail. Das steht überall, wo jemand um etwas gebeten wird. \\n ist ein Zeilenende.")
    yield _said("contact", answers.contact)
    yield from _keys(TOP)
    yield ""
    yield "[settings]"
    yield from _keys(SETTINGS)
    yield ""
    yield from _told("Das Gremium. Für jedes weitere noch einmal alles ab [[body]].")
    yield "[[body]]"
    yield _said("name", answers.body.name)
    yield from _told("So heißt es in den Listen und auf Knöpfen. Nach dem ersten load nicht mehr ändern.")
    yield _said("short", answers.body.short)
    yield ""
    yield from _charter(answers.rules)
    yield ""
    yield from _told(f"Ein Gremium zum Üben: eine Abstimmung in „{REHEARSAL}“ zählt für kein anderes.")
    yield from _told("Wer übt, steht in members.csv. Wollen Sie es nicht, löschen Sie das Folgende und dort die Zeile.")
    yield "[[body]]"
    yield _said("name", "Probe (zum Üben)")
    yield _said("short", REHEARSAL)


def _charter(rules: str) -> Iterator[str]:
    own = rules == OWN_RULES
    preset = DEFAULT_PRESET if own else rules
    yield from _told("Die Geschäftsordnung des Gremiums. Nach ihr wird jede Abstimmung ausgezählt.")
    if own:
        yield from _told("Vergleichen Sie jede Zeile mit Ihrer Geschäftsordnung. Voreingestellt ist, was preset sagt.")
    else:
        yield from _told("Es gilt, was preset sagt; eine Zeile ohne # davor geht vor.")
    yield "[body.charter]"
    yield from _told(f"Ausgangspunkt, einer von: {', '.join(PRESETS)}.")
    yield _said("preset", preset)
    for key, value in PRESETS[preset].items():
        yield from _told(CHARTER[key])
        if key == "circular" and value == "majority":
            yield from _told("Die Vorlage erlaubt „majority“; tragen Sie es ein, sobald clause die Stelle nennt.")
            yield _said(key, "straw poll only")
        else:
            yield _said(key, value) if own else f"#{_said(key, value)}"


def _keys(keys: Iterable[Key]) -> Iterator[str]:
    for name, default, meaning in keys:
        yield from _told(meaning)
        yield f"#{_said(name, default)}"


def _said(key: str, value: Any) -> str:
    return f"{key} = {toml_value(value)}"


def _told(text: str) -> Iterator[str]:
    """A comment, in lines that an editor shows whole."""
    line = "#"
    for word in text.split(" "):
        if len(line) + 1 + len(word) > WIDTH:
            yield line
            line = "#"
        line = f"{line} {word}"
    yield line
