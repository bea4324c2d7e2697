/* The curve of the session and the three small pictures, as SVG from the values that the page carries. */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const NS = "http://www.w3.org/2000/svg";
  const PHASE = { baseline: "baseline", control: "exercise", stressor: "exercise", practice: "exercise", recovery: "recovery",
    rest: "recovery", grounding: "recovery", paced_breathing: "breathing", reflection: "reflection" };
  const BREATHS_S = 40;
  const SMALL = 700;              /* px: names are set smaller */
  const LEAST_SPAN_BPM = 12;      /* a quiet session is drawn quiet, not stretched to fill the box */

  function make(name, attributes, parent, words) {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (words !== undefined) node.textContent = words;
    parent.append(node);
    return node;
  }
  const line = (from, to, low, high) => (value) => low + ((value - from) / (to - from || 1)) * (high - low);

  function runs(curve) {
    const rows = [];
    let row = null;
    for (const [t, rate] of curve) {
      if (rate === null) { row = null; continue; }
      if (!row) rows.push((row = []));
      row.push([t, rate]);
    }
    return rows;
  }
  const path = (row, x, y) => row.map(([t, v], i) => `${i ? "L" : "M"}${x(t).toFixed(1)} ${y(v).toFixed(1)}`).join("");

  function sheet(box, height) {
    box.textContent = "";
    const width = Math.max(200, box.clientWidth);
    return { svg: make("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, box), width };
  }

  function scaleOf(data) {
    const rates = data.curve.map(([, rate]) => rate).filter((rate) => rate !== null);
    if (data.start !== null) rates.push(data.start);
    if (!rates.length) return null;
    const low = Math.min(...rates), high = Math.max(...rates), spare = Math.max(0, LEAST_SPAN_BPM - (high - low)) / 2;
    return [low - spare, high + spare];
  }

  function drawParts(svg, data, x, height, width) {
    let last = -Infinity;
    for (const [name, kind, from, to] of data.parts) {
      const x0 = x(from), x1 = x(to);
      make("rect", { x: x0 + 1, y: height - 32, width: Math.max(1, x1 - x0 - 2), height: 6, rx: 3, style: `fill:var(--ph-${PHASE[kind] || "baseline"})` }, svg);
      const need = name.length * (width < SMALL ? 6.2 : 7.2) + 8;
      const middle = Math.max(need / 2, Math.min(width - need / 2, (x0 + x1) / 2));      /* whole on the sheet */
      if (need <= x1 - x0 + 16 && middle - need / 2 > last) {
        make("text", { x: middle, y: height - 8, "text-anchor": "middle", class: "name" }, svg, name);
        last = middle + need / 2;
      }
    }
  }

  function drawArc(box) {
    const data = JSON.parse(box.dataset.summary), bounds = scaleOf(data);
    if (!bounds || !data.parts.length) { box.textContent = "There was too little heart signal to draw."; return; }
    const height = box.clientHeight || 260, { svg, width } = sheet(box, height);
    const end = data.parts[data.parts.length - 1][3], start = data.parts[0][2];
    const x = line(start, end, 0, width), y = line(bounds[0], bounds[1], height - 46, 40);
    drawParts(svg, data, x, height, width);
    if (data.start !== null) make("line", { x1: 0, x2: width, y1: y(data.start), y2: y(data.start), class: "started" }, svg);
    const shade = make("linearGradient", { id: "arc-shade", x1: 0, x2: 0, y1: 0, y2: 1 }, make("defs", {}, svg));
    [[0, 0.22], [1, 0]].forEach(([at, alpha]) => make("stop", { offset: at, style: `stop-color:var(--heart);stop-opacity:${alpha}` }, shade));
    const rows = runs(data.curve), hatch = make("pattern", { id: "arc-gap", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg.querySelector("defs"));
    make("line", { x1: 0, x2: 0, y1: 0, y2: 6, class: "gap-line" }, hatch);
    rows.slice(1).forEach((row, i) => {        /* no signal: hatched, never bridged */
      const from = x(rows[i][rows[i].length - 1][0]), to = x(row[0][0]);
      make("rect", { x: from, y: 40, width: Math.max(1, to - from), height: height - 86, fill: "url(#arc-gap)" }, svg);
    });
    for (const row of rows) {
      make("path", { d: `${path(row, x, y)}L${x(row[row.length - 1][0])} ${height - 46}L${x(row[0][0])} ${height - 46}Z`, fill: "url(#arc-shade)" }, svg);
      make("path", { d: path(row, x, y), class: "heart-line" }, svg);
    }
    for (const [t, rate, words] of data.marks) {
      make("circle", { cx: x(t), cy: y(rate), r: 5, class: "mark-ring" }, svg);
      drawWords(svg, words, x(t), y(rate), width);
    }
  }

  /* To the right of its ring, where the heart goes down; in two lines, or to the left, where there is no room. */
  function drawWords(svg, words, cx, cy, width) {
    const APART = 12, LINE = 17, text = make("text", { y: cy, class: "mark-words" }, svg, words);
    const room = width - cx - APART, wide = text.getComputedTextLength();
    const lines = wide <= room ? [words] : halves(words), side = wide <= room || wide * 0.6 <= room ? 1 : -1;
    text.textContent = "";
    text.setAttribute("text-anchor", side > 0 ? "start" : "end");
    lines.forEach((each, i) => {
      make("tspan", { x: cx + side * APART, y: cy - 8 - LINE * (lines.length - 1 - i) }, text, each);
    });
  }

  function halves(words) {
    const spaces = [...words.matchAll(/ /g)].map((found) => found.index), middle = words.length / 2;
    if (!spaces.length) return [words];
    const at = spaces.reduce((best, each) => (Math.abs(each - middle) < Math.abs(best - middle) ? each : best));
    return [words.slice(0, at), words.slice(at + 1)];
  }

  function drawMini(box, data) {
    const { svg, width } = sheet(box, 84), kind = box.dataset.mini;
    const wanted = { noticed: ["baseline", "exercise"], back: ["exercise", "recovery"] }[kind];
    const parts = data.parts.filter(([, of]) => wanted.includes(PHASE[of]));
    const bounds = scaleOf(data);
    if (!parts.length || !bounds) { make("line", { x1: 0, x2: width, y1: 42, y2: 42, class: "started" }, svg); return; }
    const from = parts[0][2], to = parts[parts.length - 1][3];
    const x = line(from, to, 4, width - 4), y = line(bounds[0], bounds[1], 76, 8);
    if (data.start !== null) make("line", { x1: 0, x2: width, y1: y(data.start), y2: y(data.start), class: "started" }, svg);
    for (const row of runs(data.curve.filter(([t]) => t >= from && t <= to))) make("path", { d: path(row, x, y), class: "heart-line" }, svg);
    if (kind === "noticed") {
      const felt = line(0, 100, 76, 8);
      for (const [t, value] of data.felt.filter(([at]) => at >= from && at <= to + 60)) {
        const cx = Math.min(width - 8, x(t)), cy = felt(value);
        make("path", { d: `M${cx} ${cy - 7}L${cx + 7} ${cy}L${cx} ${cy + 7}L${cx - 7} ${cy}Z`, class: "felt-mark" }, svg);
      }
    }
  }

  /* Own breathing at rest, then the guide, both on one scale: how far each breath moves the heart. */
  function drawBreaths(box, data) {
    const { svg, width } = sheet(box, 84), rows = data.breaths.filter((row) => row.length > 1);
    const rates = rows.flat().map(([, rate]) => rate).filter((rate) => rate !== null);
    if (!rates.length) { make("line", { x1: 0, x2: width, y1: 42, y2: 42, class: "started" }, svg); return; }
    const low = Math.min(...rates), high = Math.max(...rates), spare = Math.max(0, LEAST_SPAN_BPM - (high - low)) / 2;
    const y = line(low - spare, high + spare, 78, 6), room = width / rows.length;
    rows.forEach((row, i) => {
      const x = line(0, BREATHS_S, i * room + (i ? 14 : 0), (i + 1) * room - (i ? 0 : 14));
      for (const run of runs(row)) make("path", { d: path(run, x, y), class: "swing-line" }, svg);
      if (i) make("line", { x1: i * room, x2: i * room, y1: 8, y2: 78, style: "stroke:var(--line)" }, svg);
    });
  }

  let watched = null;
  A.summary = {
    mount(arc) {
      if (arc === watched) return;
      watched = arc;
      const draw = () => {
        drawArc(arc);
        const data = JSON.parse(arc.dataset.summary);
        document.querySelectorAll("[data-mini]").forEach((box) => (box.dataset.mini === "breath" ? drawBreaths : drawMini)(box, data));
      };
      let width = 0;
      new ResizeObserver(() => { if (arc.clientWidth !== width) { width = arc.clientWidth; draw(); } }).observe(arc);
    },
  };
})();
