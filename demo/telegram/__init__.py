"""A stand-in for the Telegram Bot API over real HTTP, with people one can steer.

``World`` holds the state, ``serve`` puts it behind HTTP; ``python -m demo.telegram --port 8081`` runs it alone.
"""

from demo.telegram.faults import Fault
from demo.telegram.members import join, leave
from demo.telegram.people import Answer, Person, Tap
from demo.telegram.rooms import Button, Message, Room
from demo.telegram.server import serve
from demo.telegram.world import Event, World

__all__ = ["Answer", "Button", "Event", "Fault", "Message", "Person", "Room", "Tap", "World", "join", "leave", "serve"]
