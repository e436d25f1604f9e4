// The canvas: strokes by mouse, pen, finger or keyboard, and what undoes them.
//
// What is drawn is kept as a list of what was done, so that it can be undone
// and shown in other colours.

const SIDE = 280;

// The keyboard's cursor moves from square to square of a grid of 28 × 28.
const STEP = 10;

const ARROWS = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

export class Drawing {
  /** `onChange(isFinished)` is told of every change, and whether a stroke has ended with it. */
  constructor(canvas, cursor, onChange) {
    this.canvas = canvas;
    this.cursor = cursor;
    this.onChange = onChange;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.done = [];
    this.stroke = null;
    this.at = [SIDE / 2 + STEP / 2, SIDE / 2 + STEP / 2];
    this.radius = 20;
    this.isDark = true;
    this.listen();
    this.show();
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => this.lift(event.pointerId));
    }
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("keyup", (event) => event.key === "Shift" && this.lift("keyboard"));
    canvas.addEventListener("blur", () => {
      this.cursor.hidden = true;
      this.end();
    });
  }

  press(event) {
    if (event.button !== 0 || this.stroke) {
      return;
    }
    this.cursor.hidden = true;
    this.canvas.setPointerCapture(event.pointerId);
    this.begin(this.place(event), event.pointerId);
  }

  move(event) {
    if (this.stroke?.pointer !== event.pointerId) {
      return;
    }
    const each = event.getCoalescedEvents?.() ?? [];
    for (const moved of each.length > 0 ? each : [event]) {
      this.extend(this.place(moved));
    }
    this.onChange(false);
  }

  /** Where an event is on the canvas, however large it is shown. */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * SIDE / box.width, (event.clientY - box.top) * SIDE / box.height];
  }

  key(event) {
    if (this.stroke && this.stroke.pointer !== "keyboard") {
      return;
    }
    const arrow = ARROWS[event.key];
    if (arrow) {
      this.step(arrow, event.shiftKey);
    } else if (event.key === " " || event.key === "Enter") {
      this.end();
      this.begin(this.at, "keyboard");
      this.end();
    } else {
      return;
    }
    event.preventDefault();
    this.showCursor();
  }

  step([right, down], draws) {
    const stays = (value) => Math.min(Math.max(value, STEP / 2), SIDE - STEP / 2);
    const to = [stays(this.at[0] + right), stays(this.at[1] + down)];
    if (draws) {
      if (!this.stroke) {
        this.begin(this.at, "keyboard");
      }
      this.extend(to);
      this.onChange(false);
    } else {
      this.end();
    }
    this.at = to;
  }

  showCursor() {
    const share = (value) => `${(value - STEP / 2) * 100 / SIDE}%`;
    this.cursor.style.left = share(this.at[0]);
    this.cursor.style.top = share(this.at[1]);
    this.cursor.hidden = false;
  }

  begin(point, pointer) {
    this.stroke = { kind: "stroke", points: [point], radius: this.radius, pointer };
    this.done.push(this.stroke);
    this.line(this.stroke, 0);
  }

  extend(point) {
    this.stroke.points.push(point);
    this.line(this.stroke, this.stroke.points.length - 2);
  }

  /** Ends the stroke of a pointer, or of the keyboard; that of another goes on. */
  lift(pointer) {
    if (this.stroke?.pointer === pointer) {
      this.end();
    }
  }

  end() {
    if (this.stroke) {
      this.stroke = null;
      // Piece by piece its edges came out otherwise than they do as a whole.
      this.show();
      this.onChange(true);
    }
  }

  clear() {
    this.stroke = null;
    if (!this.isBlank()) {
      this.done.push({ kind: "clear" });
    }
    this.show();
    this.onChange(true);
  }

  undo() {
    this.stroke = null;
    this.done.pop();
    this.show();
    this.onChange(true);
  }

  /** Puts an image in the place of what is drawn, each pixel a square. */
  put(image, columns) {
    this.stroke = null;
    this.done.push({ kind: "image", image, columns });
    this.show();
    this.onChange(true);
  }

  /** The image that was put here and not drawn upon, or null. */
  untouched() {
    return this.done.at(-1)?.image ?? null;
  }

  setTheme(isDark) {
    this.isDark = isDark;
    this.show();
    this.onChange(true);
  }

  isBlank() {
    return this.done.length === 0 || this.done.at(-1).kind === "clear";
  }

  /** Grey levels, row by row. */
  levels() {
    const { data } = this.context.getImageData(0, 0, SIDE, SIDE);
    const levels = new Uint8Array(SIDE * SIDE);
    for (let at = 0; at < levels.length; at += 1) {
      levels[at] = data[4 * at];
    }
    return levels;
  }

  show() {
    const begin = this.done.findLastIndex((each) => each.kind !== "stroke");
    this.context.fillStyle = this.isDark ? "#000" : "#fff";
    this.context.fillRect(0, 0, SIDE, SIDE);
    for (const each of this.done.slice(Math.max(begin, 0))) {
      if (each.kind === "image") {
        this.squares(each.image.pixels, each.columns);
      } else if (each.kind === "stroke") {
        this.line(each, 0);
      }
    }
  }

  squares(pixels, columns) {
    const side = SIDE / columns;
    pixels.forEach((level, at) => {
      const grey = this.isDark ? level : 255 - level;
      this.context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      const [left, top] = [Math.round(at % columns * side), Math.round(Math.floor(at / columns) * side)];
      this.context.fillRect(left, top, Math.ceil(side), Math.ceil(side));
    });
  }

  /** Draws a stroke from one of its points on; a single point is a dot. */
  line({ points, radius }, from) {
    const { context } = this;
    const ink = this.isDark ? "#fff" : "#000";
    if (points.length === 1) {
      // A line from a point to itself is none.
      context.fillStyle = ink;
      context.beginPath();
      context.arc(...points[0], radius, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    context.strokeStyle = ink;
    context.lineWidth = 2 * radius;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.beginPath();
    context.moveTo(...points[from]);
    for (const point of points.slice(from)) {
      context.lineTo(...point);
    }
    context.stroke();
  }
}
