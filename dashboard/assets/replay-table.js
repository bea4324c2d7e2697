/* The table of the replay page: one beat a row, the beats of one frame as one group, never a row ahead of the playhead. */
(() => {
  "use strict";
  const GROUPS_SHOWN = 120;
  const WORDS = { normal: "ok", ectopic: "early", missed: "missed", extra: "extra", long: "long", short: "short", out_of_range: "impossible" };
  const word = (verdict) => WORDS[verdict] || verdict;
  const fixed = (value, digits = 1) => (value === null || value === undefined ? "–" : value.toFixed(digits));

  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  function table(root, { onselect }) {
    const log = root.querySelector("[data-log]"), box = root.querySelector("[data-log-box]");
    const beats = new Map(), frames = new Map();
    let groups = [], selected = null;

    const tag = (verdict, open) => make("span", open ? "tag open" : verdict === "normal" ? "tag" : "tag fix", open ? "…" : word(verdict));
    const plain = (text, className) => make("td", className, text);

    function group() {
      const body = make("tbody");
      log.append(body);
      groups.push(body);
      return body;
    }

    function bytes(frame) {
      const cell = make("td", "by");
      frame.x.forEach(([hex, field, rr], at) => {
        const byte = make(rr ? "em" : "span", "", hex);
        byte.title = field;
        cell.append(byte, at < frame.x.length - 1 ? " " : "");
      });
      return cell;
    }

    function takeFrame(row) {
      const body = group(), entry = { row, body, cells: [bytes(row), plain(row.hr === null ? "–" : String(row.hr), "r")], beats: 0 };
      frames.set(row.f, entry);
      if (row.rr > 0 && !row.bad) { body.hidden = true; return; }
      const line = make("tr", row.bad ? "bad" : "none"), told = plain(row.bad ? `refused: ${row.bad}` : "no interval in this frame", "told");
      told.colSpan = 7;
      line.append(plain(Attunement.replay.clock(row.t, true)), ...entry.cells, told);
      body.append(line);
    }

    function takeBeat(row) {
      const entry = row.f === null ? null : frames.get(row.f) || null, body = entry ? entry.body : group();
      const line = make("tr"), pick = make("button", "pick", Attunement.replay.clock(row.t, true));
      pick.type = "button";
      pick.tabIndex = -1;
      pick.dataset.seq = row.q;
      pick.setAttribute("aria-label", `Beat at ${Attunement.replay.clock(row.t, true)}, ${row.rr.toFixed(0)} ms`);
      const first = make("td");
      first.append(pick);
      line.append(first);
      body.hidden = false;
      if (!entry) line.append(plain("no frame", "by quiet"), plain("–", "r"));
      else if (entry.beats === 0) line.append(...entry.cells);
      else entry.cells.forEach((cell) => { cell.rowSpan = entry.beats + 1; });
      if (entry) entry.beats += 1;
      const check = make("td"), later = make("td"), nn = plain(fixed(row.nn), "r");
      check.append(tag(row.v, false));
      later.append(tag(row.v, row.p));
      line.append(plain(fixed(row.rr), "r"), check, later, nn);
      for (const name of ["hr", "rm", "sw"]) {
        const cell = plain(fixed(row[name]), "r");
        if (row[name + "?"]) cell.title = row[name + "?"].replaceAll("_", " ");
        line.append(cell);
      }
      body.append(line);
      beats.set(row.q, { line, later, nn, pick });
    }

    /* A gap ends with the beat whose frame has just come: its row goes before that frame's. */
    function takeGap(row) {
      const waiting = groups[groups.length - 1], body = group(), line = make("tr", "gap-row");
      const told = plain(`no signal for ${(row.to - row.from).toFixed(1)} s: ${row.r}`, "told");
      told.colSpan = 9;
      line.append(plain(Attunement.replay.clock(row.from, true)), told);
      body.append(line);
      if (waiting && waiting.hidden) {
        waiting.before(body);
        groups.splice(groups.length - 2, 2, body, waiting);
      }
    }

    function takeFinal(row) {
      const beat = beats.get(row.q);
      if (!beat) return;
      beat.later.replaceChildren(tag(row.v, false));
      beat.nn.textContent = row.nn !== null ? fixed(row.nn) : row.c.length ? `(${row.c.map((value) => value.toFixed(0)).join(" + ")})` : "–";
      beat.line.classList.toggle("refused", row.v !== "normal");
    }

    const takers = { frame: takeFrame, beat: takeBeat, gap: takeGap, final: takeFinal };
    const atEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < 60;

    /* Rows that would be cut off again at once are not drawn at all. */
    function newest(rows) {
      let begins = 0;
      for (let at = rows.length - 1; at >= 0; at--) {
        const starts = rows[at].k === "frame" || rows[at].k === "gap" || (rows[at].k === "beat" && rows[at].f === null);
        if (starts && ++begins > GROUPS_SHOWN) return rows.slice(at);
      }
      return rows;
    }

    function trim() {
      while (groups.length > GROUPS_SHOWN) {
        const old = groups.shift();
        old.querySelectorAll(".pick").forEach((pick) => beats.delete(Number(pick.dataset.seq)));
        old.remove();
      }
    }

    function mark(seq, focus) {
      const before = beats.get(selected), now = beats.get(seq);
      if (before) { before.line.classList.remove("on"); before.pick.tabIndex = -1; before.pick.removeAttribute("aria-current"); }
      selected = seq;
      if (!now) return;
      now.line.classList.add("on");
      now.pick.tabIndex = 0;
      now.pick.setAttribute("aria-current", "true");
      if (focus) now.pick.focus({ preventScroll: false });
    }

    const order = () => [...beats.keys()];
    function move(steps) {
      const all = order(), at = all.indexOf(selected), next = all[Math.min(all.length - 1, Math.max(0, (at < 0 ? all.length - 1 : at) + steps))];
      if (next === undefined) return;
      mark(next, true);
      onselect(next);
    }

    box.addEventListener("keydown", (event) => {
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[event.key];
      if (!steps || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      move(steps);
    });
    log.addEventListener("click", (event) => {
      const pick = event.target.closest("tr")?.querySelector(".pick");
      if (!pick) return;
      mark(Number(pick.dataset.seq), false);
      onselect(Number(pick.dataset.seq));
    });

    return {
      mark,
      get selected() { return selected; },
      clear() { groups.forEach((body) => body.remove()); groups = []; beats.clear(); frames.clear(); selected = null; },
      take(rows, follow) {
        const stick = follow || atEnd();
        for (const row of newest(rows)) if (takers[row.k]) takers[row.k](row);
        trim();
        if (stick) box.scrollTop = box.scrollHeight;
      },
    };
  }

  Object.assign(window.Attunement.replay, { table, word });
})();
