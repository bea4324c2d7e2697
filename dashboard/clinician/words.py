"""Numbers and codes as words on the clinician's pages. One place, so that one thing is always said one way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

DASH = "–"
MINUS = "−"

VERDICT_WORDS: Mapping[str, str] = {
    "ectopic": "early beat",
    "missed": "missed beat",
    "extra": "extra beat",
    "long": "long interval",
    "short": "short interval",
    "out_of_range": "impossible interval",
}
"""The page's words for each refusal (Lipponen and Tarvainen 2019 name the first five)."""

REASON_WORDS: Mapping[str, str] = {
    "too_short": "too short",
    "too_few_beats": "too few beats",
    "too_many_corrected": "too many corrected beats",
    "gap": "signal gap",
    "irregular_rhythm": "irregular rhythm",
    "breathing_outside_hf": "breathing outside the HF band",
    "low_confidence": "not certain enough",
    "no_variability": "no variation",
    "warming_up": "not enough time yet",
    "paused": "paused",
}

SPEECH_WORDS: Mapping[str, str] = {
    "silent": "silent",
    "speaking": "spoken",
    "listening": "listening",
    "writing": "writing",
    "conversation": "conversation",
}

SOURCE_WORDS: Mapping[str, str] = {
    "sensor": "Chest strap",
    "browser": "Browser",
    "replay": "Replayed file",
    "simulation": "Simulated heart",
}


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours when there are any.

    >>> clock(75.4), clock(3661), clock(-3)
    ('1:15', '1:01:01', '−0:03')
    """
    whole = round(abs(seconds))
    sign = MINUS if seconds < 0 and whole else ""
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}:{rest:02d}" if hours else f"{sign}{minutes}:{rest:02d}"


def length(seconds: float) -> str:
    """A length in plain words.

    >>> length(42), length(1320), length(600.4), length(5400)
    ('42 s', '22 min', '10 min', '1 h 30 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def signed(value: float, digits: int = 1) -> str:
    """A change with its sign, a real minus, and no sign on zero.

    >>> signed(11.34), signed(-0.04), signed(-2.5)
    ('+11.3', '0.0', '−2.5')
    """
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0.0:
        return text
    return ("+" if value > 0 else MINUS) + text


def number(value: float | None, digits: int = 1) -> str:
    """A number, or a dash.

    >>> number(69.96), number(None)
    ('70.0', '–')
    """
    return DASH if value is None or not math.isfinite(value) else f"{value:.{digits}f}".replace("-", MINUS)


def count(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> count(1, "gap"), count(0, "gap"), count(1595, "beat")
    ('1 gap', 'no gaps', '1,595 beats')
    """
    plural = many or one + "s"
    if n == 0:
        return f"no {plural}"
    return f"{n:,} {one if n == 1 else plural}"


def day(moment: datetime) -> str:
    """Weekday, date and time of day in the recording's own zone.

    >>> day(datetime(2026, 3, 12, 14, 5))
    'Thursday 12 March 2026, 14:05'
    """
    return f"{moment:%A} {moment.day} {moment:%B %Y}, {moment:%H:%M}"


def short_day(moment: datetime) -> str:
    """Date and time of day for tables.

    >>> short_day(datetime(2026, 3, 2, 9, 5))
    '2 Mar 2026, 09:05'
    """
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def reason(text: str | None) -> str:
    """Why a value is withheld, in plain words: what follows the code, or the code's own words.

    >>> reason("too_short: needs 60 s, has 42 s"), reason("gap"), reason(None)
    ('needs 60 s, has 42 s', 'signal gap', '')
    """
    if not text:
        return ""
    code, _, detail = text.partition(":")
    return detail.strip() or REASON_WORDS.get(code, text)


def sentence(text: str) -> str:
    """The same with a capital and a full stop.

    >>> sentence("needs 60 s"), sentence("")
    ('Needs 60 s.', '')
    """
    plain = text.strip()
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "?", "!")) else ".") if plain else ""


def phase_title(name: str) -> str:
    """A phase's name as people read it.

    >>> phase_title("paced_breathing"), phase_title("out-of-reach")
    ('Paced breathing', 'Out of reach')
    """
    plain = name.replace("_", " ").replace("-", " ").strip()
    return plain[:1].upper() + plain[1:]


def source(text: str) -> str:
    """Where the beats came from; the stored text is ``kind: name``.

    >>> source("sensor: Polar H10 12345678"), source("simulation: rest"), source("other")
    ('Chest strap, Polar H10 12345678', 'Simulated heart, rest', 'other')
    """
    kind, _, name = text.partition(":")
    plain = SOURCE_WORDS.get(kind.strip())
    if plain is None:
        return text
    return f"{plain}, {name.strip()}" if name.strip() else plain
