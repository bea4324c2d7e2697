"""A message bus of our own, so that no test ever touches the machine's Bluetooth."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from xml.sax.saxutils import escape

CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


class PrivateBus:
    """A ``dbus-daemon`` that lives as long as the ``with`` block; ``address`` is what a client connects to."""

    address: str

    def __enter__(self) -> PrivateBus:
        self._folder = tempfile.TemporaryDirectory(prefix="attune-bus-")
        configuration = Path(self._folder.name) / "bus.conf"
        configuration.write_text(CONFIGURATION.format(folder=escape(self._folder.name)), encoding="utf-8")
        self._daemon = subprocess.Popen(
            ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._daemon.stdout is not None
        with self._daemon.stdout as out:
            self.address = out.readline().strip()
        if not self.address:
            self.stop()
            raise RuntimeError("dbus-daemon did not start; is the package dbus installed?")
        return self

    def stop(self) -> None:
        """End the daemon, as when the system's message bus dies; its clients see their connections close."""
        if self._daemon.poll() is None:
            self._daemon.kill()
        self._daemon.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._folder.cleanup()
