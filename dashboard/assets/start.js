/* The start page: what is chosen goes to the server once, and the answer says where to go. */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  let drawn = null;

  function begin() {
    const exercise = A.prompts.chosen("exercise"), heart = A.prompts.chosen("heart"), hint = document.getElementById("start-hint");
    const lacks = exercise === null ? "Please choose an exercise." : heart === null ? "Please choose whose heart." : "";
    hint.textContent = lacks;
    if (!lacks) window.dash_clientside.set_props("start-request", { data: { exercise, heart, at: performance.now() } });
  }

  document.addEventListener("click", (event) => { if (event.target.closest("[data-start]")) begin(); });
  new MutationObserver(() => {
    const page = document.getElementById("start-page");
    if (page && page !== drawn) { drawn = page; A.prompts.mount(page, "start"); }
    const go = document.querySelector("#start-answer [data-go]");
    if (go && !go.dataset.gone) { go.dataset.gone = "1"; location.assign(go.href); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
