"""What the tests of the store share: people who ask, a recording's beginning, frames as a strap sends them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from acquisition.beats import Item, LinkChange, LinkState, Notification, Tick
from acquisition.heart_rate_stream import HeartRateStream
from sessions.recorder import Recorder
from sessions.records import Asker, RecordingMeta
from sessions.service import Service
from sessions.store.batch import Kept

SYSTEM = Asker("system")
CLINICIAN = Asker("clinician")
DEVELOPER = Asker("developer")
STREAM = "heart-1"
STARTED = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)


def meta(client: str | None = None, *, simulated: bool = False, source: str = "sensor: H10 1234") -> RecordingMeta:
    """How a recording of one strap begins."""
    return RecordingMeta(source, STARTED, (STREAM,), client=client, simulated=simulated, delay_s=2.6, origin_ns=7)


def frame(*rr_ticks: int, rate: int = 70) -> bytes:
    """Bytes of 0x2A37 with contact and RR."""
    return struct.pack(f"<BB{len(rr_ticks)}H", 0x16, rate, *rr_ticks)


def heard(seconds: int, *, lost_at: int | None = None) -> list[Item]:
    """What a strap sends and what follows from it: a frame a second; the link lost for 8 s at ``lost_at``."""
    stream = HeartRateStream(STREAM)
    items = stream.feed(LinkChange(STREAM, 0.0, LinkState.STREAMING))
    for second in range(1, seconds + 1):
        away = lost_at is not None and lost_at <= second < lost_at + 8
        if second == lost_at:
            items += stream.feed(LinkChange(STREAM, float(second), LinkState.LOST, "out of reach"))
        if lost_at is not None and second == lost_at + 8:
            items += stream.feed(LinkChange(STREAM, float(second), LinkState.STREAMING))
        if not away:
            arrival = second + 0.013 * (second % 7)
            data = frame(*([1000 + second % 40] if second % 3 else [500 + second % 9, 530]))
            items += stream.feed(Notification(STREAM, arrival, round(arrival * 1e9) + 7, data))
        items += stream.feed(Tick(STREAM, float(second) + 0.5))
    return items


def keep(service: Service, items: Sequence[Kept], client: str | None = None, *, simulated: bool = False) -> Recorder:
    """Record all items and end the recording."""
    recorder = service.start_recording(SYSTEM, meta(client, simulated=simulated))
    for item in items:
        recorder.put(item)
    recorder.close()
    return recorder


def limit_pages(service: Service, pages: int) -> None:
    """From now on the disk is full once the database has so many pages."""

    def pragma(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    writer = service._store.writer
    assert writer is not None
    writer.submit(pragma)


def all_bytes(folder: Path) -> bytes:
    """Everything that lies in the data folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def sitting(service: Service, client: str | None, *records: Kept, simulated: bool = False) -> str:
    """A recording of some seconds with these records."""
    return keep(service, [*heard(6), *records], client, simulated=simulated).recording_id
