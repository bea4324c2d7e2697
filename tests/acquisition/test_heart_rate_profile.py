"""Decoding of 0x2A37, against a reference written apart from it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acquisition.errors import BadInput, MalformedFrame
from acquisition.heart_rate_profile import decode
from tests.acquisition.reference_decoder import reference
from tests.bluetooth.frames import heart_rate_frame

U16 = st.integers(0, 0xFFFF)


@pytest.mark.parametrize("length", range(1, 24))
def test_every_flag_combination_at_every_length_reads_as_the_specification_says(length: int) -> None:
    """All 256 flag bytes, reserved bits included, agree with the reference from 1 byte to 9 intervals and beyond."""
    for flags in range(256):
        _agrees(bytes([flags]) + bytes(range(60, 59 + length)))


@given(
    rate=U16,
    wide=st.booleans(),
    contact=st.sampled_from([None, True, False]),
    energy=st.none() | U16,
    rr_ticks=st.none() | st.lists(U16, max_size=9),
    reserved=st.sampled_from([0x00, 0x20, 0xE0]),
)
def test_what_was_built_is_read_back(
    rate: int, wide: bool, contact: bool | None, energy: int | None, rr_ticks: list[int] | None, reserved: int
) -> None:
    """Every field survives, whatever the others are."""
    rate = rate if wide else rate & 0xFF
    data = heart_rate_frame(rate, rr_ticks, contact=contact, energy=energy, wide=wide, reserved=reserved)
    read = decode(data)
    assert read.heart_rate_bpm == rate
    assert read.contact is contact
    assert read.energy_kj == energy
    assert read.rr_ticks == tuple(rr_ticks or ())
    assert read.trailing_bytes == 0


@given(st.binary(max_size=40))
@example(b"")
@example(b"\x10")
@example(b"\x19\x3c\x00\x01")
def test_any_bytes_are_read_as_the_reference_reads_them_or_refused(data: bytes) -> None:
    """No byte string gives another error than MalformedFrame, or fields that the reference does not see."""
    _agrees(data)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("energy", [None, 7])
def test_a_frame_cut_anywhere_before_its_intervals_is_refused(wide: bool, energy: int | None) -> None:
    """Each field that the flags promise must be whole."""
    whole = heart_rate_frame(60, (), wide=wide, energy=energy)
    for length in range(len(whole)):
        with pytest.raises(MalformedFrame):
            decode(whole[:length])


def test_half_an_interval_makes_the_whole_frame_unreadable() -> None:
    """Where a byte is lost no interval can be trusted."""
    with pytest.raises(MalformedFrame, match="RR interval"):
        decode(heart_rate_frame(60, [1024, 1000])[:-1])


def test_bytes_that_no_flag_explains_are_counted_and_ignored() -> None:
    """They do not become intervals."""
    read = decode(heart_rate_frame(60, None) + b"\x01\x02\x03")
    assert (read.rr_ticks, read.trailing_bytes) == ((), 3)


def test_the_energy_field_never_becomes_an_interval() -> None:
    """The two bytes after the rate belong to the energy when its flag is set."""
    read = decode(heart_rate_frame(60, [1024], energy=999))
    assert (read.energy_kj, read.rr_ticks) == (999, (1024,))


def test_a_refused_frame_is_bad_input_with_a_remedy() -> None:
    """It says what is wrong and what happens with it."""
    with pytest.raises(BadInput, match="empty frame; "):
        decode(b"")


def _agrees(data: bytes) -> None:
    expected = reference(data)
    if expected is None:
        with pytest.raises(MalformedFrame):
            decode(data)
        return
    read = decode(data)
    assert (
        read.heart_rate_bpm,
        read.contact,
        read.energy_kj,
        list(read.rr_ticks),
        read.trailing_bytes,
    ) == expected
