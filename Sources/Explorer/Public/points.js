/** Paints tens of thousands of points into a bitmap within a frame. */

/** A disc's pixels: offsets in a bitmap of a given width, and how much of each is covered (0 to 256). */
function disc(radius, width, opacity) {
  const reach = Math.ceil(radius);
  const offsets = [];
  const covers = [];
  for (let y = -reach; y <= reach; y += 1) {
    for (let x = -reach; x <= reach; x += 1) {
      const cover = Math.min(Math.max(radius + 0.5 - Math.hypot(x, y), 0), 1);
      if (cover > 0.04) {
        offsets.push(y * width + x);
        covers.push(Math.round(256 * opacity * cover));
      }
    }
  }
  return { reach, offsets: Int32Array.from(offsets), covers: Uint16Array.from(covers) };
}

/** The radius of points in pixels, by how many there are. */
export const radiusFor = (count, ratio) => (count > 20000 ? 1.2 : count > 4000 ? 1.8 : count > 800 ? 2.6 : 3.4) * ratio;

/** A permutation that is always the same, so that no label lies over all others. */
export function mixedOrder(count) {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  let state = 2463534242;
  for (let index = count - 1; index > 0; index -= 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (index + 1);
    [order[index], order[other]] = [order[other], order[index]];
  }
  return order;
}

/** A colour as a bitmap has it, without its opacity: blue, green and red in one number. */
export const packed = (red, green, blue) => (blue << 16) | (green << 8) | red;

/** `#rrggbb` as a bitmap has it. */
export const packedHex = (hex) => packed(...[1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));

/**
 * Paints points over each other into an image.
 *
 * @param {ImageData} image what it held is lost
 * @param {{xs: Float32Array, ys: Float32Array, order: Uint32Array, colours: Uint32Array, hidden: Uint8Array | null}} points
 * @param {{scaleX: number, scaleY: number, left: number, top: number}} place pixel = left + x · scaleX, top − y · scaleY
 */
export function paintPoints(image, points, place, radius, opacity) {
  const { width, height } = image;
  const target = new Uint32Array(image.data.buffer);
  target.fill(0);
  const { xs, ys, order, colours, hidden } = points;
  const { scaleX, scaleY, left, top } = place;
  const { reach, offsets, covers } = disc(radius, width, opacity);
  const size = offsets.length;
  for (let rank = 0; rank < order.length; rank += 1) {
    const index = order[rank];
    if (hidden && hidden[index]) continue;
    const x = Math.round(left + xs[index] * scaleX);
    const y = Math.round(top - ys[index] * scaleY);
    if (!(x >= reach && y >= reach && x < width - reach && y < height - reach)) continue;
    const colour = colours[index];
    const outer = colour & 0xff00ff;
    const inner = colour & 0x00ff00;
    const base = y * width + x;
    for (let at = 0; at < size; at += 1) {
      const cover = covers[at];
      const pixel = base + offsets[at];
      const under = target[pixel];
      if (under === 0) {
        target[pixel] = colour | (Math.min(cover, 255) << 24);
        continue;
      }
      const rest = 256 - cover;
      const alpha = under >>> 24;
      target[pixel] =
        (((Math.imul(under & 0xff00ff, rest) + Math.imul(outer, cover)) >>> 8) & 0xff00ff) |
        (((Math.imul(under & 0x00ff00, rest) + Math.imul(inner, cover)) >>> 8) & 0x00ff00) |
        ((alpha + (((255 - alpha) * cover) >> 8)) << 24);
    }
  }
}

/** The visible point nearest to a place of the screen, if one is within `reach` pixels; else -1. */
export function nearestPoint({ xs, ys, hidden }, viewport, [left, top], reach) {
  const [x, y] = viewport.toPlane(left, top);
  let found = -1;
  let best = reach * reach;
  for (let index = 0; index < xs.length; index += 1) {
    if (hidden && hidden[index]) continue;
    const across = (xs[index] - x) * viewport.scale;
    const up = (ys[index] - y) * viewport.scaleUp;
    const distance = across * across + up * up;
    if (distance < best) [best, found] = [distance, index];
  }
  return found;
}

/** The visible points inside a closed line of places on the plane. */
export function pointsInside({ xs, ys, hidden }, line) {
  const rows = [];
  for (let index = 0; index < xs.length; index += 1) {
    if (hidden && hidden[index]) continue;
    let isInside = false;
    for (let at = 0, before = line.length - 1; at < line.length; before = at, at += 1) {
      const [ax, ay] = line[at];
      const [bx, by] = line[before];
      const crosses = ay > ys[index] !== by > ys[index];
      if (crosses && xs[index] < ((bx - ax) * (ys[index] - ay)) / (by - ay) + ax) isInside = !isInside;
    }
    if (isInside) rows.push(index);
  }
  return rows;
}
