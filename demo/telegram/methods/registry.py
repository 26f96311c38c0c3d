"""The table of methods; each module beside this one adds its own."""

from collections.abc import Callable
from typing import Any

from demo.telegram.call import Call

Method = Callable[[Call], Any]
METHODS: dict[str, Method] = {}
"""By name in lower case, since Telegram does not mind the case: ``sendmessage`` → `send_message`."""


def method(function: Method) -> Method:
    """Makes a function a method of the API; ``send_message`` answers to ``sendMessage``."""
    METHODS[function.__name__.replace("_", "")] = function
    return function
