/** The hidden part of a picture: which of its pixels are to be filled in, with every change kept so that it can be undone. */

const remembered = 200;

/** Hidden pixels of a picture of `height` × `width`. */
export class Mask {
  #past = [];

  constructor(height, width) {
    [this.height, this.width] = [height, width];
    this.pixels = new Uint8Array(height * width);
  }

  /** How many pixels are hidden. */
  get count() {
    return this.pixels.reduce((sum, value) => sum + value, 0);
  }

  /** Whether a change can be taken back. */
  get canUndo() {
    return this.#past.length > 0;
  }

  /** Remembers the mask as it is; the changes that follow are undone together. */
  begin() {
    this.#past.push(this.pixels.slice());
    if (this.#past.length > remembered) this.#past.shift();
  }

  /** Takes back all that changed since the last `begin`. */
  undo() {
    this.pixels = this.#past.pop() ?? this.pixels;
  }

  /** Hides, or shows again, the pixels of which `contains(y, x)` holds. */
  set(contains, isHidden = true) {
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.width; x += 1) {
        if (contains(y, x)) this.pixels[y * this.width + x] = isHidden ? 1 : 0;
      }
    }
  }

  /** A round stroke between two places in pixels: all pixels whose centre lies within half the brush's diameter of it, and the one that it is in. */
  stroke(from, to, diameter, isHidden) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = dx * dx + dy * dy;
    const radius = diameter / 2;
    this.set((y, x) => {
      const [px, py] = [x + 0.5 - from.x, y + 0.5 - from.y];
      const along = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
      const [rx, ry] = [px - along * dx, py - along * dy];
      return rx * rx + ry * ry <= radius * radius || (rx > -0.5 && rx <= 0.5 && ry > -0.5 && ry <= 0.5);
    }, isHidden);
  }

  /** A rectangle of whole pixels: from `top`, `left` to `bottom`, `right`, all within. */
  rectangle({ top, left, bottom, right }, isHidden) {
    this.set((y, x) => y >= top && y <= bottom && x >= left && x <= right, isHidden);
  }

  /** Hides nothing. */
  clear() {
    this.set(() => true, false);
  }

  /** Hides just what was shown. */
  invert() {
    this.pixels = this.pixels.map((value) => 1 - value);
  }

  /** A byte for each value of the picture, 1 where it is hidden: each pixel's channels follow each other. */
  bytes(channels) {
    const result = new Uint8Array(this.pixels.length * channels);
    this.pixels.forEach((value, place) => result.fill(value, place * channels, (place + 1) * channels));
    return result;
  }
}

/** Parts of a picture that are hidden at once, by name. */
export const presets = [
  { name: "Lower half", contains: (mask) => (y) => y >= mask.height / 2 },
  { name: "Upper half", contains: (mask) => (y) => y < mask.height / 2 },
  { name: "Left half", contains: (mask) => (_, x) => x < mask.width / 2 },
  { name: "Right half", contains: (mask) => (_, x) => x >= mask.width / 2 },
  {
    name: "Middle",
    contains: (mask) => (y, x) =>
      Math.abs(y + 0.5 - mask.height / 2) < mask.height / 4 && Math.abs(x + 0.5 - mask.width / 2) < mask.width / 4,
  },
];
