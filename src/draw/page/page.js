// Puts the page together: what is drawn is read, and what is read is shown.

import { makeModels, showAnswers, showNothing } from "./answers.js";
import { Drawing } from "./drawing.js";
import { Gallery } from "./gallery.js";
import { element, number, picture } from "./pictures.js";
import { Failure, models as askModels, read } from "./server.js";
import { nearestTwo, showNoWhy, showWhy } from "./why.js";

const at = (id) => document.getElementById(id);
const state = (name) => {
  document.body.dataset.state = name;
};
const why = { heading: at("difference-heading"), text: at("difference-text"), map: at("difference-map") };

const BLANK = "Draw a digit first.";

// While a stroke goes on, a new reading every so many milliseconds at most.
const PAUSE = 50;

/** What the server said of itself. */
let known = null;

/** The last readings, or null. */
let readings = null;

/** The test image on the canvas, or null. */
let chosen = null;

/** When the stroke ended whose reading is awaited, or null while it goes on. */
let ended = null;

let isReading = false;
let isWanted = false;

/** Ends a pause. */
let wake = () => {};

function fail(error) {
  at("failure").textContent = error instanceof Failure ? error.message : `This page has a fault: ${error}`;
  at("failure").hidden = false;
  state("failed");
}

/** Reads the drawing as it is; where it changes meanwhile, once more. */
async function readDrawing() {
  isWanted = true;
  if (isReading || !known) {
    return;
  }
  isReading = true;
  try {
    while (isWanted) {
      isWanted = false;
      await readOnce(ended);
    }
    at("failure").hidden = true;
  } catch (error) {
    fail(error);
  } finally {
    isReading = false;
  }
}

async function readOnce(since) {
  const answer = await read(drawing.levels());
  if (answer.blank) {
    forget();
    return;
  }
  readings = answer.readings;
  showAnswers(at("models"), at("frames"), readings, known.columns);
  if (since === null) {
    await new Promise((done) => {
      wake = done;
      setTimeout(done, PAUSE);
    });
    return;
  }
  const milliseconds = performance.now() - since;
  document.body.dataset.milliseconds = milliseconds.toFixed(1);
  at("time").textContent = `${number(milliseconds, 1)} milliseconds from your stroke's end to this answer.`;
  at("result").textContent = sentence();
  const [nearest, second] = nearestTwo(answerOf(chosenModel()));
  if (second !== undefined) {
    await compare(nearest, second);
  }
  state("read");
}

/** Nothing is drawn, so nothing is read. */
function forget() {
  readings = null;
  showNothing(at("models"), at("frames"));
  showNoWhy(why);
  press(null);
  at("time").textContent = "";
  at("result").textContent = BLANK;
  state("blank");
}

function sentence() {
  const each = readings[0].answers.map(({ predicted, trained_on }) => `as ${predicted} by ${trained_on}`);
  const label = chosen === null ? "" : ` It is image ${chosen.index}, a ${chosen.label}.`;
  return `Read ${each.join(" and ")}.${label}`;
}

const chosenModel = () => Number(at("means-of").value);
const answerOf = (model) => readings[0].answers[model];

/** Marks the mean that the drawing is compared with. */
function press(digit) {
  for (const button of at("mean-buttons").children) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.class) === digit));
  }
}

async function compare(nearest, other) {
  await showWhy(why, chosenModel(), nearest, other, readings[0].pixels, known.columns);
  press(other);
}

/** Compares the digit that was read with the one that was asked about. */
async function explain(digit) {
  if (!readings) {
    at("result").textContent = BLANK;
    return;
  }
  const [nearest, second] = nearestTwo(answerOf(chosenModel()));
  try {
    await compare(nearest, digit === nearest ? second ?? digit : digit);
  } catch (error) {
    fail(error);
  }
}

function showMeans() {
  const model = known.models[chosenModel()];
  const buttons = model.means.map((mean, digit) => {
    const button = element(
      "button",
      { type: "button", "data-class": digit, "aria-pressed": "false", "aria-label": `Compare with the mean of ${digit}` },
      picture(mean ?? new Array(known.rows * known.columns).fill(0), known.columns),
      element("span", {}, mean ? String(digit) : `${digit}: no images`),
    );
    button.disabled = mean === null;
    button.addEventListener("click", () => explain(digit));
    return button;
  });
  at("mean-buttons").replaceChildren(...buttons);
}

function changed(isFinished) {
  ended = isFinished ? performance.now() : null;
  if (isFinished && drawing.isBlank()) {
    chosen = null;
  }
  if (at("live").checked || drawing.isBlank()) {
    readDrawing();
  }
  if (isFinished) {
    wake();
  }
}

const drawing = new Drawing(at("canvas"), at("cursor"), changed);

function predict() {
  ended = performance.now();
  readDrawing();
}

function undo() {
  chosen = null;
  drawing.undo();
}

function listen() {
  at("predict").addEventListener("click", predict);
  at("undo").addEventListener("click", undo);
  at("clear").addEventListener("click", () => drawing.clear());
  at("live").addEventListener("change", () => at("live").checked && predict());
  at("brush").addEventListener("input", () => {
    drawing.radius = Number(at("brush").value);
    at("radius").textContent = at("brush").value;
  });
  at("theme").addEventListener("change", () => drawing.setTheme(at("theme").value === "dark"));
  at("means-of").addEventListener("change", () => {
    showMeans();
    if (readings) {
      explain(nearestTwo(answerOf(chosenModel()))[1]);
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      undo();
    }
  });
  // Another key comes with another address.
  addEventListener("hashchange", () => location.reload());
}

async function start() {
  listen();
  try {
    known = await askModels();
  } catch (error) {
    fail(error);
    return;
  }
  makeModels(at("models"), known.models);
  known.models.forEach((model, index) => {
    at("means-of").append(element("option", { value: index }, `${model.trained_on}, of ${known.dataset}`));
  });
  showMeans();
  const places = {
    text: at("gallery-text"),
    buttons: at("gallery-buttons"),
    previous: at("previous"),
    next: at("next"),
  };
  const choose = (image) => {
    chosen = image;
    drawing.put(image.pixels, known.columns);
  };
  const gallery = new Gallery(places, known.gallery, known.columns, choose, fail);
  await gallery.show(0);
  if (document.body.dataset.state === "loading") {
    state("ready");
  }
}

start();
