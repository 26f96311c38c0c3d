"""The program: settings, transport, intake, and the one place where everything is put together."""

import os

# The library is on its way from seconds to timedelta and warns at every flood until one has chosen.
os.environ.setdefault("PTB_TIMEDELTA", "true")

VERSION = "0.1.0"  # as in pyproject.toml
