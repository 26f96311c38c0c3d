"""The way back to „/buero", which every screen of the office has."""

from handlers.callbacks import Open
from handlers.speech import Row
from locales import Voice
from models.actor import Actor


def to_office(voice: Voice, who: Actor) -> list[Row]:
    """„Büro", on a screen that others see too: for staff alone."""
    return [office_row(voice)] if who.staff else []


def office_row(voice: Voice) -> Row:
    """„Büro"."""
    return [(voice.plain("Office"), Open("office"))]
