/* A sitting whose strap is held by this page's own browser: asked for by one press, kept over pages, let go at the end.
 *
 * Offered only where the browser can do it, and only on this computer itself or over https (a secure context).
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const KEY = "attunement-station";
  const WORDS = {
    none: "No strap was chosen. Press again when it is on.",
    off: "Bluetooth is off on this device, or it has none. Turn it on and press again.",
    failed: "The browser could not look for straps just now. Please press again.",
  };
  const ability = () => (!window.isSecureContext ? "insecure" : "bluetooth" in navigator ? "able" : "unable");
  const session = () => { const page = document.getElementById("client-page"); return page && page.dataset.topic.replace("session/", ""); };
  let line = null, strap = null;

  function remember(device) {
    try { device ? sessionStorage.setItem(KEY, JSON.stringify([session(), device.id])) : sessionStorage.removeItem(KEY); } catch { /* for this page only */ }
  }
  function remembered() {
    try {
      const [of, device] = JSON.parse(sessionStorage.getItem(KEY));
      return of === session() ? device : null;
    } catch { return null; }
  }

  function letGo() {
    if (strap) strap.stop();
    if (line) line.close();
    line = strap = null;
    remember(null);
    askAgain(false);
  }

  const speak = (name) => { line = A.stationLine(`station/${session()}`, name, letGo); };
  function hold(device) {
    if (strap) letGo();
    askAgain(false);
    remember(device);
    if (!line) speak(device.name || null);
    strap = A.stationStrap(device, line.tell);
  }

  /* The browser's own list of straps; it opens only by a press. */
  async function choose() {
    const say = (words) => document.querySelectorAll("[data-station-say]").forEach((place) => { place.textContent = words; });
    say("");
    try {
      if (!(await navigator.bluetooth.getAvailability())) { say(WORDS.off); return; }
      const device = await A.stationAsk();
      A.live.link.act("use_station", { name: device.name || null });
      hold(device);
    } catch (error) {
      say(error.name === "NotFoundError" ? WORDS.none : WORDS.failed);
    }
  }

  /* After a reload: browsers that remember the permission give the strap back, others want another press. */
  async function resume() {
    const id = remembered();
    if (id === null || line || ability() !== "able") return;
    const devices = navigator.bluetooth.getDevices ? await navigator.bluetooth.getDevices() : [];
    const device = devices.find((each) => each.id === id);
    if (device) { hold(device); return; }
    speak(null);
    line.tell({ link: "choose_again" });
    askAgain(true);
  }
  function askAgain(shown) {
    const bar = document.querySelector("[data-station-again]");
    if (bar) bar.hidden = !shown;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-station-choose]")) choose();
    if (strap && event.target.closest('[data-do="try_again"]')) strap.now();
  });
  addEventListener("pagehide", () => { if (line) line.bye(); });

  let begun = false;
  new MutationObserver(() => {
    document.querySelectorAll("[data-station-when]").forEach((part) => {
      const hidden = part.dataset.stationWhen !== ability();
      if (part.hidden !== hidden) part.hidden = hidden;
    });
    if (!begun && session()) { begun = true; resume(); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
