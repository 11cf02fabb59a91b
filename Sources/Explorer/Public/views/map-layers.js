/** What lies under and above the map's points. */

import { colours } from "../theme.js";
import { ticks } from "../viewport.js";
import { fixed } from "../words.js";

const font = (size, weight = 400) => `${weight} ${size}px ${colours().font}`;

function prepared(canvas, ratio) {
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  return context;
}

/** Text with a border of paper, so that it is read on points and lines alike. */
function write(context, text, x, y, { colour, paper }) {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = paper;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** Lines at round numbers, with the numbers at the lower and the left edge. */
export function drawGrid(canvas, viewport, ratio, { isStrip, titles }) {
  const context = prepared(canvas, ratio);
  const colour = colours();
  const { width, height, bounds } = viewport;
  context.font = font(11);
  const across = ticks(...bounds.x, width / 90);
  const up = isStrip ? { values: [] } : ticks(...bounds.y, height / 70);
  const decimals = ({ step }) => Math.min(Math.max(-Math.floor(Math.log10(step) + 1e-9), 0), 6);
  const line = (isZero, ...points) => {
    context.strokeStyle = isZero ? colour.line : colour.grid;
    context.lineWidth = isZero ? 1.5 : 1;
    context.beginPath();
    points.forEach(([x, y]) => context.lineTo(x, y));
    context.stroke();
  };
  for (const value of across.values) {
    const [x] = viewport.toScreen(value, 0);
    line(Math.abs(value) < across.step / 2, [x, 0], [x, height]);
  }
  for (const value of up.values) {
    const [, y] = viewport.toScreen(0, value);
    line(Math.abs(value) < up.step / 2, [0, y], [width, y]);
  }
  context.textAlign = "center";
  for (const value of across.values) {
    const [x] = viewport.toScreen(value, 0);
    if (x > 34 && x < width - 14) write(context, fixed(value, decimals(across)), x, height - 7, { colour: colour.muted, paper: colour.paper });
  }
  context.textAlign = "left";
  for (const value of up.values) {
    const [, y] = viewport.toScreen(0, value);
    if (y > 30 && y < height - 22) write(context, fixed(value, decimals(up)), 7, y + 4, { colour: colour.muted, paper: colour.paper });
  }
  context.font = font(12);
  const [right, above] = titles;
  context.textAlign = "right";
  write(context, `${right} →`, width - 10, height - 24, { colour: colour.ink, paper: colour.paper });
  context.textAlign = "left";
  if (above) write(context, `↑ ${above}`, 8, 18, { colour: colour.ink, paper: colour.paper });
}

function ring(context, [x, y], radius, colour, paper) {
  for (const [style, width] of [[paper, 4.5], [colour, 2]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

function cross(context, [x, y], colour, paper) {
  for (const [style, width] of [[paper, 4.5], [colour, 2]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.beginPath();
    for (const [across, up] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 4 * across, y + 4 * up);
      context.lineTo(x + 13 * across, y + 13 * up);
    }
    context.stroke();
  }
}

/** The labels' names at their medians, as far as they do not cover each other. */
function drawSigns(context, viewport, signs, colour) {
  context.font = font(14, 650);
  context.textAlign = "center";
  const taken = [];
  for (const { x, y, text } of signs) {
    const [left, top] = viewport.toScreen(x, y);
    const half = context.measureText(text).width / 2 + 4;
    if (taken.some((other) => Math.abs(other.left - left) < other.half + half && Math.abs(other.top - top) < 20)) continue;
    taken.push({ left, top, half });
    write(context, text, left, top + 5, { colour: colour.ink, paper: colour.paper });
  }
}

/** A closed dashed line around rows. */
function outline(context, viewport, line, colour) {
  context.beginPath();
  line.forEach(([x, y]) => context.lineTo(...viewport.toScreen(x, y)));
  context.closePath();
  context.globalAlpha = 0.12;
  context.fillStyle = colour.first;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash([6, 4]);
  for (const [style, width] of [[colour.paper, 4], [colour.first, 2]]) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke();
  }
  context.setLineDash([]);
}

/** The labels' names, the chosen row, the row under the pointer, the cross, the lasso and what it drew. */
export function drawMarks(canvas, viewport, ratio, marks, points) {
  const context = prepared(canvas, ratio);
  const colour = colours();
  drawSigns(context, viewport, marks.signs, colour);
  const place = (index) => viewport.toScreen(points.xs[index], points.ys[index]);
  if (marks.hovered !== null) ring(context, place(marks.hovered), 6, colour.muted, colour.paper);
  if (marks.chosen !== null) ring(context, place(marks.chosen), 8, colour.ink, colour.paper);
  if (marks.cross) cross(context, viewport.toScreen(...marks.cross), colour.second, colour.paper);
  for (const [name, line] of Object.entries(marks.outlines)) {
    if (!line) continue;
    outline(context, viewport, line, colour);
    const [left, top] = viewport.toScreen(...line.reduce((highest, point) => (point[1] > highest[1] ? point : highest)));
    context.font = font(13, 650);
    context.textAlign = "center";
    write(context, name, left, top - 7, { colour: colour.first, paper: colour.paper });
  }
  if (marks.lasso) outline(context, viewport, marks.lasso, colour);
}
