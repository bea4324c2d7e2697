"""The error tree of the project: one root, and under it what a person can act on.

    AttunementError
    ├── BadInput             a file, field or value that cannot be used (exit status 3)
    │   ├── UnreadableFile       what is wrong, at which place, what to do
    │   └── MalformedFrame       bytes from a sensor that are not what their profile says
    ├── SensorError          no Bluetooth, no such sensor, no connection (exit status 4)
    │   ├── BluetoothUnavailable
    │   │   └── BluetoothServiceMissing
    │   └── SensorNotFound
    └── EnvironmentFault     port, folder or database cannot be used (exit status 5)

Foreign errors (bleak, OSError, SQLAlchemy) are translated in the one file that talks to the foreign
library and never travel further. Each error says what happened, where, and what to do next.
"""

from __future__ import annotations


class AttunementError(Exception):
    """Root of every error that the project raises on purpose.

    ``what`` says what is wrong, ``place`` names file, line or field, ``remedy`` says what to do.
    """

    exit_status = 1

    def __init__(self, what: str, *, place: str = "", remedy: str = "") -> None:
        self.what, self.place, self.remedy = what, place, remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.place}: {self.what}" if self.place else self.what
        return f"{head}; {self.remedy}" if self.remedy else head


class BadInput(AttunementError):
    """A file, field or value that cannot be used as it is."""

    exit_status = 3


class UnreadableFile(BadInput):
    """A recording file that no reader can use; ``place`` is FILE or FILE:LINE."""


class MalformedFrame(BadInput):
    """Bytes from a sensor that do not follow their profile; counted, never fatal to a stream."""


class SensorError(AttunementError):
    """Something between us and the sensor."""

    exit_status = 4


class BluetoothUnavailable(SensorError):
    """No adapter, adapter off, no permission or no Bluetooth service."""


class BluetoothServiceMissing(BluetoothUnavailable):
    """No service, no message bus or no permission: a switch on the adapter does not mend it."""


class SensorNotFound(SensorError):
    """The sensor asked for was not seen."""


class EnvironmentFault(AttunementError):
    """The place we run in cannot be used: port taken, folder unwritable, full or in use, newer database."""

    exit_status = 5
