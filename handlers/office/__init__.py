"""What the office does: forms, open questions, drafts of meetings, uncertain letters."""
