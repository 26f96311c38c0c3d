"""Meetings: rows, rules and acts of inviting and answering, of the day itself and of what comes after it."""

from models.meeting.rows import AgendaItem, Invitation, Meeting, MeetingFile, Presence

__all__ = ["AgendaItem", "Invitation", "Meeting", "MeetingFile", "Presence"]
