/* The wave: the breath past and to come, with the heart drawn over it. "Now" lies in the middle, under the circle.
 *
 * The heart ends left of "now" by the sensor's delay. Nothing is drawn ahead of what has come; gaps are hatched.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const WIDE_PX = 700, WIDE_PX_PER_S = 24, NARROW_PX_PER_S = 17;
  const HEAD_MS = 260;             /* the line glides to a new beat, it does not jump */
  const STEP_PX = 6;

  function hatch(pen, colours, x0, x1, height) {
    pen.save();
    pen.beginPath();
    pen.rect(x0, 4, x1 - x0, height - 8);
    pen.clip();
    pen.fillStyle = colours["surface-2"];
    pen.globalAlpha = 0.6;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = colours.gap;
    pen.lineWidth = 2;
    pen.beginPath();
    for (let x = x0 - height; x < x1; x += 8) { pen.moveTo(x, height); pen.lineTo(x + height, 0); }
    pen.stroke();
    pen.restore();
  }

  function drawBreath(pen, colours, { width, height, x, level }) {
    const base = height - 6, y = (value) => base - 10 - value * (base - 28);
    const rows = [];
    let row = null;
    for (let px = 0; px <= width + STEP_PX; px += STEP_PX) {
      const value = level(x.inverse(px));
      if (value === null) { row = null; continue; }
      if (!row) rows.push((row = []));
      row.push([px, y(value)]);
    }
    const fill = pen.createLinearGradient(0, 0, 0, height);
    fill.addColorStop(0, `color-mix(in srgb, ${colours.breath} 34%, transparent)`);
    fill.addColorStop(1, `color-mix(in srgb, ${colours.breath} 3%, transparent)`);
    pen.strokeStyle = colours.breath;
    pen.lineWidth = 2;
    pen.fillStyle = fill;
    for (const points of rows) {
      pen.beginPath();
      A.smooth(pen, points);
      pen.stroke();
      pen.lineTo(points[points.length - 1][0], base);
      pen.lineTo(points[0][0], base);
      pen.fill();
    }
  }

  function drawHeart(pen, colours, { height, x, heart, from, to, delay }) {
    const scale = heart.scale;
    if (!scale) return null;
    const centre = height / 2, reach = height * 0.3;
    const y = (rate) => Math.max(4, Math.min(height - 4, centre - ((rate - scale.mid) / (scale.half * 1.25)) * reach));
    pen.strokeStyle = colours.heart;
    pen.lineWidth = 3;
    pen.lineJoin = pen.lineCap = "round";
    let head = null;
    for (const run of heart.runs(from, to)) {
      const points = run.map((beat) => [x(beat.t - delay), y(beat.hr)]);
      const newest = run[run.length - 1];
      const share = newest === heart.last ? Math.min(1, (performance.now() - newest.seen) / HEAD_MS) : 1;
      if (share < 1 && points.length > 1) {
        const [a, b] = points.slice(-2);
        points[points.length - 1] = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
      }
      pen.beginPath();
      A.smooth(pen, points);
      pen.stroke();
      head = newest === heart.last ? points[points.length - 1] : null;
    }
    return head;
  }

  function fadeEdges(pen, width, height) {
    const fade = pen.createLinearGradient(0, 0, width, 0);
    [[0, 0], [0.14, 1], [0.86, 1], [1, 0]].forEach(([at, alpha]) => fade.addColorStop(at, `rgb(0 0 0 / ${alpha})`));
    pen.globalCompositeOperation = "destination-in";
    pen.fillStyle = fade;
    pen.fillRect(0, 0, width, height);
    pen.globalCompositeOperation = "source-over";
  }

  /* `view` = {now, delay, level(t) or null, heart}; draws one picture. */
  A.drawWave = (canvas, { now, delay, level, heart }) => {
    const sheet = A.prepare(canvas);
    if (!sheet) return;
    const { pen, width, height } = sheet, colours = A.colours();
    const perSecond = width > WIDE_PX ? WIDE_PX_PER_S : NARROW_PX_PER_S, reach = width / 2 / perSecond;
    const x = Object.assign((t) => width / 2 + (t - now) * perSecond, { inverse: (px) => now + (px - width / 2) / perSecond });
    if (level) drawBreath(pen, colours, { width, height, x, level });
    for (const gap of heart.silences(now, delay)) {
      const x0 = Math.max(0, x(gap.from - delay)), x1 = Math.min(x(now - delay), x(gap.to - delay));
      if (x1 > x0 + 1) hatch(pen, colours, x0, x1, height);
    }
    const head = drawHeart(pen, colours, { height, x, heart, from: now - reach - 2, to: now + delay, delay });
    fadeEdges(pen, width, height);
    pen.strokeStyle = `color-mix(in srgb, ${colours.ink} 25%, transparent)`;
    pen.lineWidth = 1;
    pen.setLineDash([2, 5]);
    pen.beginPath();
    pen.moveTo(width / 2, 0);
    pen.lineTo(width / 2, height - 4);
    pen.stroke();
    pen.setLineDash([]);
    if (head) {
      pen.fillStyle = `color-mix(in srgb, ${colours.heart} 24%, transparent)`;
      pen.beginPath(); pen.arc(head[0], head[1], 12, 0, 7); pen.fill();
      pen.fillStyle = colours.heart;
      pen.beginPath(); pen.arc(head[0], head[1], 6, 0, 7); pen.fill();
    }
    if (heart.last) canvas.dataset.seq = heart.last.q;
  };
})();
