"""What a sensor says of itself, by standard characteristics: which one holds a fact, and what its bytes mean. Pure."""

from __future__ import annotations

SIG_UUID = "0000{:04x}-0000-1000-8000-00805f9b34fb"
"""The full UUID of a number assigned by the Bluetooth SIG."""
_BATTERY, _PLACE = "battery_percent", "location"
CHARACTERISTICS = {
    _BATTERY: SIG_UUID.format(0x2A19),
    "manufacturer": SIG_UUID.format(0x2A29),
    "model": SIG_UUID.format(0x2A24),
    "serial": SIG_UUID.format(0x2A25),
    "firmware": SIG_UUID.format(0x2A26),
    _PLACE: SIG_UUID.format(0x2A38),
}
PLACES = ("other", "chest", "wrist", "finger", "hand", "ear lobe", "foot")
"""Values of Body Sensor Location (0x2A38), from 0."""


def meaning(name: str, data: bytes) -> str | None:
    """The fact in words or figures, or None when the bytes hold none.

    >>> meaning("model", b"H10\\0"), meaning("location", bytes([1])), meaning("battery_percent", bytes([87]))
    ('H10', 'chest', '87')
    """
    if name not in (_BATTERY, _PLACE):
        return data.split(b"\0")[0].decode("utf-8", "replace").strip() or None
    if not data:
        return None
    if name == _BATTERY:
        return str(data[0])
    return PLACES[data[0]] if data[0] < len(PLACES) else None
