"""Whether the process lives, for a container's health check: ``python -m bot.alive`` asks ``/healthz``.

It imports nothing of ours, since it runs every half minute. Without ``BOT_METRICS_LISTEN`` there is nobody to ask.
"""

import http.client
import os
import sys

PATIENCE = 5.0  # seconds
OK = 200


def main() -> int:
    """0: it lives; 1: it does not, or nothing is set to ask."""
    host, _, port = os.environ.get("BOT_METRICS_LISTEN", "").strip().rpartition(":")
    try:
        connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=PATIENCE)
        connection.request("GET", "/healthz")
        return 0 if connection.getresponse().status == OK else 1
    except (OSError, ValueError, http.client.HTTPException) as error:
        print(f"no answer at BOT_METRICS_LISTEN ({type(error).__name__})", file=sys.stderr)  # noqa: T201 - for the log
        return 1


if __name__ == "__main__":
    sys.exit(main())
