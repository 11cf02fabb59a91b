/** Finds at most 256 colours for some pictures: exactly theirs where these are so few, else the means of boxes of like colours. */

const most = 256;

/** The colours of all frames with how often each occurs, or null as soon as there are too many for a palette. */
function distinct(frames) {
  const found = new Map();
  for (const frame of frames) {
    for (let place = 0; place < frame.length; place += 4) {
      const colour = (frame[place] << 16) | (frame[place + 1] << 8) | frame[place + 2];
      if (!found.has(colour)) {
        if (found.size === most) return null;
        found.set(colour, found.size);
      }
    }
  }
  return found;
}

/** The cell of a colour: its five highest bits of red, green and blue. */
const cell = (red, green, blue) => ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);

/** The cells that occur, each with its mean colour, how often it occurs and its number. */
function cells(frames) {
  const sums = new Map();
  for (const frame of frames) {
    for (let place = 0; place < frame.length; place += 4) {
      const number = cell(frame[place], frame[place + 1], frame[place + 2]);
      const sum = sums.get(number) ?? [0, 0, 0, 0];
      for (let channel = 0; channel < 3; channel += 1) sum[channel] += frame[place + channel];
      sum[3] += 1;
      sums.set(number, sum);
    }
  }
  return [...sums].map(([number, [red, green, blue, count]]) => ({
    number, count, colour: [red / count, green / count, blue / count],
  }));
}

/** The channel in which a box is widest, how wide, and how much would be gained by its division. */
function spread(box) {
  const widths = [0, 1, 2].map((channel) => {
    const values = box.map(({ colour }) => colour[channel]);
    return values.reduce((high, value) => Math.max(high, value), 0) - values.reduce((low, value) => Math.min(low, value), 255);
  });
  const widest = widths.indexOf(Math.max(...widths));
  const count = box.reduce((sum, one) => sum + one.count, 0);
  return { channel: widest, gain: box.length > 1 ? widths[widest] * Math.sqrt(count) : 0, count };
}

/** Divides a box where half of its pixels lie on each side. */
function divide({ box, channel, count }) {
  const sorted = [...box].sort((a, b) => a.colour[channel] - b.colour[channel]);
  let [sum, place] = [sorted[0].count, 1];
  while (place < sorted.length - 1 && sum < count / 2) sum += sorted[place++].count;
  return [sorted.slice(0, place), sorted.slice(place)].map((part) => ({ box: part, ...spread(part) }));
}

/**
 * A palette for frames of red, green, blue and opacity.
 *
 * @returns {{colours: number[][], indexOf: (frame: Uint8ClampedArray) => Uint8Array}} The colours, and what turns a frame into their indices.
 * @see Heckbert, “Color image quantization for frame buffer display”, 1982 (median cut).
 */
export function palette(frames) {
  const exact = distinct(frames);
  if (exact) {
    return {
      colours: [...exact.keys()].map((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
      indexOf: indices((red, green, blue) => exact.get((red << 16) | (green << 8) | blue)),
    };
  }
  const all = cells(frames);
  let boxes = [{ box: all, ...spread(all) }];
  while (boxes.length < most) {
    const widest = boxes.reduce((best, box) => (box.gain > best.gain ? box : best));
    if (widest.gain === 0) break;
    boxes = [...boxes.filter((box) => box !== widest), ...divide(widest)];
  }
  const table = new Uint8Array(1 << 15);
  boxes.forEach(({ box }, index) => box.forEach(({ number }) => (table[number] = index)));
  return {
    colours: boxes.map(({ box, count }) =>
      [0, 1, 2].map((channel) =>
        Math.round(box.reduce((sum, one) => sum + one.colour[channel] * one.count, 0) / count))),
    indexOf: indices((red, green, blue) => table[cell(red, green, blue)]),
  };
}

/** What turns a frame into indices, given that of one colour. */
const indices = (find) => (frame) => {
  const result = new Uint8Array(frame.length / 4);
  for (let place = 0; place < result.length; place += 1) {
    result[place] = find(frame[4 * place], frame[4 * place + 1], frame[4 * place + 2]);
  }
  return result;
};
