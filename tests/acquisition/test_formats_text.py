"""Plain RR text: what is read, how its unit is decided, and what is refused with which words."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquisition.beats import Beat, Gap, Tick
from acquisition.errors import UnreadableFile
from acquisition.formats import read
from acquisition.formats.rr_text import read_text

GOOD_MS = [812, 830, 801, 790, 845, 860, 815, 799, 808, 822]


def _read(tmp_path: Path, content: str | bytes, name: str = "file.any") -> object:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path)


def _rr(tmp_path: Path, content: str | bytes) -> list[float]:
    return [beat.rr_ms for beat in read_beats(tmp_path, content)]


def read_beats(tmp_path: Path, content: str | bytes) -> tuple[Beat, ...]:
    path = tmp_path / "file.any"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path).beats


def _refusal(tmp_path: Path, content: str | bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        _read(tmp_path, content)
    assert caught.value.place.startswith(str(tmp_path / "file.any"))
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("\n".join(map(str, GOOD_MS)), "one a line"),
        ("\r\n".join(map(str, GOOD_MS)) + "\r\n", "DOS line ends"),
        (" ".join(map(str, GOOD_MS)), "all on one line"),
        ("# Kubios\n# more\n\n" + "\n".join(map(str, GOOD_MS)), "comments"),
        ("RR (ms)\n" + "\n".join(map(str, GOOD_MS)), "a heading"),
        ("\n".join(f"{rr / 1000:.3f}" for rr in GOOD_MS), "seconds"),
        ("\n".join(f"{rr / 1000:.3f}".replace(".", ",") for rr in GOOD_MS), "decimal comma"),
        (("\n".join(map(str, GOOD_MS))).encode("utf-16"), "UTF-16"),
        (b"\xef\xbb\xbf" + "\n".join(map(str, GOOD_MS)).encode(), "a byte order mark"),
        ("# caf\xe9 \x96 Mot\xf6r\n".encode("latin-1") + "\n".join(map(str, GOOD_MS)).encode(), "Windows letters"),
        ("\n".join(f"{rr};" for rr in GOOD_MS), "a trailing semicolon"),
    ],
)
def test_the_usual_ways_to_write_intervals_give_the_same_intervals(
    tmp_path: Path, content: str | bytes, what: str
) -> None:
    """Unit, comma, comments, line ends and encodings change nothing."""
    assert _rr(tmp_path, content) == GOOD_MS, what


def test_the_unit_decision_is_told_with_its_reason(tmp_path: Path) -> None:
    """The median decides between ms and s, and the words name both."""
    path = tmp_path / "x"
    path.write_text("\n".join(map(str, GOOD_MS)))
    assert read(path).unit_decision.startswith("ms (the median 813.5")
    path.write_text("\n".join(str(rr / 1000) for rr in GOOD_MS))
    assert read(path).unit_decision.startswith("s (the median 0.8135")


def test_seconds_become_ms_without_rounding_noise(tmp_path: Path) -> None:
    """1.001 s is exactly 1001 ms."""
    assert _rr(tmp_path, "1.001\n1.003\n0.907\n") == [1001.0, 1003.0, 907.0]


def test_beats_lie_at_the_sum_of_intervals_with_a_tick_each_second(tmp_path: Path) -> None:
    """Time is cumulated RR, and silence is told once a second."""
    path = tmp_path / "x"
    path.write_text("\n".join(map(str, GOOD_MS)))
    recording = read(path)
    ends = [beat.time_s for beat in recording.beats]
    assert ends == pytest.approx(np.cumsum(GOOD_MS) / 1000, abs=1e-12)
    assert [item.time_s for item in recording.items if isinstance(item, Tick)] == list(range(1, int(ends[-1]) + 1))
    times = [item.time_s for item in recording.items]
    assert times == sorted(times)
    assert recording.duration_s == pytest.approx(sum(GOOD_MS) / 1000, abs=1e-12)
    assert (recording.rows_read, recording.rows_refused) == (10, 0)


def test_a_dropout_stays_raw(tmp_path: Path) -> None:
    """An interval of 15 s is kept as it is; what it means is for the verdicts."""
    assert 15000.0 in _rr(tmp_path, "\n".join(map(str, [*GOOD_MS, 15000, *GOOD_MS])))


@pytest.mark.parametrize("form", ["{t:.3f};{rr}", "{t:.3f}\t{rr}", "{t:.3f},{rr}", "{t:.3f}, {rr}", "{t:.3f} {rr}"])
def test_a_time_column_shows_gaps(tmp_path: Path, form: str) -> None:
    """Where the stamps jump ahead of the intervals lies a gap, right before the next beat."""
    t, rows = 100.0, []
    for i, rr in enumerate(GOOD_MS):
        t += rr / 1000 + (12.5 if i == 5 else 0.0)
        rows.append(form.format(t=t, rr=rr))
    path = tmp_path / "x"
    path.write_text("\n".join(rows))
    recording = read(path)
    (gap,) = recording.gaps
    assert gap.from_s == pytest.approx(sum(GOOD_MS[:5]) / 1000)
    assert gap.to_s - gap.from_s == pytest.approx(12.5, abs=0.002)
    after = recording.items[recording.items.index(gap) + 1]
    assert isinstance(after, Beat)
    assert after.seq == 5
    assert recording.duration_s == pytest.approx(sum(GOOD_MS) / 1000 + 12.5, abs=0.002)
    assert "1 gaps" in recording.details["time_stamps"]
    assert recording.clock_origin_s == pytest.approx(100.0)
    assert recording.started_at is None


def test_integer_columns_are_told_from_a_decimal_comma(tmp_path: Path) -> None:
    """ "812,812" followed by rising first numbers is time and RR in ms."""
    times = np.cumsum(GOOD_MS)
    assert _rr(tmp_path, "\n".join(f"{t},{rr}" for t, rr in zip(times, GOOD_MS, strict=True))) == GOOD_MS
    assert _rr(tmp_path, "1000,812\n1830,830\n") == [812.0, 830.0]
    assert _rr(tmp_path, "1,812\n2,830\n3,801\n4,790\n5,845\n") == [812.0, 830.0, 801.0, 790.0, 845.0]
    assert _rr(tmp_path, "812,5\n830,5\n") == [812.5, 830.5]
    assert _rr(tmp_path, "812,5\n830,2\n841,1\n") == [812.5, 830.2, 841.1]
    assert _rr(tmp_path, "0,812\n0,830\n1,041\n") == [812.0, 830.0, 1041.0]
    assert _rr(tmp_path, "812,830,801\n") == [812.0, 830.0, 801.0]


def test_the_start_is_taken_from_an_elite_name(tmp_path: Path) -> None:
    """Elite HRV writes it into the file's name; no zone is invented."""
    path = tmp_path / "2025-03-15 09-07-33.txt"
    path.write_text("\n".join(map(str, GOOD_MS)))
    assert read(path).started_at == datetime.fromisoformat("2025-03-15T09:07:33")
    odd = tmp_path / "2025-13-45 99-07-33.txt"
    odd.write_text("\n".join(map(str, GOOD_MS)))
    assert read(odd).started_at is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        (b"\x00\x01\x02\x03\xff\xfe\x00", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"\x81\x8d\x8f", "binary"),
        ("once upon a time\nthere was a heart\n", "no reader knows"),
        ("# only\n# comments\n", "no reader knows"),
        ("\n".join(["72", "73", "71", "74"] * 10), "heart rate"),
        ("\n".join(["72.4", "73.1", "71.0"] * 10), "heart rate"),
        ("\n".join(f"{i} {72 + i % 3}" for i in range(60)), "heart rate"),
        ("Sample rate,Time,HR (bpm)\n1,00:00:00,72\n1,00:00:01,73\n", "heart-rate table"),
        ("\n".join(["812345", "801234", "823456"]), "no RR interval"),
        ("\n".join(["-812", "-801", "-820"]), "no RR interval"),
        ("\n".join(["9", "8", "7"]), "no RR interval"),
        ("1 2 3\n4 5 6\n7 8 9\n", "3 columns"),
        ("a,b,c\n1,2,3\n4,5,6\n7,8,9\n", "3 columns"),
        ('{"a": [\n812,\n813,\n814,\n815\n]}', "no reader knows"),
    ],
)
def test_what_is_no_recording_is_refused_in_plain_words(tmp_path: Path, content: str | bytes, words: str) -> None:
    """The message says what the file is instead, and what to give."""
    assert words in _refusal(tmp_path, content).what


