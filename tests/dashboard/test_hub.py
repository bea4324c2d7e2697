"""The hub: numbered, bounded, and a slow page harms nobody."""

from __future__ import annotations

import asyncio
import json
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.hub import HISTORY_LIMIT, QUEUE_LIMIT, Hub, Subscription, encode

TOPIC = "session/one"


def waiting(page: Subscription) -> list[int]:
    """Numbers of everything that waits for a page."""
    return [json.loads(text)["n"] for text in page._waiting]


async def test_messages_arrive_numbered_and_in_order() -> None:
    """Each topic counts its own messages from 1."""
    hub = Hub()
    page, other = hub.subscribe(TOPIC), hub.subscribe("session/two")
    for beat in range(3):
        hub.publish(TOPIC, {"k": "beat", "q": beat})
    assert [json.loads(await page.next()) for _ in range(3)] == [{"k": "beat", "q": i, "n": i + 1} for i in range(3)]
    assert waiting(other) == []


async def test_a_waiting_page_is_woken() -> None:
    """A page that waits gets the message as soon as it is there."""
    hub = Hub()
    page = hub.subscribe(TOPIC)
    coming = asyncio.ensure_future(page.next())
    await asyncio.sleep(0)
    hub.publish(TOPIC, {"k": "tick"})
    assert json.loads(await asyncio.wait_for(coming, 5))["k"] == "tick"


@given(st.integers(0, 3 * QUEUE_LIMIT))
def test_a_slow_page_loses_only_its_oldest_messages(count: int) -> None:
    """However many messages come, a page that reads none keeps the newest and knows how many it lost."""
    hub = Hub()
    slow = hub.subscribe(TOPIC)
    for _ in range(count):
        hub.publish(TOPIC, {"k": "beat"})
    kept = min(count, QUEUE_LIMIT)
    assert waiting(slow) == list(range(count - kept + 1, count + 1))
    assert slow.dropped == count - kept


@given(st.lists(st.sampled_from(["publish", "read", "subscribe", "leave"]), max_size=60))
def test_a_page_that_reads_all_sees_every_message_since_it_came(steps: list[str]) -> None:
    """Whatever slow pages do beside it, a reading page has no hole."""
    hub = Hub()
    reader, others, seen = hub.subscribe(TOPIC), deque[Subscription](), list[int]()
    for step in steps:
        if step == "publish":
            hub.publish(TOPIC, {"k": "beat"})
        elif step == "subscribe":
            others.append(hub.subscribe(TOPIC))
        elif step == "leave" and others:
            hub.unsubscribe(TOPIC, others.popleft())
        seen += waiting(reader)
        reader.clear()
    assert seen == list(range(1, hub.number(TOPIC) + 1))


@given(st.integers(0, 2 * HISTORY_LIMIT), st.integers(0, 2 * HISTORY_LIMIT + 5))
def test_catching_up_is_complete_or_refused(published: int, last: int) -> None:
    """A page gets every message after the last it saw, or is told that it cannot; never some of them."""
    hub = Hub()
    hub.publish(TOPIC, {"k": "view"})
    for _ in range(published):
        hub.publish(TOPIC, {"k": "beat"})
    missed = hub.since(TOPIC, last)
    number = published + 1
    if last > number or number - last > HISTORY_LIMIT:
        assert missed is None
    else:
        assert missed is not None
        assert [json.loads(text)["n"] for text in missed] == list(range(last + 1, number + 1))


def test_the_latest_of_a_kind_is_remembered_and_forgotten_with_its_topic() -> None:
    """A page that comes late gets the newest view; a forgotten topic gives nothing."""
    hub = Hub()
    hub.publish(TOPIC, {"k": "view", "view": 1})
    hub.publish(TOPIC, {"k": "tick"})
    assert hub.latest(TOPIC, "view") == {"k": "view", "view": 1}
    hub.forget(TOPIC)
    assert (hub.latest(TOPIC, "view"), hub.number(TOPIC), hub.since(TOPIC, 0)) == (None, 0, None)


def test_no_message_carries_a_number_that_is_none() -> None:
    """NaN and infinity are no JSON; they are a mistake and raise."""
    with pytest.raises(ValueError, match="JSON"):
        encode({"hr": float("nan")})
