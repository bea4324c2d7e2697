"""The project's own emulated Bluetooth: ``org.bluez`` on a private message bus, with heart-rate straps on it.

The real bleak, or a browser's Web Bluetooth, talks to it unchanged. It proves how we behave towards BlueZ's interface
and under its faults; it proves nothing about radio, timing of a real adapter, or bluetoothd itself.
"""
