"""What Telegram says of calls of the webhook that went wrong (``last_error_message``), in plain German."""

# In the order in which it is looked for: a sign in Telegram's words, what it means, what to do.
_SIGNS = (
    ("403", "der Bot kannte das Geheimnis nicht", "Starten Sie den Bot neu; er sagt Telegram sein BOT_WEBHOOK_SECRET."),
    ("404", "unter dieser Adresse kennt der Webserver nichts", "Leiten Sie den Pfad aus BOT_WEBHOOK_URL zum Bot."),
    ("413", "die Nachricht war dem Webserver zu groß", "Erlauben Sie dort Anfragen bis 1 MB."),
    (
        "502",
        "hinter dem Webserver antwortete kein Bot",
        "Läuft der Bot, und zeigt der Webserver auf BOT_WEBHOOK_LISTEN?",
    ),
    ("503", "der Speicher war nicht zu erreichen", "Prüfen Sie die Datenbank. Telegram bringt die Nachrichten wieder."),
    ("504", "der Bot antwortete zu spät", "Prüfen Sie, ob der Computer überlastet ist."),
    ("ssl", "das Zertifikat wurde nicht angenommen", "Prüfen Sie Zertifikat und Kette des Webservers."),
    ("certificate", "das Zertifikat wurde nicht angenommen", "Prüfen Sie Zertifikat und Kette des Webservers."),
    ("resolve", "der Name in BOT_WEBHOOK_URL ist unbekannt", "Prüfen Sie den Namen (DNS)."),
    ("timed out", "es kam keine Antwort", "Ist der Webserver von außen zu erreichen?"),
    ("refused", "es kam keine Verbindung zustande", "Ist der Webserver von außen zu erreichen?"),
)


def explained(message: str) -> tuple[str, str]:
    """What went wrong, and what to do about it."""
    for sign, what, advice in _SIGNS:
        if sign in message.lower():
            return what, advice
    return "der Webserver antwortete anders als erwartet", "Sehen Sie in dessen Protokoll nach."
