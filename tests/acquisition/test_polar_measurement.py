"""Decoding of data frames of Polar's measurement service, against frames built apart from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquisition.errors import MalformedFrame
from acquisition.polar_measurement import Kind, PulseBlock, PulseInterval, SampleBlock, decode
from tests.bluetooth.polar_frames import (
    Triple,
    acc_frame,
    compressed_acc_frame,
    ecg_frame,
    ppi_frame,
)

STAMPS = st.integers(0, 2**64 - 1)
I16 = st.integers(-(2**15), 2**15 - 1)
TRIPLES = st.tuples(I16, I16, I16)


@given(STAMPS, st.lists(st.integers(-(2**23), 2**23 - 1), min_size=1, max_size=80))
def test_an_ecg_frame_gives_its_microvolts(stamp_ns: int, microvolts: list[int]) -> None:
    """24-bit numbers keep their sign."""
    block = decode(ecg_frame(stamp_ns, microvolts))
    assert isinstance(block, SampleBlock)
    assert (block.kind, block.stamp_ns, block.samples.tolist()) == (Kind.ECG, stamp_ns, microvolts)


@pytest.mark.parametrize("form", [0, 1, 2])
@given(data=st.data())
def test_a_raw_acceleration_frame_gives_its_samples(form: int, data: st.DataObject) -> None:
    """In each of the three widths."""
    value = st.integers(-(2 ** (8 * form + 7)), 2 ** (8 * form + 7) - 1)
    samples = data.draw(st.lists(st.tuples(value, value, value), min_size=1, max_size=30))
    block = decode(acc_frame(7, samples, form=form))
    assert isinstance(block, SampleBlock)
    assert [tuple(row) for row in block.samples.tolist()] == samples


@given(st.lists(TRIPLES, min_size=1, max_size=60), st.integers(1, 20), st.integers(0, 7))
def test_a_compressed_acceleration_frame_gives_its_samples(samples: list[Triple], block: int, spare: int) -> None:
    """Whatever the widths of its blocks, whether they end on a byte or not."""
    found = decode(compressed_acc_frame(7, samples, block=block, spare_bits=spare))
    assert isinstance(found, SampleBlock)
    assert [tuple(row) for row in found.samples.tolist()] == samples


PULSES = st.lists(
    st.tuples(st.integers(0, 255), st.integers(0, 65535), st.integers(0, 65535), st.integers(0, 7)),
    min_size=1,
    max_size=10,
)


@given(STAMPS, PULSES)
def test_pulse_intervals_come_with_their_error_and_flags(
    stamp_ns: int, pulses: Sequence[tuple[int, int, int, int]]
) -> None:
    """Blocked, contact, or contact not known, as their three bits say."""
    block = decode(ppi_frame(stamp_ns, pulses))
    assert isinstance(block, PulseBlock)
    assert block.stamp_ns == stamp_ns
    contact = {0: None, 2: None, 4: False, 6: True}
    assert block.intervals == tuple(
        PulseInterval(rate, ms, error, flags % 2 == 1, contact[flags & 6]) for rate, ms, error, flags in pulses
    )


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing but MalformedFrame is raised."""
    try:
        decode(data)
    except MalformedFrame:
        return


@given(st.sampled_from([0x00, 0x01, 0x81]), st.binary(max_size=60))
def test_any_acceleration_is_read_or_refused(form: int, body: bytes) -> None:
    """Samples come in threes, and never from bytes that are not there."""
    try:
        block = decode(bytes((2, *range(8), form)) + body)
    except MalformedFrame:
        return
    assert isinstance(block, SampleBlock)
    assert block.samples.shape[1:] == (3,)


@pytest.mark.parametrize(
    "whole",
    [
        ecg_frame(1, [1, 2]),
        acc_frame(1, [(1, 2, 3)]),
        compressed_acc_frame(1, [(1, 2, 3), (9, 9, 9)]),
        ppi_frame(1, [(60, 1000, 5, 0)]),
    ],
    ids=["ecg", "acc", "compressed acc", "ppi"],
)
def test_a_frame_cut_anywhere_within_its_first_sample_is_refused(whole: bytes) -> None:
    """Half a sample is no sample."""
    for length in range(min(len(whole), 13)):
        with pytest.raises(MalformedFrame):
            decode(whole[:length])
    with pytest.raises(MalformedFrame):
        decode(whole[:-1])


def test_a_kind_that_is_not_known_is_refused_by_name() -> None:
    """Its number and frame type help whoever reads the report."""
    with pytest.raises(MalformedFrame, match="kind 5, type 0x01"):
        decode(bytes((5, *range(8), 1, 0)))


def test_samples_are_whole_numbers() -> None:
    """No rounding happens before they become a chunk."""
    block = decode(ecg_frame(1, [-1, 0, 8388607]))
    assert isinstance(block, SampleBlock)
    assert block.samples.dtype == np.int64
