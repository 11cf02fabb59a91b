/** The manifold's drawing: cells with pictures, or with a column's value, on a canvas that pans and zooms. */

import { h } from "../dom.js";
import { listen, onceAFrame } from "../gestures.js";
import { countOf } from "../observations.js";
import { Viewport } from "../viewport.js";
import { bitmapOf, drawFrame, drawPictures, drawValues } from "./manifold-layers.js";

/** Cells on a canvas; the last answer is shown where it belongs until the next is here. */
export class ManifoldPlot {
  viewport = new Viewport();
  column = 0;
  chosen = null;
  drawn = null;
  #bitmap = document.createElement("canvas");

  constructor(card, handlers, help) {
    this.card = card;
    this.handlers = handlers;
    this.isTable = card.kind === "table";
    this.canvas = h("canvas", {
      tabindex: 0, role: "application", "aria-roledescription": "grid of decoded places", "aria-label": "Manifold", "aria-describedby": help,
    });
    this.element = h("div", { class: "plot manifold", dataset: { mode: "move" } }, this.canvas);
    if (!this.isTable) this.element.style.setProperty("--ratio", card.width / card.height);
    this.draw = onceAFrame(() => this.#draw());
    this.#listen();
    this.sizes = new ResizeObserver(() => this.#resize());
    this.sizes.observe(this.element);
  }

  remove() {
    this.sizes.disconnect();
    this.draw.cancel();
  }

  setLattice(lattice, isFitted) {
    const wasQuantile = this.lattice?.isQuantile;
    this.lattice = lattice;
    this.chosen = null;
    this.range = null;
    this.element.classList.toggle("one-row", lattice.isStrip);
    this.viewport.fixedHeight = lattice.isStrip ? 1 : null;
    this.viewport.aspect = this.isTable || lattice.isStrip ? 1 : this.card.height / this.card.width;
    if (isFitted || wasQuantile !== lattice.isQuantile) this.drawn = null;
    if (isFitted) this.fit();
    else this.#changed();
  }

  setColumn(column) {
    this.column = column;
    this.range = null;
    this.repaint();
  }

  setAnswer(answer, wanted) {
    this.drawn = { answer, wanted };
    this.repaint();
  }

  /** The cell in the middle of the view. */
  middle() {
    return this.lattice.cellAt([this.viewport.x, this.viewport.y]);
  }

  choose(cell) {
    this.chosen = cell;
    this.draw();
  }

  fit() {
    const { extent } = this.lattice;
    this.range = null;
    this.viewport.fit(extent, this.lattice.isStrip ? [0, 1] : extent, 0);
    this.#changed();
  }

  zoom(factor, left, top) {
    this.viewport.zoomAt(factor, left, top);
    this.#changed();
  }

  move(right, down) {
    this.viewport.panBy(right, down);
    this.#changed();
  }

  /** What the view needs decoded. */
  wanted() {
    return this.lattice.cover(this.viewport.bounds);
  }

  /** Where in the last answer a cell is; null where it is not. */
  answerAt(cell) {
    if (!this.drawn) return null;
    const { answer, wanted } = this.drawn;
    if (Math.abs(wanted.step - this.lattice.step) > 1e-9) return null;
    const column = cell.column - wanted.firstColumn;
    const row = wanted.firstRow + wanted.rows - 1 - cell.row;
    const isThere = column >= 0 && column < wanted.columns && row >= 0 && row < wanted.rows;
    return isThere ? { answer, index: row * wanted.columns + column } : null;
  }

  #listen() {
    const cellAt = (position) => this.lattice.cellAt(this.viewport.toPlane(...position));
    let lastTap = 0;
    listen(this.canvas, {
      onTap: (position, event) => {
        this.canvas.focus({ preventScroll: true });
        const cell = cellAt(position);
        const isSecond = event.timeStamp - lastTap < 350 && cell.column === this.chosen?.column && cell.row === this.chosen?.row;
        lastTap = event.timeStamp;
        if (this.lattice.has(cell)) this.handlers.onPick(cell);
        if (isSecond) this.handlers.onOpen();
      },
      onDrag: (_, [right, down]) => this.move(right, down),
      onHover: (position) => this.handlers.onPoint(cellAt(position)),
      onLeave: () => this.handlers.onLeave(),
      onMove: (right, down) => this.move(right, down),
      onZoom: (factor, left, top) => this.zoom(factor, left, top),
    });
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  #key(event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow && event.shiftKey) this.move(-60 * arrow[0], 60 * arrow[1]);
    else if (arrow) this.#step(arrow);
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-" || event.key === "−") this.zoom(0.8);
    else if (event.key === "0") this.fit();
    else if (event.key === "Enter") this.handlers.onOpen();
    else return;
    event.preventDefault();
  }

  /** Chooses the cell beside, and moves the view where that lies outside of it. */
  #step([across, up]) {
    const from = this.chosen ?? this.middle();
    const cell = { column: from.column + across, row: this.lattice.isStrip ? 0 : from.row + up };
    if (!this.lattice.has(cell)) return;
    const [left, top, width, height] = this.#box(cell.column, cell.row, 1, 1);
    const { viewport } = this;
    const beyond = (low, size, room) => (low < 0 ? -low : low + size > room ? room - low - size : 0);
    const [right, down] = [beyond(left, width, viewport.width), beyond(top, height, viewport.height)];
    if (right || (down && !this.lattice.isStrip)) this.move(right, this.lattice.isStrip ? 0 : down);
    this.handlers.onPick(cell);
  }

