"""``attune record``: one or two sensors, kept beat by beat. A line is printed only after it has been committed.

Samples (``--signals``) are kept as chunks beside the beats and not printed; the last line counts them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Sequence
from typing import get_args

from acquisition.beats import Beat, Item, LinkChange, LinkState, Notification, SampleChunk, SensorFact
from acquisition.clock import Anchor
from acquisition.errors import BluetoothUnavailable, SensorNotFound
from acquisition.links import Signal
from acquisition.sensor import SensorSource
from acquisition.supervision import SIGNAL_ON
from dashboard.commands.folder import CLINICIAN, service_of
from dashboard.commands.numbers import positive
from dashboard.commands.printing import line_of, note, progress
from dashboard.commands.stream_lines import SCHEMA, Line, Teller, link_line, update_line
from dashboard.settings import WrongUse
from processing.pipeline import Update
from sessions.recorder import Recorder
from sessions.records import RecordingMeta
from sessions.service import Service

MOST_SENSORS = 2
SIGNALS: tuple[Signal, ...] = get_args(Signal)
FIND_WITHIN_S = 40.0
"""How long a sensor may take to be seen and to send: four looks of 8 s with the waits between them."""
INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "--sensor",
        metavar="ADDRESS",
        action="append",
        required=True,
        help="as `attune scan` names it; give it twice for two people",
    )
    parser.add_argument("--seconds", type=positive, help="stop so long after the first data (default: at Ctrl-C)")
    parser.add_argument(
        "--signals",
        type=signals,
        default=(),
        metavar="NAMES",
        help=f"also keep what the sensor offers of these, with commas between: {', '.join(SIGNALS)}",
    )
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line, each after its commit")


def signals(text: str) -> tuple[Signal, ...]:
    """Names of signals with commas between them.

    >>> signals("acc,ecg")
    ('ecg', 'acc')
    """
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in SIGNALS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is no signal; there are {', '.join(SIGNALS)}")
    return tuple(name for name in SIGNALS if name in names)


def run(args: argparse.Namespace) -> int:
    """Record until the time is over or somebody interrupts."""
    addresses = list(dict.fromkeys(args.sensor))
    if len(addresses) > MOST_SENSORS or len(addresses) < len(args.sensor):
        raise WrongUse("--sensor takes one or two different addresses", remedy="see `attune scan`")
    with service_of(args, writable=True) as service:
        return asyncio.run(_Recording(service, addresses, args.signals, args.seconds, Printer(args.jsonl)).run())


class Printer:
    """Holds each line back until the commit that covers it, then prints in order."""

    def __init__(self, jsonl: bool) -> None:
        self._jsonl = jsonl
        self._waiting: deque[tuple[int, str]] = deque()
        self._lock = threading.Lock()

    def begin(self, recording_id: str) -> None:
        """Name the recording, whose row is on disk."""
        first = line_of({"kind": "start", "recording": recording_id, "schema": SCHEMA})
        self._write(first if self._jsonl else f"{recording_id}\n")

    def add(self, number: int, line: Line) -> None:
        """A line that may be printed once item ``number`` is on disk."""
        if self._jsonl:
            with self._lock:
                self._waiting.append((number, line_of(line)))

    def committed(self, number: int) -> None:
        """Everything up to item ``number`` is on disk; called on the writing thread."""
        with self._lock:
            while self._waiting and self._waiting[0][0] <= number:
                self._write(self._waiting.popleft()[1])

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


class _Recording:
    """One run: sources into the recorder, what follows from them to the printer."""

    def __init__(
        self,
        service: Service,
        addresses: Sequence[str],
        wanted: Sequence[Signal],
        seconds: float | None,
        printer: Printer,
    ) -> None:
        self._service, self._seconds, self._printer = service, seconds, printer
        self._anchor = Anchor.now()
        self._sensors = {f"heart-{number}": address for number, address in enumerate(addresses, 1)}
        self._sources = {
            stream: SensorSource(address, stream=stream, origin_ns=self._anchor.monotonic_ns, signals=wanted)
            for stream, address in self._sensors.items()
        }
        pulses = [f"ppi-{number}" for number in range(1, 1 + len(addresses))] if "ppi" in wanted else []
        self._several = bool(pulses)
        self._teller = Teller((*self._sensors, *pulses))
        self._chunks: Counter[str] | None = Counter() if wanted else None
        self._before: list[Item] = []
        self._reason: str | None = None
        self._recorder: Recorder | None = None
        self._until_s: float | None = None
        self._over = asyncio.Event()

    async def run(self) -> int:
        """The exit status: 0 when the time was over, 130 when somebody interrupted; raises SensorError at the start."""
        _cancel_on_sigterm()
        readers = [asyncio.ensure_future(self._read(source)) for source in self._sources.values()]
        over = asyncio.ensure_future(self._over.wait())
        status = 0
        try:
            done, _ = await asyncio.wait([over, *readers], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except asyncio.CancelledError:
            status = INTERRUPTED
        finally:
            over.cancel()
            await asyncio.gather(*(source.aclose() for source in self._sources.values()), return_exceptions=True)
            await asyncio.gather(*readers, return_exceptions=True)
            self._end()
        if status == INTERRUPTED:
            note(self._interrupted())
        return status

    async def _read(self, source: SensorSource) -> None:
        async for item in source:
            if self._recorder is None:
                self._wait_for_first(item)
            else:
                self._keep(self._recorder, item)
            if self._until_s is not None and item.time_s >= self._until_s:
                self._over.set()

    def _wait_for_first(self, item: Item) -> None:
        """Nothing is kept before the first beat data: a sensor that never comes leaves no empty recording."""
        self._before.append(item)
        if isinstance(item, LinkChange):
            self._reason = item.reason or self._reason
            progress(f"{item.state}{f': {item.reason}' if item.reason else ''} ")
            if item.state is LinkState.BLUETOOTH_OFF:
                raise BluetoothUnavailable(self._reason or "Bluetooth cannot be used")
        elif isinstance(item, Notification | Beat | SampleChunk):
            progress("")
            self._begin(item.time_s)
        elif item.time_s > FIND_WITHIN_S:
            raise SensorNotFound(
                self._reason or f"nothing came from it within {FIND_WITHIN_S:.0f} s",
                place=self._address(item.stream),
                remedy="" if self._reason else "wear the strap with its patches dampened, and see `attune scan`",
            )

    def _begin(self, first_s: float) -> None:
        infos = [source.info for source in self._sources.values()]
        meta = RecordingMeta(
            source=f"sensor: {', '.join(info.name for info in infos)}",
            started_at=self._anchor.wall,
            streams=tuple(self._sensors),
            origin_ns=self._anchor.monotonic_ns,
            delay_s=infos[0].delay_s,
        )
        recorder = self._service.start_recording(CLINICIAN, meta, on_commit=self._printer.committed)
        self._recorder = recorder
        self._printer.begin(recorder.recording_id)
        if self._seconds is not None:
            self._until_s = first_s + self._seconds
        for item in self._before:
            self._keep(recorder, item)
        self._before.clear()

    def _keep(self, recorder: Recorder, item: Item) -> None:
        number = recorder.put(item)
        if isinstance(item, LinkChange):
            self._tell(number, item.stream, link_line(item))
        elif isinstance(item, SampleChunk) and self._chunks is not None:
            self._chunks[item.stream] += 1
        elif isinstance(item, SensorFact) and item.name in SIGNALS and item.value != SIGNAL_ON:
            note(f"{self._address(item.stream)}: no {item.name}: {item.value}")
        arrival_s = item.arrival_s if isinstance(item, Beat) else None
        for update in self._teller.feed(item):
            self._judge(recorder, item.stream, update, arrival_s)

    def _judge(self, recorder: Recorder, stream: str, update: Update, arrival_s: float | None) -> None:
        number = recorder.committed
        judgement = self._teller.judgement(stream, update)
        if judgement is not None:
            number = recorder.put(judgement, stream=stream)
        line = update_line(update)
        if line is not None:
            self._tell(number, stream, line if arrival_s is None else {**line, "arrival_s": arrival_s})

    def _tell(self, number: int, stream: str, line: Line) -> None:
        named = {"stream": stream} if self._several else {}
        self._printer.add(number, {**line, **named, "sensor": self._address(stream)})

    def _address(self, stream: str) -> str:
        """Of the sensor that a stream comes from; all of its streams end alike."""
        return self._sensors[f"heart-{stream.rpartition('-')[2]}"]

    def _end(self) -> None:
        recorder = self._recorder
        if recorder is None:
            return
        for stream, update in self._teller.finish():
            self._judge(recorder, stream, update, None)
        recorder.close()
        counted = {} if self._chunks is None else {"chunks": dict(self._chunks)}
        last = {"kind": "end", "beats": self._teller.beats, "duration_s": self._teller.duration_s, **counted}
        self._printer.add(0, last)
        self._printer.committed(recorder.committed)

    def _interrupted(self) -> str:
        if self._recorder is None:
            return "interrupted; nothing had come from the sensor yet, so nothing is kept"
        return f"interrupted; recording {self._recorder.recording_id} is kept whole, {self._teller.beats} beats"


def _cancel_on_sigterm() -> None:
    """A request to end is heeded like Ctrl-C: the recording is closed whole first."""
    task = asyncio.current_task()
    with contextlib.suppress(NotImplementedError):  # Windows knows no such signal
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
