"""``init``: a first office folder from six answers, commented, which ``load`` takes as it is.

Everything in it that is commented out is taken, too, once somebody takes the sign away in front of it. Beside the body
of the answers there is one to practise in, „Probe" (decision 36).
"""

from bot.founding.command import found_folder

__all__ = ["found_folder"]
