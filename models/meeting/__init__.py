"""Meetings: rows, rules and acts of inviting and answering."""

from models.meeting.rows import Invitation, Meeting

__all__ = ["Invitation", "Meeting"]
