/** Morph: what lies between two rows. */

import { newest } from "../api.js";
import { button, fill, h, notice, segments, slider } from "../dom.js";
import { movie, save, strip, values } from "../movie.js";
import { show, update } from "../observations.js";
import { anyRow, rowPicker } from "../row-picker.js";
import { series } from "../series.js";
import { text } from "../numbers.js";
import { thing } from "../words.js";

export const id = "morph";
export const title = "Morph";
export const about = "Two rows, and what the model makes of the way between their codes.";

const framesPerSecond = 12;
const calmFramesPerSecond = 2;
const stepChoices = [8, 16, 32, 64];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Shows the view. */
export function mount(container, context) {
  const { card, api, announce } = context;
  const ends = { from: null, to: null };
  let [path, steps, answer, position, timer, direction] = ["linear", 16, null, 0, 0, 1];
  let line = null;
  let stage = null;

  const problem = h("div");
  const shown = h("div", { class: "stage" });
  const laid = h("div", { class: "series" });
  const facts = h("p", { class: "caption" });
  const fail = (error) => fill(problem, notice(error.message, { kind: "error" }));

  const place = () => position / Math.max(1, answer.count - 1);
  const words = () => `${Math.round(100 * place())} % of the way from ${ends.from.title} to ${ends.to.title}`;
  const draw = () => {
    if (!answer) return;
    if (stage) update(stage, card, answer, position);
    else fill(shown, (stage = show(card, answer, position, { size: 280, label: words() })));
    if (card.kind !== "table") stage.setAttribute("aria-label", words());
    line.mark(position);
    along.value = position;
  };
  const go = (index) => {
    position = Math.min((answer?.count ?? 1) - 1, Math.max(0, index));
    draw();
  };

  const load = newest(async () => {
    if (!ends.from || !ends.to) return;
    answer = await api.post("interpolate", { from: ends.from.from, to: ends.to.from, steps, path });
    fill(problem);
    position = Math.min(position, answer.count - 1);
    [along.input.max, stage] = [answer.count - 1, null];
    line = series(card, answer, {
      headings: Array.from({ length: answer.count }, (_, index) => String(index + 1)), label: "Step",
      onPick: (index) => { pause(); go(index); },
    });
    fill(laid, line.element);
    const [first, last] = [answer.z[0], answer.z[answer.z.length - 1]];
    const distance = Math.hypot(...first.map((value, index) => last[index] - value));
    facts.textContent = `The two codes are ${text(distance, 3)} apart.`;
    draw();
  }, fail);

  const pause = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const advance = () => {
    if (!answer) return;
    const last = answer.count - 1;
    if (position + direction > last || position + direction < 0) {
      if (calm.matches) return void (pause(), (direction = -direction));
      direction = -direction;
    }
    go(position + direction);
  };
  const play = button("Play", () => {
    if (timer) return pause();
    play.textContent = "Pause";
    timer = setInterval(advance, 1000 / (calm.matches ? calmFramesPerSecond : framesPerSecond));
  }, { kind: "main" });
  const along = slider({
    label: "Along the path", min: 0, max: steps - 1, step: 1, value: 0,
    format: (index) => `${Math.round((100 * index) / Math.max(1, (answer?.count ?? 1) - 1))} %`,
    onInput: (index) => { pause(); go(index); },
  });

  const saved = (make, name) => async () => {
    if (!answer) return;
    try {
      save(await make(), `${card.name}-morph.${name}`);
      announce(`Saved as ${name.toUpperCase()}.`);
    } catch (error) {
      fail(error);
    }
  };
  const savers = card.kind === "table"
    ? [button("Save as CSV", saved(() => values(card, answer.values, "step", answer.values.map((_, index) => index + 1)), "csv"))]
    : [
      button("Save strip (PNG)", saved(() => strip(card, answer), "png")),
      button("Save film (GIF)", saved(() => movie(card, answer, Math.round(100 / framesPerSecond)), "gif")),
    ];

  const picker = (end, label) => rowPicker(context, {
    label, size: 132, onPick: (picked) => {
      ends[end] = picked;
      context.keep?.({ row: ends.from?.from.row, to: ends.to?.from.row });
      load();
    },
  });
  const [from, to] = [picker("from", "From"), picker("to", "To")];
  fill(
    container,
    h(
      "div", { class: card.kind === "table" ? "morph tables" : "morph" }, from.element,
      h(
        "section", { class: "between", "aria-label": `The ${thing(card)} between` }, shown, along,
        h("div", { class: "buttons" }, play, ...savers), facts, problem),
      to.element),
    h(
      "div", { class: "options" },
      segments({
        label: "Path", value: path, options: [{ value: "linear", label: "Straight" }, { value: "spherical", label: "Arc" }],
        onChange: (value) => { path = value; load(); },
      }),
      segments({
        label: "Steps", value: String(steps),
        options: stepChoices.filter((count) => count <= card.limits.steps).map((count) => ({ value: String(count), label: String(count) })),
        onChange: (value) => { steps = Number(value); position = 0; load(); },
      }),
      button("Swap the ends", () => {
        const { from: first, to: second } = ends;
        if (!first || !second) return;
        from.put(second);
        to.put(first);
      })),
    h("p", { class: "about" }, "A straight path is the shortest; an arc keeps to the distances from the origin at which the prior has its mass."),
    laid);

  const { row, from: start, to: end } = context.parameters ?? {};
  const first = Number(start ?? row ?? NaN);
  const second = Number(end ?? NaN);
  if (first < card.shownRows && first >= 0) from.pickRow(first);
  else from.pickAny();
  if (second < card.shownRows && second >= 0) to.pickRow(second);
  else if (card.shownRows > 0) to.pickRow(anyRow(card, first));
  else to.pickAny();
  return { unmount: pause };
}
