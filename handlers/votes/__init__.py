"""Votes on the member's phone: the card, the tap, the receipt, deputies, the result."""
