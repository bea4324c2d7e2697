/* Light or dark, decided before anything is drawn: this browser's choice, else the server's default, else the system's. */
(function () {
  "use strict";
  var KEY = "attunement-theme";
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");

  function saved() {
    try {
      return window.localStorage.getItem(KEY);
    } catch (blocked) {
      return null; // storage may be switched off; the system's choice then holds
    }
  }

  function choice() {
    return saved() || root.dataset.themeDefault || "system";
  }

  function apply() {
    var wanted = choice();
    root.dataset.theme = wanted === "dark" || (wanted !== "light" && system.matches) ? "dark" : "light";
    document.querySelectorAll("[data-theme-choice]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === wanted));
    });
    document.dispatchEvent(new CustomEvent("attunement-theme", { detail: root.dataset.theme }));
  }

  function choose(wanted) {
    try {
      window.localStorage.setItem(KEY, wanted);
    } catch (blocked) {
      root.dataset.themeDefault = wanted; // at least for as long as this page is open
    }
    apply();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-theme-choice], [data-theme-toggle]");
    if (!button) return;
    choose(button.dataset.themeChoice || (root.dataset.theme === "dark" ? "light" : "dark"));
  });
  system.addEventListener("change", apply);
  /* Buttons are drawn later by Dash; they learn the choice when they appear. */
  new MutationObserver(function (changes) {
    var fresh = changes.some(function (change) {
      return Array.prototype.some.call(change.addedNodes, function (node) {
        return node.querySelector && node.querySelector("[data-theme-choice]");
      });
    });
    if (fresh) apply();
  }).observe(root, { childList: true, subtree: true });
  apply();
})();
