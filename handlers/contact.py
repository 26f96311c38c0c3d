"""How to reach the office without the assistant: the equal other way."""

from locales import Markup, Voice


def one_line(contact: str) -> str:
    """The office's telephone and e-mail in one line: „Telefon … · E-Mail …"."""
    return " · ".join(part.strip() for part in contact.splitlines() if part.strip())


def other_way(voice: Voice, contact: str) -> Markup:
    """The equal other way, named wherever somebody is asked to do something; empty where the office named none."""
    if not contact:
        return Markup("")
    return voice.say("Also by telephone or e-mail: %(contact)s", contact=one_line(contact))
