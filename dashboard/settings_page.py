"""``/settings``: how it looks, where things lie, what is remembered, and how to remove everything."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from acquisition.identity import Identity
from dashboard import facts
from dashboard.page import PageContext, Route
from dashboard.shell import attrs, frame, heading
from sessions.remembered_strap import forget as forget_strap
from sessions.remembered_strap import remembered


def routes() -> tuple[Route, ...]:
    """The settings page."""
    return (Route("/settings", page, "Settings"),)


async def page(ctx: PageContext) -> Component:
    """What can be said at once; Bluetooth answers later."""
    data = ctx.settings.data
    known = await asyncio.to_thread(facts.of_folder, data)
    strap = await asyncio.to_thread(remembered, ctx.service, ctx.asker)
    return layout(known, facts.versions(), strap)


def layout(folder: Mapping[str, str], versions: Mapping[str, str], strap: Identity | None) -> Component:
    """The page as a pure function of what is known."""
    parts = [
        _card("How it looks", [_theme_choice(), html.P("Kept in this browser.", className="note")]),
        _card("Where things lie", [_facts(folder), _removal(folder)]),
        _card("The strap this computer remembers", [html.Div(_strap(strap), id="remembered-strap")]),
        _card("Bluetooth", [html.P("Asking the computer", id="bluetooth-state")]),
        _card("Versions", [_facts(versions)]),
        _card("Who can see what", [html.P(OPEN_TO_ALL)]),
    ]
    return frame("/settings", [heading("Settings"), html.Div(parts, className="settings")])


OPEN_TO_ALL = (
    "No clinician passphrase is set, so whoever uses this account of the computer can open every recording that was "
    "not kept private by the person recorded. Nothing is reachable from another computer."
)


def register(app: Dash, ctx: PageContext) -> None:
    """Bluetooth is asked after the page is drawn, since the answer can take seconds."""

    @app.callback(Output("bluetooth-state", "children"), Input("bluetooth-state", "id"))
    async def bluetooth(_: str) -> str:
        # on the sessions' loop: one process may not look for sensors twice at the same time
        state = await ctx.engine.call(facts.bluetooth())
        return f"{state[0].upper()}{state[1:]}"

    @app.callback(Output("remembered-strap", "children"), Input("forget-strap", "n_clicks"), prevent_initial_call=True)
    async def forget(_: int) -> list[Component]:
        await asyncio.to_thread(forget_strap, ctx.service, ctx.asker)
        return _strap(None)


def _card(title: str, content: list[Component]) -> html.Section:
    return html.Section([html.H2(title), *content], className="card")


def _theme_choice() -> html.Div:
    choices = (("system", "As the computer"), ("light", "Light"), ("dark", "Dark"))
    buttons = [
        html.Button(word, type="button", **attrs(data_theme_choice=name, aria_pressed="false"))
        for name, word in choices
    ]
    return html.Div(buttons, className="seg", role="group", **attrs(aria_label="Light or dark"))


def _facts(values: Mapping[str, str]) -> html.Dl:
    rows: list[Component] = []
    for name, value in values.items():
        rows += [html.Dt(name), html.Dd(value)]
    return html.Dl(rows, className="facts")


def _removal(folder: Mapping[str, str]) -> html.P:
    return html.P(
        [
            "To remove one recording: ",
            html.Code("attune delete ID"),
            ". To remove everything: stop the program and delete the data folder",
            f" ({folder['Data folder']})." if "Data folder" in folder else ".",
            " Nothing is kept anywhere else.",
        ],
        className="note",
    )


def _strap(strap: Identity | None) -> list[Component]:
    if strap is None:
        return [html.P("None. A strap is remembered after it has been chosen once.", className="muted")]
    known = {"Name": strap.name, "Address": strap.address, "Serial number": strap.serial}
    return [
        _facts({word: value for word, value in known.items() if value is not None}),
        html.P(html.Button("Forget it", id="forget-strap", type="button", className="btn")),
    ]
