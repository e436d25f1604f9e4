// Puts the page together: what is drawn is read, and what is read is shown.

import { makeModels, showAnswers, showNothing } from "./answers.js";
import { Drawing } from "./drawing.js";
import { Gallery } from "./gallery.js";
import { element, number, picture } from "./pictures.js";
import { Failure, difference, models as askModels, read } from "./server.js";
import { nearestTwo, showNoWhy, showWhy } from "./why.js";

const at = (id) => document.getElementById(id);
const state = (name) => {
  document.body.dataset.state = name;
};
const why = { heading: at("difference-heading"), text: at("difference-text"), map: at("difference-map") };

const BLANK = "Draw a digit first.";
const UNREAD = "Press Predict to have it read.";

// Milliseconds between two readings while a stroke goes on, at least.
const PAUSE = 50;

/** What the server said of itself. */
let known = null;

/** The last readings, or null. */
let readings = null;

/** When the stroke ended whose reading is awaited, or null while it goes on. */
let ended = null;

/** How often the drawing has changed. */
let changes = 0;

let isReading = false;
let isWanted = false;

/** How often it was asked why. */
let asked = 0;

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
  const [mine, image] = [changes, drawing.untouched()];
  const answer = await read(drawing.levels());
  if (mine !== changes && !isWanted) {
    // That answer was for another drawing; this one is not to be read.
    return;
  }
  if (answer.blank) {
    forget(BLANK, "blank");
    return;
  }
  readings = answer.readings;
  showAnswers(at("models"), at("frames"), readings, known.columns);
  if (since === null) {
    if (ended !== null) {
      return;
    }
    await new Promise((done) => {
      wake = done;
      setTimeout(done, PAUSE);
    });
    return;
  }
  const milliseconds = performance.now() - since;
  document.body.dataset.milliseconds = milliseconds.toFixed(1);
  at("time").textContent = `${number(milliseconds, 1)} milliseconds from your stroke's end to this answer.`;
  at("result").textContent = sentence(image);
  await compareNearest();
  if (mine === changes) {
    state("read");
  }
}

/** Shows no reading any more, and says why. */
function forget(why_not, name) {
  readings = null;
  asked += 1;
  showNothing(at("models"), at("frames"));
  showNoWhy(why);
  press(null);
  at("time").textContent = "";
  at("result").textContent = why_not;
  state(name);
}

function sentence(image) {
  const each = readings[0].answers.map(({ predicted, trained_on }) => `as ${predicted} by ${trained_on}`);
  const label = image === null ? "" : ` It is image ${image.index}, a ${image.label}.`;
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

/** Shows why it is one digit and not another; where more is asked meanwhile, only that. */
async function compare(nearest, other) {
  asked += 1;
  const mine = asked;
  const found = await difference(chosenModel(), nearest, other, readings[0].pixels);
  if (mine === asked) {
    showWhy(why, found, known.columns);
    press(other);
  }
}

/** Compares the digit that was read with the next one, where there is one. */
async function compareNearest() {
  const [nearest, second] = nearestTwo(answerOf(chosenModel()));
  if (second !== undefined) {
    await compare(nearest, second);
  }
}

/** Compares the digit that was read with the one that was asked about. */
async function explain(digit) {
  if (!readings) {
    at("result").textContent = drawing.isBlank() ? BLANK : UNREAD;
    return;
  }
  const [nearest] = nearestTwo(answerOf(chosenModel()));
  try {
    await (digit === nearest ? compareNearest() : compare(nearest, digit));
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
  changes += 1;
  ended = isFinished ? performance.now() : null;
  // What is chosen or taken away is read in any case.
  if (at("live").checked || drawing.isBlank() || drawing.untouched()) {
    readDrawing();
  } else if (known && document.body.dataset.state !== "unread") {
    forget(UNREAD, "unread");
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

function listen() {
  at("predict").addEventListener("click", predict);
  at("undo").addEventListener("click", () => drawing.undo());
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
      compareNearest().catch(fail);
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      drawing.undo();
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
  if (!drawing.isBlank()) {
    // Drawn before there was anything to read it with.
    changed(true);
  }
  const places = {
    text: at("gallery-text"),
    buttons: at("gallery-buttons"),
    previous: at("previous"),
    next: at("next"),
  };
  const choose = (image) => drawing.put(image, known.columns);
  const gallery = new Gallery(places, known.gallery, known.columns, choose, fail);
  await gallery.show(0);
  if (document.body.dataset.state === "loading") {
    state("ready");
  }
}

start();
