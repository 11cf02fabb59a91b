/** The map's axes: latents or principal axes, from codes to places and from places to codes. */

import { floats } from "../api.js";
import { byUse, fixed, latentName, useWords } from "../words.js";

const maps = new WeakMap();

/** The answer of the route `map`, asked for once a run. */
export function loadMap({ card, api }) {
  if (!maps.has(card)) {
    maps.set(card, api.get("map"));
    maps.get(card).catch(() => maps.delete(card));
  }
  return maps.get(card);
}

/** The rows' codes as the server sent them: the means of some latents, and the principal axes of all. */
export class Codes {
  constructor(card, map) {
    this.card = card;
    this.count = map.count;
    this.latents = map.axes ?? Array.from({ length: card.latents }, (_, index) => index);
    this.means = floats(map.meansF32);
    const share = map.principal?.share ?? [];
    const directions = share.length ? floats(map.principal.directionsF32) : new Float32Array();
    this.principal = share.map((part, index) => ({
      share: part, direction: directions.subarray(index * card.latents, (index + 1) * card.latents),
    }));
    this.center = map.principal?.center ?? card.center;
  }

  /** The axes to choose from, the most used latents first. */
  get options() {
    const known = new Set(this.latents);
    const { card } = this;
    const latents = latentOptions(card).filter(({ value }) => known.has(Number(value.slice(1))));
    const principal = this.principal.map(({ share }, index) => ({
      value: `p${index}`, label: `principal axis ${index + 1} · ${fixed(100 * share, 0)} %`, group: "Principal axes",
    }));
    return card.latents > 1 ? [...latents, ...principal] : latents;
  }

  /** The axis of that name: its unit direction among the latents, its origin, and what it is called. */
  axis(name) {
    const index = Number(name.slice(1));
    if (name[0] === "p") {
      return { direction: this.principal[index].direction, origin: this.center, title: `principal axis ${index + 1}` };
    }
    return latentAxis(this.card, index);
  }

  /** Where every row lies along an axis. */
  along({ direction, origin }) {
    const width = this.latents.length;
    const weights = this.latents.map((latent) => direction[latent]);
    const offset = this.latents.reduce((sum, latent) => sum + direction[latent] * origin[latent], 0);
    const result = new Float32Array(this.count);
    for (let row = 0; row < this.count; row += 1) {
      let sum = -offset;
      for (let at = 0; at < width; at += 1) sum += weights[at] * this.means[row * width + at];
      result[row] = sum;
    }
    return result;
  }
}

/** The latents to choose from, the most used first, with how much each is used. */
export const latentOptions = (card) => byUse(card).map((index) => ({
  value: `z${index}`, group: "Latents, the most used first",
  label: `${latentName(index)} · ${useWords(card, index)}`,
}));

/** The axis of a single latent. */
export function latentAxis(card, index) {
  const direction = new Float32Array(card.latents);
  direction[index] = 1;
  return { direction, origin: new Float32Array(card.latents), title: latentName(index) };
}

const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);

/** Where a code lies along an axis. */
export const coordinate = (z, axis) => dot(axis.direction, z) - dot(axis.direction, axis.origin);

/**
 * The code at a place of the plane that differs from `base` only along the plane's axes.
 *
 *     z = base + s u + t v,   with u and v the axes' directions and s, t such that z lies at (x, y)
 */
export function codeAt(base, axes, [x, y]) {
  const [first, second] = axes;
  const dx = x - coordinate(base, first);
  if (!second) return base.map((value, index) => value + (dx / dot(first.direction, first.direction)) * first.direction[index]);
  const dy = y - coordinate(base, second);
  const [uu, uv, vv] = [
    dot(first.direction, first.direction), dot(first.direction, second.direction), dot(second.direction, second.direction),
  ];
  const determinant = uu * vv - uv * uv;
  const [s, t] =
    Math.abs(determinant) < 1e-6 ? [dx / uu, 0] : [(dx * vv - dy * uv) / determinant, (dy * uu - dx * uv) / determinant];
  return base.map((value, index) => value + s * first.direction[index] + t * second.direction[index]);
}

/** Places across a strip for rows that have one coordinate: stacked as a histogram's bars are, so that none covers another. */
export function stacked(xs) {
  let [low, high] = [Infinity, -Infinity];
  for (const x of xs) [low, high] = [Math.min(low, x), Math.max(high, x)];
  const bins = Math.min(120, Math.max(10, Math.round(Math.sqrt(xs.length) * 1.6)));
  const bin = (x) => Math.min(Math.floor(((x - low) / (high - low || 1)) * bins), bins - 1);
  const counts = new Uint32Array(bins);
  for (const x of xs) counts[bin(x)] += 1;
  const highest = counts.reduce((most, value) => Math.max(most, value), 1);
  const next = new Uint32Array(bins);
  return Float32Array.from(xs, (x) => (next[bin(x)]++ + 0.5) / highest);
}
