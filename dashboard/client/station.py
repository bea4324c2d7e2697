"""The strap in the browser's own hands: what Connect offers for it, and what a page says that was opened anew.

The page's script knows what the browser can do and shows the part that fits; none is shown before.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.client.parts import marked
from dashboard.shell import icon

OWN_BLUETOOTH = "Use this device’s Bluetooth"
WHEN = {
    "able": "Or let the browser find it: it asks which strap is yours. Keep this page open while you practise.",
    "unable": "This browser cannot reach a strap by itself. Chrome and Edge can, on a computer or an Android phone.",
    "insecure": "To use this device’s own Bluetooth, open this page over https, or on the computer of the program.",
}
"""What the browser can do (a secure context with Web Bluetooth, without it, or no secure context), and what is said."""
AGAIN = "This page was opened anew, so the browser asks once more which strap is yours."


def own_bluetooth_button() -> html.Button:
    """Beside the other ways on; it opens the browser's own list of straps."""
    return _choose(OWN_BLUETOOTH, "btn big", hidden=True, **marked(data_station_when="able"))


def own_bluetooth_words() -> html.Div:
    """One line on it, whichever is true of this browser, and what came of the last press."""
    lines = [
        html.P(
            [icon("bluetooth"), html.Span(words)], className="small-note", hidden=True, **marked(data_station_when=when)
        )
        for when, words in WHEN.items()
    ]
    return html.Div([*lines, html.P("", className="small-note", role="status", **marked(data_station_say="true"))])


def choose_again() -> Component:
    """Over any page of a sitting whose browser has forgotten the strap."""
    return html.Section(
        [html.P(AGAIN), _choose("Choose the strap", "btn mid")],
        className="net station-again",
        hidden=True,
        **marked(data_station_again="true", aria_label="Strap"),
    )


def _choose(words: str, look: str, **attributes: object) -> html.Button:
    return html.Button(
        [icon("bluetooth"), html.Span(words)],
        type="button",
        className=look,
        **{**marked(data_station_choose="true"), **attributes},
    )
