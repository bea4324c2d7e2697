/* A soft tone at the end of parts that go well with closed eyes: off until chosen in Settle, remembered for one sitting.
 *
 * It is placed on the audio clock ahead of time, from the seconds that the session says are left. A part that is ended
 * by a press, paused or left makes no sound.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const KEY = "attunement-tone";
  const AHEAD_S = 2.5;      /* two ticks: one of them always falls in */
  const GRACE_MS = 600;      /* a part that ends by itself may do so a little before its tone is due */
  const PARTIALS = [[392, 0.1], [588, 0.04]];      /* Hz and loudness of 1; low, and a fifth above it */
  const RISE_S = 0.35, FADE_S = 3.2, SILENT = 0.0001;

  A.chime = () => {
    let context = null, session = null, chosen = false, planned = null;

    /* Sound needs a press in this page; after a reload the next press of any kind wakes it. */
    function wake() {
      context = context || new AudioContext();
      if (context.state === "suspended") context.resume();
      return context;
    }
    function ring(after) {
      const audio = wake(), at = audio.currentTime + Math.max(0, after);
      return PARTIALS.map(([pitch, loudness]) => {
        const voice = audio.createOscillator(), level = audio.createGain();
        voice.frequency.value = pitch;
        level.gain.setValueAtTime(SILENT, at);
        level.gain.exponentialRampToValueAtTime(loudness, at + RISE_S);
        level.gain.exponentialRampToValueAtTime(SILENT, at + RISE_S + FADE_S);
        voice.connect(level).connect(audio.destination);
        voice.start(at);
        voice.stop(at + RISE_S + FADE_S);
        return voice;
      });
    }
    function cancel() {
      if (planned && performance.now() < planned.due - GRACE_MS) planned.voices.forEach((voice) => voice.stop());
      planned = null;
    }

    function mark() {
      document.querySelectorAll("[data-tone]").forEach((tick) => {
        if (tick.getAttribute("aria-checked") !== String(chosen)) tick.setAttribute("aria-checked", chosen);
      });
    }
    function remembered(id) {
      if (id === session) return;
      session = id;
      try { chosen = sessionStorage.getItem(KEY) === id; } catch { chosen = false; }
    }
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-tone]")) return;
      chosen = !chosen;
      try { chosen ? sessionStorage.setItem(KEY, session) : sessionStorage.removeItem(KEY); } catch { /* for this page only */ }
      if (chosen) ring(0); else cancel();
      mark();
    });
    for (const press of ["pointerdown", "keydown"]) document.addEventListener(press, () => { if (chosen) wake(); });

    return {
      follow(view, running) {
        remembered(view.session_id);
        mark();
        if (!running || !view.phase.eyes_closed) cancel();
      },
      /* `left` is seconds of real time until the part ends by itself. */
      tick(view, running, left) {
        if (!chosen || !running || !view.phase.eyes_closed || left > AHEAD_S || left < 0 || planned) return;
        planned = { voices: ring(left), due: performance.now() + left * 1000 };
      },
    };
  };
})();
