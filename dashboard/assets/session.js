/* A client's page, alive: the session's views and ticks come in, presses go out, drawings follow.
 *
 * The server renders a screen only when what it shows has changed; everything that changes by the second is set here.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const TICKS_KEPT = 32, ANCHOR_JUMP_MS = 500, PRESS_REST_MS = 500, PANEL_WAIT_MS = 700;
  const byId = (id) => document.getElementById(id);

  /* ---- the session's time on the page's clock: the tick that came with the least delay of the last 32 ---- */
  const time = { speed: 1, anchors: [], at: null };
  function keepTime(tick) {
    const anchor = tick.w - (tick.t * 1000) / tick.speed;
    if (tick.speed !== time.speed || (time.at !== null && Math.abs(anchor - time.at) > ANCHOR_JUMP_MS)) time.anchors = [];
    time.speed = tick.speed;
    time.anchors.push(anchor);
    if (time.anchors.length > TICKS_KEPT) time.anchors.shift();
    time.at = Math.min(...time.anchors);
  }
  const clock = {
    get known() { return link !== null && time.at !== null && link.clock.offset !== null; },
    get speed() { return time.speed; },
    now: () => ((link.clock.now() - time.at) * time.speed) / 1000,
    toPage: (seconds) => link.clock.toPage(time.at + (seconds * 1000) / time.speed),
  };

  let link = null, view = null, tick = null, drawnScreen = null, drawnPanel = null;
  const breathing = A.breathing(clock), drift = A.drift(), chime = A.chime(), heart = breathing.heart;
  let frozen = false;

  /* ---- what makes a screen another screen ---- */
  const inPhase = (v) => v.screen === "phase" && v.phase;
  const screenKey = (v) => JSON.stringify([
    v.screen, v.steps, v.title, v.recording, v.simulated, v.speed, v.offer_rest, v.straps, v.plan, v.recording_id,
    v.phase && [v.phase.name, v.phase.kind, v.phase.start_s, v.phase.instruction, v.phase.seconds, v.phase.next_title, v.phase.can_lighten, v.phase.skippable],
    v.prompts.map((prompt) => prompt.id), v.pacer ? v.pacer.target_bpm : null, v.numbers_shown, v.summary,
    v.pacer ? null : v.notice, v.screen === "connect" ? v.sensor : v.sensor.state === "none",
  ]);
  const panelKey = (v) => JSON.stringify([v.panel, v.pause_ways, v.panel && v.notice, v.panel === "sensor_lost" && v.sensor.reason]);
  const setStore = (id, data) => window.dash_clientside.set_props(id, { data });

  function take(next) {
    if (view && next.version < view.version) return;
    const before = view;
    view = next;
    frozen = false;
    const screen = screenKey(view), panel = panelKey(view);
    if (drawnScreen === null && Number(drawnVersion()) === view.version) { drawnScreen = screen; drawnPanel = panel; }
    if (screen !== drawnScreen) { drawnScreen = screen; setStore("session-view", view); }
    if (panel !== drawnPanel) { drawnPanel = panel; setStore("session-panel", view); }
    if (!before || phaseKey(before) !== phaseKey(view)) breathing.clear();
    closeLocal();
    follow();
  }
  const drawnVersion = () => { const page = document.querySelector("#session-screen [data-version]"); return page ? page.dataset.version : NaN; };
  const phaseKey = (v) => (inPhase(v) ? `${v.phase.name}|${v.phase.start_s}` : v.screen);

  /* ---- everything that has to agree with the view and with what is in the page now ---- */
  function follow() {
    if (!view || !byId("session-screen")) return;
    const root = byId("session-screen");
    A.prompts.mount(root, `${view.screen}|${view.phase ? view.phase.name + view.phase.start_s : ""}`);
    const arc = byId("arc");
    if (arc && arc.dataset.summary) A.summary.mount(arc);
    sensorWord(view.sensor);
    const soft = view.pacer && byId("notice");
    if (soft && soft.textContent !== (view.notice || "")) soft.textContent = view.notice || "";
    const running = isRunning();
    const picture = byId("picture");
    if (picture) drift.show(picture, running); else drift.hide();
    breathing.follow(view, running);
    chime.follow(view, running);
    showTime();
  }
  const isRunning = () => Boolean(inPhase(view) && view.phase.running && !view.panel && !frozen);

  /* ---- words that change by the second ---- */
  const SIGNS = { streaming: "check", none: "cross", degraded: "info", lost: "search", searching: "search", connecting: "search", bluetooth_off: "bluetooth" };
  function sensorWord({ word, state, settled }) {
    const place = byId("sensor-state"), sign = byId("sensor-sign");
    if (place && place.textContent !== word) place.textContent = word;
    if (sign) sign.className = `ico i-${(state === "streaming" && !settled && "waiting") || SIGNS[state] || "check"}`;
  }
  const exact = (left) => `${left >= 60 ? `${Math.floor(left / 60)} min ` : ""}${Math.floor(left % 60)} s left`;
  function about(left) {
    if (left > 90) return `About ${Math.round(left / 60)} minutes more.`;
    if (left > 45) return "About 1 minute more.";
    return left > 12 ? "Less than a minute more." : "A few seconds more.";
  }
  function showTime() {
    if (!tick || !view.phase) return;
    const place = byId("time-left"), bar = byId("time-bar"), fill = byId("bar-fill");
    const words = place && (place.classList.contains("left") ? exact(Math.max(0, tick.left)) : about(Math.max(0, tick.left)));
    if (place && place.textContent !== words) place.textContent = words;
    const share = Math.min(1, Math.max(0, tick.elapsed / (view.phase.seconds || 1)));
    if (fill) fill.style.transform = `scaleX(${share.toFixed(4)})`;
    if (bar) bar.setAttribute("aria-valuenow", Math.round(share * 100));
    document.querySelectorAll("#session-screen [data-from]").forEach((button) => { button.hidden = tick.elapsed < Number(button.dataset.from); });
  }
  const number = (id, value) => { const place = byId(id); if (place) place.textContent = typeof value === "number" ? Math.round(value) : value || "–"; };
  function numbers(message) {
    number("heart-rate", message.hr);
    number("heart-swing", message.swing);
    number("heart-together", message.together);
    const why = byId("numbers-why");
    if (why) why.textContent = message.reason || "";
  }

  /* ---- presses ---- */
  function gather(button, data) {
    const prompts = A.prompts, hint = (id, words) => { const place = byId(id); if (place) place.textContent = words; return null; };
    switch (button.dataset.gather) {
      case "answers": return { answers: prompts.answers() };
      case "consent": {
        const health = prompts.chosen("health"), scopes = prompts.scopes();
        if (health === null) return hint("consent-hint", "Please answer the health question first.");
        if (!scopes.includes("record")) return hint("consent-hint", "Recording needs your agreement. Without it, choose “Not now”.");
        return { health, scopes };
      }
      case "lighter": {
        const size = prompts.chosen("size");
        return { moment: prompts.ownWords("moment"), ...(size === null ? {} : { size: Number(size) }) };
      }
      case "share": {
        const scope = prompts.chosen("scope");
        return scope === null ? hint("sharing-hint", "Please choose one. You can change it later.") : { scope };
      }
      case "reflect": {
        const text = prompts.ownWords("note"), answers = prompts.answers();
        if (Object.keys(answers).length) link.act("rate", { answers });
        if (text.trim()) link.act("keep", { text });
        return data;
      }
      default: return data;
    }
  }

  function press(button) {
    if (button.disabled || button.dataset.pressed) return;
    const action = button.dataset.do, data = gather(button, JSON.parse(button.dataset.payload || "{}"));
    if (data === null) return;
    if (action === "resume" && button.closest("#local-pause")) { closeLocal(); follow(); return; }
    if (action === "pause") { pause(); return; }
    if (action === "unwell" || action === "stop") freeze();
    button.dataset.pressed = "1";
    setTimeout(() => { delete button.dataset.pressed; }, PRESS_REST_MS);
    if (!link.act(action, data)) byId("session-say").textContent = "The program does not answer yet. Please try again in a moment.";
  }

  /* All motion stops at the press; the server's panel follows. Where nothing runs, or nobody answers, the page has its own. */
  const freeze = () => { frozen = true; breathing.rest(); drift.rest(); if (view) chime.follow(view, false); };
  function pause() {
    if (!view || view.panel || view.screen === "ended") return;
    freeze();
    const waits = (view.screen === "phase" || view.screen === "rating") && link.state === "open";
    if (waits) {
      link.act("pause");
      setTimeout(() => { if (frozen && !view.panel) openLocal(); }, PANEL_WAIT_MS);
    } else {
      if (view.screen === "phase" || view.screen === "rating") link.act("pause");
      openLocal();
    }
  }
  function openLocal() {
    const panel = byId("local-pause");
    panel.querySelector("[data-unheard]").hidden = link.state === "open";
    panel.hidden = false;
    cover(panel);
  }
  function closeLocal() {
    const panel = byId("local-pause");
    if (!panel || panel.hidden) return;
    panel.hidden = true;
    frozen = false;
    cover(null);
  }

  /* A panel lies over the page: nothing below it can be reached, and focus goes to its heading. */
  let covered = null;
  function cover(panel) {
    if (panel === covered) return;
    const back = covered && !panel;
    covered = panel;
    byId("session-screen").inert = panel !== null;
    const heading = (panel || byId("session-screen")).querySelector(panel ? "h2" : "[data-heading]");
    if (heading && (panel || back)) heading.focus({ preventScroll: !panel });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && link) press(button);
    const say = event.target.closest("[data-say-toggle]");
    if (say) {
      const on = say.getAttribute("aria-pressed") !== "true";
      say.setAttribute("aria-pressed", on);
      byId("pacer").dataset.say = on ? "on" : "off";
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !link) return;
    event.preventDefault();
    if (!covered) pause();
  });

  /* ---- the link ---- */
  function netState(state) {
    const bar = byId("net");
    if (!bar) return;
    bar.hidden = state === "open";
    bar.dataset.state = state;
    bar.querySelectorAll("[data-when]").forEach((part) => { part.hidden = part.dataset.when !== state; });
  }

  function start(page) {
    link = A.socket(page.dataset.topic);
    A.live = { link, clock, heart, pacer: breathing.pacer, get view() { return view; }, get tick() { return tick; } };
    link.on("view", (message) => take(message.view));
    link.on("tick", (message) => {
      const first = !clock.known;
      keepTime(message);
      tick = message;
      if (first) follow();
      breathing.pacer.align();
      if (!view) return;
      sensorWord({ ...view.sensor, word: message.sensor });
      chime.tick(view, isRunning(), message.left / message.speed);
      showTime();
    });
    link.on("heart", ({ told }) => { heart.clear(); told.forEach((message) => heart[message.k](message)); });   /* after a reload */
    link.on("beat", (message) => heart.beat(message));
    link.on("fix", (message) => heart.fix(message));
    link.on("gap", (message) => heart.gap(message));
    link.on("numbers", numbers);
    link.on("gone", () => netState("gone"));
    link.on("broken", () => netState("broken"));
    link.on("refused", () => { byId("session-say").textContent = "That could not be used. Please try again."; });
    link.clock.onchange(() => { breathing.pacer.align(); if (view && view.pacer && !breathing.shown) follow(); });
    link.onstate((state) => { netState(state); if (state !== "open") numbers({}); });
  }

  /* Dash draws the page some time after this file has run, and again at each change. */
  let heading = null, opened = null;
  function drawn() {
    const page = byId("client-page");
    if (!page) return;
    if (!link) start(page);
    follow();
    const panel = document.querySelector("#session-panel-place [role=dialog]");
    const local = byId("local-pause");
    cover(panel || (local && !local.hidden ? local : null));
    if (panel && panel !== opened && !panel.contains(document.activeElement)) panel.querySelector("h2").focus();
    opened = panel;
    const now = page.querySelector("#session-screen [data-heading]");
    const words = now && `${view ? phaseKey(view) : ""}|${now.textContent}`;
    if (now && heading !== null && words !== heading && !covered) { now.focus({ preventScroll: true }); scrollTo(0, 0); }
    if (now) heading = words;
  }
  /* Elements that come or go, not words that change: the words are our own doing. */
  const moved = (change) => [...change.addedNodes, ...change.removedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE);
  new MutationObserver((changes) => { if (changes.some(moved)) drawn(); })
    .observe(document.documentElement, { childList: true, subtree: true });
  drawn();
})();
