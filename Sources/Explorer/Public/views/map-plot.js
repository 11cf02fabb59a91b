/** The map's drawing: a grid, the points, and above them the cross, the chosen row and the lasso. */

import { h } from "../dom.js";
import { listen, onceAFrame } from "../gestures.js";
import { mixedOrder, nearestPoint, paintPoints, pointsInside, radiusFor } from "../points.js";
import { onThemeChange } from "../theme.js";
import { Viewport } from "../viewport.js";
import { drawGrid, drawMarks } from "./map-layers.js";

/** A drawing that took longer than this is put off while the map moves; its last bitmap moves in its place. */
const quick = 9;

/** The points of a plane on a canvas that pans and zooms. */
export class Plot {
  viewport = new Viewport();
  mode = "explore";
  marks = { cross: null, chosen: null, hovered: null, lasso: null, outlines: {}, signs: [], titles: ["", ""], isStrip: false };
  points = null;
  #radius = 3;
  #lastTook = 0;
  #painted = null;
  #settle = 0;

  /**
   * @param {{onPoint: (x: number, y: number) => void, onPick: (index: number) => void, onLasso: (rows: number[], line: number[][]) => void,
   *   onKey: (event: KeyboardEvent) => void, describe: () => string}} handlers
   */
  constructor(handlers, help) {
    this.handlers = handlers;
    this.grid = h("canvas", { "aria-hidden": "true" });
    this.dots = h("canvas", { "aria-hidden": "true" });
    this.top = h("canvas", {
      tabindex: 0, role: "application", "aria-roledescription": "map of rows", "aria-label": "Map", "aria-describedby": help,
    });
    this.element = h("div", { class: "plot", dataset: { mode: this.mode } }, this.grid, this.dots, this.top);
    this.draw = onceAFrame(() => this.#draw());
    this.drawTop = onceAFrame(() => this.#drawTop());
    this.#listen();
    this.top.addEventListener("keydown", (event) => this.handlers.onKey(event));
    this.sizes = new ResizeObserver(() => this.#resize());
    this.sizes.observe(this.element);
    this.endTheme = onThemeChange(() => this.draw());
  }

  remove() {
    this.sizes.disconnect();
    this.endTheme();
    this.draw.cancel();
    this.drawTop.cancel();
    clearTimeout(this.#settle);
  }

  setMode(mode) {
    this.mode = mode;
    this.element.dataset.mode = mode;
  }

  /** New places for the points; the view then shows all of them. */
  setPoints(xs, ys, { isStrip, titles }) {
    this.points = {
      xs, ys, order: this.points?.order ?? mixedOrder(xs.length), colours: this.points?.colours ?? new Uint32Array(xs.length),
      hidden: this.points?.hidden ?? null,
    };
    Object.assign(this.marks, { isStrip, titles, lasso: null, outlines: {} });
    this.viewport.fixedHeight = isStrip ? 1.16 : null;
    this.#radius = radiusFor(xs.length, this.#ratio);
    this.fit();
  }

  setColours(colours, hidden) {
    this.points.colours = colours;
    this.points.hidden = hidden;
    this.draw();
  }

  /** Shows nearly all points, leaving out the farthest thousandth on each side. */
  fit() {
    const range = (values) => {
      const step = Math.max(1, Math.floor(values.length / 5000));
      const some = Float32Array.from({ length: Math.ceil(values.length / step) }, (_, index) => values[index * step]).sort();
      const cut = Math.floor(some.length * 0.001);
      return [some[cut] ?? -1, some[some.length - 1 - cut] ?? 1];
    };
    if (!this.points) return;
    this.viewport.fit(range(this.points.xs), this.marks.isStrip ? [0, 1] : range(this.points.ys), 0.06);
    this.#painted = null;
    this.draw();
  }

  move(right, down) {
    this.viewport.panBy(right, down);
    this.draw();
  }

  zoom(factor, left, top) {
    this.viewport.zoomAt(factor, left, top);
    this.draw();
  }

  /** The visible point nearest to a place of the screen; -1 where none is near. */
  nearest(position, reach = 12) {
    return this.points ? nearestPoint(this.points, this.viewport, position, reach) : -1;
  }

  #listen() {
    const point = (position) => this.handlers.onPoint(...this.viewport.toPlane(...position));
    listen(this.top, {
      onTap: (position, event) => {
        this.top.focus({ preventScroll: true });
        const index = this.nearest(position, event?.pointerType === "touch" ? 24 : 12);
        if (index >= 0) this.handlers.onPick(index);
        else if (this.mode === "explore") point(position);
      },
      onDragStart: (position) => {
        this.top.focus({ preventScroll: true });
        if (this.mode === "lasso") this.marks.lasso = [this.viewport.toPlane(...position)];
        if (this.mode === "explore") point(position);
      },
      onDrag: (position, [right, down]) => {
        if (this.mode === "explore") point(position);
        if (this.mode === "move") this.move(right, down);
        if (this.mode === "lasso") {
          this.marks.lasso?.push(this.viewport.toPlane(...position));
          this.drawTop();
        }
      },
      onDragEnd: (position) => {
        const line = this.marks.lasso;
        if (this.mode !== "lasso" || !line) return;
        this.marks.lasso = null;
        this.drawTop();
        if (position && line.length > 2) this.handlers.onLasso(pointsInside(this.points, line), line);
      },
      onHover: (position, event) => {
        if (event.pointerType !== "mouse") return;
        const index = this.nearest(position, 8);
        if (index !== (this.marks.hovered ?? -1)) {
          this.marks.hovered = index < 0 ? null : index;
          this.element.classList.toggle("over-point", index >= 0);
          this.handlers.onHover?.(index);
          this.drawTop();
        }
      },
      onLeave: () => {
        this.marks.hovered = null;
        this.handlers.onHover?.(-1);
        this.drawTop();
      },
      onMove: (right, down) => this.move(right, down),
      onZoom: (factor, left, top) => this.zoom(factor, left, top),
    });
  }

  get #ratio() {
    return Math.min(devicePixelRatio || 1, 2);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.element;
    if (!clientWidth || !clientHeight) return;
    const wasEmpty = this.viewport.width <= 1;
    Object.assign(this.viewport, { width: clientWidth, height: clientHeight });
    for (const canvas of [this.grid, this.dots, this.top]) {
      canvas.width = Math.round(clientWidth * this.#ratio);
      canvas.height = Math.round(clientHeight * this.#ratio);
    }
    this.image = new ImageData(this.dots.width, this.dots.height);
    this.#painted = null;
    if (wasEmpty) this.fit();
    else this.#draw();
  }

  #draw() {
    if (!this.image || !this.points) return;
    const ratio = this.#ratio;
    const { viewport } = this;
    drawGrid(this.grid, viewport, ratio, this.marks);
    if (this.#lastTook > quick && this.#painted && this.#isMoving()) this.#moveBitmap();
    else this.#paint(ratio);
    this.#drawTop();
  }

  /** Whether only the view has changed since the points were painted. */
  #isMoving() {
    const { viewport } = this;
    const painted = this.#painted;
    return painted.scale !== viewport.scale || painted.x !== viewport.x || painted.y !== viewport.y;
  }

  #paint(ratio) {
    const began = performance.now();
    const { viewport, image } = this;
    const [left, top] = viewport.toScreen(0, 0);
    const opacity = this.points.xs.length > 20000 ? 0.75 : 0.85;
    paintPoints(
      image, this.points, { scaleX: viewport.scale * ratio, scaleY: viewport.scaleUp * ratio, left: left * ratio, top: top * ratio },
      this.#radius, opacity);
    this.dots.getContext("2d").putImageData(image, 0, 0);
    this.dots.style.transform = "";
    this.#painted = { scale: viewport.scale, x: viewport.x, y: viewport.y };
    this.#lastTook = performance.now() - began;
    this.element.dataset.took = this.#lastTook.toFixed(1);
  }

  /** Puts the last bitmap where its points are now, and paints anew when the movement rests. */
  #moveBitmap() {
    const { viewport } = this;
    const painted = this.#painted;
    const zoom = viewport.scale / painted.scale;
    const [left, top] = viewport.toScreen(painted.x, painted.y);
    const up = viewport.fixedHeight ? 1 : zoom;
    this.dots.style.transform =
      `translate(${left - (viewport.width / 2) * zoom}px, ${top - (viewport.height / 2) * up}px) scale(${zoom}, ${up})`;
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      this.#lastTook = 0;
      this.draw();
    }, 90);
  }

  #drawTop() {
    if (!this.points) return;
    drawMarks(this.top, this.viewport, this.#ratio, this.marks, this.points);
    const words = this.handlers.describe();
    if (this.top.getAttribute("aria-label") !== words) this.top.setAttribute("aria-label", words);
  }
}
