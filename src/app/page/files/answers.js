// What the models say of a drawing.

import { element, number, picture } from "./pictures.js";

/** A card for each model, filled by `showAnswers`. */
export function makeModels(place, models) {
  models.forEach((model, index) => {
    const heading = element("h3", { id: `model-${index}` }, model.trained_on);
    const about = element("p", { class: "note" }, `means of ${number(model.images)} images`);
    const filled = element("div");
    const card = { class: "model", "data-model": index, "aria-labelledby": heading.id };
    place.append(element("article", card, heading, about, filled));
  });
}

/** Empties the cards: nothing is drawn. */
export function showNothing(models, frames) {
  for (const card of models.children) {
    card.lastChild.replaceChildren();
    delete card.dataset.predicted;
  }
  frames.replaceChildren();
}

/** Fills the cards, and shows what the models were shown. */
export function showAnswers(models, frames, readings, columns) {
  const [canonical, plain] = readings;
  [...models.children].forEach((card, index) => {
    const answer = canonical.answers[index];
    const resized = plain.answers[index].predicted;
    card.dataset.predicted = answer.predicted;
    card.dataset.plain = resized;
    card.lastChild.replaceChildren(
      element("p", { class: "predicted" }, String(answer.predicted)),
      element("p", {}, marginText(answer), element("br"), `Without the frame, as the notebook does it: ${resized}`),
      bars(answer),
    );
  });
  frames.replaceChildren(...readings.map((reading) => frame(reading, columns)));
}

function marginText({ margin }) {
  return margin === null ? "" : `Nearer than the next by ${number(margin)} (squared distance).`;
}

function bars({ distances, predicted }) {
  const longest = Math.max(...distances.filter((distance) => distance !== null), 1);
  const list = element("ol", { class: "bars", start: 0, "aria-label": "Distance to the mean of each digit" });
  distances.forEach((distance, digit) => {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.width = `${100 * (distance ?? 0) / longest}%`;
    const value = distance === null ? "no images" : number(distance, 1);
    const line = element(
      "li",
      digit === predicted ? { class: "nearest" } : {},
      element("span", {}, String(digit)),
      bar,
      element("span", { class: "value" }, value),
    );
    list.append(line);
  });
  return list;
}

const TITLES = {
  canonical: "Shown to the models: the canonical frame",
  plain: "The plain resize, as the notebook does it",
};

function frame({ frame, pixels, explained }, columns) {
  const { polarity, crop, scale, shift } = explained;
  const way = (by, forth, back) => `${Math.abs(by)} ${by < 0 ? back : forth}`;
  const words = frame === "canonical"
    ? `${polarity}; the ink, ${crop.columns} by ${crop.rows} pixels, is scaled to ${number(100 * scale, 1)} % and moved
       ${way(shift[0], "down", "up")} and ${way(shift[1], "right", "left")} of the middle, to have its centre of mass there.`
    : `${polarity}; the whole canvas scaled to ${number(100 * scale, 1)} %.`;
  return element(
    "figure",
    {},
    picture(pixels, columns, `${TITLES[frame]}: the image`),
    element("figcaption", { class: "note" }, element("strong", {}, TITLES[frame]), element("br"), words),
  );
}
