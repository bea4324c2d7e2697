"""Shared set-up: the browser and Bluetooth fixtures, and one worker for each module that drives a browser."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import settings

pytest_plugins = ["tests.browser"]
if find_spec("tests.bluetooth") and find_spec("tests.bluetooth.fixtures"):
    pytest_plugins.append("tests.bluetooth.fixtures")


settings.register_profile("tests", deadline=None)  # a busy machine is no fault of an example
settings.load_profile("tests")

LONGEST_FIRST = (
    "tests/dashboard/test_strap_sitting.py",
    "tests/dashboard/test_station_browser.py",
    "tests/dashboard/test_accessibility.py",
    "tests/dashboard/test_client_browser.py",
    "tests/dashboard/test_clinician_browser.py",
    "tests/dashboard/test_replay_page_browser.py",
    "tests/bluetooth/",
    "tests/reliability/",
)
"""What takes a minute or more, or mostly waits, begins first, so that no worker is left alone with it at the end."""


def pytest_configure(config: pytest.Config) -> None:
    """Workers take tests in the order below; xdist would begin with the groups of the most tests, however short."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a browser or Bluetooth module's tests together, as they share a server or a bus; begin with the longest."""
    items.sort(key=_place)
    for item in items:
        shares = item.get_closest_marker("browser") or item.get_closest_marker("bluetooth")
        if shares and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))


def _place(item: pytest.Item) -> int:
    """Where among the longest a test stands; all others come after them, in their own order."""
    places = (at for at, path in enumerate(LONGEST_FIRST) if item.nodeid.startswith(path))
    return next(places, len(LONGEST_FIRST))
