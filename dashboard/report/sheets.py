"""The report's two pages of findings: what happened, by part; then felt and heart, words, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from dashboard.clinician import words
from dashboard.clinician.recording_values import Cell, FeltAndHeart, PhaseLine, RecordingView
from dashboard.clinician.timeline_values import PHASE_TOKENS
from dashboard.report.claims import Claim
from dashboard.report.figure import session_figure
from dashboard.report.markup import Child, add, node
from sessions.phase_table import PhaseRow
from sessions.review import Review
from sessions.sentences import Sentence

HEADS = ("Part", "Length", "Heart, beats/min", "Change", "RMSSD, ms", "Change", "Swing", "Usable", "Corrected")
CAPTION = (
    "Thin line: every accepted beat. Thick line: mean of 30 s. Marks under the trace: refused beats (triangle early, "
    "ring missed, cross any other). Hatched: no signal, or a pause. Diamonds: tension as rated by the person."
)

COMPARED = (
    "Change: the last two minutes of a part, or less where it is shorter, with as much of the part named. "
    "* 5 to 10 % of the intervals refused; over 10 % nothing is given."
)

Claims = Mapping[str, Claim]


def findings(view: RecordingView, found: Review, told: Sequence[Sentence], claims: Claims) -> list[Element]:
    """What stands on the first page under its head."""
    said = _said(first_of(told, found))
    table = node("table", _caption("Parts with heart and changes"), _head(), class_="tbl")
    body = node("tbody")
    for line, row in zip(view.phases, found.phases, strict=True):
        add(body, _line(line, row, claims))
    add(table, body)
    parts = section("By part", scrolled(table), _dashes(view), class_="parts") if found.phases else None
    picture = section(
        "Heart rate, RMSSD and ratings across the session",
        scrolled(session_figure(view.timeline), "Picture of the session"),
        node("p", CAPTION, class_="cap", id="figure-says"),
    )
    shown = [node("div", *said, class_="sum")] if said else []
    return [*shown, _figures(view, claims), picture, *([parts] if parts is not None else [])]


def first_of(told: Sequence[Sentence], found: Review) -> list[Sentence]:
    """The sentences of the first page: what the stressors did, and the way back."""
    stressors = {str(row.span.seq) for row in found.phases if row.span.kind == "stressor"}
    return [one for one in told if one.printed and _about(one) & (stressors | {""})]


def _about(one: Sentence) -> set[str]:
    """Seq of the part that a sentence is about, or nothing where it is about the sitting."""
    named = one.id.split(":")
    return {named[1] if len(named) > 1 and named[1].isdigit() else ""}


def _said(told: Sequence[Sentence]) -> list[Element]:
    return [node("p", f"{one.text} ", node("small", one.firmness)) for one in told]


def beside(view: RecordingView, found: Review, told: Sequence[Sentence], *, for_client: bool) -> list[Element]:
    """What stands on the second page."""
    first = first_of(told, found)
    further = _said([one for one in told if one.printed and one not in first])
    notes = node("ol", class_="notes")
    add(notes, *(node("li", node("span", words.clock(m.time_s)), node("span", m.words)) for m in view.timeline.markers))
    left = section("Felt and heart", *_felt(view.pairs))
    right = section("In the person's words", *_words(view))
    made = [section("Further findings", *further, class_="further")] if further else []
    made.append(node("div", left, right, class_="pair"))
    if not for_client and len(notes):
        made.append(section("Notes and markers", notes))
    trust = [node("p", f"{'; '.join(view.trust)}.", class_="small")] if view.trust else []
    flags = node("ul", *(node("li", flag) for flag in (*view.notices, *view.flags)), class_="small")
    made.append(section("How far to trust it", *trust, flags if len(flags) else None))
    return made


def section(title: str, *children: Child, class_: str | None = None) -> Element:
    """A heading and what belongs under it."""
    return node("section", node("h2", title), *children, class_=class_)


def scrolled(wide: Element, name: str = "Table") -> Element:
    """A table or picture that scrolls by itself where the page is narrow."""
    return node("div", wide, class_="scroll", tabindex="0", role="group", aria_label=name)


def number(claims: Claims, key: str, otherwise: str) -> Child:
    """A claimed number, marked so that it can be checked; or what stands for it."""
    claim = claims.get(key)
    return node("span", claim.printed, data_claim=claim.id) if claim is not None else otherwise


def _caption(text: str) -> Element:
    return node("caption", text, class_="sr")


def _head() -> Element:
    heads = [node("th", head, scope="col", class_="r" if at else None) for at, head in enumerate(HEADS)]
    return node("thead", node("tr", *heads))


def _line(line: PhaseLine, row: PhaseRow, claims: Claims) -> Element:
    token, seq = PHASE_TOKENS.get(line.kind), row.span.seq
    swatch = node("i", class_="sw", style=f"background:var(--{token})") if token else None
    against = node("small", f"against {line.reference}") if line.reference else None
    name = node("th", node("span", swatch, line.title, class_="ph"), against, scope="row")
    cells = [node("td", words.clock(line.end_s - line.start_s), class_="r")]
    for key in ("mean_hr_bpm", "change_bpm", "rmssd_ms", "change_rmssd_percent", "swing_bpm"):
        unit = " %" if key == "change_rmssd_percent" and f"{seq}:{key}" in claims else None
        cells.append(node("td", number(claims, f"{seq}:{key}", words.DASH), unit, _marked(line, key), class_="r"))
    for key in ("usable_percent", "corrected_percent"):
        cells.append(node("td", number(claims, f"{seq}:{key}", words.DASH), " %", class_="r"))
    return node("tr", name, *cells)


def _marked(line: PhaseLine, key: str) -> str | None:
    cell = line.cells.get(key)
    return "*" if cell is not None and cell.marked else None


def _dashes(view: RecordingView) -> Element:
    """Why there is no number, and what a star means, in words."""
    why: dict[str, None] = {}
    for line in view.phases:
        for cell in line.cells.values():
            if cell.value is None and words.reason(cell.reason):
                why.setdefault(f"{line.title}: {words.reason(cell.reason)}")
    text = f"{words.DASH} not given ({'; '.join(why)}). " if why else ""
    return node("p", text + COMPARED, class_="cap")


def _figures(view: RecordingView, claims: Claims) -> Element:
    made = node("dl", class_="four")
    for figure in view.figures:
        value: Child = figure.value
        if figure.title == "Half-recovery" and "half_time" in claims:
            value = number(claims, "half_time", figure.value)
        add(made, node("div", node("dt", figure.title), node("dd", value, " ", node("small", figure.unit)),
                       node("dd", figure.note, class_="note")))  # fmt: skip
    return made


def _felt(pairs: Sequence[FeltAndHeart]) -> Iterator[Element]:
    told = [pair for pair in pairs if pair.says]
    if not told:
        yield node("p", "No part has both an answer and a measured change.", class_="small")
        return
    rows = [
        node("tr", node("th", pair.title, scope="row"), node("td", _bpm(Cell(pair.change_bpm)), class_="r"),
             node("td", pair.says))
        for pair in told
    ]  # fmt: skip
    head = node("thead", node("tr", node("th", "Part", scope="col"), node("th", "Heart", scope="col", class_="r"),
                              node("th", "Said and measured", scope="col")))  # fmt: skip
    yield node("table", _caption("Felt and heart by part"), head, node("tbody", *rows), class_="tbl")
    yield node("p", "A heart that is up while a person says calm, or the other way round, is common and no fault. "
               "Stress that shows in the skin need not show in the heart.", class_="cap")  # fmt: skip


def _bpm(cell: Cell) -> str:
    return words.DASH if cell.value is None else words.signed(cell.value)


def _words(view: RecordingView) -> Iterator[Element]:
    if not view.words:
        yield node("p", "Nothing was written.", class_="small")
    for title, question, answer in view.words:
        yield node("p", node("small", f"{title}: {question}"), node("br"), answer, class_="quote")
