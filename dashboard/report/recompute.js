/* Computes every claimed number anew from the beats in this file, with nothing else, and says what agrees. */
(() => {
  "use strict";
  const carried = JSON.parse(document.getElementById("carried").textContent);
  const { told_s: told, end_s: end, rr_ms: rr, normal, joined } = carried.beats;
  const HAIR = 1e-6, MINUTE_MS = 60000;
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const mean = (values) => sum(values) / values.length;

  /* A part's own intervals on a clock that stands still while it waits, summed from the last beat before it; none is
   * kept that reaches into what lies between. */
  function excerpt(spans) {
    const found = [];
    let length = 0;
    spans.forEach(([from, to], number) => {
      const before = number ? -1 : told.findLastIndex((at) => at <= from);
      for (let i = Math.max(0, before); i < told.length && told[i] <= to; i++) {
        if (i !== before && (told[i] <= from || (number > 0 && told[i] - rr[i] / 1000 < from))) continue;
        const one = found[found.length - 1], follows = one !== undefined && one.i === i - 1 && joined[i];
        found.push({ i, at: follows ? one.at + rr[i] / 1000 : told[i] - from + length });
      }
      length += to - from;
    });
    return { kept: found.filter(({ at }) => at > HAIR && at <= length + HAIR), length };
  }
  const last = ({ kept, length }, seconds) => kept.filter(({ at }) => at > length - seconds + HAIR);
  const good = (kept) => kept.filter(({ i }) => normal[i]);
  const meanRate = (kept) => MINUTE_MS / mean(good(kept).map(({ i }) => rr[i]));

  function rootMeanSquare(kept) {
    const steps = [];
    for (let k = 1; k < kept.length; k++) {
      const [one, two] = [kept[k - 1].i, kept[k].i];
      if (two === one + 1 && joined[two] && normal[one] && normal[two]) steps.push((rr[two] - rr[one]) ** 2);
    }
    return Math.sqrt(mean(steps));
  }

  function smoothed(at, width) {
    let beats = 0, total = 0;
    for (let i = 0; i < end.length; i++) if (normal[i] && end[i] > at - width / 2 && end[i] <= at + width / 2) { beats++; total += rr[i]; }
    return total < 1000 * width / 3 ? NaN : MINUTE_MS * beats / total;
  }
  const moments = (from, to, step) => Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, k) => from + k * step);

  function median(values) {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b), half = sorted.length / 2;
    return sorted.length % 2 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
  }

  const HOW = {
    usable: ({ spans }) => { const own = excerpt(spans); return Math.min(100, sum(good(own.kept).map(({ i }) => rr[i])) / 10 / own.length); },
    corrected: ({ spans }) => { const { kept } = excerpt(spans); return kept.length ? 100 * (kept.length - good(kept).length) / kept.length : 0; },
    rate: ({ spans }) => meanRate(excerpt(spans).kept),
    rmssd: ({ spans }) => rootMeanSquare(excerpt(spans).kept),
    rate_change: ({ spans, against, last_s: seconds }) => meanRate(last(excerpt(spans), seconds)) - meanRate(last(excerpt(against), seconds)),
    rmssd_change: ({ spans, against, last_s: seconds }) => 100 * (rootMeanSquare(last(excerpt(spans), seconds)) / rootMeanSquare(last(excerpt(against), seconds)) - 1),
    swing: ({ breaths }) => mean(breaths.map((bounds) => mean(bounds.slice(1).map((to, k) => {
      const rates = [];
      for (let i = 0; i < end.length; i++) if (normal[i] && end[i] >= bounds[k] && end[i] < to) rates.push(MINUTE_MS / rr[i]);
      return Math.max(...rates) - Math.min(...rates);
    })))),
    half_time: (given) => {
      const { baseline, stressor, until_s: until, smoothing_s: width, step_s: step } = given;
      const rest = median(moments(Math.max(baseline[0], baseline[1] - given.rest_s), baseline[1], step).map((at) => smoothed(at, width)));
      const top = [];
      for (let i = 0; i < end.length; i++) if (normal[i] && end[i] > Math.max(stressor[0], stressor[1] - given.peak_s) + HAIR && end[i] <= stressor[1] + HAIR) top.push(rr[i]);
      const half = rest + (MINUTE_MS / mean(top) - rest) / 2, times = moments(stressor[1], until, step), steps = Math.round(given.held_s / step);
      const under = times.map((at) => smoothed(at, width) <= half);
      const first = times.findIndex((_, k) => k + steps < times.length && under.slice(k, k + steps + 1).every(Boolean));
      return first < 0 ? NaN : times[first] - stressor[1];
    },
  };

  const clock = (seconds) => `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
  function text(claim, value) {
    if (claim.how === "half_time") return clock(value);
    const plain = Math.abs(value).toFixed(claim.digits), sign = claim.how.endsWith("_change") && value > 0 && Number(plain) ? "+" : "";
    return (value < 0 && Number(plain) ? "−" : sign) + plain;
  }

  /* Equal to the last printed digit; a number that lies on the edge of rounding may round either way. */
  function agrees(claim, value) {
    if (text(claim, value) === claim.printed) return true;
    return text(claim, value * (1 + 1e-9)) === claim.printed || text(claim, value * (1 - 1e-9)) === claim.printed;
  }

  function recompute() {
    const off = [];
    for (const claim of carried.claims) {
      const cell = document.querySelector(`[data-claim="${claim.id}"]`), value = HOW[claim.how](claim);
      const same = agrees(claim, value) && cell !== null && cell.textContent === claim.printed;
      if (cell) cell.dataset.agrees = same ? "yes" : "no";
      if (!same) off.push(`${claim.id}: printed ${cell ? cell.textContent : "nowhere"}, computed ${text(claim, value)}`);
    }
    const told = off.length ? `${off.length} of ${carried.claims.length} numbers do not agree: ${off.join("; ")}.`
      : `All ${carried.claims.length} numbers agree with the ${end.length.toLocaleString("en")} beats in this file.`;
    document.getElementById("recomputed").textContent = told;
    return off;
  }
  document.getElementById("print").addEventListener("click", () => window.print());
  document.getElementById("recompute").addEventListener("click", recompute);
})();
