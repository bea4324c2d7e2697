"""Writers of other programs' files, from what is known of their layout: each gives bytes; nothing is copied."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

START = datetime.fromisoformat("2026-04-24T14:10:00.250")
UNIX_START = 1_777_039_800.0
"""14:10:00 UTC of the same day."""


def heart(count: int, seed: int = 1) -> list[int]:
    """So many believable intervals, whole ms."""
    random = Random(seed)
    rr, out = 850.0, []
    for _ in range(count):
        rr = min(max(rr + random.gauss(0, 25), 600), 1200)
        out.append(round(rr))
    return out


def ends_s(rr_ms: Sequence[float], lost: Mapping[int, float] | None = None) -> list[float]:
    """End of each interval, s from the beginning of the first; ``lost``: silence before the interval of an index, s."""
    out, now = [], 0.0
    for i, rr in enumerate(rr_ms):
        now += rr / 1000.0 + (lost or {}).get(i, 0.0)
        out.append(now)
    return out


def packet_s(end_s: float, every_s: float = 1.0) -> float:
    """When the packet comes that carries an interval which ended then: at the next whole packet."""
    return -(-end_s // every_s) * every_s


# ---- text ---------------------------------------------------------------------------------


def polar_sensor_logger(
    rr_ms: Sequence[float], lost: Mapping[int, float] | None = None, mark: str = ";", end: str = ""
) -> bytes:
    """``*_RR.txt``: the phone's clock at the arrival of each packet."""
    rows = [f"Phone timestamp{mark}RR-interval [ms]{end}"]
    for at_s, rr in zip(ends_s(rr_ms, lost), rr_ms, strict=True):
        stamp = (START + timedelta(seconds=packet_s(at_s))).isoformat(timespec="milliseconds")
        rows.append(f"{stamp}{mark}{rr:g}{end}")
    return "\n".join([*rows, ""]).encode()


def hrv_logger(rr_ms: Sequence[int], lost: Mapping[int, float] | None = None, pauses_told: bool = True) -> bytes:
    """``*_RR_*.csv``; ``since start`` leaves pauses out where ``pauses_told`` is false."""
    rows = ["date, rr, since start"]
    since = ends_s(rr_ms, lost if pauses_told else None)
    for at_s, rr, since_s in zip(ends_s(rr_ms, lost), rr_ms, since, strict=True):
        rows.append(f"{_hrv_logger_date(at_s)}, {rr}, {round(since_s * 1000)}")
    return "\n".join([*rows, ""]).encode()


def hrv_logger_events(events: Sequence[tuple[float, str]], unit: str = "s") -> bytes:
    """``*_Events_*.csv``: timestamps in s with six places, or in ms, and ``manual`` as that version writes it."""
    rows = ["date, timestamp, annotation, manual"]
    for at_s, text in events:
        stamp, manual = (f"{at_s:.6f}", "1") if unit == "s" else (f"{at_s * 1000:.0f}", "true")
        rows.append(f"{_hrv_logger_date(at_s)}, {stamp}, {text}, {manual}")
    return "\n".join([*rows, ""]).encode()


def _hrv_logger_date(at_s: float) -> str:
    return (START + timedelta(seconds=at_s)).strftime("%Y-%m-%d %H:%M:%S +0000")


def vns_analyse(rr_ms: Sequence[int], notes: Mapping[int, str] | None = None, encoding: str = "utf-8") -> bytes:
    """Head, measures, then the raw and the corrected intervals, in s."""
    raw = [f"{rr / 1000:.3f}\t" + (f"Notiz: {notes[i]}" if notes and i in notes else "") for i, rr in enumerate(rr_ms)]
    mended = [f"{rr / 1000:.3f}\t" for rr in rr_ms]
    parts = [
        "Korrektur\tAktiv",
        "",
        "Hauptparameter der VNS Analyse - Rohwerte (Nicht aktiv)",
        "Größe\tWert",
        "",
        "RR-Intervalle - Rohwerte (Nicht aktiv)",
        *raw,
        "",
        "RR-Intervalle - Korrigierte Werte (Aktiv)",
        *mended,
        "",
    ]
    return "\r\n".join(parts).encode(encoding)


