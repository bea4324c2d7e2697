/* Pictures of the replay page as SVG at the real pixel width. Colours are tokens, so both modes work without a redraw. */
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const PHASE = { baseline: "baseline", control: "baseline", stressor: "exercise", recovery: "recovery", rest: "recovery",
    grounding: "recovery", paced_breathing: "breathing", practice: "breathing", reflection: "reflection" };
  let patterns = 0;

  const draw = (name, attributes, parent, text) => {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  };
  const scale = (from, to, start, end) => (value) => start + ((value - from) / (to - from || 1)) * (end - start);
  const clock = (seconds, tenths) => {
    const minutes = Math.floor(seconds / 60), rest = seconds - minutes * 60;
    return `${minutes}:${(tenths ? Math.floor(rest * 10) / 10 : Math.floor(rest)).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, "0")}`;
  };

  /* A fresh SVG of the box's own width, told as one picture. */
  function canvas(box, height, says) {
    const width = Math.max(160, Math.round(box.clientWidth));
    const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": says });
    const old = box.querySelector(":scope > svg");
    if (old) old.replaceWith(svg); else box.prepend(svg);
    return { svg, width };
  }

  function hatch(svg) {
    const id = `hatch-${++patterns}`;
    const pattern = draw("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, draw("defs", {}, svg));
    draw("rect", { width: 6, height: 6, class: "hatch-ground" }, pattern);
    draw("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "hatch-line" }, pattern);
    return `url(#${id})`;
  }

  /* A line through points; a null or a step over a gap lifts the pen. */
  function path(points, x, y, breaks = []) {
    let d = "", down = false, last = null;
    for (const [time, value] of points) {
      if (value === null || (last !== null && breaks.some((gap) => gap[0] < time && gap[1] > last))) down = false;
      if (value !== null) { d += `${down ? "L" : "M"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`; down = true; last = time; }
    }
    return d;
  }

  function scrubber(box, view) {
    const { svg, width } = canvas(box, 56, `Overview of ${view.title}: ${clock(view.duration_s)} long, ${view.beats} beats`);
    const x = scale(0, view.duration_s || 1, 0, width);
    draw("rect", { x: 0, y: 0, width, height: 42, rx: 3, class: "scrub-ground" }, svg);
    for (const phase of view.phases) {
      const token = PHASE[phase.kind], left = x(phase.from), wide = Math.max(1, x(phase.to) - left - 1);
      if (!token) continue;
      draw("rect", { x: left, y: 0, width: wide, height: 42, style: `fill:var(--ph-${token});opacity:.18` }, svg);
      const strip = draw("rect", { x: left, y: 45, width: wide, height: 4, rx: 2, style: `fill:var(--ph-${token})` }, svg);
      draw("title", {}, strip, String(phase.title).replaceAll("_", " "));
    }
    const fill = hatch(svg);
    for (const [from, to] of view.gaps) draw("rect", { x: x(from), y: 0, width: Math.max(2, x(to) - x(from)), height: 42, fill }, svg);
    const rates = view.trace.map((point) => point[1]).filter((rate) => rate !== null);
    if (rates.length) {
      const y = scale(Math.min(...rates) - 2, Math.max(...rates) + 2, 38, 5);
      draw("path", { d: path(view.trace, x, y), class: "scrub-line" }, svg);
    }
    const head = draw("g", { class: "scrub-head" }, svg);
    draw("rect", { x: -1, y: 0, width: 2, height: 50 }, head);
    draw("circle", { cx: 0, cy: 50, r: 5.5 }, head);
    return (time) => head.setAttribute("transform", `translate(${Math.min(width - 6, Math.max(6, x(time))).toFixed(1)} 0)`);
  }

  /* Intervals up to the playhead: as received, and what stands for them after the check. */
  function tachogram(box, beats, gaps, selected, head) {
    const height = 260, narrow = box.clientWidth < 500, span = narrow ? 20 : 45;
    const until = selected && head - selected.t > span * 0.7 ? Math.min(head, selected.t + span * 0.4) : head;
    const from = until - span, shown = beats.filter((beat) => beat.t > from && beat.t <= until + 0.01);
    const { svg, width } = canvas(box, height, shown.length
      ? `${shown.length} intervals up to ${clock(until)}; ${shown.filter((beat) => beat.v !== "normal").length} refused`
      : "No beats yet");
    const left = 42, right = width - 10, bottom = height - 26;
    const values = shown.map((beat) => beat.rr);
    let low = Math.floor((Math.min(...values, 1e6) - 60) / 100) * 100, high = Math.ceil((Math.max(...values, 0) + 60) / 100) * 100;
    if (!shown.length) { low = 600; high = 1100; }
    if (high - low < 400) { const spare = Math.ceil((400 - (high - low)) / 200) * 100; low -= spare; high += spare; }
    const x = scale(from, until, left, right), y = scale(low, high, bottom, 10), step = high - low > 1000 ? 400 : high - low > 500 ? 200 : 100;
    for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
      draw("line", { x1: left, x2: right, y1: y(value), y2: y(value), class: "grid" }, svg);
      draw("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, svg, value);
    }
    draw("text", { x: 0, y: height - 6 }, svg, "ms");
    const every = narrow ? 5 : 10;
    for (let time = Math.ceil(Math.max(0, from) / every) * every; time < until; time += every)
      if (x(time) > left + 20) draw("text", { x: x(time), y: height - 6, "text-anchor": "middle" }, svg, clock(time));
    const near = gaps.filter((gap) => gap[1] > from && gap[0] < until), fill = hatch(svg);
    for (const gap of near) {
      const start = Math.max(left, x(gap[0]));
      draw("rect", { x: start, y: 10, width: Math.max(2, x(Math.min(gap[1], until)) - start), height: bottom - 10, fill }, svg);
    }
    const mended = [];
    for (const beat of shown) {
      if (beat.v === "normal") mended.push([beat.t, beat.rr]);
      else if (beat.c && beat.c.length) {
        let end = beat.t - beat.rr / 1000;
        for (const interval of beat.c) { end += interval / 1000; mended.push([end, interval]); }
      } else if (!["ectopic", "extra"].includes(beat.v)) mended.push([beat.t, null]);
    }
    draw("path", { d: path(mended, x, y, near), class: "nn-line" }, svg);
    for (const beat of shown) {
      draw("circle", { cx: x(beat.t), cy: y(beat.rr), r: beat.v === "normal" ? 2.8 : 4, class: "rr-dot" }, svg);
      if (beat.v !== "normal") draw("circle", { cx: x(beat.t), cy: y(beat.rr), r: 8, class: "refused-ring" }, svg);
    }
    if (selected && selected.t > from && selected.t <= until) {
      draw("line", { x1: x(selected.t), x2: x(selected.t), y1: 6, y2: bottom, class: "cursor-line" }, svg);
      const inside = x(selected.t) > (left + right) / 2;
      draw("text", { x: x(selected.t) + (inside ? -8 : 8), y: 20, "text-anchor": inside ? "end" : "start", class: "told" },
        svg, `${selected.rr.toFixed(0)} ms${selected.v === "normal" ? "" : ", " + Attunement.replay.word(selected.v)}`);
    }
  }

  const time = (ms) => (ms < 0.01 ? ms.toFixed(4) : ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

  /* Median and 95th percentile of each stage on one logarithmic axis, with its budget where it has one. */
  function latency(box, stages) {
    const height = 26 * stages.length + 30;
    const { svg, width } = canvas(box, height, stages.length
      ? stages.map((stage) => `${stage.stage}: median ${time(stage.median_ms)} ms, 95th percentile ${time(stage.p95_ms)} ms`
        + (stage.budget_ms ? `, budget ${stage.budget_ms} ms` : "")).join("; ")
      : "Nothing measured yet");
    const left = 104, right = width - 84, bottom = height - 24, log = (ms) => Math.log10(Math.max(ms, 0.001));
    const place = scale(-3, 3, left, right), x = (ms) => Math.min(right, place(log(ms)));
    for (const tick of [0.001, 0.01, 0.1, 1, 10, 100, 1000]) {
      draw("line", { x1: x(tick), x2: x(tick), y1: 2, y2: bottom, class: "grid" }, svg);
      if ([0.01, 1, 100].includes(tick)) draw("text", { x: x(tick), y: height - 6, "text-anchor": "middle" }, svg, tick === 1 ? "1 ms" : tick);
    }
    draw("text", { x: width, y: height - 6, "text-anchor": "end" }, svg, "95 %");
    stages.forEach((stage, at) => {
      const y = 14 + at * 26, over = stage.budget_ms && stage.p95_ms > stage.budget_ms;
      draw("text", { x: 0, y: y + 4, class: stage.strong ? "stage strong" : "stage" }, svg, stage.stage);
      draw("line", { x1: x(stage.median_ms), x2: x(stage.p95_ms), y1: y, y2: y, class: stage.strong ? "whisker strong" : "whisker" }, svg);
      draw("circle", { cx: x(stage.median_ms), cy: y, r: 4.5, class: "median" }, svg);
      if (stage.budget_ms) draw("line", { x1: x(stage.budget_ms), x2: x(stage.budget_ms), y1: y - 10, y2: y + 10, class: "budget" }, svg);
      draw("text", { x: width, y: y + 4, "text-anchor": "end", class: over ? "value over" : "value" }, svg, time(stage.p95_ms) + (over ? " over" : ""));
    });
  }

  window.Attunement = Object.assign(window.Attunement || {}, { replay: { clock, scrubber, tachogram, latency } });
})();
