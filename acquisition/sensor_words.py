"""What a person is told about Bluetooth and what to do about it; one pair of constants for each cause."""

from __future__ import annotations

NOT_SEEN = "the sensor was not seen"
NOT_SEEN_REMEDY = (
    "put the strap on with moist electrodes; close apps and watches that may hold it; come closer to this computer"
)
NAMESAKE = "the sensor was not seen, but another one called {} is near"
NAMESAKE_REMEDY = "if that one is meant, choose it anew; otherwise put your own on"
NO_HEART_RATE = "this device sends no heart rate"
NO_HEART_RATE_REMEDY = "choose another one"
NOT_PAIRED = "the sensor wants to be paired with this computer first"
NOT_PAIRED_REMEDY = "pair it in the system's Bluetooth settings; until then its intervals are used alone"
OFF = "Bluetooth is off"
OFF_REMEDY = "turn Bluetooth on; the sensor is looked for again by itself"
ABSENT = "this computer has no Bluetooth LE"
ABSENT_REMEDY = "plug in a Bluetooth adapter, or practise with a simulated heart or a recording"
NO_SERVICE = "the system's Bluetooth service is not running"
NO_SERVICE_REMEDY = (
    "start it (on Linux: sudo systemctl start bluetooth), or practise with a simulated heart or a recording"
)
DENIED = "this program may not use Bluetooth"
DENIED_REMEDY = "allow it in the system's privacy settings (on Linux: join the group bluetooth), then start again"
