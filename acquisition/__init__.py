"""Where beats come from: sensors, recordings told again, simulated hearts; all equal behind one seam.

The seam itself is exported here. Sources are imported from their own modules (``acquisition.sensor`` and so on), so
that nothing loads a Bluetooth stack that does not talk to one.
"""

from acquisition.beats import (
    Beat,
    BeatSource,
    Gap,
    Item,
    LinkChange,
    LinkState,
    Marker,
    Notification,
    Responsive,
    SampleChunk,
    SensorFact,
    SourceInfo,
    Stimulus,
    Tick,
)
from acquisition.errors import (
    AttunementError,
    BadInput,
    BluetoothUnavailable,
    EnvironmentFault,
    MalformedFrame,
    SensorError,
    SensorNotFound,
    UnreadableFile,
)

__all__ = [
    "AttunementError",
    "BadInput",
    "Beat",
    "BeatSource",
    "BluetoothUnavailable",
    "EnvironmentFault",
    "Gap",
    "Item",
    "LinkChange",
    "LinkState",
    "MalformedFrame",
    "Marker",
    "Notification",
    "Responsive",
    "SampleChunk",
    "SensorError",
    "SensorFact",
    "SensorNotFound",
    "SourceInfo",
    "Stimulus",
    "Tick",
    "UnreadableFile",
]
