/* The clinician's pages: charts painted with the tokens of the present mode, the crosshair, lists and dialogs.
 *
 * A drawing comes from the server with colours as var(--token) or var(--token,share). What else depends on the page
 * (mode, width, the reader's choices) is put in here, so that one drawing serves every look.
 */
(() => {
  "use strict";
  const NARROW_PX = 620, TOKEN = /var\(--([\w-]+)(?:,\s*([\d.]+))?\)/g;
  const choices = { signal: "hr", beats: "corrected" };

  /* ---- painting ---- */
  const measure = document.createElement("canvas").getContext("2d");
  function palette() {
    const style = getComputedStyle(document.documentElement), known = new Map();
    return (name, share) => {
      const key = `${name}/${share || 1}`;
      if (!known.has(key)) known.set(key, faded(style.getPropertyValue(`--${name}`).trim(), share));
      return known.get(key);
    };
  }
  function faded(value, share) {
    if (!share || !value.startsWith("#")) return value;
    const full = value.length === 4 ? value.replace(/[0-9a-f]/gi, (digit) => digit + digit) : value;
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16));
    return `rgba(${red},${green},${blue},${share})`;
  }
  function painted(value, paint) {
    if (typeof value === "string") return value.includes("var(--") ? value.replace(TOKEN, (_, name, share) => paint(name, share)) : value;
    if (Array.isArray(value)) return value.length && typeof value[0] === "number" ? value : value.map((part) => painted(part, paint));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, painted(part, paint)]));
    return value;
  }

  const fits = (only) => !only || Object.entries(only).every(([key, wanted]) => choices[key] === wanted);

  /* Each phase's name as long as it fits; a phase too short for any word keeps its strip and its line in the table. */
  function names(meta, layout, width, y) {
    const [from, to] = layout.xaxis.range, margin = layout.margin;
    const px = (ms) => ((ms - from) / (to - from)) * (width - margin.l - margin.r);
    measure.font = `600 13px ${getComputedStyle(document.documentElement).getPropertyValue("--font")}`;
    return meta.names.flatMap((name) => {
      const room = px(name.to) - px(name.from) - 6, text = name.texts.find((words) => measure.measureText(words).width <= room);
      return text ? [{ text: `<b>${text}</b>`, x: name.from, y, xref: "x", yref: "paper", xanchor: "left", yanchor: "middle", xshift: 2,
        showarrow: false, font: { size: 13, color: "var(--ink)" } }] : [];
    });
  }

  function chosen(drawing, width) {
    const layout = structuredClone(drawing.layout), meta = layout.meta || {}, narrow = width < NARROW_PX;
    let data = drawing.data;
    if (meta.only) data = data.filter((_, at) => fits(meta.only[at]));
    if (narrow && meta.narrow) Object.assign(layout, structuredClone(meta.narrow));
    if (meta.ranges) layout[meta.heart_axis].range = meta.ranges[`${choices.signal} ${choices.beats}`];
    if (meta.rr_titles && choices.signal === "rr") {
      for (const note of layout.annotations) {
        if (narrow && note.name === "title-heart") note.text = meta.rr_titles.narrow;
        else if (meta.rr_titles[note.name]) note.text = meta.rr_titles[note.name];
      }
    }
    if (meta.names) layout.annotations = [...layout.annotations, ...names(meta, layout, width, narrow ? meta.names_y.narrow : meta.names_y.wide)];
    if (meta.zoom) layout.dragmode = narrow ? false : "zoom";
    delete layout.meta;
    return { data, layout };
  }

  function paint(drawing, look) {
    if (!drawing) return window.dash_clientside.no_update;
    const width = (look && look.width) || document.documentElement.clientWidth;
    const figure = chosen(drawing, width);
    const done = painted(figure, palette());
    setTimeout(afterPaint, 60);
    return done;
  }

  /* A height of its own for narrow pages: Plotly takes the layout's, its frame must follow. */
  function afterPaint() {
    for (const plot of document.querySelectorAll(".chart .js-plotly-plot")) {
      const height = plot.layout && plot.layout.height, frame = plot.closest(".chart-plot");
      if (height && frame && frame.style.height !== `${height}px`) frame.style.height = `${height}px`;
    }
  }

  /* ---- the look ---- */
  let width = 0;
  const seen = (chart) => Math.round(chart.clientWidth);
  function tellLook() {
    const chart = document.querySelector(".chart");
    if (!chart || !window.dash_clientside || !window.dash_clientside.set_props) return;
    width = seen(chart);
    window.dash_clientside.set_props("figure-look", { data: { theme: document.documentElement.dataset.theme, width, ...choices } });
  }
  document.addEventListener("attunement-theme", tellLook);
  const resized = new ResizeObserver(() => {
    const chart = document.querySelector(".chart");
    if (!chart) return;
    const now = seen(chart);
    if (now && now !== width) { const crossed = Math.abs(now - width) > 8; width = now; if (crossed) tellLook(); }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choice]");
    if (!button) return;
    const [key, value] = button.dataset.choice.split("=");
    choices[key] = value;
    for (const other of button.parentElement.querySelectorAll("[data-choice]")) other.setAttribute("aria-pressed", String(other === button));
    tellLook();
  });

  /* ---- the crosshair by keyboard: a slider over the seconds, read out in words ---- */
  function crosshair(box) {
    const chart = box.querySelector(".chart"), told = box.querySelector("[data-crosshair-says]");
    if (!chart || box.querySelector("input[type=range]")) return;
    const rows = JSON.parse(box.dataset.crosshair), range = document.createElement("input");
    range.type = "range";
    range.min = 0;
    range.max = rows.length - 1;
    range.value = 0;
    range.className = "crosshair";
    range.setAttribute("aria-label", "Move along the timeline");
    const line = document.createElement("i");
    line.className = "crosshair-line";
    line.hidden = true;
    chart.append(line);
    const show = () => {
      line.hidden = false;
      line.style.setProperty("--at", Number(range.value) / Math.max(1, rows.length - 1));
      const row = rows[Number(range.value)], plot = chart.querySelector(".js-plotly-plot");
      range.setAttribute("aria-valuetext", row[1]);
      told.textContent = row[1];
      if (plot && window.Plotly) window.Plotly.Fx.hover(plot, { xval: row[0] }, ["xy2", "xy4", "xy5", "xy6", "xy7"]);
    };
    range.addEventListener("input", show);
    range.addEventListener("focus", show);
    range.addEventListener("blur", () => {
      const plot = chart.querySelector(".js-plotly-plot");
      told.textContent = "";
      line.hidden = true;
      if (plot && window.Plotly) window.Plotly.Fx.unhover(plot);
    });
    chart.after(range);
  }

  /* ---- lists: search and filter without asking the server ---- */
  function narrowList(list) {
    const words = (list.querySelector("input[type=search]")?.value || "").trim().toLowerCase();
    const kind = list.querySelector("[data-filter][aria-pressed=true]")?.dataset.filter || "all";
    let shown = 0;
    for (const row of list.querySelectorAll("tbody tr")) {
      const fit = row.dataset.words.includes(words) && (kind === "all" || row.dataset.kinds.split(" ").includes(kind));
      row.hidden = !fit;
      shown += fit;
    }
    list.querySelector("[data-none]").hidden = shown > 0;
  }
  document.addEventListener("input", (event) => {
    const list = event.target.closest("[data-list]");
    if (list) narrowList(list);
  });
  document.addEventListener("click", (event) => {
    const filter = event.target.closest("[data-filter]");
    if (filter) {
      for (const other of filter.parentElement.querySelectorAll("[data-filter]")) other.setAttribute("aria-pressed", String(other === filter));
      narrowList(filter.closest("[data-list]"));
      return;
    }
    const opener = event.target.closest("[data-dialog]");
    if (opener) { document.getElementById(opener.dataset.dialog)?.showModal(); return; }
    if (event.target.closest("[data-dialog-close]")) { event.target.closest("dialog").close(); return; }
    const row = event.target.closest(".list-table tbody tr");
    if (row && !event.target.closest("a,button") && !String(getSelection())) row.querySelector(".row-link")?.click();
  });

  /* ---- what Dash draws later ---- */
  let watched = null;
  function look() {
    const chart = document.querySelector(".chart");
    if (chart && chart !== watched) {
      watched = chart;
      resized.disconnect();
      resized.observe(chart);
      tellLook();
    }
    for (const box of document.querySelectorAll("[data-crosshair]")) crosshair(box);
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = Object.assign(window.dash_clientside || {}, { review: { paint } });
})();
