"""What a page may say: everything of ours is read exactly, everything else is refused by name, and nothing breaks."""

from __future__ import annotations

import contextlib
import json
import math
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquisition.beats import LinkState
from acquisition.errors import BadInput
from acquisition.station_messages import (
    CAUSES,
    FACTS,
    LARGEST_VALUE,
    LONGEST_NAME,
    MOST_ITEMS,
    Bye,
    Cause,
    Fact,
    Frame,
    Hello,
    Items,
    read_message,
)

HELLO: dict[str, Any] = {"k": "hello", "run": "0123456789abcdef", "first": 1, "name": "Strap 7"}
FRAME: dict[str, Any] = {"n": 1, "t": 1000.5, "o": 7.25, "frame": "EDwABA=="}
ITEMS: dict[str, Any] = {"k": "items", "trip": 1.5, "whole": True, "items": [FRAME]}


def with_item(**changed: object) -> dict[str, Any]:
    """A message of one item that differs from a good frame in this; None leaves a field out."""
    return {**ITEMS, "items": [{name: value for name, value in {**FRAME, **changed}.items() if value is not None}]}


def test_messages_of_ours_are_read_exactly() -> None:
    """Each kind, with the page's time brought to ours."""
    assert read_message(HELLO) == Hello("0123456789abcdef", 1, "Strap 7")
    assert read_message({"k": "bye"}) == Bye()
    told = [
        FRAME,
        {"n": 2, "t": 2000, "o": -5, "link": "silent"},
        {"n": 3, "t": 0, "o": 0, "fact": "model", "value": "SDEw"},
    ]
    (frame, cause, fact) = read_items({**ITEMS, "items": told}).items
    assert frame == Frame(1, 1_007_750_000, bytes.fromhex("103c0004"))
    assert cause == Cause(2, 1_995_000_000, *CAUSES["silent"])
    assert fact == Fact(3, 0, "model", b"H10")


def read_items(message: dict[str, Any]) -> Items:
    read = read_message(message)
    assert isinstance(read, Items)
    return read


def test_every_state_of_a_link_can_be_told_but_the_one_that_shows_by_itself() -> None:
    """All but ``streaming`` have a cause, and each that is not on its way has a reason."""
    assert {state for state, _ in CAUSES.values()} == set(LinkState) - {LinkState.STREAMING}
    assert [name for name, (_, reason) in CAUSES.items() if reason is None] == ["connecting"]


def test_a_name_is_printable_or_none() -> None:
    """It ends on pages and in recordings."""
    read = read_message({**HELLO, "name": " Strap\n\x007 \u202e"})
    assert isinstance(read, Hello)
    assert read.name == "Strap7"
    assert read_message({**HELLO, "name": "\n"}) == Hello(HELLO["run"], 1, None)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"k": None},
        {"k": "do"},
        {**HELLO, "run": "0123"},
        {**HELLO, "run": "0123456789ABCDEF"},
        {**HELLO, "run": 1},
        {**HELLO, "first": 0},
        {**HELLO, "first": True},
        {**HELLO, "first": 2**53},
        {**HELLO, "name": "x" * (LONGEST_NAME + 1)},
        {**HELLO, "name": 7},
        {**ITEMS, "items": None},
        {**ITEMS, "items": [FRAME] * 2},
        {**ITEMS, "items": [{**FRAME, "n": n} for n in (2, 1)]},
        {**ITEMS, "items": [{**FRAME, "n": n} for n in (1, 3)]},
        {**ITEMS, "items": [{**FRAME, "n": n} for n in range(1, MOST_ITEMS + 2)]},
        {**ITEMS, "items": [None]},
        {**ITEMS, "whole": 1},
        {**ITEMS, "trip": None},
        {**ITEMS, "trip": math.nan},
        {**ITEMS, "trip": True},
        with_item(n=1.5),
        with_item(n=-1),
        with_item(t=math.inf),
        with_item(t="1"),
        with_item(t=10**400),
        with_item(o=None),
        with_item(o=1e14),
        with_item(frame=7),
        with_item(frame="not base64"),
        with_item(frame="EDwABA"),
        with_item(frame="é"),
        with_item(frame=b64encode(bytes(LARGEST_VALUE + 1)).decode()),
        with_item(frame="A" * 100_000),
        with_item(frame=None),
        with_item(link="silent"),
        with_item(frame=None, link="streaming"),
        with_item(frame=None, link=["silent"]),
        with_item(frame=None, fact="model"),
        with_item(frame=None, fact="serial", value="SDEw"),
        with_item(frame=None, fact=["model"], value="SDEw"),
        with_item(reason="<b>"),
    ],
    ids=lambda message: json.dumps(message)[:60],
)
def test_what_no_page_of_ours_says_is_refused_by_name(message: dict[str, Any]) -> None:
    """Wrong, missing, too much or too large: the error says where."""
    with pytest.raises(BadInput, match=r"^station message, \w+: .+; reload the page$"):
        read_message(message)


def test_the_largest_value_is_taken() -> None:
    """As long as the attribute protocol allows, empty too; what it means is for the decoder."""
    for size in (0, LARGEST_VALUE):
        (frame,) = read_items(with_item(frame=b64encode(bytes(size)).decode())).items
        assert isinstance(frame, Frame)
        assert frame.data == bytes(size)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([*CAUSES, *FACTS]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ["run", "first", "name", "items", "trip", "whole", "n", "t", "o", "frame", "link", "fact", "value"]
)


@given(st.sampled_from([HELLO, ITEMS, {"k": "bye"}]), st.dictionaries(FIELDS, JSON), st.dictionaries(FIELDS, JSON))
def test_anything_else_ends_in_a_value_or_a_refusal(
    good: dict[str, Any], around: dict[str, Any], within: dict[str, Any]
) -> None:
    """Never in another error."""
    message = {**good, **around}
    if good is ITEMS and "items" not in around:
        message["items"] = [{**FRAME, **within}]
    with contextlib.suppress(BadInput):
        read_message(message)