def openhrv(rr_ms: Sequence[int], annotations: Mapping[int, str] | None = None) -> bytes:
    """Events in the order of their arrival, text as it is."""
    rows = ["event,value,timestamp"]
    for i, (at_s, rr) in enumerate(zip(ends_s(rr_ms), rr_ms, strict=True)):
        stamp = (START + timedelta(seconds=packet_s(at_s))).isoformat()
        rows.append(f"InterBeatInterval,{rr},{stamp}")
        if annotations and i in annotations:
            rows.append(f"Annotation,{annotations[i]},{stamp}")
        if i % 15 == 0:
            rows.append(f"HRV,{41.5 + i},{stamp}")
    return "\n".join([*rows, ""]).encode()


def empatica_ibi(rr_ms: Sequence[float], lost: Mapping[int, float] | None = None, first_s: float = 12.5) -> bytes:
    """``IBI.csv``: offsets and intervals in steps of 1/64 s."""
    rows = [f"{UNIX_START:.6f}, IBI"]
    now = first_s
    for i, rr in enumerate(rr_ms):
        ibi = round(rr / 1000 * 64) / 64
        now += ibi + round((lost or {}).get(i, 0.0) * 64) / 64
        rows.append(f"{now:.6f},{ibi:.6f}")
    return "\n".join([*rows, ""]).encode()


def emwave(rr_ms: Sequence[int]) -> bytes:
    """Twice a second a row; rawIBI is a column of its own that ends half way."""
    rows = ["Session,12", "", "Time Offset,HeartRate,rawIBI,Coherence"]
    for i in range(len(rr_ms) * 2):
        ibi = str(rr_ms[i]) if i < len(rr_ms) else ""
        rows.append(f"{i * 0.5:.1f},{70 + i % 5},{ibi},{1.5 + i % 3:.2f}")
    return "\r\n".join([*rows, ""]).encode()


def kubios_report(rr_ms: Sequence[int], beside: bool = False) -> bytes:
    """The report: keys, measures, then a table of intervals in s; in some versions with another table beside it."""
    rows = [
        "RESULTS FOR A SINGLE SAMPLE",
        "Software:,Kubios HRV Standard 3.5.0",
        "Date:,24-Apr-2026 14:10:00",
        "",
        "Mean RR (ms):,850.1",
        "",
        "RR INTERVAL DATA" + (",,,SPECTRUM" if beside else ""),
        ",Time,RR" + (",Frequency,PSD" if beside else ""),
        ",(s),(s)" + (",(Hz),(ms^2/Hz)" if beside else ""),
    ]
    for i, (at_s, rr) in enumerate(zip(ends_s(rr_ms), rr_ms, strict=True)):
        rows.append(f",{at_s:.3f},{rr / 1000:.3f}" + (f",{i / 300:.4f},{1e-3 * i:.5f}" if beside else ""))
    return "\n".join([*rows, "", "END", ""]).encode()


def hrm(rr_ms: Sequence[int]) -> bytes:
    """Polar .hrm with intervals and one lap."""
    head = "[Params]\r\nVersion=106\r\nDate=20260424\r\nStartTime=14:10:00.2\r\nInterval=238\r\n\r\n"
    laps = "[IntTimes]\r\n00:00:01.2\t83\t38\r\n0\t0\t0\r\n0\t0\r\n0\t0\r\n0\t0\r\n\r\n"
    return (head + laps + "[HRData]\r\n" + "".join(f"{rr}\r\n" for rr in rr_ms)).encode()


# ---- Garmin FIT ---------------------------------------------------------------------------

FIT_EPOCH = 631_065_600
_CRC = (0x0, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401)
_CRC_TABLE = (*_CRC, 0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400)


def _crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        for nibble in (byte & 0xF, byte >> 4):
            crc = (crc >> 4) & 0x0FFF ^ _CRC_TABLE[crc & 0xF] ^ _CRC_TABLE[nibble]
    return crc


