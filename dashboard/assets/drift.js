/* The slow picture of the baseline: pale shapes that drift past, each at a pace of its own, never in any rhythm.
 *
 * Every crossing takes far longer than a breath (70 s and more) and the next one has another height, size and length,
 * so there is nothing to breathe along with. The browser's compositor moves them. With reduced motion they stand still.
 */
(() => {
  "use strict";
  const A = (window.Attunement = window.Attunement || {});
  const SHORTEST_S = 70, LONGEST_S = 160;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const between = (low, high) => low + Math.random() * (high - low);

  A.drift = () => {
    let box = null, moves = [];

    function cross(shape, begin) {
      const size = between(0.09, 0.24), top = between(0.02, 0.98 - size), rise = between(-0.1, 0.1);
      shape.style.width = `${size * 100}%`;
      shape.style.top = `${top * 100}%`;
      const across = box.clientWidth, down = rise * box.clientHeight;
      const from = `translate(${-size * across * 1.2}px, 0)`, to = `translate(${across * 1.02}px, ${down}px)`;
      if (still.matches) { shape.style.transform = `translate(${begin * across}px, ${begin * down}px)`; return; }
      const duration = between(SHORTEST_S, LONGEST_S) * 1000;
      const move = shape.animate([{ transform: from }, { transform: to }], { duration, fill: "both", easing: "linear" });
      move.currentTime = begin * duration;
      move.onfinish = () => { moves = moves.filter((one) => one !== move); cross(shape, 0); };
      moves.push(move);
    }

    const stop = () => { moves.forEach((move) => { move.onfinish = null; move.cancel(); }); moves = []; };
    return {
      show(element, moving) {
        if (element !== box) {
          stop();
          box = element;
          [...box.children].forEach((shape, i, all) => cross(shape, (i + between(0, 0.9)) / all.length));
        }
        moves.forEach((move) => (moving ? move.play() : move.pause()));
      },
      rest() { moves.forEach((move) => move.pause()); },
      hide() { stop(); box = null; },
    };
  };
})();
