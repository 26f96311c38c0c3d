"""Some days in a small office: the pictures of the documents, in the order in which they happen.

„who" is always somebody of the sample office. The name of a picture begins with the document it is for.
"""

from pathlib import Path

from tests.pictures.play import FILE, Play
from tests.pictures.still import NEWCOMER

SHOWN = Path(__file__).parents[2] / "docs" / "images" / "shown.json"
OFFICE, CHAIR, CLARA, DEPUTY, SPONSOR = "Sabine Sommer", "Anke Ahorn", "Clara Eiche", "Ines Iris", "Tom Träger"
QUESTION = "Dürfen wir Fahrten der Teilnehmenden nach Berlin abrechnen?"
ANSWER = "Ja, wenn die Fahrt im Antrag steht. Bitte rufen Sie uns vorher kurz an."


async def a_member_votes(play: Play) -> None:
    """From the call to the receipt."""
    await play.picture("vote-1", CHAIR, "Neue Abstimmung")
    await play.tap(CHAIR, "Ja", "Ihre Stimme: Ja")
    await play.picture("vote-2", CHAIR, "Neue Abstimmung")
    await play.tap(CLARA, "Enthaltung", "Ihre Stimme: Enthaltung")


async def a_sponsor_asks(play: Play) -> None:
    """An answer with its place, the deadlines, a question handed on."""
    await play.write(SPONSOR, "/fristen", "noch")
    await play.picture("sponsor-deadlines", SPONSOR)
    await play.tap(SPONSOR, "1 · Aufruf STABIL", "Budget")
    await play.picture("sponsor-deadline", SPONSOR)
    await play.tap(SPONSOR, "Erinnere mich", "Aufruf STABIL")
    await play.later(minutes=1)
    await play.waits(SPONSOR, "Erinnerung an 1 Frist")
    await play.write(SPONSOR, QUESTION, "keine belegte Auskunft")
    await play.tap(SPONSOR, "An die ReKo", "liegt jetzt bei der ReKo")
    await play.picture("sponsor-handed-on", SPONSOR, QUESTION, "Dazu habe ich", "Ihre Frage Nr.")
    await play.write(SPONSOR, "Wofür steht Förderbereich C?", "Fundstelle:")
    await play.picture("sponsor-answer", SPONSOR, "Wofür steht", "Das sind die")


async def the_desk(play: Play) -> None:
    """What waits, the page of the demo, and the question answered."""
    await play.waits(OFFICE, QUESTION)
    await play.later(minutes=45)
    await play.write(OFFICE, "/buero", "Büro")
    await play.front("demo")
    await play.picture("office-desk", OFFICE)
    await play.tap(OFFICE, "Offene Fragen", QUESTION)
    await play.picture("office-question", OFFICE)
    await play.fill(OFFICE, ("[Antworten]", "Ihre Antwort"), (ANSWER, "Vorschau"))
    await play.picture("office-answer", OFFICE)
    await play.tap(OFFICE, "Senden", "ist unterwegs")
    await play.picture("office-answered", OFFICE)
    await play.waits(SPONSOR, ANSWER)


async def somebody_comes_in(play: Play) -> None:
    """A code, and what its owner sees."""
    await play.fill(
        OFFICE,
        ("/buero", "Büro"),
        ("[Personen]", "Personen auf den Listen"),
        ("[RAK Stendal]", "Seite 1"),
    )
    await play.picture("office-people", OFFICE)
    await play.fill(OFFICE, (f"[{NEWCOMER}]", NEWCOMER), ("[Neuer Code]", "Code für"))
    await play.picture("office-code", OFFICE, "Code für")
    await play.write(NEWCOMER, f"/start {play.code(OFFICE)}", "Das bin ich")
    await play.picture("member-join", NEWCOMER, "/start", "Bei der ReKo")
    await play.tap(NEWCOMER, "Das bin ich", "Willkommen")
    await play.write(NEWCOMER, "/offen", "Das wartet auf Sie")
    await play.picture("member-open", NEWCOMER, "Das wartet auf Sie")


