/* The breathing page: the guide's shape, the bloom and the wave, kept in step with the session's time.
 *
 * `clock` knows the session's time on this page: known, speed, now() in seconds, toPage(seconds) in the page's ms.
 * When a demonstration runs faster than life the shape keeps its true pace, and the wave shows no breath beside it.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const DRAW_MS = 64;              /* wave and bloom move under two pixels between; more would take frames from the guide */
  const GIVE_WAY = 3;              /* on a page whose frames come late they wait so many of them */
  const CAPTION_KEY = "attunement-bloom-seen";
  const byId = (id) => document.getElementById(id);
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  A.breathing = (clock) => {
    const heart = A.heart(), pacer = A.pacer();
    let view = null, guides = [], shown = null, frame = null, halfBreath = null, framed = 0, due = 0;

    /* Guides follow each other after a pause or a new pace; breaths are counted on through all of them. */
    const guideAt = (t) => guides.filter((guide) => guide.from <= t).pop() || guides[0];
    const position = (t) => {
      const guide = guideAt(t);
      return guide.base + A.breathAt(guide.pacer, Math.min(t, guide.to) - guide.from).position;
    };
    const level = (t) => {
      const guide = guideAt(t);
      return t < guide.from || t > guide.to ? null : A.breathAt(guide.pacer, t - guide.from).level;
    };

    function newGuide() {
      const last = guides[guides.length - 1], from = view.pacer.start_s;
      if (last) last.to = Math.min(last.to, from);
      guides.push({ from, to: Infinity, pacer: view.pacer, base: last ? Math.ceil(position(last.to) - 1e-6) : 0 });
    }

    function follow(next, running) {
      view = next;
      const element = byId("pacer");
      if (!element || !view.pacer) { hide(); return; }
      if (!clock.known) return;
      const key = JSON.stringify([view.pacer, running]);
      if (!shown || shown.key !== key || shown.element !== element) show(element, key, running);
      draw();
    }

    function show(element, key, running) {
      const from = view.pacer.start_s;
      const anew = !guides.length || guides[guides.length - 1].from !== from;
      if (anew) newGuide();
      const fixed = clock.speed === 1 ? null : anew || !shown ? clock.toPage(from) : shown.fixed;
      shown = { key, element, fixed };
      pacer.show(element, { ...view.pacer, moving: view.pacer.moving && running }, () => (fixed === null ? clock.toPage(from) : fixed));
      guides[guides.length - 1].to = running ? Infinity : clock.now();
      if (running) start(); else stop();
      showCaption();
    }

    function draw() {
      if (!view || !view.pacer || !guides.length || !clock.known) return;
      const now = clock.now(), delay = view.sensor.delay_s || 0;
      const wave = byId("heart-wave") || byId("breath-wave"), bloom = byId("bloom"), note = byId("heart-note");
      if (wave) A.drawWave(wave, { now, delay, level: clock.speed === 1 ? level : null, heart });
      if (bloom) A.drawBloom(bloom, { now, delay, position, heart });
      if (note) note.hidden = !heart.resting;
    }

    function loop(at) {
      frame = requestAnimationFrame(loop);
      const late = at - framed;
      framed = at;
      if (at < due) return;
      due = at + Math.max(DRAW_MS, GIVE_WAY * late) - 1;
      if (still.matches && guides.length && clock.known) {      /* one picture for each half breath */
        const half = Math.floor(position(clock.now()) * 2);
        if (half === halfBreath) return;
        halfBreath = half;
      }
      draw();
    }
    const start = () => { if (frame === null) loop(performance.now()); };
    const stop = () => { if (frame !== null) cancelAnimationFrame(frame); frame = null; };
    const rest = () => { pacer.rest(); stop(); shown = null; };
    const hide = () => { pacer.hide(); stop(); shown = null; };

    function showCaption() {
      const caption = byId("bloom-caption");
      if (!caption) return;
      let seen = null;
      try {
        seen = localStorage.getItem(CAPTION_KEY);
        localStorage.setItem(CAPTION_KEY, seen || view.session_id);
      } catch { /* nothing can be remembered here: show it */ }
      caption.hidden = seen !== null && seen !== view.session_id;
    }

    /* What the page says of the pace, at each change of the breath. */
    document.addEventListener("breath", ({ detail }) => {
      const pace = byId("pace"), aim = byId("pace-aim");
      if (!pace || !view || !view.pacer) return;
      const rate = Math.round(detail.rate * 10) / 10, target = view.pacer.target_bpm;
      pace.textContent = rate;
      aim.textContent = Math.abs(rate - target) < 0.06 ? "" : `${rate > target ? "slowing" : "quickening"} gently to ${target}`;
    });
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    addEventListener("resize", () => requestAnimationFrame(draw));

    return { heart, pacer, follow, rest, get shown() { return shown !== null; }, clear() { heart.clear(); guides = []; shown = null; } };
  };
})();
