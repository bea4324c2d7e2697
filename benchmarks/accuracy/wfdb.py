"""As much of the WFDB format as the labelled ECG record needs: header, signal format 212, beat labels.

Written from the format's public description (physionet.org/physiotools/wag: header, signal and annotator pages).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BEAT_CODES = {1: "N", 2: "L", 3: "R", 4: "a", 5: "V", 6: "F", 7: "J", 8: "A", 9: "S", 10: "E", 11: "j", 34: "e"}
"""Label codes that stand for a beat, and their letters."""
SKIP, NUM, SUB, CHN, AUX = 59, 60, 61, 62, 63
"""Codes that carry no label but a longer pause, or facts about the label before."""


@dataclass(frozen=True)
class Record:
    """One ECG with its labelled beats."""

    rate_hz: float
    ecg_mv: NDArray[np.float64]
    """First signal, shape (n,)."""
    beat_samples: NDArray[np.int64]
    """Sample of each labelled beat."""
    labels: tuple[str, ...]
    """Its letter: N normal, A early from the atrium, V from the ventricle."""

    @property
    def rr_ms(self) -> NDArray[np.float64]:
        """Intervals between labelled beats, one fewer than beats; interval ``i`` ends at beat ``i + 1``."""
        return np.diff(self.beat_samples) / self.rate_hz * 1000


def files(name: str) -> tuple[str, ...]:
    """The files of a record: header, samples, labels."""
    return tuple(f"{name}{suffix}" for suffix in (".hea", ".dat", ".atr"))


def load(folder: Path, name: str) -> Record:
    """Read ``name``.hea, .dat (two signals in format 212) and .atr."""
    lines = (folder / f"{name}.hea").read_text(encoding="ascii").splitlines()
    first, signal, *_ = [line.split() for line in lines if line and not line.startswith("#")]
    if first[1] != "2" or signal[1] != "212":
        raise ValueError(f"{name}: two signals in format 212 expected, the header says {first[1]} in {signal[1]}")
    samples = _format_212((folder / f"{name}.dat").read_bytes())
    gain, zero = float(signal[2].split("(")[0].split("/")[0]), float(signal[4])
    places, labels = _beats((folder / f"{name}.atr").read_bytes())
    return Record(float(first[2]), (samples[::2] - zero) / gain, places, labels)


def _format_212(raw: bytes) -> NDArray[np.float64]:
    """Two 12-bit samples in three bytes, two's complement."""
    triples = np.frombuffer(raw, dtype=np.uint8)[: len(raw) // 3 * 3].reshape(-1, 3).astype(np.int32)
    values = np.empty(2 * len(triples), dtype=np.int32)
    values[::2] = triples[:, 0] | (triples[:, 1] & 0x0F) << 8
    values[1::2] = triples[:, 2] | (triples[:, 1] & 0xF0) << 4
    return np.where(values > 2047, values - 4096, values).astype(float)


def _beats(raw: bytes) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Samples and letters of the labels that are beats; a label is six bits of code and ten of time since the last."""
    words = np.frombuffer(raw, dtype="<u2").tolist()
    at, sample, places, labels = 0, 0, list[int](), list[str]()
    while at < len(words):
        code, step = words[at] >> 10, words[at] & 0x3FF
        at += 1
        if code == 0 and step == 0:
            break
        if code == SKIP:
            sample += (words[at] << 16) + words[at + 1]
            at += 2
        elif code == AUX:
            at += (step + 1) // 2
        elif code not in (NUM, SUB, CHN):
            sample += step
            if code in BEAT_CODES:
                places.append(sample)
                labels.append(BEAT_CODES[code])
    return np.array(places, dtype=np.int64), tuple(labels)