async def a_deputy(play: Play) -> None:
    """The invitation answered; a mandate handed to the deputy."""
    for who in (CHAIR, CLARA, "Bernd Birke", "Dirk Erle", "Elif Esche"):
        await play.tap(who, "Zusage", "Ihre Antwort: Zusage")
    await play.tap("Frank Fichte", "Absage", "Ihre Antwort: Absage")
    await play.picture("member-invitation", CLARA, "Einladung")
    await play.fill(
        CHAIR,
        ("/vertretung", "Wem möchten Sie"),
        ("[Ines Iris]", "Wie lange"),
    )
    await play.picture("member-deputy-1", CHAIR)
    await play.tap(CHAIR, "Bis auf Weiteres", "bei allen Abstimmungen")
    await play.picture("member-deputy-2", CHAIR)
    await play.tap(CHAIR, "Abbrechen", "Abgebrochen")


async def the_office_opens_a_vote(play: Play) -> None:
    """By the form."""
    await play.fill(OFFICE, ("/buero", "Büro"), ("[Neue Abstimmung]", "Gremium"), ("[RAK Stendal]", "Welche Art"))
    await play.picture("office-vote-1", OFFICE)
    await play.fill(
        OFFICE,
        ("[Beschluss]", "Titel"),
        ("Jugendwerkstatt Tangermünde", "Text des Antrags"),
        ("Der Regionale Arbeitskreis befürwortet den Antrag der Jugendwerkstatt Tangermünde.", "Anlagen"),
        ("[Weiter]", "Wann öffnet"),
        ("[Sofort]", "Wann schließt"),
    )
    await play.picture("office-vote-2", OFFICE)
    await play.fill(OFFICE, ("in 3 Tagen 12 Uhr", "sobald alle"), ("[Ja]", "Vorschau"))
    await play.picture("office-vote-3", OFFICE)
    await play.fill(OFFICE, ("[Eröffnen]", "ist eröffnet"))
    await play.waits(CLARA, "Jugendwerkstatt")
    await play.tap(CLARA, "Ja", "Ihre Stimme: Ja")
    await play.tap(OFFICE, "Abstimmung ansehen", "Noch nicht gestimmt")
    await play.picture("office-vote-4", OFFICE)


async def a_meeting(play: Play) -> None:
    """Called, answered, looked at."""
    await play.fill(
        OFFICE,
        ("/buero", "Büro"),
        ("[Neue Sitzung]", "Gremium"),
        ("[RAK Stendal]", "Titel"),
        ("Zwischenstand STABIL", "Wann beginnt"),
        ("in 10 Tagen 14 Uhr", "Wann endet"),
        ("[Do, 11.03.2027, 16:00 Uhr]", "Ort"),
        ("Landratsamt Stendal, Raum 201 (Muster)", "Tagesordnung"),
        ("1. Bericht der ReKo\n2. Beschluss: Jugendwerkstatt Tangermünde", "Anlagen"),
        ("[Weiter]", "Vorschau"),
    )
    await play.picture("office-meeting-1", OFFICE)
    await play.fill(OFFICE, ("[Abbrechen]", "Abgebrochen"), ("/termine", "Kommende Sitzungen"), ("[1]", "Raum 201"))
    await play.picture("office-meeting-2", OFFICE)
    await play.tap(OFFICE, "Unterlagen", "Unterlagen")
    await play.picture("office-meeting-3", OFFICE)


async def a_rundruf(play: Play) -> None:
    """Written, looked at, sent, read."""
    await play.fill(
        OFFICE,
        ("/buero", "Büro"),
        ("[Rundruf]", "Wie lautet der Text"),
        ("Guten Tag, die Unterlagen zum Aufruf STABIL liegen jetzt auf unserer Seite.", "Anlagen"),
        ("[Weiter]", "An wen"),
        ("[RAK Stendal]", "14 Personen"),
        ("[Weiter]", "Vorschau"),
        ("[Um „Gelesen“ bitten]", "Gelesen"),
    )
    await play.picture("office-rundruf-1", OFFICE, "Guten Tag", "Vorschau – oben")
    await play.tap(OFFICE, "Senden", "zugestellt")
    for who in (CHAIR, CLARA, DEPUTY):
        await play.waits(who, "Unterlagen zum Aufruf")
        await play.tap(who, "Gelesen", "Vermerkt: gelesen")
    await play.fill(OFFICE, ("/buero", "Büro"), ("[Alle Rundrufe]", "Rundrufe"), ("[1]", "gelesen: 3"))
    await play.picture("office-rundruf-2", OFFICE)


