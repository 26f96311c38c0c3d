"""An address of ours, taken before anything is served on it."""

import socket

from bot.settings import Listen


class AddressTaken(Exception):
    """Another program listens there."""


def bound(listen: Listen, *, beside_others: bool) -> socket.socket:
    """A socket on the address; who calls is refused until it is listened at.

    ``beside_others``: several processes on one computer share it, and the kernel gives each its part of the calls.

    Raises:
        AddressTaken: it is another program's.
    """
    taken = None
    try:
        family, _, _, _, address = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if beside_others and hasattr(socket, "SO_REUSEPORT"):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(address)
    except OSError as error:
        if taken is not None:
            taken.close()
        raise AddressTaken(f"{listen.host}:{listen.port}") from error
    return taken
