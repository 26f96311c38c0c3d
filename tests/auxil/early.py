"""Loaded before anything else (``-p`` in pyproject.toml), so that loading all else is quick.

Of twenty processes that tests start each would compile the whole program where bytecode is not kept, and so would every
worker all the tests: here it is kept. Nor does the collector look again and again through what is being loaded, or
through what stays for the whole run.
"""

import gc
import os
import sys
from collections.abc import Sequence

import pytest
from _pytest.nodeid import NodeId

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
gc.disable()


def pytest_configure() -> None:
    """From here on it looks, but seldom: a sixth of the time went into it."""
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: Sequence[pytest.Item]) -> None:
    """Tests of one ``xdist_group`` go to one worker: one Chromium, one npm install.

    pytest-xdist 3.8 writes the group where pytest 9.2 no longer reads it, so that groups were torn apart.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        for mark in item.iter_markers("xdist_group"):
            item._id = NodeId.parse(f"{item.nodeid}@{mark.args[0]}")


def pytest_collection_finish() -> None:
    """What is there by now stays."""
    gc.collect()
    gc.freeze()
