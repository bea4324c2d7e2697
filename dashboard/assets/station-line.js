/* What happens to a strap in this page's hands, told to the sitting: numbered, kept until acknowledged, told again after
 * a cut. One message is under way at a time.
 *
 *   const line = Attunement.stationLine("station/ID", "Strap 4711", over);   // over() when nobody wants it any more
 *   line.tell({ frame: "EDwABA==" }); line.bye(); line.close();
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const MOST_ITEMS = 100;            /* of one message; the server takes 128 */
  const MOST_HELD = 4096;            /* over an hour of frames; beyond, the oldest are forgotten, and the server is told */
  const ANSWER_MS = 8000, RETRY_MS = 1000;
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  A.stationLine = (topic, name, over) => {
    const run = hex(crypto.getRandomValues(new Uint8Array(8)));
    let held = [], next = 1, offset = null, link = null, welcome = false, owing = false, answer = null, last = 0;

    const hello = () => {
      hush();
      link.raw({ k: "hello", run, first: held.length ? held[0].n : next, name });
      owing = true;
    };
    const hush = () => { welcome = false; clearTimeout(answer); answer = null; };

    function open() {
      const mine = (link = A.socket(topic));
      const own = (listen) => (message) => { if (mine === link) listen(message); };
      link.onstate(own((state) => {
        hush();
        if (state === "open") hello();
        if (state === "gone") over();
      }));
      link.clock.onchange(own(() => { offset = link.clock.offset; pump(); }));
      link.on("ack", own(acknowledged));
      for (const end of ["let_go", "elsewhere", "refused", "gone"]) link.on(end, own(over));
    }

    /* After a hello even nothing is said: it tells the server that there is nothing more. */
    function pump() {
      if (!welcome || answer !== null || offset === null || !(held.length || owing)) return;
      const items = held.slice(0, MOST_ITEMS);
      for (const item of items) if (item.o === null) item.o = offset;   /* it happened before the first clock answer */
      if (!link.raw({ k: "items", trip: link.clock.roundTrip || 0, whole: items.length === held.length, items })) return;
      owing = false;
      last = items.length ? items.at(-1).n : 0;
      answer = setTimeout(() => { link.close(); hush(); open(); }, ANSWER_MS);   /* a cut that nobody tells */
    }
    function acknowledged({ run: of, kept }) {
      if (of !== run) return;
      const before = held.length, asked = welcome;
      hush();
      welcome = true;
      held = held.filter((item) => item.n > kept);
      const refused = asked && kept < last && held.length === before;      /* it could not be taken just now */
      if (refused) setTimeout(pump, RETRY_MS); else pump();
    }

    open();
    return {
      tell(what) {
        held.push({ n: next++, t: performance.now(), o: offset, ...what });
        if (held.length > MOST_HELD) { held.shift(); hello(); }
        pump();
      },
      bye: () => link.raw({ k: "bye" }),
      close() { hush(); link.close(); },
    };
  };
})();
