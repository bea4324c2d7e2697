/* The bloom: heart rate of the last six breaths, wrapped round the breathing circle. Radius is rate, on the person's own
 * scale; a steady swing in time with the breath makes petals, and a round shape is as fine. The six breaths before are a
 * faint ghost. The ring is six breaths whatever the pace; gaps and refused beats leave it open.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const BREATHS = 6, TURN = Math.PI * 2;
  const RADIUS = 0.356, REACH = 0.062, MOST = 1.35;   /* shares of the square's side */
  const FULL = 0.985;              /* the newest petal does not run into the oldest */

  /* `position(t)` counts breaths at a time of the session; `now` and `delay` as for the wave. */
  A.drawBloom = (canvas, { now, delay, position, heart }) => {
    const sheet = A.prepare(canvas);
    if (!sheet) return;
    const { pen, width, height } = sheet, colours = A.colours(), side = Math.min(width, height);
    const centre = [width / 2, height / 2], scale = heart.scale, head = position(now - delay);
    pen.lineWidth = 1.2;
    pen.strokeStyle = `color-mix(in srgb, ${colours.ink} 11%, transparent)`;
    pen.beginPath(); pen.arc(...centre, side * RADIUS, 0, TURN); pen.stroke();
    if (!scale) return;

    const point = (at, rate) => {
      const swing = Math.max(-MOST, Math.min(MOST, (rate - scale.mid) / scale.half));
      const angle = ((at / BREATHS) % 1) * TURN - TURN / 4, radius = side * (RADIUS + REACH * swing);
      return [centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle)];
    };
    const stroke = (points, i, width_, share) => {
      pen.lineWidth = width_;
      pen.strokeStyle = `color-mix(in srgb, ${colours.heart} ${Math.round(share * 100)}%, transparent)`;
      pen.beginPath();
      pen.moveTo(points[i - 1][0], points[i - 1][1]);
      pen.bezierCurveTo(...A.bend(points, i));
      pen.stroke();
    };
    let tip = null;
    for (const run of heart.runs(-Infinity, now + delay)) {
      const at = run.map((beat) => position(beat.t - delay)), points = run.map((beat, i) => point(at[i], beat.hr));
      for (let i = 1; i < run.length; i++) {
        const age = (head - at[i]) / BREATHS;      /* 0 now, 1 six breaths ago, 2 gone */
        if (age <= FULL) stroke(points, i, 3.8 - 1.6 * age, 0.98 - 0.74 * age);
        else if (age > 1 && age <= 2) stroke(points, i, 1.5, 0.2);
      }
      if (run[run.length - 1] === heart.last) tip = points[points.length - 1];
    }
    if (tip) {
      pen.fillStyle = `color-mix(in srgb, ${colours.heart} 24%, transparent)`;
      pen.beginPath(); pen.arc(...tip, 13, 0, 7); pen.fill();
      pen.fillStyle = colours.heart;
      pen.beginPath(); pen.arc(...tip, 6.5, 0, 7); pen.fill();
    }
  };
})();
