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

OF_TIME = ("tests/dashboard/", "tests/bluetooth/", "tests/reliability/", "tests/sessions/", "tests/acquisition/")
"""Where tests run servers, threads, radios or clocks of their own, which a busy machine can hold up."""
RERUNS = 2
"""A test of time may be tried again so often; the report names each that was. What only computes gets one try."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a browser or Bluetooth module's tests together: they share a server or a bus."""
    for item in items:
        if item.nodeid.startswith(OF_TIME):
            item.add_marker(pytest.mark.flaky(reruns=RERUNS))
        if item.get_closest_marker("browser") or item.get_closest_marker("bluetooth"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
