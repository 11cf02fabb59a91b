/** The cells of a plane: where each lies, evenly or at the quantiles of N(0, 1). */

import { quantile } from "../normal.js";

/** Where in the cumulative distribution the outermost cells may lie. */
const edge = 1e-4;

/**
 * Cells that stand still on the plane while the view moves, and become finer or coarser as it zooms.
 *
 * Along quantiles the plane is that of cumulative probabilities, from 0 to 1 on both sides, and its places are looked up.
 */
export class Lattice {
  constructor({ cells, isQuantile, isStrip, reach }) {
    Object.assign(this, { cells, isQuantile, isStrip });
    /** What is shown at first. */
    this.extent = isQuantile ? [0, 1] : [-reach, reach];
    this.step = (this.extent[1] - this.extent[0]) / cells;
  }

  /** Sets the distance of cells for a view that is so wide. */
  zoomTo(width) {
    this.step = width / this.cells;
  }

  /** The numbers of the cells that a range touches. */
  span([low, high]) {
    const first = Math.floor(low / this.step + 1e-9);
    return { first, count: Math.max(Math.ceil(high / this.step - 1e-9) - first, 1) };
  }

  #value(number) {
    const middle = (number + 0.5) * this.step;
    if (!this.isQuantile) return middle;
    return middle < edge || middle > 1 - edge ? null : quantile(middle);
  }

  /** Where the code of a cell lies on the plane; a strip has one coordinate. Beyond the distribution it is at its edge. */
  placeOf({ column, row }) {
    const at = (number) => this.#value(number) ?? quantile((number + 0.5) * this.step < 0.5 ? edge : 1 - edge);
    return this.isStrip ? [at(column)] : [at(column), at(row)];
  }

  /** Whether there is such a cell: none lies outside of the distribution. */
  has({ column, row }) {
    return this.#value(column) !== null && (this.isStrip || this.#value(row) !== null);
  }

  /** The cell that holds a place of the view's plane. */
  cellAt([x, y]) {
    return { column: Math.floor(x / this.step), row: this.isStrip ? 0 : Math.floor(y / this.step) };
  }

  /**
   * What is to be decoded for a view: cells row by row, the highest first, as the server orders a grid.
   * @returns {{lattice: Lattice, step: number, firstColumn: number, firstRow: number, columns: number, rows: number, places: number[][]}}
   */
  cover({ x, y }) {
    const across = this.span(x);
    const up = this.isStrip ? { first: 0, count: 1 } : this.span(y);
    const size = Math.min(Math.max(across.count, up.count), 40);
    const columns = this.isStrip ? Math.min(across.count, 60) : size;
    const rows = this.isStrip ? 1 : size;
    const places = [];
    for (let row = rows - 1; row >= 0; row -= 1) {
      for (let column = 0; column < columns; column += 1) {
        places.push(this.placeOf({ column: across.first + column, row: up.first + row }));
      }
    }
    return {
      lattice: this, step: this.step, isEven: !this.isQuantile, firstColumn: across.first, firstRow: up.first, columns, rows, places,
    };
  }
}
