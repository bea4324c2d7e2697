/* The heart as it arrives: accepted beats in runs that never bridge a gap or a refused beat, and the scale to draw by.
 *
 * Times are seconds of the session's own time. A strap tells of a beat `delay` seconds late; drawings shift by that.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const KEEP_S = 200;              /* twelve slow breaths and a little */
  const REST_SHARE = 0.05;         /* live feedback rests above this share of refused beats */
  const QUALITY_S = 60, QUALITY_BEATS = 20;
  const SCALE_S = 75, EASE = 0.12;
  const LEAST_HALF_BPM = 3;        /* never magnify noise into petals */
  const SILENCE_S = 3.5;           /* longer than any beat: hatch it */

  A.heart = () => {
    let beats = [], gaps = [], rests = [], mid = null, half = null;
    const bySeq = new Map();
    const trim = (now) => {
      while (beats.length && beats[0].t < now - KEEP_S) bySeq.delete(beats.shift().q);
      gaps = gaps.filter((gap) => gap.to > now - KEEP_S);
      rests = rests.filter((rest) => (rest.to === null ? now : rest.to) > now - KEEP_S);
    };
    const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

    function rescale(now) {
      const rates = beats.filter((beat) => beat.ok && beat.t > now - SCALE_S).map((beat) => beat.hr).sort((a, b) => a - b);
      if (rates.length < 4) return;
      const low = quantile(rates, 0.08), high = quantile(rates, 0.92);
      const wantMid = (low + high) / 2, wantHalf = Math.max(LEAST_HALF_BPM, (high - low) / 2);
      mid = mid === null ? wantMid : mid + EASE * (wantMid - mid);
      half = half === null ? wantHalf : half + EASE * (wantHalf - half);
    }

    function judgeQuality(now) {
      const recent = beats.filter((beat) => beat.t > now - QUALITY_S);
      const refused = recent.filter((beat) => !beat.ok).length;
      const bad = recent.length >= QUALITY_BEATS && refused > REST_SHARE * recent.length;
      const open = rests.length && rests[rests.length - 1].to === null ? rests[rests.length - 1] : null;
      if (bad && !open) rests.push({ from: now, to: null });
      if (!bad && open) open.to = now;
    }

    const joined = (a, b) => b.q === a.q + 1 && b.t - a.t < b.rr / 1000 + 0.25 &&
      !gaps.some((gap) => gap.from < b.t && gap.to > a.t);
    const resting = (t) => rests.some((rest) => t >= rest.from && (rest.to === null || t <= rest.to));

    return {
      beat(message) {
        const beat = { t: message.t, hr: message.hr, rr: message.rr, ok: message.ok && message.hr !== null, q: message.q, seen: performance.now() };
        beats.push(beat);
        bySeq.set(beat.q, beat);
        trim(beat.t);
        rescale(beat.t);
        judgeQuality(beat.t);
      },
      fix(message) { const beat = bySeq.get(message.q); if (beat) { beat.ok = message.ok; judgeQuality(beats[beats.length - 1].t); } },
      gap(message) { gaps.push({ from: message.from, to: message.to }); },
      clear() { beats = []; gaps = []; rests = []; bySeq.clear(); mid = half = null; },
      get last() { return beats.length ? beats[beats.length - 1] : null; },
      get resting() { return rests.length > 0 && rests[rests.length - 1].to === null; },
      get scale() { return mid === null ? null : { mid, half }; },
      /* Rows of neighbouring accepted beats between two times. */
      runs(from, to) {
        const rows = [];
        let row = [], before = null;
        for (const beat of beats) {
          if (beat.t < from || beat.t > to) continue;
          if (!beat.ok || resting(beat.t)) { row = []; before = null; continue; }
          if (!before || !joined(before, beat)) rows.push((row = []));
          row.push(beat);
          before = beat;
        }
        return rows;
      },
      /* Stretches without a signal, the one that lasts now included. */
      silences(now, delay) {
        const last = beats.length ? beats[beats.length - 1].t : null;
        const quiet = last !== null && now - last > SILENCE_S + delay ? [{ from: last, to: now }] : [];
        return [...gaps, ...rests.map((rest) => ({ from: rest.from, to: rest.to === null ? now : rest.to })), ...quiet];
      },
    };
  };

  /* Colours come from the tokens only; read once, and again when the mode changes. */
  const NAMES = ["heart", "breath", "ink", "gap", "surface-2"];
  let colours = null;
  A.colours = () => {
    if (!colours) {
      const style = getComputedStyle(document.documentElement);
      colours = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    }
    return colours;
  };
  new MutationObserver(() => { colours = null; }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });

  /* A canvas at the screen's own pixels; returns its 2d context in css pixels, cleared, or null when it has no size. */
  A.prepare = (canvas) => {
    const width = canvas.clientWidth, height = canvas.clientHeight, ratio = Math.min(2, devicePixelRatio || 1);
    if (!width || !height) return null;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    return { pen, width, height };
  };

  /* Handles of a smooth line (Catmull-Rom) from points[i - 1] to points[i]; the line passes through every point. */
  A.bend = (points, i) => {
    const [a, b, c, d] = [points[i - 2] || points[i - 1], points[i - 1], points[i], points[i + 1] || points[i]];
    return [b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6, c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6, c[0], c[1]];
  };
  A.smooth = (pen, points) => {
    pen.moveTo(points[0][0], points[0][1]);
    for (let i = 1; i < points.length; i++) pen.bezierCurveTo(...A.bend(points, i));
  };
})();
