"""Whom the office knows: its people with their roles, found and listed, and what staff does with them."""
