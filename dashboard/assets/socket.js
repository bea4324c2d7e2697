/* One websocket per page. It comes back by itself, catches up by sequence number, and knows the server's clock.
 *
 *   const link = Attunement.socket("session/ID");
 *   link.on("tick", message => ...);        // by the message's "k"; "*" for all
 *   link.onstate(state => ...);             // "open", "lost", "gone" (no such session, or closed for good)
 *   link.act("pause", {});                  // -> true when sent or safe to send later
 *   link.clock.now(), link.clock.toPage(serverMs)
 *
 * Page time is performance.now(), the clock of Web Animations, in ms. Server time is its monotonic clock, in ms.
 */
(() => {
  "use strict";
  const FIRST_PINGS = 8, FIRST_PING_MS = 60, PING_MS = 2000, SAMPLES = 32;
  const BACK_OFF_MS = 400, BACK_OFF_MAX_MS = 8000;
  /* Wishes that may wait for a lost link. One that starts something may not: nobody re-enters a part by surprise. */
  const MAY_WAIT = new Set(["pause", "stop", "unwell", "rate", "keep", "share", "not_today", "leave_grounding", "marker"]);
  const GONE_CODES = new Set([1008, 4403, 4404]);

  /* The offset with the smallest round trip of the last 32: queueing only ever adds to a trip. */
  function makeClock() {
    let samples = [], best = null, watchers = [];
    return {
      get offset() { return best ? best.offset : null; },
      get roundTrip() { return best ? best.trip : null; },
      get count() { return samples.length; },
      now: () => (best ? performance.now() + best.offset : null),
      toPage: (serverMs) => (best ? serverMs - best.offset : null),
      onchange: (watch) => watchers.push(watch),
      /* After a sleep or a new link: old trips count no more; the old offset holds until the first new one. */
      renew() { samples = []; },
      answer(message) {
        const back = performance.now();
        const trip = back - message.c - (message.x - message.r);
        if (!Number.isFinite(trip)) return;
        samples.push({ trip, offset: (message.r - message.c + (message.x - back)) / 2 });
        if (samples.length > SAMPLES) samples.shift();
        const before = best;
        best = samples.reduce((a, b) => (b.trip < a.trip ? b : a));
        if (best !== before) watchers.forEach((watch) => watch());
      },
    };
  }

  function socket(topic) {
    const clock = makeClock(), listeners = new Map(), watchers = [], waiting = new Map();
    const link = { topic, clock, state: "lost", last: 0, missed: 0 };
    let channel = null, backOff = BACK_OFF_MS, pings = null, closed = false, opened = false;

    const become = (state) => { if (link.state !== state) { link.state = state; watchers.forEach((watch) => watch(state)); } };
    const raw = (message) => {
      if (!channel || channel.readyState !== WebSocket.OPEN) return false;
      channel.send(JSON.stringify(message));
      return true;
    };
    const ping = () => raw({ k: "clk", c: performance.now() });
    const startPings = () => {
      clock.renew();
      clearInterval(pings);
      for (let i = 0; i < FIRST_PINGS; i++) setTimeout(ping, i * FIRST_PING_MS);
      pings = setInterval(ping, PING_MS);
    };

    function take(message) {
      if (message.k === "clk") { clock.answer(message); return; }
      if (typeof message.n === "number") {
        if (message.n <= link.last && message.k !== "view") return;
        if (link.last && message.n > link.last + 1) link.missed += message.n - link.last - 1;
        link.last = message.n;
      }
      for (const key of [message.k, "*"]) (listeners.get(key) || []).forEach((listen) => listen(message));
    }

    function open() {
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      channel = new WebSocket(`${scheme}//${location.host}/ws/${topic}`);
      channel.onopen = () => {
        backOff = BACK_OFF_MS;
        startPings();
        if (opened) raw({ k: "since", n: link.last });
        opened = true;
        for (const message of waiting.values()) raw(message);
        waiting.clear();
        become("open");
      };
      channel.onmessage = (event) => take(JSON.parse(event.data));
      channel.onclose = (event) => {
        clearInterval(pings);
        if (closed) return;
        if (GONE_CODES.has(event.code)) { become("gone"); return; }
        become("lost");
        setTimeout(open, backOff * (0.75 + Math.random() / 2));
        backOff = Math.min(backOff * 2, BACK_OFF_MAX_MS);
      };
    }

    link.on = (kind, listen) => { listeners.set(kind, [...(listeners.get(kind) || []), listen]); return link; };
    link.onstate = (watch) => { watchers.push(watch); return link; };
    link.raw = raw;
    link.act = (action, data = {}) => {
      const message = { k: "do", action, data };
      if (raw(message)) return true;
      if (!MAY_WAIT.has(action)) return false;
      waiting.set(action, message);
      return true;
    };
    link.close = () => { closed = true; clearInterval(pings); channel.close(); };
    document.addEventListener("visibilitychange", () => { if (!document.hidden && link.state === "open") startPings(); });
    open();
    return link;
  }

  window.Attunement = Object.assign(window.Attunement || {}, { socket });
})();
