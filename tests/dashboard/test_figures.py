"""The one Plotly factory."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dash import dcc

import dashboard
from dashboard import figures
from dashboard.clinician.felt_and_heart import scatter
from dashboard.clinician.timeline import timeline
from tests.dashboard.recordings_made import a_view

HERE = Path(str(dashboard.__file__)).parent
TOKENS = (HERE / "assets" / "tokens.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"var\(--([\w-]+)")


def modes() -> dict[str, set[str]]:
    light = TOKENS[TOKENS.index(":root{") : TOKENS.index("[data-theme=dark]")]
    dark = TOKENS[TOKENS.index("[data-theme=dark]") :]
    named = {mode: set(re.findall(r"--([\w-]+):", text)) for mode, text in (("light", light), ("dark", dark))}
    named["dark"] |= {name for name in named["light"] if name in ("font", "mono", "wash")}
    return named


def drawings() -> Iterator[tuple[str, str]]:
    view = a_view()
    yield "timeline", timeline(view.timeline).to_json()
    yield "felt and heart", scatter(view.pairs).to_json()


@pytest.mark.parametrize(("name", "drawn"), list(drawings()))
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_colour_of_a_figure_is_a_token_of_both_modes(name: str, drawn: str, mode: str) -> None:
    """A figure names tokens that exist in light and in dark, and no colour of its own."""
    assert set(TOKEN.findall(drawn)) <= modes()[mode], name
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", drawn)


def test_no_python_file_of_the_faces_holds_a_hex_colour() -> None:
    """Colours live in tokens.css alone."""
    for folder in ("clinician", "replay"):
        for path in (HERE / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not re.search(r"#[0-9a-fA-F]{6}\b", node.value), f"{path.name}: {node.value}"


def test_plotly_reaches_a_page_through_the_factory_alone() -> None:
    """Only ``figures`` makes a dcc.Graph; others may build figures but never show them by themselves."""
    for path in HERE.rglob("*.py"):
        if path.name != "figures.py":
            text = path.read_text(encoding="utf-8")
            assert "dcc.Graph" not in text, path.name
            assert "to_html" not in text, path.name


def test_a_graph_offers_no_way_to_send_itself_away() -> None:
    """No sharing, no bar of tools, in every graph."""
    block = figures.graph("any", figures.figure(100, margin={"l": 0, "r": 0, "t": 0, "b": 0}), says="nothing")
    (graph,) = [part for part in block._traverse() if isinstance(part, dcc.Graph)]
    assert graph.config["showSendToCloud"] is False
    assert graph.config["displayModeBar"] is False


def test_a_graph_is_told_to_screen_readers_in_words() -> None:
    """The picture has a name of its own."""
    block = figures.graph("any", figures.figure(100, margin={"l": 0, "r": 0, "t": 0, "b": 0}), says="A line.")
    assert block.children[0].role == "img"
    assert getattr(block.children[0], "aria-label") == "A line."


def test_a_drawing_travels_as_plain_json() -> None:
    """The store holds lists and numbers that the page's script can read."""
    for name, drawn in drawings():
        assert "bdata" not in drawn, name
        assert json.loads(drawn)["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"


def test_no_trace_needs_webgl() -> None:
    """SVG only: software WebGL is slower, and a page keeps few WebGL contexts."""
    for name, drawn in drawings():
        assert {trace["type"] for trace in json.loads(drawn)["data"]} <= {"scatter", "bar"}, name
