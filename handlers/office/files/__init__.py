"""„Listen und Dateien": what can be sent to the bot, templates for it, and the lists as they stand."""
