"""Rundrufe: one message of the office to many, of which it is known afterwards who got it."""
