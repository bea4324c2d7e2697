"""Says what the machine lacks for the whole suite: Chromium for the pages, dbus-daemon for the emulated Bluetooth.

On a person's machine the tests that need what is missing are skipped with this sentence; in CI nothing may be skipped.
"""

from __future__ import annotations

import os
import shutil
import sys

FULL_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
"""With everything a person's browser has, Web Bluetooth included."""
CHROMIUM = shutil.which("chromium-headless-shell") or FULL_CHROMIUM
"""For pages: Debian's build without windows takes a third of the work, and shows the same pixels."""
DBUS_DAEMON = shutil.which("dbus-daemon")
IN_CI = bool(os.environ.get("CI"))


def missing() -> list[str]:
    """A sentence for each program that is not there."""
    lines = []
    if CHROMIUM is None:
        lines.append("Chromium was not found: the browser tests are skipped (Debian: apt-get install chromium)")
    if DBUS_DAEMON is None:
        lines.append("dbus-daemon was not found: the Bluetooth tests are skipped (Debian: apt-get install dbus)")
    return lines


if __name__ == "__main__":
    for line in missing():
        print(line, file=sys.stderr)
    sys.exit(1 if IN_CI and missing() else 0)
