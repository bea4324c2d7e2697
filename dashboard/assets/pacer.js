/* The breath guide: where in the breath one is, as a pure function of time, and the shape that shows it.
 *
 * The shape is animated by the browser's compositor (Web Animations on `transform`), stretch after stretch of the plan,
 * each with a start time of its own: nothing on the page or the server has to run for the breath to go on. Only one
 * animation may be there at a time; Chromium moves an element with two of them by the page's own thread. Between two
 * stretches the shape rests where the one ends and the other begins, breathed out, so a page that is late shows no jump.
 * `pacer` is the session's PacerView: shares of a breath, and stretches [start_s, period_s, breaths or null].
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const KEYFRAMES = 96;            /* per breath: steps under 1 % of the way, any shape of breath */
  const SMALLEST = 0.66;           /* of the shape's full size, breathed out */
  const REALIGN_MS = 6;            /* clock estimates move less than this; smaller moves are left alone */
  const WORDS = { "inhale": "Breathe in", "hold-in": "Hold gently", "exhale": "Breathe out", "hold-out": "Rest" };

  function within(pacer, share) {
    const parts = [["inhale", pacer.inhale], ["hold-in", pacer.hold_in], ["exhale", pacer.exhale], ["hold-out", pacer.hold_out]];
    let from = 0;
    for (const [phase, length] of parts) {
      if (length > 0 && (share < from + length || phase === "hold-out")) {
        const fraction = Math.min(1, (share - from) / length);
        const level = { "inhale": 0.5 - 0.5 * Math.cos(Math.PI * fraction), "hold-in": 1,
          "exhale": 0.5 + 0.5 * Math.cos(Math.PI * fraction), "hold-out": 0 }[phase];
        return { phase, level, end: from + length };
      }
      from += length;
    }
    return { phase: "exhale", level: 0, end: 1 };
  }

  /* State at `t` seconds after the plan's start: phase, level 0..1, position in breaths, rate, seconds left in the part. */
  A.breathAt = (pacer, t) => {
    const stretches = pacer.stretches;
    let index = 0, before = 0;
    while (index + 1 < stretches.length && t >= stretches[index + 1][0]) before += stretches[index++][2] || 0;
    const [start, period] = stretches[index];
    const cycles = (t - start) / period, share = cycles - Math.floor(cycles);
    const { phase, level, end } = within(pacer, share);
    return { phase, level, position: before + cycles, rate: 60 / period, left: (end - share) * period };
  };

  const frames = (pacer, draw) => Array.from({ length: KEYFRAMES + 1 }, (_, i) =>
    ({ offset: i / KEYFRAMES, easing: "linear", transform: draw(i === KEYFRAMES ? within(pacer, 1 - 1e-9).level : within(pacer, i / KEYFRAMES).level) }));
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  /* Guides the element #pacer; `startPage()` gives the plan's start on the page's clock, ms. */
  A.pacer = () => {
    let root = null, pacer = null, startPage = null, moving = null, timer = null, said = "", phase = "";
    const part = (name) => root.querySelector(`[data-pacer="${name}"]`);

    function halt() {
      if (moving) moving.animation.cancel();
      moving = null;
      clearTimeout(timer);
    }

    function build() {
      halt();
      root.classList.toggle("still", still.matches);
      if (!pacer.moving) { rest(); return; }
      root.classList.remove("resting");
      if (!still.matches) animate();
      words();
    }

    function animate() {
      const passed = (performance.now() - startPage()) / 1000;
      const shape = frames(pacer, (level) => `scale(${(SMALLEST + (1 - SMALLEST) * level).toFixed(4)})`);
      const ends = ([start, period, breaths]) => (breaths === null ? Infinity : start + period * breaths);
      move(shape, Math.max(0, pacer.stretches.findIndex((stretch) => ends(stretch) > passed)));
    }

    function move(shape, index) {
      const [start, period, breaths] = pacer.stretches[index];
      const animation = part("shape").animate(shape, { duration: period * 1000, iterations: breaths === null ? Infinity : breaths });
      animation.startTime = startPage() + start * 1000;
      animation.onfinish = () => { if (index + 1 < pacer.stretches.length) move(shape, index + 1); };
      moving = { animation, start };
    }

    function words() {
      const state = A.breathAt(pacer, (performance.now() - startPage()) / 1000);
      const count = Math.max(1, Math.ceil(state.left - 0.02));
      const word = WORDS[state.phase];
      root.dataset.phase = state.phase;
      root.dataset.rate = state.rate.toFixed(1);
      part("word").textContent = word;
      part("count").textContent = count;
      part("bar").style.transform = `scaleX(${state.level.toFixed(3)})`;
      if (state.phase !== phase) {
        phase = state.phase;
        root.dispatchEvent(new CustomEvent("breath", { detail: state, bubbles: true }));
        if (root.dataset.say === "on" && word !== said) part("say").textContent = said = word;
      }
      const next = (state.left - (count - 1)) * 1000 + 4;
      timer = setTimeout(words, Math.min(1000, Math.max(30, next)));
    }

    function rest(word = "Resting") {
      halt();
      if (!root) return;
      root.classList.add("resting");
      part("word").textContent = word;
      part("count").textContent = "";
      part("say").textContent = "";
      part("bar").style.transform = "scaleX(0)";
      phase = said = "";
      delete root.dataset.phase;
    }

    still.addEventListener("change", () => { if (root && root.isConnected && pacer) build(); });
    return {
      show(element, view, start) { root = element; pacer = view; startPage = start; build(); },
      rest,
      hide() { halt(); root = pacer = null; },
      /* The clock's estimate has moved: move the start times with it, without a jump that anyone could see. */
      align() {
        if (!moving) return;
        const { animation, start } = moving, want = startPage() + start * 1000;
        if (animation.startTime === null || Math.abs(animation.startTime - want) > REALIGN_MS) animation.startTime = want;
      },
      get error() {
        return moving ? Math.abs(moving.animation.startTime - startPage() - moving.start * 1000) : null;
      },
    };
  };
})();
