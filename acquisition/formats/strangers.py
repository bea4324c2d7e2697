"""Files that people have beside their RR files and that hold no intervals: each is told apart and sent back kindly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from acquisition.errors import UnreadableFile

_NO_HRV = "heart rate once a second cannot give heart rate variability"


@dataclass(frozen=True, slots=True)
class _Stranger:
    pattern: re.Pattern[str]
    """Looked for in the first lines."""
    what: str
    remedy: str


_STRANGERS = (
    _Stranger(
        re.compile(r"^Sample rate[,;]\s*Time[,;]|^Name[,;]\s*Sport[,;]", re.M),
        "this is a heart-rate table (Polar Flow session), without RR intervals",
        f"export the RR intervals (Polar Flow offers them apart); {_NO_HRV}",
    ),
    _Stranger(
        re.compile(r"\A\s*Phone timestamp\s*[;,\t](?![^\n]*RR-interval)", re.I),
        "this is another table of Polar Sensor Logger (heart rate, ECG or movement), without RR intervals",
        f"give the file whose name ends in _RR.txt; {_NO_HRV}",
    ),
    _Stranger(
        re.compile(r"\A\s*date\s*,\s*timestamp\s*,\s*annotation\s*,\s*manual", re.I),
        "these are the events of an HRV Logger recording, without its intervals",
        "give the file with _RR_ in its name; events beside it are found by themselves",
    ),
    _Stranger(
        re.compile(r"\A[^\n]*\b(?:timestamp_measurement|datetime|date)\b[^\n]*\brmssd", re.I),
        "this is a table of measures (a day a row), without RR intervals",
        "export the RR intervals of each measurement",
    ),
    _Stranger(
        re.compile(r"\A\s*\d{9,10}(?:\.\d+)?(?:\s*,\s*\d{9,10}(?:\.\d+)?)*\s*\n\s*\d{1,3}\.0+\s*(?:,|\n)"),
        "this is another table of an Empatica recording (a signal at a fixed rate), without intervals",
        "give its IBI.csv",
    ),
    _Stranger(
        re.compile(r"\ASQLite format 3"),
        "this is a database (emWave and others keep theirs so), not an exported recording",
        "export the session from the program as text; such a database may hold other people's names too",
    ),
    _Stranger(re.compile(r"\A%PDF-"), "this is a PDF", "give the file with the RR intervals that it was made from"),
)
_LOOKED_AT = 2000
"""Letters from the beginning in which a stranger shows itself."""


def refuse(path: Path, head: str) -> None:
    """Raise UnreadableFile when the beginning of a file is that of a known file without intervals."""
    for stranger in _STRANGERS:
        if stranger.pattern.search(head[:_LOOKED_AT]):
            raise UnreadableFile(stranger.what, place=str(path), remedy=stranger.remedy)
