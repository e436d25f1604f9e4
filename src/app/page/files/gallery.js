// Test images to put on the canvas.

import { element, number, picture } from "./pictures.js";
import { gallery } from "./server.js";

const PAGE = 20;

export class Gallery {
  /** `onChoice(image)` is told which image was chosen; `onFailure(error)` why there are none. */
  constructor(places, about, columns, onChoice, onFailure) {
    Object.assign(this, { places, about, columns, onChoice, onFailure });
    this.from = 0;
    places.previous.addEventListener("click", () => this.show(this.from - PAGE));
    places.next.addEventListener("click", () => this.show(this.from + PAGE));
  }

  async show(from) {
    if (from < 0 || from >= this.about.images) {
      return;
    }
    const before = this.from;
    this.from = from;
    try {
      const { images } = await gallery(from, PAGE);
      if (this.from === from) {
        this.fill(images);
      }
    } catch (failure) {
      this.from = before;
      this.onFailure(failure);
    }
  }

  fill(images) {
    const { text, buttons, previous, next } = this.places;
    const last = images.at(-1).index;
    text.textContent = `Test images ${number(this.from)} to ${number(last)} of ${this.about.name}, of
      ${number(this.about.images)}. Choose one to put it on the canvas.`;
    previous.disabled = this.from === 0;
    next.disabled = last + 1 >= this.about.images;
    buttons.replaceChildren(...images.map((image) => this.button(image)));
  }

  button(image) {
    const { index, label, pixels } = image;
    const button = element(
      "button",
      { type: "button", "data-index": index, "aria-label": `image ${index}, a ${label}` },
      picture(pixels, this.columns),
    );
    button.addEventListener("click", () => this.onChoice(image));
    return button;
  }
}
