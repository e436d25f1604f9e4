// Why a drawing is read as one digit and not as another.

import { element, number, picture } from "./pictures.js";

// Blue and orange, which colour-blind people tell apart, on white.
const FOR = [11, 92, 173];
const AGAINST = [214, 96, 10];

/** The two nearest digits of an answer. */
export function nearestTwo({ distances }) {
  const order = distances.map((_, digit) => digit).filter((digit) => distances[digit] !== null);
  return order.sort((a, b) => distances[a] - distances[b]).slice(0, 2);
}

/** Shows in words and as a map what the server says of where an image speaks for `a` against `b`. */
export function showWhy(places, { a, b, differences, total }, columns) {
  const nearer = total >= 0 ? a : b;
  const sentence = `The mean of ${nearer} is nearer by ${number(Math.abs(total))} (squared distance).`;
  const strongest = Math.max(...differences.map(Math.abs), 1e-9);
  const colour = (value) => {
    const share = Math.sqrt(Math.abs(value) / strongest);
    const ink = value > 0 ? FOR : AGAINST;
    return ink.map((level) => Math.round(255 + (level - 255) * share));
  };
  const sum = (sign) => differences.reduce((all, value) => all + Math.max(sign * value, 0), 0);
  places.heading.textContent = `Why ${a} and not ${b}?`;
  places.text.textContent = sentence;
  places.map.replaceChildren(
    picture(differences, columns, `${sentence} Map of the pixels that speak for ${a} and for ${b}.`, colour),
    element(
      "ul",
      { class: "legend" },
      element("li", {}, element("span", { class: "for" }, `Blue pixels speak for ${a}`), `: ${number(sum(1))} in all.`),
      element("li", {}, element("span", { class: "against" }, `Orange pixels speak for ${b}`), `: ${number(sum(-1))} in all.`),
      element("li", { class: "note" }, "Each pixel's share is how much further its level is, squared, from the one mean than from the other; all of them add up to the difference of the squared distances."),
    ),
  );
}

/** Shows that there is nothing to explain yet. */
export function showNoWhy(places) {
  places.heading.textContent = "Why?";
  places.text.textContent = "Once a digit is read, this shows pixel by pixel what speaks for it and what for another one.";
  places.map.replaceChildren();
}
