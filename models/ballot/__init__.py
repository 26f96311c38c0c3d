"""Votes: rows, rules and acts of opening, casting and closing. One mandate has one ballot; the database enforces it."""