@pytest.mark.parametrize("bad", ["-812", "0", "0.8", "99999", "nan", "inf", "abc", "8 1 2"])
def test_a_single_bad_value_is_refused_with_its_line(tmp_path: Path, bad: str) -> None:
    """No value is dropped silently, since all later times would bend."""
    lines = ["# note", *map(str, GOOD_MS), bad, *map(str, GOOD_MS)]
    assert _refusal(tmp_path, "\n".join(lines)).place.endswith(":12")


def test_a_value_in_another_unit_is_refused_with_its_line(tmp_path: Path) -> None:
    """812 among seconds is no interval of 13 minutes."""
    refusal = _refusal(tmp_path, "0.812\n0.830\n812\n0.801\n")
    assert refusal.place.endswith(":3")
    assert "unit" in refusal.what


def test_time_that_goes_back_is_refused_with_its_line(tmp_path: Path) -> None:
    """Two columns must be time and RR."""
    assert _refusal(tmp_path, "0.8;800\n1.6;800\n1.2;800\n2.4;800\n").place.endswith(":3")


def test_times_that_do_not_fit_the_intervals_are_refused(tmp_path: Path) -> None:
    """A rising first column that is no time is told."""
    assert "neither in s nor in ms" in _refusal(tmp_path, "\n".join(f"{i / 50};800" for i in range(50))).what


@pytest.mark.parametrize("path", ["missing.txt", "."])
def test_a_missing_file_and_a_folder_are_told(tmp_path: Path, path: str) -> None:
    """The place is the path as given."""
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / path)
    assert caught.value.exit_status == 3


@given(st.lists(st.integers(300, 2000), min_size=1, max_size=200))
def test_every_series_of_intervals_is_read_back_whole(rr_ms: list[int]) -> None:
    """Any believable integers in ms come back as they are."""
    recording = read_text(Path("x"), "\n".join(map(str, rr_ms)))
    assert [beat.rr_ms for beat in recording.beats] == rr_ms
    assert recording.duration_s == pytest.approx(math.fsum(rr_ms) / 1000)
    assert not any(isinstance(item, Gap) for item in recording.items)
