/** Which part of a plane is seen: from the plane's coordinates to the screen's and back. */

/** Equal scales across and up (apart from `aspect`), the plane's second coordinate upwards. */
export class Viewport {
  width = 1;
  height = 1;
  x = 0;
  y = 0;
  /** Pixels a unit. */
  scale = 60;
  /** How much longer a unit is up than across. */
  aspect = 1;
  /** Where set, how much of the plane the height shows whatever the zoom is: for a strip with one coordinate. */
  fixedHeight = null;

  get scaleUp() {
    return this.fixedHeight ? this.height / this.fixedHeight : this.scale * this.aspect;
  }

  /** A place on the plane as pixels from the upper left corner. */
  toScreen(x, y) {
    return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scaleUp];
  }

  toPlane(left, top) {
    return [this.x + (left - this.width / 2) / this.scale, this.y - (top - this.height / 2) / this.scaleUp];
  }

  /** Moves what is seen along with the pointer. */
  panBy(right, down) {
    this.x -= right / this.scale;
    if (!this.fixedHeight) this.y += down / this.scaleUp;
  }

  /** Zooms so that the place under a point of the screen stays there. */
  zoomAt(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.toPlane(left, top);
    this.scale = Math.min(Math.max(this.scale * factor, 0.5), 20000);
    const [newX, newY] = this.toPlane(left, top);
    this.x += x - newX;
    if (!this.fixedHeight) this.y += y - newY;
  }

  /** Shows the whole of a part of the plane with some room around it. */
  fit([lowX, highX], [lowY, highY], room = 0.08) {
    this.x = (lowX + highX) / 2;
    this.y = (lowY + highY) / 2;
    const across = this.width / ((highX - lowX || 1) * (1 + 2 * room));
    const up = this.height / this.aspect / ((highY - lowY || 1) * (1 + 2 * room));
    this.scale = this.fixedHeight ? across : Math.min(across, up);
  }

  /** What is seen now: `{x: [low, high], y: [low, high]}`. */
  get bounds() {
    const [lowX, highY] = this.toPlane(0, 0);
    const [highX, lowY] = this.toPlane(this.width, this.height);
    return { x: [lowX, highX], y: [lowY, highY] };
  }
}

/** Round numbers between two, about `wanted` of them. */
export function ticks(low, high, wanted) {
  const rough = (high - low) / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const result = [];
  for (let index = Math.ceil(low / step); index * step <= high; index += 1) result.push(index * step);
  return { step, values: result };
}
