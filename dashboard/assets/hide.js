/* Somebody comes in: Shift three times, or the button in a pause, and the page is blank; the exercise waits meanwhile.
 *
 * Three presses of Shift with nothing between them is the way out that the GOV.UK "exit this page" pattern has made
 * known; it works while writing, too. The same again, or "Back", brings the page back as it was left: paused.
 */
(() => {
  "use strict";
  const PRESSES = 3, WITHIN_MS = 2500;
  let blank = null, presses = [], title = "";

  function hide() {
    const page = document.querySelector(".face-client"), pause = document.getElementById("time-out");
    if (blank || !page) return;
    const screen = document.getElementById("session-screen");
    if (pause && !(screen && screen.inert)) pause.click();
    title = document.title;
    document.title = "Blank";
    blank = document.createElement("div");
    blank.className = "blank-page";
    const back = document.createElement("button");
    Object.assign(back, { type: "button", textContent: "Back", onclick: show });
    blank.append(back);
    [...document.body.children].forEach((child) => { child.inert = true; });
    document.body.append(blank);
    scrollTo(0, 0);
    back.focus({ preventScroll: true });
  }
  function show() {
    if (!blank) return;
    blank.remove();
    blank = null;
    document.title = title;
    [...document.body.children].forEach((child) => { child.inert = false; });
    const heading = document.querySelector(".pausebox.open:not([hidden]) h2") || document.querySelector("[data-heading]");
    if (heading) heading.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    if (event.repeat) return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (presses.length < PRESSES) return;
    presses = [];
    if (blank) show(); else hide();
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-hide]")) hide(); });
})();
