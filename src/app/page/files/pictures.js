// Pieces of the page: elements, images as pictures, numbers as text.

/** An element with attributes and what is in it. */
export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...content);
  return made;
}

/** A picture of `columns` pixels a row, each as `colour(value)`: red, green, blue. */
export function picture(values, columns, label, colour = (level) => [level, level, level]) {
  const canvas = element("canvas", { class: "pixels", width: columns, height: values.length / columns });
  if (label) {
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
  } else {
    canvas.setAttribute("aria-hidden", "true");
  }
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, at) => image.data.set([...colour(value), 255], 4 * at));
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A number with its thousands apart. */
export const number = (value, digits = 0) =>
  value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
