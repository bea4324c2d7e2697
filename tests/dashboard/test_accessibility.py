"""Every page and state passes axe-core, fits every width, has large targets; `make screenshots` has the whole grid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.dashboard.client_views import VIEWS
from tests.every_page import Place, every_page
from tests.screenshots import shoot

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OTHERS = ("home", "client-start", "recordings", "recording", "report", "clients", "replay", "settings", "not-found")
NAMES = [f"client-{name}" for name in VIEWS] + list(OTHERS)
"""All of them, in two groups with servers of their own, so that two workers share the longest module."""
PHONE_TOO = ("client-breathing", "client-rating", "client-summary")
"""Pages that are looked at on a dark phone as well; the full grid is ``make screenshots``."""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Place]]:
    """Both servers, for all tests of this module."""
    with every_page(tmp_path_factory.mktemp("pages")) as found:
        yield {place.name: place for place in found}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.xdist_group(f"accessibility-{at % 2}")) for at, name in enumerate(NAMES)],
)
def test_a_page_has_no_accessibility_fault(chromium: Browser, places: dict[str, Place], name: str) -> None:
    """No axe violation, no sideways scroll from 320 px on, no small control, no console error, no foreign request."""
    ways = [("desktop", "light"), *([("phone", "dark")] if name in PHONE_TOO else [])]
    assert [fault for size, theme in ways for fault in shoot(chromium, places[name], size, theme)] == []
