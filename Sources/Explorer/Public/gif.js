/** Writes moving pictures as GIF 89a: frames of one size, one palette of at most 256 colours, repeated for ever. */

import { palette } from "./palette.js";

/** Bytes that grow as they are written. */
class Output {
  #bytes = new Uint8Array(1 << 16);
  #count = 0;

  /** Appends one byte. */
  byte(value) {
    if (this.#count === this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#count++] = value;
  }

  /** Appends several bytes. */
  bytes(values) {
    for (const value of values) this.byte(value);
  }

  /** Appends a number of 16 bits, the low byte first. */
  short(value) {
    this.bytes([value & 255, value >> 8]);
  }

  /** All that was written. */
  get written() {
    return this.#bytes.slice(0, this.#count);
  }
}

/** Packs codes of varying width, the low bit first, into blocks of at most 255 bytes. */
class Blocks {
  #output;
  #block = [];
  #bits = 0;
  #held = 0;

  constructor(output) {
    this.#output = output;
  }

  code(value, width) {
    this.#bits |= value << this.#held;
    this.#held += width;
    while (this.#held >= 8) this.#push();
  }

  #push() {
    this.#block.push(this.#bits & 255);
    this.#bits >>>= 8;
    this.#held -= 8;
    if (this.#block.length === 255) this.#flush();
  }

  #flush() {
    this.#output.byte(this.#block.length);
    this.#output.bytes(this.#block);
    this.#block = [];
  }

  end() {
    while (this.#held > 0) this.#push();
    if (this.#block.length) this.#flush();
    this.#output.byte(0);
  }
}

/** Compresses the palette's indices of one frame by Lempel, Ziv and Welch's method, with codes of 9 to 12 bits. */
function compress(indices, output) {
  const [clear, end] = [256, 257];
  const blocks = new Blocks(output);
  let [known, next, width] = [new Map(), 258, 9];
  output.byte(8);
  blocks.code(clear, width);
  let prefix = indices[0];
  for (let place = 1; place < indices.length; place += 1) {
    const key = (prefix << 8) | indices[place];
    const code = known.get(key);
    if (code !== undefined) {
      prefix = code;
      continue;
    }
    blocks.code(prefix, width);
    prefix = indices[place];
    if (next === 4096) {
      blocks.code(clear, width);
      [known, next, width] = [new Map(), 258, 9];
    } else {
      // The reader of the file is one entry behind, so that the width grows when the entry that needs it is made.
      if (next === 1 << width) width += 1;
      known.set(key, next);
      next += 1;
    }
  }
  blocks.code(prefix, width);
  if (next === 1 << width && width < 12) width += 1;
  blocks.code(end, width);
  blocks.end();
}

/**
 * A file of frames that follow each other.
 *
 * @param {{width: number, height: number, frames: Uint8ClampedArray[], delay: number}} movie Each frame has red, green, blue and
 *   opacity of every pixel, as a canvas gives them (opacity is taken as full); `delay` is in hundredths of a second.
 * @returns {Uint8Array} The file's bytes.
 */
export function gif({ width, height, frames, delay }) {
  const { colours, indexOf } = palette(frames);
  const output = new Output();
  output.bytes([..."GIF89a"].map((letter) => letter.charCodeAt(0)));
  output.short(width);
  output.short(height);
  output.bytes([0xf7, 0, 0]);
  for (let index = 0; index < 256; index += 1) output.bytes(colours[index] ?? [0, 0, 0]);
  output.bytes([0x21, 0xff, 11, ...[..."NETSCAPE2.0"].map((letter) => letter.charCodeAt(0)), 3, 1, 0, 0, 0]);
  for (const frame of frames) {
    output.bytes([0x21, 0xf9, 4, 4]);
    output.short(delay);
    output.bytes([0, 0, 0x2c]);
    for (const value of [0, 0, width, height]) output.short(value);
    output.byte(0);
    compress(indexOf(frame), output);
  }
  output.byte(0x3b);
  return output.written;
}
