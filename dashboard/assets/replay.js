/* The replay page: its transport, its table and its pictures, driven by the rows of its own socket. */
(() => {
  "use strict";
  const KEPT = 4000, PAGE_WINDOW_MS = 60000;
  const SAY = { loading: "Opening the recording.", ended: "The end of the recording." };

  function start(root) {
    const R = Attunement.replay, link = Attunement.socket(`replay/${root.dataset.replayId}`);
    const one = (name) => root.querySelector(`[data-${name}]`), all = (name) => [...root.querySelectorAll(`[data-${name}]`)];
    const state = { run: 0, view: null, head: 0, beats: [], bySeq: new Map(), gaps: [], follow: true, server: [], draws: [], trips: [] };
    let moveHead = () => {}, range = null, dirty = false, dragging = false, wantedSeq = null;

    const table = R.table(root, {
      onselect(seq) { setFollow(false); choose(seq); },
    });

    /* ---- what is chosen ---- */
    function setFollow(follow) {
      state.follow = follow;
      one("follow").hidden = follow;
    }
    function choose(seq) {
      wantedSeq = seq;
      link.act("explain", { seq });
      refresh();
    }
    const chosen = () => state.bySeq.get(table.selected) || null;

    /* ---- what comes ---- */
    function clear() {
      state.beats = []; state.bySeq.clear(); state.gaps = []; state.head = 0;
      table.clear();
      setFollow(true);
      one("bytes").replaceChildren();
    }
    link.on("began", (message) => { state.run = message.run; clear(); refresh(); });
    link.on("view", (message) => {
      const before = state.view;
      state.view = message.view;
      if (message.view.head > state.head || message.view.state === "loading") state.head = message.view.head;
      if (!before || before.name !== message.view.name || before.stream !== message.view.stream || before.beats !== message.view.beats) { setScrubber(); if (message.view.state === "loading") clear(); }
      showTransport();
      refresh();
    });
    link.on("rows", (message) => {
      if (message.run !== state.run) { state.run = message.run; clear(); }
      const began = performance.now();
      for (const row of message.rows) {
        if (row.k === "beat") { state.beats.push(row); state.bySeq.set(row.q, row); }
        else if (row.k === "final") { const beat = state.bySeq.get(row.q); if (beat) Object.assign(beat, { v: row.v, nn: row.nn, c: row.c }); }
        else if (row.k === "gap") state.gaps.push([row.from, row.to]);
      }
      while (state.beats.length > KEPT) state.bySeq.delete(state.beats.shift().q);
      state.head = message.head;
      showHead();
      table.take(message.rows, state.follow);
      if (state.follow && state.beats.length) {
        const newest = state.beats[state.beats.length - 1].q;
        if (newest !== table.selected) { table.mark(newest, false); ask(newest); }
      }
      showCounts(message.counts);
      const ended = performance.now(), asked = message.w === null ? null : link.clock.toPage(message.w);
      state.draws.push([ended, ended - began]);
      if (asked !== null) state.trips.push([ended, ended - asked]);
      refresh();
    });
    link.on("explain", (message) => {
      if (message.run !== state.run || message.q !== wantedSeq) return;
      showSelected(message);
    });
    link.on("latency", (message) => { state.server = message.stages; showLatency(); });
    link.onstate((now) => {
      root.classList.toggle("away", now !== "open");
      if (now === "gone") say("This replay has ended. Load the page again to start a new one.");
      else if (now === "lost") say("Lost touch with the server. Trying again; nothing is lost.");
      else say("");
    });

    /* While following, ask for words at most five times a second. */
    let asking = null;
    function ask(seq) {
      wantedSeq = seq;
      if (asking) return;
      asking = setTimeout(() => { asking = null; link.act("explain", { seq: wantedSeq }); }, 200);
    }

    /* ---- what is shown ---- */
    function say(words) { const line = one("say"); if (line.textContent !== words) line.textContent = words; }

    function showTransport() {
      const view = state.view, playing = view.state === "playing", ready = !["loading", "failed"].includes(view.state);
      for (const button of all("transport")) button.disabled = !ready;
      const play = root.querySelector("[data-transport=play], [data-transport=pause]"), name = playing ? "Pause" : view.state === "ended" ? "Play again" : "Play";
      play.dataset.transport = playing ? "pause" : "play";
      play.setAttribute("aria-label", name);
      play.title = name;
      play.firstElementChild.className = `ico i-${playing ? "pause" : "play"}`;
      for (const button of all("speed")) button.setAttribute("aria-pressed", String(button.dataset.speed === view.speed));
      for (const button of all("open")) button.setAttribute("aria-pressed", String(button.dataset.open === view.name));
      showPlaying(view);
      say(view.message || SAY[view.state] || "");
    }

    /* Which recording, and which of its streams: one person's heart each. */
    function showPlaying(view) {
      const line = one("playing"), choice = one("streams"), name = document.createElement("b");
      name.textContent = view.title;
      const many = (n, what) => `, ${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
      line.replaceChildren(name, view.frames || view.beats ? `${many(view.beats, "beat")}${view.frames ? many(view.frames, "frame") : ""}` : "");
      choice.hidden = view.streams.length < 2;
      if ([...choice.children].map((button) => button.dataset.stream).join() !== view.streams.join()) {
        choice.replaceChildren(...view.streams.map((stream) => {
          const button = document.createElement("button");
          Object.assign(button, { type: "button", textContent: stream });
          button.dataset.stream = stream;
          return button;
        }));
      }
      for (const button of choice.children) button.setAttribute("aria-pressed", String(button.dataset.stream === view.stream));
    }

    function setScrubber() {
      const box = one("scrub"), view = state.view;
      moveHead = R.scrubber(box, view);
      if (!range) {
        range = document.createElement("input");
        range.type = "range";
        range.min = 0;
        range.setAttribute("aria-label", "Position in the recording");
        range.addEventListener("input", () => { dragging = true; moveHead(Number(range.value)); showClock(Number(range.value)); });
        range.addEventListener("change", () => { dragging = false; link.act("seek", { time_s: Number(range.value) }); });
        box.append(range);
      }
      range.max = view.duration_s;
      range.step = Math.max(0.1, view.duration_s / 1000);
      range.disabled = !view.duration_s;
    }

    function showClock(time) {
      const clock = one("clock");
      clock.querySelector(".head").textContent = R.clock(time, true);
      clock.querySelector("small").textContent = `of ${R.clock(state.view ? state.view.duration_s : 0, true)}`;
    }

    /* Before any row is drawn, so that none is ever ahead of the playhead. */
    function showHead() {
      if (dragging || !state.view) return;
      moveHead(state.head);
      showClock(state.head);
      if (!range) return;
      range.value = state.head;
      const phase = state.view.phases.find((one) => one.from <= state.head && state.head < one.to);
      const where = phase ? ", " + String(phase.title).replaceAll("_", " ") : "";
      range.setAttribute("aria-valuetext", `${R.clock(state.head)} of ${R.clock(state.view.duration_s)}${where}`);
    }

    function showCounts(counts) {
      const put = (name, words) => { root.querySelector(`[data-count="${name}"]`).textContent = words; };
      const many = (n) => n.toLocaleString("en");
      put("frame", `${many(counts.frames)} in, ${many(counts.malformed)} malformed`);
      put("check", `${many(counts.beats)} out`);
      put("nn", `${many(counts.kept)} kept, ${many(counts.refused)} refused`);
      put("indices", "each on its own window");
    }

    function showSelected(message) {
      const bytes = one("bytes"), why = one("why");
      bytes.replaceChildren(...message.bytes.map(([hex, field, strong]) => {
        const cell = document.createElement("div"), name = document.createElement("small");
        cell.className = strong ? "rr" : "";
        cell.append(hex, name);
        name.textContent = field;
        return cell;
      }));
      why.replaceChildren(...message.words.map((words) => {
        const line = document.createElement("p");
        words.split("`").forEach((part, at) => {
          const node = at % 2 ? document.createElement("code") : document.createTextNode(part);
          if (at % 2) node.textContent = part;
          line.append(node);
        });
        return line;
      }));
    }

    function quantiles(samples) {
      const since = performance.now() - PAGE_WINDOW_MS;
      while (samples.length && samples[0][0] < since) samples.shift();
      const sorted = samples.map((sample) => sample[1]).sort((a, b) => a - b);
      return sorted.length ? { median_ms: sorted[Math.floor((sorted.length - 1) * 0.5)], p95_ms: sorted[Math.ceil((sorted.length - 1) * 0.95)] } : null;
    }

    function showLatency() {
      const draw = quantiles(state.draws), trip = quantiles(state.trips), stages = [...state.server];
      if (draw) stages.push({ stage: "draw", ...draw });
      if (trip) stages.push({ stage: "event to page", strong: true, budget_ms: Number(root.dataset.pageBudget), ...trip });
      R.latency(one("latency"), stages);
    }

    function refresh() {
      if (dirty) return;
      dirty = true;
      requestAnimationFrame(() => {
        dirty = false;
        if (!state.view) return;
        showHead();
        R.tachogram(one("tachogram"), state.beats, state.gaps, chosen(), state.head);
      });
    }

    /* ---- what is pressed ---- */
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { transport, speed, open, stream } = button.dataset;
      if (transport) { setFollow(true); link.act(transport); }
      else if (speed) link.act("speed", { speed });
      else if (open) link.act("open", { name: open });
      else if (stream) link.act("stream", { name: stream });
      else if ("follow" in button.dataset) {
        setFollow(true);
        const newest = state.beats[state.beats.length - 1];
        if (newest) { table.mark(newest.q, false); choose(newest.q); }
        const box = one("log-box");
        box.scrollTop = box.scrollHeight;
      }
    });
    new ResizeObserver(() => { if (state.view) { setScrubber(); refresh(); } showLatency(); }).observe(root);
    showLatency();
    return () => link.close();
  }

  /* Dash draws the page after this script has run; the replay begins when its root appears. */
  let current = null, stop = null;
  function look() {
    const root = document.getElementById("replay");
    if (root === current) return;
    if (stop) stop();
    current = root;
    stop = root ? start(root) : null;
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
