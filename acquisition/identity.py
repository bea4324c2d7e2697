"""Which sensor is meant. It is known by its address and its serial number, never by its name.

Some sensors change their address, and some systems hide it; then the serial number tells whether a sensor of the same
name is the one that was meant. Without a serial number nobody is taken for somebody else: a person has to choose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from acquisition.errors import SensorError

STRANGER = "a sensor of the same name is near, but it is not the one that was chosen"
STRANGER_REMEDY = "put on your own; or choose this one anew if it is meant"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the sensor that is meant."""

    address: str
    serial: str | None = None
    """As it tells once connected; None until then, or when it has none."""
    name: str | None = None
    """Only ever a hint where to ask for the serial number."""

    def has_address(self, address: str) -> bool:
        """Whether this is its address."""
        return address.upper() == self.address.upper()

    def is_namesake(self, address: str, name: str | None) -> bool:
        """Whether another sensor calls itself the same."""
        return name is not None and name == self.name and not self.has_address(address)

    def check(self, address: str, serial: str | None) -> None:
        """Raises SensorError unless the sensor at ``address`` that tells this serial number is the one meant."""
        differs = serial is not None and self.serial is not None and serial != self.serial
        proven = serial is not None and serial == self.serial
        if differs or not (proven or self.has_address(address)):
            raise SensorError(STRANGER, remedy=STRANGER_REMEDY)

    def learned(self, *, serial: str | None = None, name: str | None = None) -> Identity:
        """The same sensor, known better; what is known already stays."""
        return replace(self, serial=self.serial or serial, name=self.name or name)
