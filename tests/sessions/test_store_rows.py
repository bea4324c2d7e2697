"""Rows: what is read back is equal to what was put, to the last bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Row, Table, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from acquisition.beats import (
    Beat,
    Gap,
    Item,
    LinkChange,
    LinkState,
    Marker,
    Notification,
    SampleChunk,
    SensorFact,
    ticks_to_ms,
)
from acquisition.errors import BadInput
from processing.values import Judgement, Verdict
from sessions.records import Consent, PhaseSpan, Rating, SessionMarker, SessionRecord, SettingsRecord
from sessions.store import schema
from sessions.store.engine import empty_engine
from sessions.store.rows import Values, dump, read_item, read_judgement, read_record, session_row, stream_row

numbers = st.floats(allow_nan=False, allow_infinity=False)
places = st.integers(0, 2**63 - 1)
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
values = numbers | words | st.booleans() | st.none() | st.lists(words, max_size=3)
plain_data = st.dictionaries(words, values, max_size=4)
ticks = st.integers(0, 65535)

beats = st.builds(
    lambda seq, time_s, tick, arrival, doubt: Beat("s", seq, time_s, ticks_to_ms(tick), tick, arrival, doubt),
    places,
    numbers,
    ticks,
    st.none() | numbers,
    st.none() | numbers,
)
items: st.SearchStrategy[Item] = st.one_of(
    beats,
    st.builds(Beat, st.just("s"), places, numbers, numbers),
    st.builds(Notification, st.just("s"), numbers, places, st.binary(max_size=20)),
    st.builds(Gap, st.just("s"), numbers, numbers, words),
    st.builds(LinkChange, st.just("s"), numbers, st.sampled_from(LinkState), st.none() | words),
    st.builds(SensorFact, st.just("s"), numbers, words, words),
    st.builds(Marker, st.just("s"), numbers, words, plain_data),
)
records: st.SearchStrategy[SessionRecord] = st.one_of(
    st.builds(
        PhaseSpan,
        st.integers(0, 999),
        words,
        st.sampled_from(["baseline", "stressor", "pause"]),
        numbers,
        st.none() | numbers,
        reference=st.none() | words,
        take=st.integers(1, 9),
        ended=st.none() | st.sampled_from(["complete", "unwell"]),
        details=plain_data,
    ),
    st.builds(Rating, numbers, words, words, st.none() | numbers | words | st.lists(words), words, st.booleans()),
    st.builds(SessionMarker, numbers, words, words, plain_data),
    st.builds(SettingsRecord, numbers, plain_data),
    st.builds(
        Consent,
        st.datetimes(timezones=st.just(UTC)),
        words,
        words,
        st.lists(words).map(tuple),
        st.booleans(),
    ),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """An empty store with one recording and one stream in it."""
    engine = empty_engine()
    with engine.connect() as opened:
        values = {"source": "x", "started_at": "x", "started_ns": 0, "simulated": False, "delay_s": 0.0}
        opened.execute(insert(schema.recording).values(no=1, id="x", state="open", details="{}", **values))
        opened.execute(insert(schema.participant).values(no=1, recording_no=1, place=1))
        opened.execute(insert(schema.stream).values(no=1, recording_no=1, participant_no=1, name="s", kind="rr"))
        yield opened
    engine.dispose()


def through_the_database(
    connection: Connection, row: tuple[Table, Values], owner: str, read: Callable[[Table, Row[Any]], object]
) -> object:
    """Write one row into the store, read it back, and take it out again."""
    table, values = row
    with connection.begin_nested() as place:
        connection.execute(insert(table).values(**{owner: 1, "n": 1, **values}))
        found = connection.execute(select(table)).one()
        place.rollback()
    return read(table, found)


@settings(deadline=None)
@given(items)
def test_an_item_comes_back_equal(connection: Connection, item: Item) -> None:
    """Every float and every tick survives the database."""
    assert through_the_database(connection, stream_row(item), "stream_no", lambda t, r: read_item(t, r, "s")) == item


@settings(deadline=None)
@given(records)
def test_a_record_comes_back_equal(connection: Connection, record: SessionRecord) -> None:
    """Texts in any script, numbers and "rather not say" survive the database."""
    assert through_the_database(connection, session_row(record), "recording_no", read_record) == record


@settings(deadline=None)
@given(st.sampled_from(Verdict), st.booleans(), st.lists(numbers, max_size=3).map(tuple))
def test_a_judgement_comes_back_equal(
    connection: Connection, verdict: Verdict, provisional: bool, corrected: tuple[float, ...]
) -> None:
    """Verdict, its state and the corrected intervals survive the database."""
    judgement = Judgement(3, 2.5, 812.5, verdict, provisional, corrected)
    assert (
        through_the_database(connection, stream_row(judgement), "stream_no", lambda _t, r: read_judgement(r))
        == judgement
    )


@pytest.mark.parametrize("shape", [(0,), (130,), (100, 3)])
def test_samples_come_back_bit_for_bit(connection: Connection, shape: tuple[int, ...]) -> None:
    """ECG and acceleration keep shape and every bit."""
    samples = np.random.default_rng(1).normal(size=shape)
    chunk = SampleChunk("s", 5, 6.0, "ecg", 130.0, "uV", samples)
    read = through_the_database(connection, stream_row(chunk), "stream_no", lambda t, r: read_item(t, r, "s"))
    assert isinstance(read, SampleChunk)
    assert read.samples.tobytes() == samples.tobytes()
    assert read.samples.shape == shape
    assert (read.seq, read.time_s, read.kind, read.sampling_rate_hz, read.unit) == (5, 6.0, "ecg", 130.0, "uV")


def test_damaged_samples_are_refused_with_their_place(connection: Connection) -> None:
    """A checksum that does not fit names the chunk and leaves the rest usable."""
    table, values = stream_row(SampleChunk("s", 5, 6.0, "ecg", 130.0, "uV", np.ones(10)))
    values["payload"] = values["payload"][:-1] + b"\x00"
    with pytest.raises(BadInput, match=r"s, chunk 5: .*damaged"):
        through_the_database(connection, (table, values), "stream_no", lambda t, r: read_item(t, r, "s"))


def test_what_json_does_not_know_becomes_its_text() -> None:
    """Numbers of numpy, sets, dates and states can stand in details."""
    value = {"a": np.float64(1.5), "b": {"y", "x"}, "c": datetime(2026, 1, 2, tzinfo=UTC), "d": LinkState.LOST}
    assert dump(value) == '{"a": 1.5, "b": ["x", "y"], "c": "2026-01-02T00:00:00+00:00", "d": "lost"}'
    assert dump(math) == dump(str(math))


def test_the_tables_can_be_made_on_postgresql() -> None:
    """Every table compiles for PostgreSQL with 64-bit counters, doubles and byte strings."""
    made = "\n".join(str(CreateTable(t).compile(dialect=postgresql.dialect())) for t in schema.metadata.sorted_tables)
    assert "arrival_ns BIGINT NOT NULL" in made
    assert "payload BYTEA NOT NULL" in made
    assert "rr_ms DOUBLE PRECISION NOT NULL" in made
    assert "BIGSERIAL" in made


def test_payloads_have_a_place_for_a_key() -> None:
    """Encryption can be added later without a new shape of the tables."""
    for table in (schema.notification, schema.chunk, schema.rating, schema.marker, schema.note):
        assert "key_id" in table.c
