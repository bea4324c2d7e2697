"""What to know before trusting the numbers of a recording, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from acquisition.beats import Beat
from acquisition.formats.recording_file import RecordingFile
from processing.hand_corrections import in_force
from processing.recovery import HalfTime
from sessions.kept import StoredRecording
from sessions.phase_table import PhaseRow, Stream, compared_rest
from sessions.reactivity import BASELINE_LEAST_S, SPOKEN
from sessions.told import Told, corrections_in


def flags(
    stored: StoredRecording | None,
    file: RecordingFile,
    sitting: Told,
    rows: Sequence[PhaseRow],
    half: HalfTime,
    stream: Stream,
) -> tuple[str, ...]:
    """All of one recording: of the recording as a whole, of its parts, of how it was come by."""
    return (*_of_recording(stored, file, stream), *_of_parts(rows), *_of_sitting(sitting, rows, half))


def _of_recording(stored: StoredRecording | None, file: RecordingFile, stream: Stream) -> Iterator[str]:
    if stored is not None and stored.summary.state == "recovered":
        yield "The recording was cut off. Everything that was acknowledged is here."
    if stored is not None and stored.summary.simulated:
        yield "A simulated heart, not a person."
    if "truncated" in file.details:
        yield "The end of the file is missing."
    if not any(isinstance(item, Beat) for item in file.items):
        yield "No heart was recorded."
    by_hand = len(in_force(corrections_in(file)))
    if by_hand:
        said = "One verdict is" if by_hand == 1 else f"{by_hand} verdicts are"
        yield f"{said} corrected by hand; raw intervals are as recorded."
    if stream.gaps:
        longest = max(gap.to_s - gap.from_s for gap in stream.gaps)
        count = "One gap" if len(stream.gaps) == 1 else f"{len(stream.gaps)} gaps"
        yield f"{count} in the signal, the longest {longest:.0f} s; nothing is bridged."


def _of_parts(rows: Sequence[PhaseRow]) -> Iterator[str]:
    compared = compared_rest([row.span for row in rows])
    for row in rows:
        if row.span is compared and row.used_s < BASELINE_LEAST_S:
            yield f"The baseline {row.title} lasted {row.used_s:.0f} s; {BASELINE_LEAST_S:.0f} s are its minimum."
        yield from (f"{row.title}: {flag}." for flag in row.flags)


def _of_sitting(sitting: Told, rows: Sequence[PhaseRow], half: HalfTime) -> Iterator[str]:
    if half.paced:
        yield "Half-recovery ran with a breath guide: it is no spontaneous recovery."
    stressors = [row for row in rows if row.span.kind == "stressor"]
    if half.value_s is not None and stressors and stressors[-1].span.speech in SPOKEN:
        yield "The stressor was spoken: the way back holds the end of speaking too."
    if any(span.kind in ("pause", "grounding") for span in sitting.inserted):
        yield "The sitting was paused; pauses lie outside every number."
    if any(rating.after_feedback for row in rows for rating in row.ratings):
        yield "Answers given after the heart was shown are left out of felt and heart."
