"""What an Akte says of itself."""

READ_ME = """Akte aus dem ReKo-Assistenten

buero/         Stammdaten als Ordner, der sich wieder einlesen lässt: python -m bot load buero
listen/        dieselben Listen und die Quellen als XLSX
abstimmungen/  je Abstimmung: Entscheidungsprotokoll (PDF/A, CSV, JSON), Anlagen, alle Angaben (JSON)
sitzungen/     je Sitzung: Einladung, Zusagen, Anwesenheit, Niederschrift oder ihr Entwurf, Anlagen
rundrufe/      je Rundruf: Text, Anlagen, Bericht in Zahlen
fragen/        von der ReKo beantwortete Fragen, ohne die Fragenden
quellen/       alle Ausgaben der Quellen mit den zitierbaren Stellen im Wortlaut
aufzeichnung/  die Aufzeichnung der Abstimmungen (JSON Lines), mit den Namen zu ihren Nummern
manifest.json  Inhalt, Zeitpunkt und was weshalb nicht enthalten ist
SHA256SUMS     Prüfsummen

Prüfen, ob etwas verändert wurde: im Ordner  sha256sum -c SHA256SUMS
Die Prüfsumme von manifest.json nennt der Befehl, der die Akte schreibt. Wer sie notiert, kann alles prüfen.

In Tabellen steht vor einem Text, der wie eine Formel aussieht, ein Apostroph. Beim Einlesen fällt er wieder weg.
Nicht enthalten sind Telegram-Nummern, Einladungscodes, eingegangene Nachrichten und wer in einer geheimen
Abstimmung was gewählt hat. Was in einer laufenden offenen Abstimmung gestimmt wurde, steht nur in der Aufzeichnung.
"""
