"""Everything by typing: „Zusage 4", a button's label or number. A typed tap goes the way of any tap.

``words`` reads a text, ``buttons`` finds the button that is meant, ``acts`` finds the tap that a text with a number
asks for, ``performing`` works it off. ``text`` says in which order all of this is asked.
"""