async def a_deadline_and_a_list(play: Play) -> None:
    """Entered by the form; a list sent in the chat."""
    await play.fill(
        OFFICE,
        ("/buero", "Büro"),
        ("[Neue Frist]", "Titel"),
        ("Mittelabruf 1. Quartal", "Welche Art"),
        ("[Mittelabruf]", "Welche Förderbereiche"),
        ("C", "Wann öffnet"),
        ("[Weiter]", "Wann läuft sie ab"),
        ("31.03.2027 12 Uhr", "Wie wird abgegeben"),
        ("[Posteingang]", "Wo wird abgegeben"),
        ("Regionale Koordination, Musterstraße 12, 39576 Stendal", "Ausfertigungen"),
        ("[Weiter]", "Budget"),
        ("[Weiter]", "Wo steht die Frist"),
        ("Zuwendungsbescheid, Nr. 5", "Wer darf sie sehen"),
        ("[Alle]", "Wie viele Tage vorher"),
        ("[Weiter]", "Werktag"),
        ("[Nein]", "Vorschau"),
    )
    await play.picture("office-deadline", OFFICE)
    await play.tap(OFFICE, "Eintragen", "ist eingetragen")
    await play.fill(OFFICE, ("/buero", "Büro"), ("[Listen und Dateien]", "Senden Sie mir"))
    await play.picture("office-lists", OFFICE)
    changed = Path("office/deadlines.csv").read_text("utf-8").replace("Musterstraße 12", "Musterstraße 14")
    await play.send(OFFICE, "deadlines.csv", changed.encode(), "Übernehmen")
    await play.picture("office-list-sent", OFFICE, FILE, "Das würde sich ändern")


async def five_days_later(play: Play) -> None:
    """The result, the reminder, the report."""
    await play.later(days=5)
    await play.waits(CHAIR, "Ergebnis")
    await play.picture("vote-3", CHAIR, "Ergebnis", words=False)
    await play.waits(OFFICE, "Ergebnis")
    await play.picture("office-result", OFFICE, "Ergebnis")
    await play.tap(OFFICE, "Entscheidungsprotokoll", "Entscheidungsprotokoll Nr. 1")
    await play.picture(
        "office-protocol",
        OFFICE,
        "Entscheidungsprotokoll Nr. 1",
        *[f"{FILE}abstimmung-1.{end}" for end in ("pdf", "csv", "json")],
    )
    await play.later(days=3)
    await play.picture("sponsor-reminder", SPONSOR)
    await play.fill(OFFICE, ("/buero", "Büro"), ("[Berichte]", "Zeitraum"), ("[Dieser Monat]", "März 2027"))
    await play.picture("office-report", OFFICE)
    await play.fill(OFFICE, ("/buero", "Büro"), ("[Technik]", "Technik"), ("[Sicherung jetzt]", "Technik"))
    await play.later(minutes=1)
    await play.waits(OFFICE, "Die Sicherung ist da")
    await play.tap(OFFICE, "Technik", "Alles in Ordnung")
    await play.picture("office-technik", OFFICE)


SCENES = (
    a_member_votes,
    a_sponsor_asks,
    the_desk,
    somebody_comes_in,
    a_deputy,
    the_office_opens_a_vote,
    a_meeting,
    a_rundruf,
    a_deadline_and_a_list,
    five_days_later,
)


async def scenes(play: Play) -> None:
    """All of them."""
    for scene in SCENES:
        await scene(play)
