/* Questions: sliders, chips, choices, ticks, own words. Nothing has an answer until it is touched.
 *
 * The server's html has no <input>, so a slider's place is filled here with a real range input. Answers live in this
 * file while the page is open, so that drawing the page again loses none of them.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const RATHER_NOT = "rather_not", UNSET = "not answered yet";
  let kept = new Map(), moment = null;

  const promptOf = (node) => node.closest("[data-prompt]");
  const put = (id, value) => { if (value === undefined) kept.delete(id); else kept.set(id, value); };

  function said(place, value) {
    const low = Number(place.dataset.low), high = Number(place.dataset.high);
    if (low >= 0) return { short: String(value), long: `${value} out of ${high}` };
    if (value === 0) return { short: "0, in the middle", long: "0, in the middle" };
    const side = value < 0 ? place.dataset.lowLabel : place.dataset.highLabel;
    return { short: `${Math.abs(value)}, ${side}`, long: `${Math.abs(value)}, ${side}` };
  }

  function showSlider(place) {
    const input = place.querySelector("input"), id = place.dataset.slider, value = kept.get(id);
    const label = document.querySelector(`[data-value-of="${id}"]`), answered = typeof value === "number";
    const low = Number(place.dataset.low), high = Number(place.dataset.high);
    place.classList.toggle("unset", !answered);
    if (answered) input.value = value;
    const share = ((Number(input.value) - low) / (high - low)) * 100;
    place.style.setProperty("--at", `${share}%`);
    place.style.setProperty("--from", low < 0 ? "50%" : "0%");
    input.setAttribute("aria-valuetext", answered ? said(place, value).long : value === RATHER_NOT ? "rather not say" : UNSET);
    if (label) {
      label.textContent = answered ? said(place, value).short : value === RATHER_NOT ? "Rather not say" : "Touch to answer";
      label.classList.toggle("answered", answered);
    }
  }

  function fillSlider(place) {
    if (place.querySelector("input")) return;
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: place.dataset.low, max: place.dataset.high, step: 1 });
    input.value = (Number(place.dataset.low) + Number(place.dataset.high)) / 2;
    input.setAttribute("aria-labelledby", place.dataset.labelledBy);
    const answer = () => { put(place.dataset.slider, Number(input.value)); showAll(promptOf(place)); };
    input.addEventListener("input", answer);
    input.addEventListener("pointerup", answer);      /* a touch that moves nothing is an answer too */
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); answer(); }
    });
    place.append(input);
  }

  /* Draw what is kept on every control of one question. */
  function showAll(question) {
    const id = question.dataset.prompt, value = kept.get(id), refused = value === RATHER_NOT;
    question.classList.toggle("refused", refused);
    question.querySelectorAll("[data-slider]").forEach(showSlider);
    question.querySelectorAll("[data-rather-not]").forEach((button) => button.setAttribute("aria-pressed", refused));
    question.querySelectorAll("[data-option]").forEach((chip) => {
      const on = Array.isArray(value) ? value.includes(chip.dataset.option) : value === chip.dataset.option;
      chip.setAttribute("aria-checked", on);
    });
    question.querySelectorAll("[data-tick]").forEach((tick) => tick.setAttribute("aria-checked", kept.get(tick.dataset.tick) === true));
    question.querySelectorAll('[role="radiogroup"]').forEach(rove);
  }

  /* One stop of the tab key for a group of radios; arrows move within it. */
  function rove(group) {
    const radios = [...group.querySelectorAll('[role="radio"]')];
    const stop = radios.find((radio) => radio.getAttribute("aria-checked") === "true") || radios[0];
    radios.forEach((radio) => { radio.tabIndex = radio === stop ? 0 : -1; });
  }

  function pressChip(chip) {
    const question = promptOf(chip), id = question.dataset.prompt, word = chip.dataset.option, value = kept.get(id);
    if (question.dataset.kind === "choice") { put(id, word); return showAll(question); }
    let words = Array.isArray(value) ? value.filter((one) => one !== word) : [];
    if (!Array.isArray(value) || !value.includes(word)) words = word === "none" ? [word] : [...words.filter((one) => one !== "none"), word];
    put(id, words.length ? words : undefined);
    showAll(question);
  }

  function pressed(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.option) pressChip(button);
    else if (button.dataset.ratherNot) {
      const id = button.dataset.ratherNot;
      put(id, kept.get(id) === RATHER_NOT ? undefined : RATHER_NOT);
      const question = promptOf(button);
      question.querySelectorAll("[data-tick]").forEach((tick) => put(tick.dataset.tick, undefined));
      showAll(question);
    } else if (button.dataset.tick) {
      put(button.dataset.tick, kept.get(button.dataset.tick) === true ? undefined : true);
      if (kept.get(promptOf(button).dataset.prompt) === RATHER_NOT) put(promptOf(button).dataset.prompt, undefined);
      showAll(promptOf(button));
    } else if (button.dataset.value !== undefined) choose(button);
    else if (button.dataset.scope) button.setAttribute("aria-checked", button.getAttribute("aria-checked") !== "true");
  }

  function choose(radio) {
    const group = radio.closest("[data-choose]");
    if (!group) return;
    group.querySelectorAll('[role="radio"]').forEach((one) => one.setAttribute("aria-checked", one === radio));
    rove(group);
    group.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { of: group.dataset.choose, value: radio.dataset.value } }));
    const more = document.getElementById("health-yes");
    if (more && group.dataset.choose === "health") more.hidden = radio.dataset.value !== "yes";
  }

  function arrows(event) {
    const radio = event.target.closest && event.target.closest('[role="radio"]');
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!radio || !step) return;
    event.preventDefault();
    const radios = [...radio.closest('[role="radiogroup"]').querySelectorAll('[role="radio"]')];
    const next = radios[(radios.indexOf(radio) + step + radios.length) % radios.length];
    next.focus();
    next.click();
  }

  document.addEventListener("click", pressed);
  document.addEventListener("keydown", arrows);
  document.addEventListener("submit", (event) => { if (event.target.id === "questions") event.preventDefault(); });
  document.addEventListener("input", (event) => {
    if (event.target.dataset && event.target.dataset.words && promptOf(event.target)) put(event.target.dataset.words, event.target.value || undefined);
  });

  const chosen = (of) => {
    const radio = document.querySelector(`[data-choose="${of}"] [aria-checked="true"]`);
    return radio ? radio.dataset.value : null;
  };
  const ownWords = (name) => { const box = document.querySelector(`[data-words="${name}"]`); return box ? box.value : ""; };

  A.prompts = {
    /* `which` names this set of questions; another set begins with no answers. */
    mount(root, which) {
      if (which !== moment) { kept = new Map(); moment = which; }
      root.querySelectorAll("[data-slider]").forEach(fillSlider);
      root.querySelectorAll("[data-prompt]").forEach(showAll);
      root.querySelectorAll('[role="radiogroup"]').forEach(rove);
    },
    answers: () => Object.fromEntries([...kept].filter(([, value]) => value !== undefined)),
    chosen, ownWords,
    scopes: () => [...document.querySelectorAll('[data-scope][aria-checked="true"]')].map((tick) => tick.dataset.scope),
  };
})();
