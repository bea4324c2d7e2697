"""What a client's page must show now, as values: no markup, no wording of buttons, no clock reading.

The session makes one at each change; the page renders it. Times inside are seconds of the session's own time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Screen = Literal[
    "safety",  # notice, health question, consent; before any real person is recorded
    "connect",  # choose and check the sensor
    "plan",  # the whole plan before it starts, "Begin"
    "phase",  # one part of the exercise
    "rating",  # questions at the end of a part
    "grounding",  # after stop, or chosen in a pause
    "reflect",  # own words first, then "See your heart" or "Not today"
    "summary",  # the heart, when asked for
    "sharing",  # who can see this session; starts unselected
    "closing",  # more rest, strap off, the next hour, whom to contact
    "ended",
]

Panel = Literal["pause", "sensor_lost", "lighter", "elsewhere"]
"""Over the screen: the pause panel, the sensor card, choosing a lighter moment, "open in another window"."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One dot of the header: Connect, Settle, Exercise, Breathe, Reflect; absent steps are not in the list."""

    name: str
    state: Literal["done", "now", "ahead"]


@dataclass(frozen=True, slots=True)
class PromptView:
    """One question; ``kind`` says how it is answered."""

    id: str
    text: str
    kind: Literal["slider", "bipolar", "chips", "choice", "text"]
    low: float = 0
    high: float = 100
    low_label: str = ""
    high_label: str = ""
    options: tuple[str, ...] = ()
    tick: str | None = None
    """A tick beside a slider ("both at once"), or None."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One place of a form, with what is written in it."""

    id: str
    ask: str
    options: tuple[str, ...] = ()
    """Words to choose from; empty for free text."""
    value: str = ""


@dataclass(frozen=True, slots=True)
class FormView:
    """Places to write in (press ``write``), or an earlier part's form to read from."""

    look: Literal["list", "circle"]
    fields: tuple[FieldView, ...]
    editable: bool


@dataclass(frozen=True, slots=True)
class ChatView:
    """A practice chat on this screen only (press ``say``)."""

    other: str
    """Who is on the other side: the name typed by the person, or the script's own words."""
    messages: tuple[tuple[bool, str], ...] = ()
    """(written by the person, text) of each, in order."""


@dataclass(frozen=True, slots=True)
class PhaseView:
    """The part of the exercise that runs, and what comes next."""

    name: str
    title: str
    kind: str
    instruction: str
    feedback: Literal["none", "pacer", "pacer_and_wave", "trend"]
    number: int
    """1 for the first part."""
    of: int
    start_s: float
    """When its clock began; pauses are already taken out (see ``waited_s``)."""
    seconds: float
    min_seconds: float
    waited_s: float
    """Seconds spent paused within it so far."""
    running: bool
    """False while paused, asked or waiting."""
    skippable: bool
    can_lighten: bool
    picture: bool
    """Show the drifting shapes (baseline)."""
    next_title: str | None
    eyes_closed: bool = False
    """It may be done with closed eyes, so its end can be heard where that was chosen."""
    offers_tone: bool = False
    """Settle: a soft tone at the end of such parts can be chosen here."""
    chat: ChatView | None = None
    form: FormView | None = None
    lines: tuple[str, ...] = ()
    """Short lines to be heard one after the other."""
    own_lines: bool = False
    """The person may put lines of their own in their place."""
    away_at_most_s: float | None = None
    """A break away from the screen, and how long it may be at most; None for every other part."""


@dataclass(frozen=True, slots=True)
class PacerView:
    """The guide: stretches relative to ``start_s`` on the session's clock."""

    start_s: float
    inhale: float
    hold_in: float
    exhale: float
    hold_out: float
    stretches: tuple[tuple[float, float, int | None], ...]
    """(start_s, period_s, breaths or None) of each."""
    target_bpm: float
    moving: bool


@dataclass(frozen=True, slots=True)
class StrapView:
    """One strap that was found nearby; the person tells theirs by the number printed on it, never by its strength."""

    address: str
    """What ``choose_sensor`` takes."""
    name: str
    """As it calls itself, with its number, or plain words when it has no name."""
    remembered: bool = False
    """True for the one chosen last time."""


@dataclass(frozen=True, slots=True)
class SensorView:
    """The word in the footer and what Connect shows."""

    state: str
    """A LinkState, or ``none`` (going on without a sensor)."""
    word: str
    """Plain words, such as "Sensor steady"."""
    reason: str | None
    name: str | None
    beats_arriving: bool
    settled: bool
    """True after about 10 s of good beats."""
    delay_s: float = 0.0
    """How late a beat's time is (``SourceInfo.delay_s``); drawings end so far left of now."""


@dataclass(frozen=True, slots=True)
class SummaryNote:
    """One of the three neutral headings of the summary, the same every time, with what can be said plainly."""

    heading: str
    text: str
    picture: Literal["noticed", "back", "breath"]


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The heart over the session, for the person; times in seconds from the start of its first part."""

    minutes: float
    start_bpm: float | None
    """Median heart rate of the baseline, or None when it cannot be told."""
    curve: tuple[tuple[float, float | None], ...]
    """(time_s, heart rate): smoothed, None where there was no signal, at most some 600 points."""
    parts: tuple[tuple[str, str, float, float], ...]
    """(short name, kind, from_s, to_s) of each part."""
    marks: tuple[tuple[float, float, str], ...] = ()
    """(time_s, heart rate, words) written on the curve, such as half-way back."""
    felt: tuple[tuple[float, float], ...] = ()
    """(time_s, 0 to 100) of each ``suds`` answer."""
    notes: tuple[SummaryNote, ...] = ()
    breaths: tuple[tuple[tuple[float, float | None], ...], ...] = ()
    """Beat by beat, the last seconds of the own breathing at rest and of the guide: (seconds, heart rate), None where
    a beat was refused."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """Everything a client's page needs to draw itself; equal views draw equal pages."""

    session_id: str
    version: int
    """Counts up by one with each change."""
    screen: Screen
    panel: Panel | None
    title: str
    """The exercise's title."""
    steps: tuple[StepView, ...]
    sensor: SensorView
    phase: PhaseView | None = None
    prompts: tuple[PromptView, ...] = ()
    pacer: PacerView | None = None
    plan: tuple[tuple[str, float], ...] = ()
    """(title, planned seconds) of each part, for the plan and the connect screen."""
    pause_ways: tuple[str, ...] = ()
    """Actions offered in the pause panel, in order; none is the default."""
    numbers_shown: bool = False
    simulated: bool = False
    speed: float = 1.0
    recording: bool = False
    offer_rest: bool = False
    """Closing: distress is still above the script's limit, so more rest is offered."""
    notice: str | None = None
    """One plain sentence about something that just happened (recovered, reconnected), or None."""
    offer: str | None = None
    """The words of an offered pause, to be answered with ``pause`` or ``carry_on``, equal in rank; or None."""
    feedback_seen: bool = False
    straps: tuple[StrapView, ...] = ()
    """Connect: the straps found so far, to choose from when there are several."""
    summary: SummaryView | None = None
    """Screen ``summary``: what can be shown, or None while it is being worked out."""
    recording_id: str | None = None
    """The recording's id from Begin on."""