  #changed() {
    const { viewport, lattice } = this;
    if (viewport.width <= 1) return;
    const visible = viewport.bounds.x[1] - viewport.bounds.x[0];
    const before = lattice.step;
    lattice.zoomTo(visible);
    if (Math.abs(before - lattice.step) > 1e-9 && this.chosen) {
      this.chosen = lattice.cellAt([(this.chosen.column + 0.5) * before, (this.chosen.row + 0.5) * before]);
      this.handlers.onPick(this.chosen, true);
    }
    this.draw();
    this.handlers.onView();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.element;
    if (!clientWidth || !clientHeight) return;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const wasEmpty = this.viewport.width <= 1;
    Object.assign(this.viewport, { width: clientWidth, height: clientHeight });
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    if (!this.lattice) return;
    if (wasEmpty) this.fit();
    else this.#changed();
  }

  /** Where some cells lie on the screen: left, top, width and height. */
  #box(column, row, columns, rows, step = this.lattice.step) {
    const isStrip = this.lattice.isStrip;
    const [left, top] = this.viewport.toScreen(column * step, isStrip ? 1 : (row + rows) * step);
    const [right, bottom] = this.viewport.toScreen((column + columns) * step, isStrip ? 0 : row * step);
    return [left, top, right - left, bottom - top];
  }

  /** Makes the bitmap of the last answer anew. */
  repaint() {
    if (!this.drawn) return;
    const { answer, wanted } = this.drawn;
    if (this.isTable) {
      const values = answer.values.map((row) => row[this.column]);
      this.range ??= [Math.min(...values), Math.max(...values)];
      this.onRange?.(this.range);
    } else {
      bitmapOf(this.#bitmap, this.card, answer, wanted);
    }
    this.draw();
  }

  #cellOf(index) {
    const { wanted } = this.drawn;
    return {
      column: wanted.firstColumn + (index % wanted.columns),
      row: wanted.firstRow + wanted.rows - 1 - Math.floor(index / wanted.columns),
    };
  }

  #draw() {
    const context = this.canvas.getContext("2d");
    const ratio = this.canvas.width / (this.viewport.width || 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.viewport.width, this.viewport.height);
    if (this.drawn) {
      const { answer, wanted } = this.drawn;
      const cells = [];
      for (let index = 0; index < countOf(answer); index += 1) {
        const cell = this.#cellOf(index);
        if (wanted.lattice.has(cell)) cells.push({ index, box: this.#box(cell.column, cell.row, 1, 1, wanted.step) });
      }
      if (this.isTable) drawValues(context, cells, answer, this.card.columns[this.column], this.column, this.range);
      else drawPictures(context, cells, this.#bitmap, this.card, wanted.columns);
    }
    if (this.chosen) drawFrame(context, this.#box(this.chosen.column, this.chosen.row, 1, 1));
    this.canvas.setAttribute("aria-label", this.handlers.describe());
  }
}