def _define(local: int, message: int, fields: Iterable[tuple[int, int, int]]) -> bytes:
    body = b"".join(struct.pack("<BBB", *field) for field in fields)
    return struct.pack("<BBBHB", 0x40 | local, 0, 0, message, len(body) // 3) + body


def garmin_fit(
    rr_ms: Sequence[float],
    lost: Mapping[int, float] | None = None,
    laps: Sequence[float] = (),
    *,
    with_hrv: bool = True,
) -> bytes:
    """An activity: timer start, a record a second with the intervals before it, five to a message, 65535 unused."""
    start = int(UNIX_START) - FIT_EPOCH
    body = _define(0, 0, [(0, 1, 0), (4, 4, 0x86)]) + struct.pack("<BBI", 0, 4, start)
    body += _define(1, 21, [(253, 4, 0x86), (0, 1, 0), (1, 1, 0)]) + struct.pack("<BIBB", 1, start, 0, 0)
    body += _define(2, 20, [(253, 4, 0x86), (3, 1, 0x02)])
    body += _define(3, 78, [(0, 10, 0x84)])
    body += _define(4, 19, [(253, 4, 0x86)])
    waiting = list(zip(ends_s(rr_ms, lost), rr_ms, strict=True))
    marks = sorted(laps)
    second = 0
    while waiting or marks:
        second += 1
        now = [rr for at_s, rr in waiting if at_s <= second]
        waiting = waiting[len(now) :]
        for i in range(0, len(now), 5) if with_hrv else ():
            values = [round(rr) for rr in now[i : i + 5]]
            body += struct.pack("<B5H", 3, *values, *[0xFFFF] * (5 - len(values)))
        body += struct.pack("<BIB", 2, start + second, 70)
        while marks and marks[0] <= second:
            body += struct.pack("<BI", 4, start + round(marks.pop(0)))
    head = struct.pack("<BBHI4s", 14, 0x10, 2132, len(body), b".FIT")
    whole = head + struct.pack("<H", _crc(head)) + body
    return whole + struct.pack("<H", _crc(whole))


# ---- EDF+, XDF, archives ------------------------------------------------------------------


def edf_plus(beats_s: Sequence[float], notes: Sequence[tuple[float, str]] = (), text: str = "QRS") -> bytes:
    """Annotations only; the recording starts at START's second."""
    from edfio import Edf, EdfAnnotation, Recording

    marks = [EdfAnnotation(at_s, None, text) for at_s in beats_s]
    marks += [EdfAnnotation(at_s, None, words) for at_s, words in notes]
    edf = Edf(
        [],
        recording=Recording(startdate=START.date()),
        starttime=START.time().replace(microsecond=0),
        annotations=marks,
    )
    file = io.BytesIO()
    edf.write(file)
    return file.getvalue()


def edf_signal() -> bytes:
    """An ECG without any annotation."""
    import numpy as np
    from edfio import Edf, EdfSignal

    file = io.BytesIO()
    Edf([EdfSignal(np.sin(np.arange(1280) / 20), 128, label="ECG")]).write(file)
    return file.getvalue()


def _varlen(value: int) -> bytes:
    return struct.pack("<BB", 1, value) if value < 256 else struct.pack("<BI", 4, value)


def _chunk(tag: int, content: bytes) -> bytes:
    return _varlen(len(content) + 2) + struct.pack("<H", tag) + content


def _xdf_head(number: int, name: str, kind: str, form: str, rate: float = 0.0) -> bytes:
    xml = (
        f"<?xml version='1.0'?><info><name>{name}</name><type>{kind}</type><channel_count>1</channel_count>"
        f"<nominal_srate>{rate:g}</nominal_srate><channel_format>{form}</channel_format></info>"
    )
    return _chunk(2, struct.pack("<I", number) + xml.encode())


def _xdf_samples(number: int, rows: Sequence[tuple[float, bytes]]) -> bytes:
    samples = b"".join(b"\x08" + struct.pack("<d", at_s) + value for at_s, value in rows)
    return _chunk(3, struct.pack("<I", number) + _varlen(len(rows)) + samples)


def xdf(
    people: Mapping[str, Sequence[tuple[float, float]]],
    markers: Sequence[tuple[float, str]] = (),
    offset_s: float = 0.0,
) -> bytes:
    """Streams of intervals (stamp, RR in ms) by name, text markers, an ECG at a fixed rate; clock offsets if any."""
    out = b"XDF:" + _chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>")
    for number, (name, rows) in enumerate(people.items(), start=1):
        out += _xdf_head(number, name, "RR", "float32")
        if offset_s:
            out += _chunk(4, struct.pack("<Idd", number, rows[0][0], offset_s))
            out += _chunk(4, struct.pack("<Idd", number, rows[-1][0], offset_s))
        out += _xdf_samples(number, [(at_s, struct.pack("<f", rr)) for at_s, rr in rows])
    out += _xdf_head(90, "Markers", "Markers", "string")
    out += _xdf_samples(90, [(at_s, _varlen(len(text.encode())) + text.encode()) for at_s, text in markers])
    out += _xdf_head(91, "ECG", "ECG", "float32", 128.0)
    return out + _xdf_samples(91, [(1.0 + i / 128, struct.pack("<f", 0.5)) for i in range(128)])


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def gzipped(data: bytes) -> bytes:
    """The same in gzip, without a date."""
    return gzip.compress(data, mtime=0)
